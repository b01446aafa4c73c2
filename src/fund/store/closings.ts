/** The SQL of closings (SPEC 8.3). */
import type { Insertable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FundClosingTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export async function insertClosing(tx: Tx, row: Insertable<FundClosingTable>): Promise<void> {
  await tx.insertInto('fund_closing').values(row).execute();
}

/** The closings of a community with their place in the log, in the order of the log. */
export const closingsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_closing as c')
    .innerJoin('log_entry as l', 'l.id', 'c.entry_id')
    .select(['c.authorisation_id', 'c.document_hash', 'l.idx'])
    .where('c.community_id', '=', community)
    .orderBy('c.entry_id')
    .execute();
