/** FUND-03 of the exported journal: it has the postings of the entries, no other, and asserts the replayed balances (SPEC 8.3). */
import { isDebit } from './claim-checks.ts';
import type { FundRecords } from './fund-records.ts';
import { readJournal } from './journal.ts';
import type { Verification } from './verification.ts';

/** FUND-03: the exported journal has the same postings and asserts the replayed balances. */
export function checkJournal(
  { contents, notebook }: Verification,
  { entries }: FundRecords,
  balances: ReadonlyMap<string, bigint>,
): void {
  if (contents.journal === undefined) {
    const isText = !contents.files.has('fund.journal');
    notebook.holds('FUND-03', 'fund.journal', isText, 'text in UTF-8', 'other bytes');
    if (entries.length > 0) notebook.cannot('FUND-03', contents.whyNot('fund.journal'));
    return;
  }
  const journal = readJournal(contents.journal);
  if ('line' in journal) {
    notebook.finding('FUND-03', `fund.journal:${journal.line}`, journal.wanted, 'otherwise');
    return;
  }
  for (const [account, balance] of balances) {
    const asserted = String(journal.closing.get(account) ?? 'not asserted');
    notebook.same('FUND-03', `fund.journal closing ${account}`, String(balance), asserted);
  }
  for (const account of journal.closing.keys()) {
    const isKnown = balances.has(account) || journal.closing.get(account) === 0n;
    notebook.holds(
      'FUND-03',
      `fund.journal closing ${account}`,
      isKnown,
      'an account of the book',
      'unknown',
    );
  }
  const codes = new Set(entries.map(({ value }) => String(value.seq)));
  for (const { value } of entries) {
    const sums = new Map<string, bigint>();
    for (const { account, amountFen } of value.postings) {
      sums.set(account, (sums.get(account) ?? 0n) + BigInt(amountFen));
    }
    const found = journal.postings.get(String(value.seq)) ?? new Map<string, bigint>();
    notebook.same('FUND-03', `fund.journal (${value.seq})`, listing(sums), listing(found));
    const date = journal.dates.get(String(value.seq)) ?? 'none';
    notebook.same('FUND-03', `fund.journal (${value.seq}) date`, value.bookedOn, date);
    for (const { account, accountKind } of value.postings) {
      const type = journal.types.get(account) ?? 'none';
      notebook.same('FUND-03', `fund.journal account ${account}`, isDebit(accountKind) ? 'A' : 'L', type);
    }
  }
  for (const code of journal.postings.keys()) {
    notebook.holds(
      'FUND-03',
      `fund.journal (${code})`,
      code === 'closing' || codes.has(code),
      'an entry',
      'none',
    );
  }
}

const listing = (sums: ReadonlyMap<string, bigint>): string =>
  [...sums]
    .map(([account, sum]) => `${account} ${sum}`)
    .sort()
    .join('; ');
