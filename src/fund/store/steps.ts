/** The SQL of stages and payments that stand: what was reversed is left out, with what it is paid to or accepted by (SPEC 8.3). */
import { sql } from 'kysely';
import type { Tx } from '../../db/transaction.ts';
import type { Inspected, Step } from '../domain/anomalies.ts';

/** What the developer owes under each authorisation, since it was first claimed there. */
export async function claimRows(tx: Tx, community: string): Promise<Inspected['claims']> {
  const found = await sql<Inspected['claims'][number]>`
    select a.authorisation_id as authorisation, sum(a.balance_fen)::bigint as "amountFen", e.seq, e.booked_on as "claimedOn"
      from fund_account a
      join lateral (select f.seq, f.booked_on from fund_entry f
                     where f.community_id = a.community_id and f.authorisation_id = a.authorisation_id and f.kind = 'claim'
                     order by f.seq limit 1) e on true
     where a.community_id = ${community} and a.kind = 'claim'
     group by a.authorisation_id, e.seq, e.booked_on having sum(a.balance_fen) > 0 order by e.seq`.execute(
    tx,
  );
  return found.rows;
}

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
