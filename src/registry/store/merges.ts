/** The SQL of merges of persons: drafted, in force, undone (SPEC 3.8). */
import type { Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { PersonMergeTable } from '../../db/tables/registry.ts';
import type { Tx } from '../../db/transaction.ts';

export type MergeRow = Selectable<PersonMergeTable>;

export async function insertMerge(tx: Tx, row: Omit<MergeRow, 'entry_id' | 'ended_entry_id'>): Promise<void> {
  await tx
    .insertInto('person_merge')
    .values({ ...row, entry_id: null, ended_entry_id: null })
    .execute();
}

export const mergeById = (db: Database, community: string, merge: string): Promise<MergeRow | undefined> =>
  db
    .selectFrom('person_merge')
    .selectAll()
    .where('community_id', '=', community)
    .where('merge_id', '=', merge)
    .executeTakeFirst();

/** The merges in force of a community. */
export const mergesInForce = (db: Database, community: string): Promise<MergeRow[]> =>
  db
    .selectFrom('person_merge')
    .selectAll()
    .where('community_id', '=', community)
    .where('entry_id', 'is not', null)
    .where('ended_entry_id', 'is', null)
    .orderBy('entry_id')
    .execute();

/** Every merge that was ever drafted, the newest first. */
export const allMerges = (db: Database, community: string): Promise<MergeRow[]> =>
  db
    .selectFrom('person_merge')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('drafted_at_ms', 'desc')
    .orderBy('merge_id')
    .execute();

/** How often the persons of a community were merged or separated: what was drawn up before the last time is out of date. */
export async function countMergeMoves(db: Database, community: string): Promise<number> {
  const row = await db
    .selectFrom('person_merge')
    .select((eb) => [
      eb.fn.count<string>('entry_id').as('merged'),
      eb.fn.count<string>('ended_entry_id').as('ended'),
    ])
    .where('community_id', '=', community)
    .executeTakeFirstOrThrow();
  return Number(row.merged) + Number(row.ended);
}

export async function enforceMerge(tx: Tx, community: string, merge: string, entryId: bigint): Promise<void> {
  await tx
    .updateTable('person_merge')
    .set({ entry_id: entryId })
    .where('community_id', '=', community)
    .where('merge_id', '=', merge)
    .execute();
}

export async function endMerge(tx: Tx, community: string, merge: string, entryId: bigint): Promise<void> {
  await tx
    .updateTable('person_merge')
    .set({ ended_entry_id: entryId })
    .where('community_id', '=', community)
    .where('merge_id', '=', merge)
    .execute();
}

/** The merge in force that made somebody another person, or undefined. */
export const mergeOfMerged = (
  db: Database,
  community: string,
  person: string,
): Promise<MergeRow | undefined> =>
  db
    .selectFrom('person_merge')
    .selectAll()
    .where('community_id', '=', community)
    .where('merged_id', '=', person)
    .where('entry_id', 'is not', null)
    .where('ended_entry_id', 'is', null)
    .executeTakeFirst();

/**
 * The same for who is about to enter something in a person's name: his row is held until the transaction ends, so that a merge is
 * before or after it.
 */
export async function mergeBeforeEntering(
  tx: Tx,
  community: string,
  person: string,
): Promise<MergeRow | undefined> {
  await tx
    .selectFrom('person')
    .select('person_id')
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .forKeyShare()
    .execute();
  return mergeOfMerged(tx, community, person);
}

/** Merges of a community whose entries are among the first `size` of the log, in its order. */
export const loggedMerges = (db: Database, community: string, size: number): Promise<MergeRow[]> =>
  db
    .selectFrom('person_merge')
    .innerJoin('log_entry', 'log_entry.id', 'person_merge.entry_id')
    .selectAll('person_merge')
    .where('person_merge.community_id', '=', community)
    .where('log_entry.idx', '<', BigInt(size))
    .orderBy('log_entry.idx')
    .execute();

/** The record that an entry put in force or undid. */
export const mergeOfEntry = async (
  db: Database,
  community: string,
  entryId: bigint,
): Promise<Uint8Array | undefined> =>
  (
    await db
      .selectFrom('person_merge')
      .select('record')
      .where('community_id', '=', community)
      .where((eb) => eb.or([eb('entry_id', '=', entryId), eb('ended_entry_id', '=', entryId)]))
      .executeTakeFirst()
  )?.record;
