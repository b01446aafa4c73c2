/** The SQL of the public-revenue book (SPEC 8.5). */
import type { Insertable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { RevenueEntryTable, RevenuePeriodTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export async function insertRevenue(tx: Tx, row: Insertable<RevenueEntryTable>): Promise<void> {
  await tx.insertInto('revenue_entry').values(row).execute();
}

export async function insertPeriod(tx: Tx, row: Insertable<RevenuePeriodTable>): Promise<void> {
  await tx.insertInto('revenue_period').values(row).execute();
}

/** The entries of a book with their places, in the order of the log. */
export const revenueOf = (db: Database, community: string) =>
  db
    .selectFrom('revenue_entry as e')
    .innerJoin('log_entry as l', 'l.id', 'e.log_entry_id')
    .select(['e.record', 'l.idx'])
    .where('e.community_id', '=', community)
    .orderBy('e.log_entry_id')
    .execute();

/** The published half-years of a book with their places, the first one first. */
export const periodsOf = (db: Database, community: string) =>
  db
    .selectFrom('revenue_period as p')
    .innerJoin('log_entry as l', 'l.id', 'p.log_entry_id')
    .select(['p.record', 'p.hash', 'l.idx'])
    .where('p.community_id', '=', community)
    .orderBy('p.period')
    .execute();
