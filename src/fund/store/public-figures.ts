/** The SQL of what a book shows to anybody: moves at the banks by month, payments, the place of the last entry in the log (SPEC 8.3). */
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';

/** What each kind of entry moved at the banks in each month of booking; debit positive. */
export async function monthlyMoves(db: Database, community: string) {
  const found = await sql<{ month: string; kind: string; amountFen: bigint }>`
    select to_char(e.booked_on, 'YYYY-MM') as month, e.kind, sum(p.amount_fen)::bigint as "amountFen"
      from fund_entry e join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id
     where e.community_id = ${community} and p.account_kind = 'bank'
     group by 1, 2 order by 1, 2`.execute(db);
  return found.rows;
}

/** Payments and their returns, in order of `seq`; what came back is negative. */
export async function paymentRows(db: Database, community: string) {
  const found = await sql<{
    seq: bigint;
    bookedOn: string;
    authorisation: string;
    amountFen: bigint;
    idx: bigint | null;
  }>`
    select e.seq, e.booked_on as "bookedOn", e.authorisation_id as authorisation,
           -sum(p.amount_fen)::bigint as "amountFen", l.idx
      from fund_entry e
      join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id
      join log_entry l on l.id = e.log_entry_id
     where e.community_id = ${community} and e.kind in ('pay', 'pay_returned') and p.account_kind = 'bank'
     group by e.seq, e.booked_on, e.authorisation_id, l.idx order by e.seq`.execute(db);
  return found.rows;
}

/**
 * Accruals under revoked authorisations that nothing has undone, nor an unpaid rest that went back, and of which no refunded unit bore a
 * part, in order of `seq`, with what each made payable.
 */
export async function revokedAccruals(db: Database, community: string) {
  const found = await sql<{
    seq: bigint;
    bookedOn: string;
    authorisation: string;
    amountFen: bigint;
    record: Uint8Array;
  }>`
    select e.seq, e.booked_on as "bookedOn", e.authorisation_id as authorisation, -p.amount_fen as "amountFen", e.record
      from fund_entry e
      join fund_authorisation f on f.community_id = e.community_id and f.authorisation_id = e.authorisation_id
      join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id
     where e.community_id = ${community} and e.kind = 'accrue' and f.state = 'revoked' and p.account_kind = 'payable'
       and not exists (select from fund_entry r where r.community_id = e.community_id and r.reverses_entry_id = e.entry_id)
       and not exists (select from fund_entry u where u.community_id = e.community_id and u.authorisation_id = e.authorisation_id
                        and u.kind = 'unpaid_cancelled')
       and not exists (select from fund_posting h
                         join fund_account a on a.community_id = h.community_id and a.account_id = h.account_id
                         join fund_authorisation g on g.community_id = a.community_id and g.unit_id = a.unit_id
                        where h.community_id = e.community_id and h.entry_id = e.entry_id)
     order by e.seq`.execute(db);
  return found.rows;
}

/** The place of an entry in the log. */
export async function lastLogIndex(
  db: Database,
  community: string,
  seq: bigint,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('fund_entry as e')
    .innerJoin('log_entry as l', 'l.id', 'e.log_entry_id')
    .select('l.idx')
    .where('e.community_id', '=', community)
    .where('e.seq', '=', seq)
    .executeTakeFirst();
  return row?.idx == null ? undefined : Number(row.idx);
}
