/** The SQL of requisitions, of who joined them, and of their answers (SPEC 5.4). */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { RequisitionSupportTable, RequisitionTable } from '../../db/tables/assembly.ts';
import type { Tx } from '../../db/transaction.ts';

export type RequisitionRow = Selectable<RequisitionTable>;
export type SupportRow = Selectable<RequisitionSupportTable>;
type Reader = Database | Tx;

const NOT_YET = {
  reached_at_ms: null,
  reached_entry_id: null,
  count_record: null,
  answered_at_ms: null,
  answered_entry_id: null,
  answer: null,
} as const;

export async function insertRequisition(
  tx: Tx,
  row: Omit<RequisitionRow, keyof typeof NOT_YET>,
): Promise<void> {
  await tx
    .insertInto('requisition')
    .values({ ...row, ...NOT_YET })
    .execute();
}

export async function insertSupport(tx: Tx, row: SupportRow): Promise<void> {
  await tx.insertInto('requisition_support').values(row).execute();
}

export const requisitionById = (
  db: Reader,
  community: string,
  requisition: string,
): Promise<RequisitionRow | undefined> =>
  db
    .selectFrom('requisition')
    .selectAll()
    .where('community_id', '=', community)
    .where('requisition_id', '=', requisition)
    .executeTakeFirst();

/** The requisitions of a community, the newest first: all of them, or as many as a page shows. */
export const requisitionsOf = (db: Reader, community: string, most?: number): Promise<RequisitionRow[]> =>
  db
    .selectFrom('requisition')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('entry_id', 'desc')
    .$if(most !== undefined, (query) => query.limit(most ?? 0))
    .execute();

/** Those of them that reached their fifth. */
export const reachedOf = (db: Reader, community: string, most: number): Promise<RequisitionRow[]> =>
  db
    .selectFrom('requisition')
    .selectAll()
    .where('community_id', '=', community)
    .where('reached_entry_id', 'is not', null)
    .orderBy('entry_id', 'desc')
    .limit(most)
    .execute();

/** Those of all communities that reached their fifth, the newest first. */
export const reachedRequisitions = (db: Reader, limit: number) =>
  db
    .selectFrom('requisition')
    .innerJoin('community', 'community.community_id', 'requisition.community_id')
    .innerJoin('log_entry', 'log_entry.id', 'requisition.reached_entry_id')
    .selectAll('requisition')
    .select(['community.name as community_name', 'log_entry.data as reached_entry'])
    .orderBy('requisition.reached_entry_id', 'desc')
    .limit(limit)
    .execute();

/** Who stands behind the requisitions of a community now: whose last word of each is that he joins. */
export const standingSupports = async (
  db: Reader,
  community: string,
): Promise<readonly Pick<SupportRow, 'requisition_id' | 'person_id'>[]> =>
  (
    await sql<Pick<SupportRow, 'requisition_id' | 'person_id'>>`
      select requisition_id, person_id
        from (select distinct on (requisition_id, person_id) requisition_id, person_id, stands
                from requisition_support
               where community_id = ${community}
               order by requisition_id, person_id, entry_id desc) as last
       where stands = 'joined'`.execute(db)
  ).rows;

/** What one person signed about requisitions, in the order of the log. */
export const supportsBy = (db: Reader, community: string, person: string) =>
  db
    .selectFrom('requisition_support')
    .select(['requisition_id', 'stands'])
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .orderBy('entry_id')
    .execute();

/** All joinings and leavings of a community's requisitions, in the order of the log. */
export const supportsOf = (db: Reader, community: string): Promise<SupportRow[]> =>
  db
    .selectFrom('requisition_support')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('entry_id')
    .execute();

export async function countFiledBy(tx: Tx, community: string, person: string): Promise<number> {
  const row = await tx
    .selectFrom('requisition')
    .select((expression) => expression.fn.countAll<string>().as('count'))
    .where('community_id', '=', community)
    .where('filed_by', '=', person)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function markReached(
  tx: Tx,
  { community_id, requisition_id }: Pick<RequisitionRow, 'community_id' | 'requisition_id'>,
  reached: { readonly at: Instant; readonly entryId: bigint; readonly count: Uint8Array },
): Promise<void> {
  await tx
    .updateTable('requisition')
    .set({ reached_at_ms: reached.at, reached_entry_id: reached.entryId, count_record: reached.count })
    .where('community_id', '=', community_id)
    .where('requisition_id', '=', requisition_id)
    .execute();
}

export async function markAnswered(
  tx: Tx,
  { community_id, requisition_id }: Pick<RequisitionRow, 'community_id' | 'requisition_id'>,
  answered: { readonly at: Instant; readonly entryId: bigint; readonly answer: Uint8Array },
): Promise<void> {
  await tx
    .updateTable('requisition')
    .set({ answered_at_ms: answered.at, answered_entry_id: answered.entryId, answer: answered.answer })
    .where('community_id', '=', community_id)
    .where('requisition_id', '=', requisition_id)
    .execute();
}

/** Entries of a community about requisitions among the first `size` of the log, in its order. */
export const loggedAbout = (db: Database, community: string, size: number) =>
  db
    .selectFrom('log_entry')
    .select('id')
    .where('community_id', '=', community)
    .where('kind', 'in', [
      'requisition.filed',
      'requisition.supported',
      'requisition.reached',
      'requisition.answered',
    ])
    .where('idx', '<', BigInt(size))
    .orderBy('idx')
    .execute();
