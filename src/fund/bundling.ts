/** What a bundle says of the fund: authorisations, refunds, emergencies, applications, the whole book in order and its published months, so that a verifier can replay it (SPEC 9.1). */
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import { applicationAnswerHash, applicationHash } from '../record/application.ts';
import type { FundLine, TopUpsLine } from '../record/bundle-lines.ts';
import { fundLineForm } from '../record/bundle-lines.ts';
import { emergencyHash } from '../record/emergency.ts';
import { entryForm } from '../record/entry.ts';
import { authorisationHash, fundEntryHash, fundMonthHash, refundHash } from '../record/fund.ts';
import { revenueEntryHash, revenuePeriodHash } from '../record/revenue.ts';
import { listAuthorisations } from './authorisations.ts';
import { journalText } from './domain/journal-text.ts';
import { readJournal } from './exporting.ts';
import { answersOf, applicationsOf } from './store/applications.ts';
import { refundsOf } from './store/authorisations.ts';
import { monthsOf } from './store/months.ts';
import { loggedFrom, recordsOf } from './store/reading.ts';
import { periodsOf, revenueOf } from './store/revenue.ts';
import { callRecords } from './store/top-ups.ts';

/**
 * Whether only a longer log names a record of the fund: what is booked while a bundle is made waits for the next one. What no log names
 * stays in, for the verifier to find.
 */
export async function namedLater(
  db: Database,
  community: string,
  size: number,
): Promise<(hash: string) => boolean> {
  const names = new Set<string>();
  for (const { data } of await loggedFrom(db, community, size)) {
    const entry = entryForm.own(data);
    if (entry.kind === 'fund.entry') names.add(entry.hash);
    else if (entry.kind === 'fund.authorised') names.add(entry.authorisationHash);
    else if (entry.kind === 'refund.authorised') names.add(entry.refundHash);
    else if (entry.kind === 'emergency.authorised') names.add(entry.emergencyHash);
    else if (entry.kind === 'revenue.received' || entry.kind === 'revenue.spent')
      names.add(entry.revenueHash);
    else if (entry.kind === 'revenue.published') names.add(entry.periodHash);
    else if (entry.kind === 'application.filed') names.add(entry.applicationHash);
    else if (entry.kind === 'application.answered') names.add(entry.answerHash);
    else if (entry.kind === 'fund.published') names.add(entry.monthHash);
  }
  return (hash) => names.has(hash);
}

/** `fund.jsonl`, and `fund.journal` where it tells of just these lines: not where the book went on meanwhile, or there is none. */
export type FundFiles = { readonly lines: readonly Uint8Array[]; readonly journal: string | undefined };

const line = (kind: FundLine['kind'], record: Uint8Array): Uint8Array =>
  fundLineForm.bytes({ kind, record: toBase64Url(record) });

/**
 * What a bundle holds of the fund: no lines where the community keeps no book here, and nobody applied for work. The book is the whole one, also for a meeting that
 * opened nothing of the fund, since the log names each of its entries and a part of it could not be checked for gaps; so authorisations
 * of other meetings, which its entries name, stand there too. What only a longer log names, asked when all is read, is left out.
 */
export async function fundFiles(
  db: Database,
  community: string,
  namedLater: () => Promise<(hash: string) => boolean>,
): Promise<FundFiles> {
  // The journal first: what is booked after it was read makes the lines more than it has.
  const journal = await readJournal(db, community);
  const booked = await recordsOf(db, community);
  const authorisations = await listAuthorisations(db, community);
  const refunds = await refundsOf(db, community);
  const applications = await applicationsOf(db, community);
  const answers = await answersOf(db, community);
  const revenue = await revenueOf(db, community);
  const periods = await periodsOf(db, community);
  const months = (await monthsOf(db, community)).toReversed();
  const isLater = await namedLater();
  const entries = booked.filter(({ record }) => !isLater(fundEntryHash(record)));
  const opened = (kind: 'authorisation' | 'emergency', hashOf: (bytes: Uint8Array) => string) =>
    authorisations
      .filter(({ record, bytes }) => record.kind === kind && !isLater(hashOf(bytes)))
      .map(({ bytes }) => line(kind, bytes));
  const lines = [
    ...opened('authorisation', authorisationHash),
    ...refunds
      .filter(({ record }) => !isLater(refundHash(record)))
      .map(({ record }) => line('refund', record)),
    ...opened('emergency', emergencyHash),
    ...applications
      .filter(({ record }) => !isLater(applicationHash(record)))
      .map(({ record }) => line('application', record)),
    // The log has the answers in an order of their own.
    ...answers
      .filter(({ record }) => !isLater(applicationAnswerHash(record)))
      .map(({ record }) => line('application-answer', record)),
    ...entries.map(({ record }) => line('fund-entry', record)),
    ...months
      .filter(({ record }) => !isLater(fundMonthHash(record)))
      .map(({ record }) => line('fund-month', record)),
    ...revenue
      .filter(({ record }) => !isLater(revenueEntryHash(record)))
      .map(({ record }) => line('revenue-entry', record)),
    ...periods
      .filter(({ record }) => !isLater(revenuePeriodHash(record)))
      .map(({ record }) => line('revenue-period', record)),
  ];
  const isTold =
    journal.ok && booked.length === entries.length && journal.value.entries.length === booked.length;
  return { lines, journal: isTold ? journalText(journal.value) : undefined };
}

/** `top-ups.jsonl`: the calls that the log of this size names, for an auditor. */
export async function topUpLines(
  db: Database,
  community: string,
  size: number,
): Promise<readonly TopUpsLine[]> {
  const calls = await callRecords(db, community);
  return calls
    .filter(({ idx }) => idx !== null && idx < BigInt(size))
    .map(({ record }) => ({ record: toBase64Url(record) }));
}
