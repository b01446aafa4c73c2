/** FUND-03 of the exported journal: it has the postings and tags of the entries, no other, and asserts the replayed balances (SPEC 8.3). */
import type { FundEntry } from '../record/fund.ts';
import { isDebit } from './claim-checks.ts';
import type { FundRecords } from './fund-records.ts';
import type { JournalPosting } from './journal.ts';
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
    const found = journal.transactions.get(String(value.seq));
    const where = `fund.journal${found === undefined ? '' : `:${found.line}`} (${value.seq})`;
    const said = value.postings.map(({ account, amountFen }) => ({ account, amountFen: BigInt(amountFen) }));
    notebook.same('FUND-03', where, listing(said), listing(found?.postings ?? []));
    notebook.same('FUND-03', `${where} date`, value.bookedOn, found?.date ?? 'none');
    notebook.same('FUND-03', `${where} tags`, tagsOf(value), found?.tags ?? 'none');
    for (const { account, accountKind } of value.postings) {
      const type = journal.types.get(account) ?? 'none';
      notebook.same('FUND-03', `fund.journal account ${account}`, isDebit(accountKind) ? 'A' : 'L', type);
    }
  }
  for (const [code, { line }] of journal.transactions) {
    const isKnown = code === 'closing' || codes.has(code);
    notebook.holds('FUND-03', `fund.journal:${line} (${code})`, isKnown, 'an entry', 'none');
  }
}

const tagsOf = ({ entryKind, authorisation, bookedOn, valueOn }: FundEntry): string =>
  [
    `kind:${entryKind}`,
    ...(authorisation === '' ? [] : [`authorisation:${authorisation}`]),
    ...(valueOn === bookedOn ? [] : [`value-on:${valueOn}`]),
  ].join(', ');

const listing = (postings: readonly JournalPosting[]): string =>
  postings
    .map(({ account, amountFen }) => `${account} ${amountFen}`)
    .sort()
    .join('; ');
