/** The SQL of designations, of the signatures that they wait for, and of their papers (SPEC 3.6). */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { CivilDate } from '../../base/civil-date.ts';
import type { NamedLocks } from '../../db/advisory-locks.ts';
import type { Database } from '../../db/connect.ts';
import type {
  DesignationPaperTable,
  DesignationSignatureTable,
  DesignationTable,
} from '../../db/tables/identity.ts';
import type { Tx } from '../../db/transaction.ts';

export type DesignationRow = Selectable<DesignationTable>;
export type DesignationSignatureRow = Selectable<DesignationSignatureTable>;
type Reader = Database | Tx;

/** Namespace of the advisory locks of communities' designations. */
const DESIGNATION_LOCK = 7_407;

/** Alone for whoever records one, shared for the casts that rely on which are recorded: a cast is before or after. */
export const designationLocks = (communities: readonly string[], shared: boolean): NamedLocks => ({
  space: DESIGNATION_LOCK,
  shared,
  names: communities,
});

export async function insertDesignation(tx: Tx, row: DesignationRow): Promise<void> {
  await tx.insertInto('designation').values(row).execute();
}

export const lockDesignation = (
  tx: Tx,
  community: string,
  designation: string,
): Promise<DesignationRow | undefined> =>
  tx
    .selectFrom('designation')
    .selectAll()
    .where('community_id', '=', community)
    .where('designation_id', '=', designation)
    .forUpdate()
    .executeTakeFirst();

/** Records a designation that has all its signatures. */
export async function enterDesignation(
  tx: Tx,
  community: string,
  designation: string,
  entryId: bigint,
): Promise<void> {
  await tx
    .updateTable('designation')
    .set({ entry_id: entryId })
    .where('community_id', '=', community)
    .where('designation_id', '=', designation)
    .where('entry_id', 'is', null)
    .execute();
}

/** How many designations a person has ever signed. */
export async function countSignaturesOf(tx: Tx, community: string, person: string): Promise<number> {
  const row = await tx
    .selectFrom('designation_signature')
    .select((expression) => expression.fn.countAll<string>().as('count'))
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function insertSignatureOf(tx: Tx, row: DesignationSignatureRow): Promise<void> {
  await tx.insertInto('designation_signature').values(row).execute();
}

/** The signatures of some designations. */
export const signaturesOfDesignations = async (
  db: Reader,
  community: string,
  designations: readonly string[],
): Promise<readonly DesignationSignatureRow[]> =>
  designations.length === 0
    ? []
    : db
        .selectFrom('designation_signature')
        .selectAll()
        .where('community_id', '=', community)
        .where('designation_id', 'in', [...designations])
        .execute();

/** Designations of any of these persons that are recorded and last until a day at least, in log order. */
export const recordedFor = async (
  db: Reader,
  community: string,
  designees: readonly string[],
  today: CivilDate,
): Promise<readonly DesignationRow[]> =>
  designees.length === 0
    ? []
    : db
        .selectFrom('designation')
        .selectAll()
        .where('community_id', '=', community)
        .where('designee_id', 'in', [...designees])
        .where('entry_id', 'is not', null)
        .where('until_on', '>=', sql<string>`${today}::date`)
        .orderBy('entry_id')
        .execute();

/** Those that last until a day at least, recorded or waiting, the newest first. */
export const designationsOf = (db: Reader, community: string, today: CivilDate): Promise<DesignationRow[]> =>
  db
    .selectFrom('designation')
    .selectAll()
    .where('community_id', '=', community)
    .where('until_on', '>=', sql<string>`${today}::date`)
    .orderBy('proposed_at_ms', 'desc')
    .execute();

export async function insertDesignationPaper(tx: Tx, row: Selectable<DesignationPaperTable>): Promise<void> {
  await tx.insertInto('designation_paper').values(row).execute();
}

/** Designations of a community whose entries are among the first `size` of the log, in its order. */
export const loggedDesignations = (
  db: Database,
  community: string,
  size: number,
): Promise<DesignationRow[]> =>
  db
    .selectFrom('designation')
    .innerJoin('log_entry', 'log_entry.id', 'designation.entry_id')
    .selectAll('designation')
    .where('designation.community_id', '=', community)
    .where('log_entry.idx', '<', BigInt(size))
    .orderBy('log_entry.idx')
    .execute();
