/** Opening balances: the old system's books become one deposit a unit that cites the old statement (DESIGN §7 "Fund"). */
import { present } from '../base/assert.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { registryUnits } from '../registry/units.ts';
import { readAccounts } from './accounts.ts';
import type { Book, NewEntry } from './booking.ts';
import { bookEntries, lockBook, repeatedEntries, unlessBusy } from './booking.ts';
import type { OpeningBalance, OpeningFinding, OpeningReading, Standing } from './domain/opening-balances.ts';
import {
  blocksOpening,
  OPENING_COLUMNS,
  readOpeningCsv,
  readOpeningList,
  readOpeningRows,
  standingFinding,
} from './domain/opening-balances.ts';
import { depositLegs } from './domain/posting.ts';
import { isReceiptReference } from './domain/references.ts';
import type { FileDeps, FundDeps } from './fund-deps.ts';
import type { BankRef } from './household-accounts.ts';
import { availableAccounts, bankAccount } from './household-accounts.ts';
import type { FundRefusal } from './refusals.ts';
import { refundedAmong } from './store/authorisations.ts';
import { insertBook, openingDeposits } from './store/book.ts';

/** Balances of the old books, as a list in fen or as a CSV in yuan. */
export type OpeningRequest = {
  readonly community: string;
  /** The old statement: what it is called, and the date up to which it counts. */
  readonly statement: { readonly reference: string; readonly asOn: string };
  /** The real account that holds the money. */
  readonly bank: BankRef;
  readonly balances: readonly OpeningBalance[] | string;
};

/** How many deposits were made now, how many stood already, and what is to be said of the list. */
export type Opened = {
  readonly booked: number;
  readonly repeated: number;
  readonly totalFen: bigint;
  readonly findings: readonly OpeningFinding[];
};

/** Makes the community's book where there is none yet, and locks it. */
export async function openBook(tx: Tx, deps: FundDeps, community: string): Promise<Book> {
  await insertBook(tx, community, newId(deps.random));
  return present(await lockBook(tx, community), 'the book was just made');
}

const KEY = 'opening:';

/** One deposit a unit and community, ever: a second opening balance of a unit is another request, and refused. */
const depositOf = (request: OpeningRequest, { unit, amountFen }: OpeningBalance) => ({
  key: `${KEY}${unit}`,
  request: {
    unit,
    amountFen: String(amountFen),
    reference: request.statement.reference,
    asOn: request.statement.asOn,
  },
});

/** The opening balances that were ever booked, by unit. */
const standingOf = async (db: Database, community: string): Promise<ReadonlyMap<string, Standing>> =>
  new Map(
    (await openingDeposits(db, community)).map((row) => [
      row.idempotency_key.slice(KEY.length),
      { amountFen: row.amount_fen, isReversed: row.is_reversed },
    ]),
  );

/** Listed balances that the bank took back after they were booked: asked again they would seem to stand. */
async function reversedAmong(
  tx: Tx,
  community: string,
  balances: readonly OpeningBalance[],
): Promise<readonly OpeningFinding[]> {
  const standing = await standingOf(tx, community);
  return balances.flatMap(({ unit, amountFen }) => {
    const stands = standing.get(unit);
    return stands?.isReversed === true
      ? [standingFinding(stands, { amountFen, row: null, where: unit })]
      : [];
  });
}

/** What a file of opening balances says, without booking anything: the balances may be booked where no finding blocks. */
export async function readOpeningFile(
  deps: Pick<FileDeps, 'db' | 'fileChecks'>,
  community: string,
  file: Uint8Array,
): Promise<Result<OpeningReading & { readonly sheet: string | null }, Refusal<'SERVICE_BUSY'>>> {
  const read = await deps.fileChecks.read(file, OPENING_COLUMNS);
  if (!read.ok) return read;
  const units = await registryUnits(deps.db, community);
  const standing = await standingOf(deps.db, community);
  const sheet = read.value.ok ? read.value.value.sheet : null;
  return ok({ ...readOpeningRows(read.value, units, standing), sheet });
}

async function enterBalances(
  tx: Tx,
  deps: FundDeps,
  request: OpeningRequest,
): Promise<Result<Opened, FundRefusal>> {
  const units = await registryUnits(tx, request.community);
  const reading =
    typeof request.balances === 'string'
      ? readOpeningCsv(request.balances, units)
      : readOpeningList(request.balances, units);
  if (blocksOpening(reading))
    return { ok: false, refusal: { code: 'FUND_OPENING_REFUSED', findings: reading.findings } };
  const book = await openBook(tx, deps, request.community);
  const listed = reading.balances.map(({ unit }) => unit);
  if ((await refundedAmong(tx, request.community, listed)).length > 0) return refuse('FUND_UNIT_REFUNDED');
  const reversed = await reversedAmong(tx, request.community, reading.balances);
  if (reversed.length > 0)
    return { ok: false, refusal: { code: 'FUND_OPENING_REFUSED', findings: reversed } };
  const wanted = reading.balances.map((balance) => ({ ...depositOf(request, balance), ...balance }));
  const repeated = await repeatedEntries(tx, book, wanted);
  if (!repeated.ok) return repeated;
  const fresh = wanted.filter(({ key }) => !repeated.value.has(key));
  const accounts = await readAccounts(tx, book);
  const bank = await bankAccount(tx, deps, book, accounts, request.bank);
  const named = new Set(fresh.map(({ unit }) => unit));
  const available = await availableAccounts(
    tx,
    deps,
    book,
    accounts,
    units.filter(({ unit }) => named.has(unit)),
  );
  const entries = fresh.map(
    ({ key, request: asked, unit, amountFen }): NewEntry => ({
      key,
      request: asked,
      draft: {
        kind: 'deposit',
        valueOn: request.statement.asOn,
        authorisation: '',
        reference: request.statement.reference,
        narrative: '期初余额',
        payeeAccount: '',
        legs: depositLegs(bank, present(available.get(unit), 'opened above'), amountFen),
      },
    }),
  );
  const booked = await bookEntries(tx, deps, book, entries);
  const totalFen = wanted.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  return ok({ booked: booked.length, repeated: repeated.value.size, totalFen, findings: reading.findings });
}

/** Enters opening balances, all or none; asked again with the same list it finds them standing. */
export async function openBalances(
  deps: FundDeps,
  request: OpeningRequest,
): Promise<Result<Opened, FundRefusal>> {
  if (request.statement.asOn > civilDateAt(deps.clock()))
    return refuse('FUND_VALUE_DATE_LATE', 'statement.asOn');
  if (isReceiptReference(request.statement.reference))
    return refuse('FUND_REFERENCE_RESERVED', 'statement.reference');
  try {
    return await unlessBusy(() => inTransaction(deps.db, (tx) => enterBalances(tx, deps, request)));
  } catch (error) {
    const refusal = refusalOfConstraint(error, { fund_book_community_fk: 'FUND_COMMUNITY_UNKNOWN' });
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}
