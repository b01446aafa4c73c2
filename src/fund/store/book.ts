/** The SQL of books, accounts, entries and postings. Nothing here updates: balances and numbers are moved by triggers. */
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FundAccountTable, FundEntryTable, FundPostingTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export type AccountRow = Selectable<FundAccountTable>;
export type NewEntryRow = Omit<Insertable<FundEntryTable>, 'txid' | 'recorded_at_ms'>;
export type NewPostingRow = Pick<
  Insertable<FundPostingTable>,
  'community_id' | 'entry_id' | 'line_no' | 'account_id' | 'amount_fen'
>;
export type NewAccountRow = Omit<Insertable<FundAccountTable>, 'balance_fen' | 'version'>;

/** The protocol allows 65,535 parameters a statement. */
const CHUNK = 3_000;
// A wait may take two locks, the row's and its holder's; both together stay below the statement's limit of 9 s.
const LOCK_TIMEOUT = '4s';

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += CHUNK) yield rows.slice(at, at + CHUNK);
}

export async function insertBook(tx: Tx, community: string, book: string): Promise<void> {
  await tx
    .insertInto('fund_book')
    .values({ community_id: community, book_id: book })
    .onConflict((conflict) => conflict.constraint('fund_book_pk').doNothing())
    .execute();
}

/** The one lock of a community's money, held until the transaction ends; waits some seconds, then SQLSTATE 55P03. */
export async function lockBookRow(tx: Tx, community: string) {
  await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT)}`.execute(tx);
  const found = await sql<{ book_id: string; last_seq: bigint; last_booked_on: string }>`
    select book_id, last_seq, last_booked_on from fund_lock_book(${community})`.execute(tx);
  return found.rows[0];
}

export const bookRow = (db: Database, community: string) =>
  db.selectFrom('fund_book').selectAll().where('community_id', '=', community).executeTakeFirst();

export const accountsOfBook = (db: Database, community: string): Promise<AccountRow[]> =>
  db.selectFrom('fund_account').selectAll().where('community_id', '=', community).orderBy('name').execute();

export async function insertAccounts(tx: Tx, rows: readonly NewAccountRow[]): Promise<void> {
  for (const chunk of chunks(rows)) await tx.insertInto('fund_account').values(chunk).execute();
}

/** Entries that stand under some idempotency keys. */
export async function entriesByKeys(db: Database, community: string, keys: readonly string[]) {
  const found = await sql<{
    idempotency_key: string;
    entry_id: string;
    seq: bigint;
    request_hash: Uint8Array;
  }>`select idempotency_key, entry_id, seq, request_hash from fund_entry
      where community_id = ${community} and idempotency_key = any(${[...keys]}::text[])`.execute(db);
  return found.rows;
}

/** Inserts entries in the order of their `seq`, then their legs. */
export async function insertEntries(
  tx: Tx,
  entries: readonly NewEntryRow[],
  postings: readonly NewPostingRow[],
): Promise<void> {
  for (const chunk of chunks(entries)) await tx.insertInto('fund_entry').values(chunk).execute();
  for (const chunk of chunks(postings)) await tx.insertInto('fund_posting').values(chunk).execute();
}
