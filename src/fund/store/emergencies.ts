/** The SQL of emergencies: whether a community allows them, and the place of each in the log (SPEC 8.3). */
import type { Insertable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FundEmergencyDeclarationTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export async function insertDeclaration(
  tx: Tx,
  row: Insertable<FundEmergencyDeclarationTable>,
): Promise<void> {
  await tx.insertInto('fund_emergency_declaration').values(row).execute();
}

/** The declarations of a community with their places in the log, the newest first. */
export const declarationsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_emergency_declaration as d')
    .innerJoin('log_entry as l', 'l.id', 'd.entry_id')
    .select(['d.declaration_id', 'd.emergencies', 'd.document_hash', 'l.idx'])
    .where('d.community_id', '=', community)
    .orderBy('d.entry_id', 'desc')
    .execute();

/** Where the log has each emergency of a community. */
export const emergencyPlaces = (db: Database, community: string) =>
  db
    .selectFrom('fund_authorisation as f')
    .innerJoin('log_entry as l', 'l.id', 'f.entry_id')
    .select(['f.authorisation_id', 'l.idx'])
    .where('f.community_id', '=', community)
    .where('f.kind', '=', 'emergency')
    .execute();
