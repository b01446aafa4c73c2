/** The SQL of annulled resolutions and emergencies (SPEC 8.3). */
import type { Insertable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FundEmergencyAnnulmentTable, ResolutionAnnulmentTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

type ResolutionRef = { readonly community: string; readonly meeting: string; readonly proposal: string };

/** Whether the resolution is final and adopted. */
export async function isAdopted(db: Database, ref: ResolutionRef): Promise<boolean> {
  const row = await db
    .selectFrom('resolution')
    .select('outcome')
    .where('community_id', '=', ref.community)
    .where('meeting_id', '=', ref.meeting)
    .where('proposal_id', '=', ref.proposal)
    .executeTakeFirst();
  return row?.outcome === 'ADOPTED';
}

/** The annulment of a resolution, where there is one. */
export const annulmentOf = (db: Database, ref: ResolutionRef) =>
  db
    .selectFrom('resolution_annulment')
    .select('entry_id')
    .where('community_id', '=', ref.community)
    .where('meeting_id', '=', ref.meeting)
    .where('proposal_id', '=', ref.proposal)
    .executeTakeFirst();

/** Whether the resolution is final, adopted, and was not annulled. */
export const isStanding = async (db: Database, ref: ResolutionRef): Promise<boolean> =>
  (await isAdopted(db, ref)) && (await annulmentOf(db, ref)) === undefined;

export async function insertAnnulment(tx: Tx, row: Insertable<ResolutionAnnulmentTable>): Promise<void> {
  await tx.insertInto('resolution_annulment').values(row).execute();
}

export async function insertEmergencyAnnulment(
  tx: Tx,
  row: Insertable<FundEmergencyAnnulmentTable>,
): Promise<void> {
  await tx.insertInto('fund_emergency_annulment').values(row).execute();
}

/** The annulled emergencies of a community with their place in the log, in the order of the log. */
export const emergencyAnnulmentsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_emergency_annulment as a')
    .innerJoin('log_entry as l', 'l.id', 'a.entry_id')
    .select(['a.authorisation_id', 'a.document_hash', 'l.idx'])
    .where('a.community_id', '=', community)
    .orderBy('a.entry_id')
    .execute();
