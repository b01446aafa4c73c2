/** The SQL of what can be moved on or undone: receipts of unknown payers, payments, and deposits by their numbers (SPEC 8.3). */
import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';

/** An entry between a bank and one other account; balances are on their normal sides, in fen. */
export type BankEntryRow = {
  readonly seq: bigint;
  readonly kind: string;
  readonly bookedOn: string;
  readonly valueOn: string;
  readonly record: Uint8Array;
  /** More than nothing, whether it came in or went out. */
  readonly amountFen: bigint;
  readonly bank: string;
  readonly bankFen: bigint;
  readonly account: string;
  readonly accountFen: bigint;
  readonly authorisation: string | null;
  readonly isReversed: boolean;
};

/** Entries of these kinds with one leg at a bank and one elsewhere, the newest first. */
async function bankEntries(
  db: Database,
  community: string,
  kinds: readonly string[],
  condition: RawBuilder<unknown>,
): Promise<readonly BankEntryRow[]> {
  const found = await sql<BankEntryRow>`
    select e.seq, e.kind, e.booked_on as "bookedOn", e.value_on as "valueOn", e.record, abs(p.amount_fen) as "amountFen",
           b.name as bank, b.balance_fen as "bankFen", a.name as account, a.balance_fen as "accountFen",
           e.authorisation_id as authorisation, r.entry_id is not null as "isReversed"
      from fund_entry e
      join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id and p.account_kind = 'bank'
      join fund_account b on b.community_id = p.community_id and b.account_id = p.account_id
      join fund_posting q on q.community_id = e.community_id and q.entry_id = e.entry_id and q.account_kind <> 'bank'
      join fund_account a on a.community_id = q.community_id and a.account_id = q.account_id
      left join fund_entry r on r.community_id = e.community_id and r.reverses_entry_id = e.entry_id
     where e.community_id = ${community} and e.kind = any(${[...kinds]}::text[]) and ${condition}
     order by e.seq desc`.execute(db);
  return found.rows;
}

const STANDS = sql`r.entry_id is null`;

/** Receipts of unknown payers that nobody reversed. */
export const unidentifiedReceipts = (db: Database, community: string) =>
  bankEntries(db, community, ['deposit_unidentified'], STANDS);

/** Payments that did not come back. */
export const standingPayments = (db: Database, community: string) =>
  bankEntries(db, community, ['pay'], STANDS);

/** Deposits at a number of the book, or under these idempotency keys. */
export const depositsBy = (
  db: Database,
  community: string,
  { seq, keys }: { readonly seq: bigint; readonly keys: readonly string[] },
) =>
  bankEntries(
    db,
    community,
    ['deposit', 'deposit_unidentified'],
    sql`(e.seq = ${seq} or e.idempotency_key = any(${[...keys]}::text[]))`,
  );

/** What left the money of unknown payers for its households, in fen. */
export async function identifications(db: Database, community: string) {
  const found = await sql<{ record: Uint8Array; amountFen: bigint }>`
    select e.record, p.amount_fen as "amountFen"
      from fund_entry e join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id
     where e.community_id = ${community} and e.kind = 'deposit_identified' and p.account_kind = 'deposit_unidentified'`.execute(
    db,
  );
  return found.rows;
}
