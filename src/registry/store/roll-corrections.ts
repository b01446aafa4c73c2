/** The SQL of corrections of frozen rolls: drafted, and in force from their log entry on (SPEC 4.4). */
import type { Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { RollCorrectionHolderTable, RollCorrectionTable } from '../../db/tables/registry.ts';
import type { Tx } from '../../db/transaction.ts';

export type RollCorrectionRow = Selectable<RollCorrectionTable>;
export type RollCorrectionHolderRow = Selectable<RollCorrectionHolderTable>;

export async function insertCorrection(
  tx: Tx,
  row: Omit<RollCorrectionRow, 'entry_id'>,
  holders: readonly RollCorrectionHolderRow[],
): Promise<void> {
  await tx
    .insertInto('roll_correction')
    .values({ ...row, entry_id: null })
    .execute();
  await tx
    .insertInto('roll_correction_holder')
    .values([...holders])
    .execute();
}

export const correctionById = (
  db: Database,
  community: string,
  correction: string,
): Promise<RollCorrectionRow | undefined> =>
  db
    .selectFrom('roll_correction')
    .selectAll()
    .where('community_id', '=', community)
    .where('correction_id', '=', correction)
    .executeTakeFirst();

/** Puts a correction in force from this entry on. */
export async function enterCorrection(
  tx: Tx,
  community: string,
  correction: string,
  entryId: bigint,
): Promise<void> {
  await tx
    .updateTable('roll_correction')
    .set({ entry_id: entryId })
    .where('community_id', '=', community)
    .where('correction_id', '=', correction)
    .execute();
}

/** Corrections in force of a meeting's roll, or of one entitlement, in the order of the log. */
export const correctionsInForce = (
  db: Database,
  community: string,
  meeting: string,
  entitlement?: string,
): Promise<RollCorrectionRow[]> =>
  db
    .selectFrom('roll_correction')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('entry_id', 'is not', null)
    .$if(entitlement !== undefined, (query) => query.where('entitlement_id', '=', entitlement ?? ''))
    // Whoever corrects holds the entitlement's lock when he draws the id.
    .orderBy('entry_id')
    .execute();

/** Every correction of a meeting's roll, drafted or in force, with the fate of its act. */
export const correctionsOfMeeting = (db: Database, community: string, meeting: string) =>
  db
    .selectFrom('roll_correction')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .orderBy('drafted_at_ms')
    .orderBy('correction_id')
    .execute();

/** Holders by correction, those of one in the order of their ids. */
export const correctionHolders = (
  db: Database,
  community: string,
  corrections: readonly string[],
): Promise<RollCorrectionHolderRow[]> =>
  corrections.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('roll_correction_holder')
        .selectAll()
        .where('community_id', '=', community)
        .where('correction_id', 'in', [...corrections])
        .orderBy('person_id')
        .execute();
