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

/** The calls of a community, the newest first, all or so many, in sums, with what ended each and their places in the log. */
export async function callsOf(db: Database, community: string, most?: number) {
  const found = await sql<{
    head: CallHead;
    homes: number;
    due_fen: bigint;
    idx: bigint | null;
    withdrawal_hash: Uint8Array | null;
    withdrawal_idx: bigint | null;
    is_annulled: boolean;
  }>`
    select c.head, c.homes, c.due_fen, l.idx, w.document_hash as withdrawal_hash, wl.idx as withdrawal_idx,
           a.entry_id is not null as is_annulled
      from fund_top_up_call c
      join log_entry l on l.id = c.entry_id
      left join fund_top_up_withdrawal w on w.community_id = c.community_id and w.call_id = c.call_id
      left join log_entry wl on wl.id = w.entry_id
      left join resolution_annulment a
        on a.community_id = c.community_id and a.meeting_id = c.meeting_id and a.proposal_id = c.proposal_id
     where c.community_id = ${community} order by c.entry_id desc limit ${most ?? null}`.execute(db);
  return found.rows;
}

/** The records of a community's calls with their places, in the order of the log. */
export const callRecords = (db: Database, community: string) =>
  db
    .selectFrom('fund_top_up_call as c')
    .innerJoin('log_entry as l', 'l.id', 'c.entry_id')
    .select(['c.record', 'l.idx'])
    .where('c.community_id', '=', community)
    .orderBy('c.entry_id')
    .execute();

/** The record of one call. */
export const callRecord = (db: Database, community: string, call: string) =>
  db
    .selectFrom('fund_top_up_call')
    .select('record')
    .where('community_id', '=', community)
    .where('call_id', '=', call)
    .executeTakeFirst();

/** The newest call before a row of the log, unless it was withdrawn by then; what its resolution came to is not looked at. */
export async function callInForceAt(db: Database, community: string, entryId: bigint) {
  const found = await sql<{ record: Uint8Array; meeting_id: string | null; proposal_id: string | null }>`
    select c.record, c.meeting_id, c.proposal_id
      from (select * from fund_top_up_call where community_id = ${community} and entry_id < ${entryId}
             order by entry_id desc limit 1) c
     where not exists (select from fund_top_up_withdrawal w
                        where w.community_id = c.community_id and w.call_id = c.call_id and w.entry_id < ${entryId})`.execute(
    db,
  );
  return found.rows[0];
}

/**
 * What came in for homes after an entry of the book, in fen: deposits, less those of them that were reversed. A deposit from before that is
 * reversed now says nothing of what was asked later.
 */
const cameIn = (community: string, seq: bigint, units?: readonly string[]) => {
  const among = units === undefined ? sql`true` : sql`a.unit_id = any(${[...units]}::text[])`;
  return sql<{ unit: string; fen: bigint }>`
    select a.unit_id as unit, -sum(p.amount_fen)::bigint as fen
      from fund_account a
      join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
      join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
      left join fund_entry r on r.community_id = e.community_id and r.entry_id = e.reverses_entry_id
     where a.community_id = ${community} and a.kind = 'unit_available' and ${among} and e.seq > ${seq}
       and (e.kind in ('deposit', 'deposit_identified') or (e.kind = 'deposit_reversed' and r.seq > ${seq}))
     group by a.unit_id`;
};

/** The same by unit, of all homes or the named ones. */
export async function cameInSince(db: Database, community: string, seq: bigint, units?: readonly string[]) {
  const found = await cameIn(community, seq, units).execute(db);
  return new Map(found.rows.map(({ unit, fen }) => [unit, fen]));
}

/** Lines of calls whose home still stands. */
const STANDING_LINES = sql`fund_top_up_line n
      join community c on c.community_id = n.community_id
      join unit u on u.community_id = n.community_id and u.unit_id = n.unit_id and u.register_id = c.register_id`;

/** Of how many homes something is open of a call, and how much together, in fen; each as `stillDue` has it. */
export async function openOfCall(
  db: Database,
  { community, call, seq }: Pick<CallHead, 'community' | 'call' | 'seq'>,
): Promise<{ readonly homes: number; readonly fen: bigint }> {
  const found = await sql<{ homes: number; fen: bigint }>`
    select count(*)::int as homes, coalesce(sum(open_fen), 0)::bigint as fen
      from (select n.due_fen - greatest(0, coalesce(i.fen, 0)) as open_fen
              from ${STANDING_LINES}
              left join (${cameIn(community, BigInt(seq))}) i on i.unit = n.unit_id
             where n.community_id = ${community} and n.call_id = ${call}) o
     where open_fen > 0`.execute(db);
  return found.rows[0] ?? { homes: 0, fen: 0n };
}

/** The homes that a call asks and that still stand, all or the named ones among them, in fen. */
export async function calledLines(db: Database, community: string, call: string, units?: readonly string[]) {
  const among = units === undefined ? sql`true` : sql`n.unit_id = any(${[...units]}::text[])`;
  const found = await sql<{ unit: string; firstFen: bigint; balanceFen: bigint; dueFen: bigint }>`
    select n.unit_id as unit, n.first_fen as "firstFen", n.balance_fen as "balanceFen", n.due_fen as "dueFen"
      from ${STANDING_LINES}
     where n.community_id = ${community} and n.call_id = ${call} and ${among} order by n.unit_id`.execute(db);
  return found.rows;
}
