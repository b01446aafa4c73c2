/** The SQL of what opens the account of a payee for those who sign an act (SPEC 8.3). */
import type { Insertable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FundAccountOpeningTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export async function insertAccountOpening(tx: Tx, row: Insertable<FundAccountOpeningTable>): Promise<void> {
  await tx.insertInto('fund_account_opening').values(row).execute();
}

export const accountOpeningOf = (db: Database, community: string, act: string) =>
  db
    .selectFrom('fund_account_opening')
    .select('sealed_opening')
    .where('community_id', '=', community)
    .where('act_id', '=', act)
    .executeTakeFirst();
