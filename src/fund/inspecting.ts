/** The list of what a regulator should look at in a community's book, read in one snapshot (SPEC 8.3). */
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { listApplications } from './applications.ts';
import { listAuthorisations } from './authorisations.ts';
import type { Anomaly } from './domain/anomalies.ts';
import { anomaliesOf } from './domain/anomalies.ts';
import { monthAfter } from './domain/month-gate.ts';
import type { FundDeps } from './fund-deps.ts';
import { owedNow } from './owing.ts';
import type { FundRefusal } from './refusals.ts';
import { bookRow } from './store/book.ts';
import { extentOf, lastMonthOf } from './store/months.ts';
import { stepRows } from './store/steps.ts';

/** 30,000 yuan: up to here a settlement may go without an audit (Hangzhou 72). */
const THRESHOLD_FEN = 3_000_000n;

/** The months of the book before this one that were not published, the first one first. */
async function waitingMonths(tx: Tx, community: string, today: string): Promise<readonly string[]> {
  const last = await lastMonthOf(tx, community);
  const first = (await extentOf(tx, community, today))?.firstOn?.slice(0, 7);
  const months: string[] = [];
  const from = last === undefined ? first : monthAfter(last);
  for (let month = from; month !== undefined && month < today.slice(0, 7); month = monthAfter(month))
    months.push(month);
  return months;
}

/** Inspects the book as it stands in a snapshot. */
export async function inspectIn(
  tx: Tx,
  clock: FundDeps['clock'],
  community: string,
): Promise<Result<readonly Anomaly[], FundRefusal>> {
  if ((await bookRow(tx, community)) === undefined) return refuse('FUND_BOOK_MISSING');
  const today = civilDateAt(clock());
  const listed = await listAuthorisations(tx, community);
  const granted = listed.map(({ authorisation, capFen, state, record: { kind, payee, payeeAccount } }) => ({
    authorisation,
    isEmergency: kind === 'emergency',
    capFen,
    state,
    payee,
    payeeAccount,
  }));
  const steps = await stepRows(tx, community);
  const unanswered = (await listApplications({ db: tx, clock }, community))
    .filter(({ state }) => state === 'late')
    .map(({ record: { project }, answerBy }) => ({ project, answerBy }));
  const owed = await owedNow(tx, community, listed);
  const claims = listed.flatMap(({ authorisation, authorisedOn }) => {
    const owes = owed.get(authorisation);
    return owes === undefined ? [] : [{ authorisation, authorisedOn, amountFen: owes.amountFen }];
  });
  const unpublished = await waitingMonths(tx, community, today);
  return ok(
    anomaliesOf({ today, thresholdFen: THRESHOLD_FEN, granted, steps, claims, unanswered, unpublished }),
  );
}

/** Inspects the book as it stands. */
export const inspectBook = (
  { db, clock }: FundDeps,
  community: string,
): Promise<Result<readonly Anomaly[], FundRefusal>> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => inspectIn(tx, clock, community));
