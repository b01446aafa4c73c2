/** The SQL of calls to top up: the calls, what each asks of a home, and what came in since (SPEC 8.6). */
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FundTopUpCallTable, FundTopUpWithdrawalTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';
import type { TopUpCall } from '../../record/top-up.ts';

export async function insertCall(tx: Tx, row: Insertable<FundTopUpCallTable>): Promise<void> {
  await tx.insertInto('fund_top_up_call').values(row).execute();
}

export async function insertWithdrawal(tx: Tx, row: Insertable<FundTopUpWithdrawalTable>): Promise<void> {
  await tx.insertInto('fund_top_up_withdrawal').values(row).execute();
}

/** A call without its lines, which are thousands. */
export type CallHead = Omit<TopUpCall, 'v' | 'kind' | 'units' | 'nonce'>;

/** The calls of a community, the newest first, in sums, with what ended each and their places in the log. */
export async function callsOf(db: Database, community: string) {
  const found = await sql<{
    head: CallHead;
    homes: number;
    due_fen: bigint;
    idx: bigint | null;
    withdrawal_hash: Uint8Array | null;
    withdrawal_idx: bigint | null;
    is_annulled: boolean;
  }>`
    select r.call - '{v,kind,units,nonce}'::text[] as head, s.homes, s.due_fen, l.idx,
           w.document_hash as withdrawal_hash, wl.idx as withdrawal_idx, a.entry_id is not null as is_annulled
      from fund_top_up_call c
      cross join lateral (select convert_from(c.record, 'UTF8')::jsonb as call) r
      cross join lateral (select count(*)::integer as homes, coalesce(sum((u ->> 'dueFen')::numeric), 0)::bigint as due_fen
                            from jsonb_array_elements(r.call -> 'units') u where u ->> 'dueFen' <> '0') s
      join log_entry l on l.id = c.entry_id
      left join fund_top_up_withdrawal w on w.community_id = c.community_id and w.call_id = c.call_id
      left join log_entry wl on wl.id = w.entry_id
      left join resolution_annulment a
        on a.community_id = c.community_id and a.meeting_id = c.meeting_id and a.proposal_id = c.proposal_id
     where c.community_id = ${community} order by c.entry_id desc`.execute(db);
  return found.rows;
}

/** The records of a community's calls, in the order of the log. */
export const callRecords = (db: Database, community: string) =>
  db
    .selectFrom('fund_top_up_call')
    .select('record')
    .where('community_id', '=', community)
    .orderBy('entry_id')
    .execute();

/** The record that a log entry named. */
export const callOfEntry = (db: Database, entryId: bigint) =>
  db.selectFrom('fund_top_up_call').select('record').where('entry_id', '=', entryId).executeTakeFirst();

/** The homes that a call asks, all or the named ones among them, with what came in for each since, less what of it was reversed, in fen. */
export async function calledLines(db: Database, community: string, call: string, units?: readonly string[]) {
  const among = units === undefined ? sql`true` : sql`u ->> 'unit' = any(${[...units]}::text[])`;
  const found = await sql<{
    unit: string;
    firstFen: bigint;
    balanceFen: bigint;
    dueFen: bigint;
    cameInFen: bigint;
  }>`
    with line as (
      select c.seq, u ->> 'unit' as unit, (u ->> 'firstFen')::bigint as "firstFen", (u ->> 'balanceFen')::bigint as "balanceFen",
             (u ->> 'dueFen')::bigint as "dueFen"
        from fund_top_up_call c cross join lateral jsonb_array_elements(convert_from(c.record, 'UTF8')::jsonb -> 'units') u
       where c.community_id = ${community} and c.call_id = ${call} and u ->> 'dueFen' <> '0' and ${among}),
    came as (
      select a.unit_id, -sum(p.amount_fen) as fen
        from fund_account a
        join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
        join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
       where a.community_id = ${community} and a.kind = 'unit_available' and a.unit_id in (select unit from line)
         and e.seq > (select min(seq) from line) and e.kind in ('deposit', 'deposit_identified', 'deposit_reversed')
       group by a.unit_id)
    select line.unit, line."firstFen", line."balanceFen", line."dueFen", coalesce(came.fen, 0)::bigint as "cameInFen"
      from line left join came on came.unit_id = line.unit order by line.unit`.execute(db);
  return found.rows;
}
