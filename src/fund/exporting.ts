/** The journal of a book: read in one snapshot, refused where records and postings disagree; DESIGN §6 `fund journal`. */
import { assert, present } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { fundEntryForm } from '../record/fund.ts';
import type { AccountKind } from './domain/entry-shapes.ts';
import type { Journal, JournalEntry } from './domain/journal-text.ts';
import { journalText } from './domain/journal-text.ts';
import type { FundRefusal } from './refusals.ts';
import { accountsOfBook, bookRow } from './store/book.ts';
import { balancesUpTo, entriesUpTo, postingsUpTo } from './store/reading.ts';

type EntryRow = Awaited<ReturnType<typeof entriesUpTo>>[number];
type PostingRow = Awaited<ReturnType<typeof postingsUpTo>>[number];

/** An entry with its postings; a record that says otherwise is a ledger that does not verify. */
function journalEntry(row: EntryRow, postings: readonly PostingRow[]): JournalEntry {
  const parsed = fundEntryForm.parse(row.record);
  assert(parsed.ok, `the record of entry ${row.seq} is ours`);
  const record = parsed.value;
  const legs = postings.map(({ name, amount_fen: amountFen }) => ({ name, amountFen }));
  const sameLegs =
    legs.length === record.postings.length &&
    record.postings.every(
      ({ account, amountFen }, at) => legs[at]?.name === account && String(legs[at].amountFen) === amountFen,
    );
  const sameFacts =
    BigInt(record.seq) === row.seq &&
    record.entryKind === row.kind &&
    record.bookedOn === row.booked_on &&
    record.valueOn === row.value_on &&
    record.authorisation === (row.authorisation_id ?? '');
  assert(sameLegs && sameFacts, `entry ${row.seq} differs from its record`);
  return {
    seq: row.seq,
    kind: record.entryKind,
    bookedOn: row.booked_on,
    valueOn: row.value_on,
    authorisation: record.authorisation,
    reference: record.reference,
    narrative: record.narrative,
    legs,
  };
}

/** Stored balances: of the accounts themselves where the whole book is exported, else as the last posting left them. */
async function closingBalances(tx: Tx, community: string, asOf: string, whole: boolean) {
  const touched = await balancesUpTo(tx, community, asOf);
  const now = whole
    ? new Map((await accountsOfBook(tx, community)).map((row) => [row.account_id, row]))
    : undefined;
  return touched.map(({ account_id, name, kind, balance_after_fen }) => ({
    name,
    kind: kind as AccountKind,
    closingFen:
      now === undefined ? balance_after_fen : present(now.get(account_id), 'a touched account').balance_fen,
  }));
}

async function journalIn(tx: Tx, community: string, until: string | undefined): Promise<Journal | undefined> {
  const book = await bookRow(tx, community);
  if (book === undefined) return undefined;
  const asOf = until ?? book.last_booked_on;
  const postings = new Map<string, PostingRow[]>();
  for (const posting of await postingsUpTo(tx, community, asOf)) {
    const list = postings.get(posting.entry_id);
    if (list === undefined) postings.set(posting.entry_id, [posting]);
    else list.push(posting);
  }
  const rows = await entriesUpTo(tx, community, asOf);
  return {
    community,
    asOf,
    entries: rows.map((row) => journalEntry(row, postings.get(row.entry_id) ?? [])),
    accounts: await closingBalances(tx, community, asOf, asOf >= book.last_booked_on),
  };
}

/** The journal of a community's book as of a civil date, by default the date of its last entry. */
export async function readJournal(
  db: Database,
  community: string,
  asOf?: string,
): Promise<Result<Journal, FundRefusal>> {
  const journal = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => journalIn(tx, community, asOf));
  return journal === undefined ? refuse('FUND_BOOK_MISSING') : ok(journal);
}

/** Its text. The same book and date give the same bytes; what is booked later on that date changes them. */
export async function exportJournal(
  db: Database,
  community: string,
  asOf?: string,
): Promise<Result<string, FundRefusal>> {
  const journal = await readJournal(db, community, asOf);
  return journal.ok ? ok(journalText(journal.value)) : journal;
}
