/** The SQL of requisitions, of who joined them, and of their answers (SPEC 5.4). */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { RequisitionSupportTable, RequisitionTable } from '../../db/tables/assembly.ts';
import type { Tx } from '../../db/transaction.ts';

/** All but the count, which is megabytes long and read for the bundle alone. */
const COLUMNS = [
  'requisition.community_id',
  'requisition.requisition_id',
  'requisition.record',
  'requisition.filed_by',
  'requisition.filed_at_ms',
  'requisition.entry_id',
  'requisition.reached_at_ms',
  'requisition.reached_entry_id',
  'requisition.answered_at_ms',
  'requisition.answered_entry_id',
  'requisition.answer',
  'requisition.answered_by',
  'requisition.street_answered_at_ms',
  'requisition.street_answered_entry_id',
  'requisition.street_answer',
] as const;

export type RequisitionRow = Omit<Selectable<RequisitionTable>, 'count_record'>;
export type SupportRow = Selectable<RequisitionSupportTable>;
type Reader = Database | Tx;

const NOT_YET = {
  reached_at_ms: null,
  reached_entry_id: null,
  count_record: null,
  answered_at_ms: null,
  answered_entry_id: null,
  answer: null,
  answered_by: null,
  street_answered_at_ms: null,
  street_answered_entry_id: null,
  street_answer: null,
} as const;

export async function insertRequisition(
  tx: Tx,
  row: Omit<Selectable<RequisitionTable>, keyof typeof NOT_YET>,
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
    .select(COLUMNS)
    .where('community_id', '=', community)
    .where('requisition_id', '=', requisition)
    .executeTakeFirst();

/** All requisitions of a community with their counts, in the order of the log. */
export const countedRequisitionsOf = (
  db: Database,
  community: string,
): Promise<Selectable<RequisitionTable>[]> =>
  db
    .selectFrom('requisition')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('entry_id')
    .execute();

/** The last word of each person on each requisition of a community that is that he joins. */
const standingOf = (community: string) => sql<Pick<SupportRow, 'requisition_id' | 'person_id'>>`
  select requisition_id, person_id
    from (select distinct on (requisition_id, person_id) requisition_id, person_id, stands
            from requisition_support
           where community_id = ${community}
           order by requisition_id, person_id, entry_id desc) as last
   where stands = 'joined'`;

/** Those that an owner sees: what he joined and what reached its fifth, then by supporters, so that empty ones hide none; then the newest. */
export const requisitionsSeenBy = (
  db: Database,
  community: string,
  person: string,
  most: number,
): Promise<RequisitionRow[]> =>
  db
    .selectFrom('requisition')
    .leftJoin(
      sql<{
        readonly id: string;
        readonly supporters: string;
        readonly is_joined: boolean;
      }>`(select requisition_id as id, count(*) as supporters, bool_or(person_id = ${person}) as is_joined
            from (${standingOf(community)}) as standing group by requisition_id)`.as('behind'),
      'behind.id',
      'requisition.requisition_id',
    )
    .select(COLUMNS)
    .where('requisition.community_id', '=', community)
    .orderBy(sql`coalesce(behind.is_joined, false) or requisition.reached_entry_id is not null`, 'desc')
    .orderBy(sql`coalesce(behind.supporters, 0)`, 'desc')
    .orderBy('requisition.entry_id', 'desc')
    .limit(most)
    .execute();

/** What waits: for its answer, or for the street office's word on a refusal of the committee. */
const isWaiting = sql<boolean>`answered_entry_id is null
  or (answered_by = 'committee' and street_answered_entry_id is null
      and convert_from(answer, 'UTF8')::jsonb ->> 'answer' = 'refused')`;

/** Those of a community that reached their fifth: what waits first, then the newest. */
export const reachedOf = (db: Reader, community: string, most: number): Promise<RequisitionRow[]> =>
  db
    .selectFrom('requisition')
    .select(COLUMNS)
    .where('community_id', '=', community)
    .where('reached_entry_id', 'is not', null)
    .orderBy(isWaiting, 'desc')
    .orderBy('entry_id', 'desc')
    .limit(most)
    .execute();

/** Those that reached their fifth, the newest first: all of one community, or some of all communities. */
export const reachedRequisitions = (
  db: Reader,
  { community, most }: { readonly community?: string; readonly most?: number },
) =>
  db
    .selectFrom('requisition')
    .innerJoin('community', 'community.community_id', 'requisition.community_id')
    .innerJoin('log_entry', 'log_entry.id', 'requisition.reached_entry_id')
    .select(COLUMNS)
    .select(['community.name as community_name', 'log_entry.data as reached_entry'])
    .$if(community !== undefined, (query) => query.where('requisition.community_id', '=', community ?? ''))
    .$if(most !== undefined, (query) => query.limit(most ?? 0))
    .orderBy('requisition.reached_entry_id', 'desc')
    .execute();

/** Who stands behind the requisitions of a community now: whose last word of each is that he joins. */
export const standingSupports = async (
  db: Reader,
  community: string,
): Promise<readonly Pick<SupportRow, 'requisition_id' | 'person_id'>[]> =>
  (await standingOf(community).execute(db)).rows;

/** What one person signed about requisitions, in the order of the log. */
export const supportsBy = (db: Reader, community: string, person: string) =>
  db
    .selectFrom('requisition_support')
    .select(['requisition_id', 'stands', 'support_hash'])
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

/** What one person filed. */
export const filedBy = (
  tx: Tx,
  community: string,
  person: string,
): Promise<Pick<RequisitionRow, 'requisition_id' | 'answered_entry_id'>[]> =>
  tx
    .selectFrom('requisition')
    .select(['requisition_id', 'answered_entry_id'])
    .where('community_id', '=', community)
    .where('filed_by', '=', person)
    .execute();

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

type Entered = { readonly at: Instant; readonly entryId: bigint; readonly answer: Uint8Array };

export async function markAnswered(
  tx: Tx,
  { community_id, requisition_id }: Pick<RequisitionRow, 'community_id' | 'requisition_id'>,
  { at, entryId, answer, by }: Entered & { readonly by: string },
): Promise<void> {
  await tx
    .updateTable('requisition')
    .set({ answered_at_ms: at, answered_entry_id: entryId, answer, answered_by: by })
    .where('community_id', '=', community_id)
    .where('requisition_id', '=', requisition_id)
    .execute();
}

export async function markStreetAnswered(
  tx: Tx,
  { community_id, requisition_id }: Pick<RequisitionRow, 'community_id' | 'requisition_id'>,
  { at, entryId, answer }: Entered,
): Promise<void> {
  await tx
    .updateTable('requisition')
    .set({ street_answered_at_ms: at, street_answered_entry_id: entryId, street_answer: answer })
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
