/** The SQL of stages and payments that stand: what was reversed is left out, with what it is paid to or accepted by (SPEC 8.3). */
import { sql } from 'kysely';
import type { Tx } from '../../db/transaction.ts';
import type { Step } from '../domain/anomalies.ts';

/** Stages and payments under resolutions and emergencies, in order of `seq`. */
export async function stepRows(tx: Tx, community: string): Promise<readonly Step[]> {
  const found = await sql<Step>`
    select e.kind, e.authorisation_id as authorisation, e.seq, e.booked_on as "bookedOn",
           sum(abs(p.amount_fen))::bigint as "amountFen",
           convert_from(e.record, 'UTF8')::jsonb ->> 'reference' as reference,
           convert_from(e.record, 'UTF8')::jsonb ->> 'payeeAccount' as "payeeAccount"
      from fund_entry e
      join fund_authorisation f on f.community_id = e.community_id and f.authorisation_id = e.authorisation_id
      join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id and p.account_kind = 'payable'
     where e.community_id = ${community} and e.kind in ('accrue', 'pay') and f.kind <> 'unit_refund'
       and not exists (select from fund_entry r where r.community_id = e.community_id and r.reverses_entry_id = e.entry_id)
     group by e.community_id, e.entry_id order by e.seq`.execute(tx);
  return found.rows;
}
