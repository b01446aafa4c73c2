/** The SQL of calls to top up: the calls, what each asks of a home, and what came in since (SPEC 8.6). */
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FundTopUpCallTable, FundTopUpWithdrawalTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export async function insertCall(tx: Tx, row: Insertable<FundTopUpCallTable>): Promise<void> {
  await tx.insertInto('fund_top_up_call').values(row).execute();
}

export async function insertWithdrawal(tx: Tx, row: Insertable<FundTopUpWithdrawalTable>): Promise<void> {
  await tx.insertInto('fund_top_up_withdrawal').values(row).execute();
}

/** The calls of a community, the newest first, with what ended each and their places in the log. */
export const callsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_top_up_call as c')
    .innerJoin('log_entry as l', 'l.id', 'c.entry_id')
    .leftJoin('fund_top_up_withdrawal as w', (join) =>
      join.onRef('w.community_id', '=', 'c.community_id').onRef('w.call_id', '=', 'c.call_id'),
    )
    .leftJoin('log_entry as wl', 'wl.id', 'w.entry_id')
    .leftJoin('resolution_annulment as a', (join) =>
      join
        .onRef('a.community_id', '=', 'c.community_id')
        .onRef('a.meeting_id', '=', 'c.meeting_id')
        .onRef('a.proposal_id', '=', 'c.proposal_id'),
    )
    .select([
      'c.call_id',
      'c.record',
      'c.entry_id',
      'l.idx',
      'w.document_hash as withdrawal_hash',
      'wl.idx as withdrawal_idx',
      'a.entry_id as annulment_id',
    ])
    .where('c.community_id', '=', community)
    .orderBy('c.entry_id', 'desc')
    .execute();

/** The record that a log entry named. */
export const callOfEntry = (db: Database, entryId: bigint) =>
  db.selectFrom('fund_top_up_call').select('record').where('entry_id', '=', entryId).executeTakeFirst();

/** What came in for homes after an entry of the book, less what of it was reversed, in fen; homes without a deposit are left out. */
export async function depositedSince(db: Database, community: string, seq: bigint) {
  const found = await sql<{ unit: string; fen: bigint }>`
    select a.unit_id as unit, -sum(p.amount_fen)::bigint as fen
      from fund_account a
      join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
      join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
     where a.community_id = ${community} and a.kind = 'unit_available' and e.seq > ${seq}
       and e.kind in ('deposit', 'deposit_identified', 'deposit_reversed')
     group by a.unit_id`.execute(db);
  return new Map(found.rows.map(({ unit, fen }) => [unit, fen]));
}
