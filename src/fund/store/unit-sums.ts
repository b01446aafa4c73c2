/** The SQL of what moved on the accounts of each unit since the book began, what is there, and the first deposit that stands (SPEC 8.3). */
import { sql } from 'kysely';
import type { Tx } from '../../db/transaction.ts';
import type { UnitSums } from '../domain/building-figures.ts';

/** One row for each unit that has an account, what the developer owes told apart from its money. */
export async function unitSums(tx: Tx, community: string): Promise<readonly UnitSums[]> {
  const found = await sql<Omit<UnitSums, 'firstDepositFen'> & { firstDepositFen: bigint | null }>`
    with moved as (
      select a.unit_id,
             -sum(p.amount_fen) filter (where p.entry_kind in ('deposit', 'deposit_identified', 'deposit_reversed')) as deposited,
             -sum(p.amount_fen) filter (where p.entry_kind = 'interest_distributed') as interest,
             sum(p.amount_fen) filter (where p.entry_kind in ('accrue', 'accrual_cancelled', 'unpaid_cancelled')) as work,
             sum(p.amount_fen) filter (where p.entry_kind = 'refund') as refunded
        from fund_account a
        join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
       where a.community_id = ${community} and a.kind in ('unit_available', 'unit_held')
       group by a.unit_id),
    first as (
      select distinct on (a.unit_id) a.unit_id, -p.amount_fen as amount
        from fund_account a
        join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
        join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
       where a.community_id = ${community} and a.kind = 'unit_available' and e.kind in ('deposit', 'deposit_identified')
         and not exists (select from fund_entry r where r.community_id = e.community_id and r.reverses_entry_id = e.entry_id)
       order by a.unit_id, e.seq, p.line_no),
    standing as (
      select unit_id, sum(balance_fen) filter (where kind = 'unit_available') as available,
             sum(balance_fen) filter (where kind = 'unit_held') as held,
             sum(balance_fen) filter (where kind = 'claim') as claim
        from fund_account where community_id = ${community} and unit_id is not null group by unit_id)
    select s.unit_id as unit, coalesce(m.deposited, 0)::bigint as "depositedFen", coalesce(m.interest, 0)::bigint as "interestFen",
           coalesce(s.available, 0)::bigint as "availableFen", coalesce(s.held, 0)::bigint as "heldFen",
           coalesce(m.work, 0)::bigint as "workFen", coalesce(m.refunded, 0)::bigint as "refundedFen",
           coalesce(s.claim, 0)::bigint as "claimFen", f.amount::bigint as "firstDepositFen"
      from standing s left join moved m using (unit_id) left join first f using (unit_id)
     order by s.unit_id`.execute(tx);
  return found.rows.map(({ firstDepositFen, ...row }) => ({
    ...row,
    firstDepositFen: firstDepositFen ?? undefined,
  }));
}
