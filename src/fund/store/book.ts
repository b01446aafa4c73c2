/** The SQL of books, accounts, entries and postings. Nothing here updates: balances and numbers are moved by triggers. */

import type { Insertable, RawBuilder, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import { sentTogether } from '../../db/sent-together.ts';
import type { FundAccountTable, FundEntryTable, FundPostingTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export type AccountRow = Selectable<FundAccountTable>;
export type NewEntryRow = Omit<Insertable<FundEntryTable>, 'log_entry_id' | 'txid' | 'recorded_at_ms'>;
export type NewPostingRow = Pick<
  Insertable<FundPostingTable>,
  'community_id' | 'entry_id' | 'line_no' | 'account_id' | 'amount_fen'
>;
export type NewAccountRow = Omit<Insertable<FundAccountTable>, 'balance_fen' | 'version'>;

// A wait may take two locks, the row's and its holder's; both together stay below the statement's limit of 9 s.
const LOCK_TIMEOUT = '4s';

export async function insertBook(tx: Tx, community: string, book: string): Promise<void> {
  await sql`${PLANNED_ONCE} insert into fund_book (community_id, book_id) values (${community}, ${book})
    on conflict on constraint fund_book_pk do nothing`.execute(tx);
}

/**
 * The one lock of a community's money, held until the transaction ends; waits some seconds, then SQLSTATE 55P03. Look-ups that are sent
 * with it see the book as it is once the lock is held.
 */
export async function lockBookRow(tx: Tx, community: string) {
  const [, found] = await sentTogether([
    sql`${PLANNED_ONCE} select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`.execute(tx),
    sql<{ book_id: string; last_seq: bigint; last_booked_on: string }>`
      ${PLANNED_ONCE} select book_id, last_seq, last_booked_on from fund_lock_book(${community})`.execute(tx),
  ]);
  return found.rows[0];
}

export const bookRow = (db: Database, community: string) =>
  db.selectFrom('fund_book').selectAll().where('community_id', '=', community).executeTakeFirst();

export const accountsOfBook = (db: Database, community: string): Promise<AccountRow[]> =>
  db.selectFrom('fund_account').selectAll().where('community_id', '=', community).orderBy('name').execute();

/** The accounts that receipts of these units touch: the banks, the single ones, and what each unit disposes of. */
export async function incomingAccounts(
  db: Database,
  community: string,
  units: readonly string[],
): Promise<readonly AccountRow[]> {
  // One part for each index: a plan over an OR would read the whole book.
  const found = await sql<AccountRow>`
    ${PLANNED_ONCE} select * from fund_account where community_id = ${community} and kind = 'bank'
    union all
    select * from fund_account where community_id = ${community} and kind in ('interest_undistributed', 'deposit_unidentified')
    union all
    select * from fund_account
     where community_id = ${community} and kind = 'unit_available' and unit_id = any(${[...units]}::text[])
     order by name`.execute(db);
  return found.rows;
}

export async function insertAccounts(tx: Tx, rows: readonly NewAccountRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    ${PLANNED_ONCE} insert into fund_account (community_id, account_id, kind, unit_id, authorisation_id, name)
    select * from unnest(
      ${rows.map((row) => row.community_id)}::text[], ${rows.map((row) => row.account_id)}::text[],
      ${rows.map(({ kind }) => kind)}::text[], ${rows.map((row) => row.unit_id ?? null)}::text[],
      ${rows.map((row) => row.authorisation_id ?? null)}::text[], ${rows.map(({ name }) => name)}::text[])`.execute(
    tx,
  );
}

/** Entries that stand under some idempotency keys. */
export async function entriesByKeys(db: Database, community: string, keys: readonly string[]) {
  const found = await sql<{
    idempotency_key: string;
    entry_id: string;
    seq: bigint;
    request_hash: Uint8Array;
  }>`${PLANNED_ONCE} select idempotency_key, entry_id, seq, request_hash from fund_entry
      where community_id = ${community} and idempotency_key = any(${[...keys]}::text[])`.execute(db);
  return found.rows;
}

/** The opening balances that were ever booked, each under the key of its unit, and whether the bank took them back. */
export async function openingDeposits(db: Database, community: string) {
  const found = await sql<{ idempotency_key: string; amount_fen: bigint; is_reversed: boolean }>`
    ${PLANNED_ONCE} select e.idempotency_key, p.amount_fen,
           exists (select from fund_entry r where r.community_id = e.community_id and r.reverses_entry_id = e.entry_id) as is_reversed
      from fund_entry e
      join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id and p.amount_fen > 0
     where e.community_id = ${community} and e.idempotency_key like 'opening:%'`.execute(db);
  return found.rows;
}

/**
 * What inserts entries in the order of their `seq`, then what inserts their legs, which look their entries up. `logged` gives the `id` of
 * each entry's row of the log, ascending in the same order: an entry without one, or one too many, is refused by the table.
 */
export function entriesInsertion(
  entries: readonly NewEntryRow[],
  postings: readonly NewPostingRow[],
  logged: RawBuilder<unknown>,
): readonly RawBuilder<unknown>[] {
  if (entries.length === 0) return [];
  // Set beside each other by their places and not joined: a plan made once for few rows may join many by looking at all of them for each.
  const insertion = sql`
    ${PLANNED_ONCE} with logged as (${logged})
    insert into fund_entry (community_id, entry_id, seq, kind, booked_on, value_on, authorisation_id, reverses_entry_id,
                            order_id, idempotency_key, request_hash, record, hash, log_entry_id)
    select * from unnest(
      ${entries.map((row) => row.community_id)}::text[], ${entries.map((row) => row.entry_id)}::text[],
      ${entries.map(({ seq }) => seq)}::bigint[], ${entries.map(({ kind }) => kind)}::text[],
      ${entries.map((row) => row.booked_on)}::date[], ${entries.map((row) => row.value_on)}::date[],
      ${entries.map((row) => row.authorisation_id ?? null)}::text[],
      ${entries.map((row) => row.reverses_entry_id ?? null)}::text[],
      ${entries.map((row) => row.order_id ?? null)}::text[], ${entries.map((row) => row.idempotency_key)}::text[],
      ${entries.map((row) => row.request_hash)}::bytea[], ${entries.map(({ record }) => record)}::bytea[],
      ${entries.map(({ hash }) => hash)}::bytea[], (select array_agg(id order by id) from logged))`;
  const legs = sql`
    ${PLANNED_ONCE} insert into fund_posting (community_id, entry_id, line_no, account_id, amount_fen)
    select * from unnest(
      ${postings.map((row) => row.community_id)}::text[], ${postings.map((row) => row.entry_id)}::text[],
      ${postings.map((row) => row.line_no)}::integer[], ${postings.map((row) => row.account_id)}::text[],
      ${postings.map((row) => row.amount_fen)}::bigint[])`;
  return [insertion, legs];
}

/** Inserts one entry whose row of the log stands already, and its legs. */
export async function insertLoggedEntry(
  tx: Tx,
  entry: NewEntryRow,
  postings: readonly NewPostingRow[],
  logEntryId: bigint,
): Promise<void> {
  for (const statement of entriesInsertion([entry], postings, sql`select ${logEntryId}::bigint as id`))
    await statement.execute(tx);
}
