/** The check of a stored book against the log, in one snapshot, for `owners-vote fund check` (SPEC 8.3, DESIGN §6). */
import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { entryForm } from '../record/entry.ts';
import { fundEntryForm, fundEntryHash } from '../record/fund.ts';
import type { BookFinding, StoredBook } from './domain/book-check.ts';
import { checkStoredBook } from './domain/book-check.ts';
import type { AccountKind } from './domain/entry-shapes.ts';
import type { FundRefusal } from './refusals.ts';
import { accountsOfBook, bookRow } from './store/book.ts';
import { allPostings, allShapes, entriesUpTo, loggedEntries } from './store/reading.ts';

/** As the log has it; whether the log's own rows are whole is the question of `log check`. */
function loggedOf(data: Uint8Array): StoredBook['logged'][number] {
  const parsed = entryForm.parse(data);
  assert(parsed.ok && parsed.value.kind === 'fund.entry', 'a row of the log is of its kind');
  return { seq: parsed.value.seq, hash: parsed.value.hash };
}

const FOREVER = '9999-12-31';

async function readStored(tx: Tx, community: string): Promise<StoredBook | undefined> {
  const book = await bookRow(tx, community);
  if (book === undefined) return undefined;
  const entries = (await entriesUpTo(tx, community, FOREVER)).map((row) => {
    const parsed = fundEntryForm.parse(row.record);
    return {
      entry: row.entry_id,
      seq: row.seq,
      kind: row.kind,
      bookedOn: row.booked_on,
      valueOn: row.value_on,
      authorisation: row.authorisation_id ?? '',
      recordHash: fundEntryHash(row.record),
      record: parsed.ok ? parsed.value : undefined,
    };
  });
  return {
    lastSeq: book.last_seq,
    logged: (await loggedEntries(tx, community)).map(({ data }) => loggedOf(data)),
    entries,
    postings: (await allPostings(tx, community)).map((row) => ({
      entry: row.entry_id,
      account: row.account_id,
      amountFen: row.amount_fen,
      balanceAfterFen: row.balance_after_fen,
      version: row.account_version,
    })),
    accounts: (await accountsOfBook(tx, community)).map((row) => ({
      account: row.account_id,
      name: row.name,
      kind: row.kind as AccountKind,
      balanceFen: row.balance_fen,
      version: row.version,
    })),
    shapes: (await allShapes(tx)).map((row) => ({
      entryKind: row.entry_kind,
      accountKind: row.account_kind,
      side: row.side,
    })),
  };
}

/** How many entries were checked, and all that differs. */
export type CheckedBook = { readonly entries: number; readonly findings: readonly BookFinding[] };

/** Checks a community's book. */
export async function checkBook(db: Database, community: string): Promise<Result<CheckedBook, FundRefusal>> {
  const stored = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => readStored(tx, community));
  if (stored === undefined) return refuse('FUND_BOOK_MISSING');
  return ok({ entries: stored.entries.length, findings: checkStoredBook(stored) });
}
