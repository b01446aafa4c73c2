/** The SQL that reads casts, their chains and the counts of refusals. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { NamedLocks } from '../../db/advisory-locks.ts';
import type { Database } from '../../db/connect.ts';
import type { CastStatementTable } from '../../db/tables/ballot.ts';
import type { Tx } from '../../db/transaction.ts';

export type CastRow = Selectable<CastStatementTable>;
type Reader = Database | Tx;

/** Namespace of the advisory locks of entitlements; their rows are append-only and cannot be locked by the application. */
const ENTITLEMENT_LOCK = 7_403;

/** Serialises everything that touches the chains of some entitlements. */
export const chainLocks = (entitlements: readonly string[]): NamedLocks => ({
  space: ENTITLEMENT_LOCK,
  shared: false,
  names: entitlements,
});

export const castByHash = (
  db: Reader,
  community: string,
  meeting: string,
  hash: Uint8Array,
): Promise<CastRow | undefined> =>
  db
    .selectFrom('cast_statement')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('cast_hash', '=', hash)
    .executeTakeFirst();

/** The chain of an entitlement, in order. */
export const chainOf = (
  db: Reader,
  community: string,
  meeting: string,
  entitlement: string,
): Promise<CastRow[]> =>
  db
    .selectFrom('cast_statement')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('entitlement_id', '=', entitlement)
    .orderBy('seq')
    .execute();

/**
 * All casts of a meeting in the order of the log: by index, since a slower transaction may commit a smaller id after a
 * larger one was numbered (SPEC 6.6).
 */
export const castsOf = (db: Reader, community: string, meeting: string): Promise<CastRow[]> =>
  db
    .selectFrom('cast_statement')
    .innerJoin('log_entry', 'log_entry.id', 'cast_statement.entry_id')
    .selectAll('cast_statement')
    .where('cast_statement.community_id', '=', community)
    .where('cast_statement.meeting_id', '=', meeting)
    .orderBy('log_entry.idx')
    .execute();

export const refusalsOf = (db: Reader, community: string, meeting: string) =>
  db
    .selectFrom('cast_refusal')
    .select(['code', 'refused'])
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .orderBy('code')
    .execute();

/** Entitlements with a live statement, for the turnout. */
export const votedEntitlements = async (
  db: Reader,
  community: string,
  meeting: string,
  among?: readonly string[],
): Promise<readonly string[]> =>
  (
    await db
      .selectFrom('cast_statement')
      .select(['entitlement_id', 'channel'])
      .distinctOn('entitlement_id')
      .where('community_id', '=', community)
      .where('meeting_id', '=', meeting)
      .$if(among !== undefined, (query) => query.where('entitlement_id', 'in', among ?? []))
      .orderBy('entitlement_id')
      .orderBy('seq', 'desc')
      .execute()
  ).flatMap((row) => (row.channel === 'void' ? [] : [row.entitlement_id]));

/** The restored casts of a meeting with their acknowledgements, in the order of the log (SPEC 6.12). */
export const restoredCasts = (
  db: Reader,
  community: string,
  meeting: string,
): Promise<{ cast_hash: Uint8Array; acknowledgement: string | null }[]> =>
  db
    .selectFrom('cast_statement')
    .innerJoin('log_entry', 'log_entry.id', 'cast_statement.entry_id')
    .select(['cast_statement.cast_hash', 'cast_statement.acknowledgement'])
    .where('cast_statement.community_id', '=', community)
    .where('cast_statement.meeting_id', '=', meeting)
    .where('log_entry.kind', '=', 'cast.restored')
    .orderBy('log_entry.idx')
    .execute();

/** How many items the chains of a meeting have. */
export const countItems = async (db: Reader, community: string, meeting: string): Promise<number> =>
  Number(
    (
      await db
        .selectFrom('cast_statement')
        .select(({ fn }) => fn.countAll().as('items'))
        .where('community_id', '=', community)
        .where('meeting_id', '=', meeting)
        .executeTakeFirstOrThrow()
    ).items,
  );

/** Enters a void as the next item of its chain. */
export async function insertVoid(
  tx: Tx,
  row: Pick<
    CastRow,
    | 'community_id'
    | 'meeting_id'
    | 'cast_hash'
    | 'entitlement_id'
    | 'seq'
    | 'prev'
    | 'cast_bytes'
    | 'entry_id'
    | 'accepted_at_ms'
  >,
): Promise<void> {
  const nobody = {
    credential_id: null,
    signer_id: null,
    serial: null,
    mandate_id: null,
    signature: null,
    acknowledgement: null,
  };
  await tx
    .insertInto('cast_statement')
    .values({ ...row, ...nobody, channel: 'void' })
    .execute();
}

/** Refusals of one code in one meeting. */
export type RefusalCount = {
  readonly community: string;
  readonly meeting: string;
  readonly code: string;
  readonly refused: number;
};

/** Adds to the counts, in one order, so that two processes never wait for each other. */
export async function addRefusals(db: Reader, counts: readonly RefusalCount[]): Promise<void> {
  await sql`
    insert into cast_refusal as c (community_id, meeting_id, code, refused)
    select * from unnest(${counts.map(({ community }) => community)}::text[], ${counts.map(({ meeting }) => meeting)}::text[],
                         ${counts.map(({ code }) => code)}::text[], ${counts.map(({ refused }) => refused)}::bigint[])
           as v (community, meeting, code, refused)
     order by community, meeting, code
    on conflict on constraint cast_refusal_pk do update set refused = c.refused + excluded.refused`.execute(
    db,
  );
}
