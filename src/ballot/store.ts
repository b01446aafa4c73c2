/** The SQL of the ballot floor. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/connect.ts';
import type { BallotTable, CastStatementTable } from '../db/schema-types.ts';
import type { Tx } from '../db/transaction.ts';

export type BallotRow = Selectable<BallotTable>;
export type CastRow = Selectable<CastStatementTable>;
type Reader = Database | Tx;

export async function insertBallots(tx: Tx, rows: readonly BallotRow[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('ballot')
      .values([...rows])
      .execute();
}

/** Ballots of an entitlement and a credential that no cast has spent. */
export const unspentBallots = (
  db: Reader,
  community: string,
  meeting: string,
  entitlement: string,
  credential: string,
) =>
  db
    .selectFrom('ballot')
    .leftJoin('cast_answer', (join) =>
      join
        .onRef('cast_answer.community_id', '=', 'ballot.community_id')
        .onRef('cast_answer.meeting_id', '=', 'ballot.meeting_id')
        .onRef('cast_answer.ballot_hash', '=', 'ballot.ballot_hash'),
    )
    .select(['ballot.proposal_id', 'ballot.token', 'ballot.ballot_hash'])
    .where('ballot.community_id', '=', community)
    .where('ballot.meeting_id', '=', meeting)
    .where('ballot.entitlement_id', '=', entitlement)
    .where('ballot.credential_id', '=', credential)
    .where('cast_answer.cast_hash', 'is', null)
    .execute();

/** Issued ballots by their hashes. */
export const ballotsByHash = (
  db: Reader,
  community: string,
  meeting: string,
  hashes: readonly Uint8Array[],
) =>
  db
    .selectFrom('ballot')
    .select(['ballot_hash', 'token'])
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('ballot_hash', 'in', [...hashes])
    .execute();

/** Namespace of the advisory locks of entitlements; their rows are append-only and cannot be locked by the application. */
const ENTITLEMENT_LOCK = 7_403;

/** Serialises everything that touches an entitlement's chain. */
export async function lockEntitlement(tx: Tx, entitlement: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${ENTITLEMENT_LOCK}, hashtext(${entitlement}))`.execute(tx);
}

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

export async function insertCast(
  tx: Tx,
  row: CastRow,
  ballots: readonly Uint8Array[],
  ephemeralKeys: readonly Uint8Array[],
): Promise<void> {
  await tx.insertInto('cast_statement').values(row).execute();
  const { community_id, meeting_id, cast_hash } = row;
  const ids = { community_id, meeting_id, cast_hash };
  await tx
    .insertInto('cast_answer')
    .values(ballots.map((ballot_hash) => ({ ...ids, ballot_hash })))
    .execute();
  await tx
    .insertInto('sealed_key')
    .values(ephemeralKeys.map((ephemeral_key) => ({ ...ids, ephemeral_key })))
    .execute();
}

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

/** The ballots that casts of a meeting have spent. */
export const spentBallots = (db: Reader, community: string, meeting: string) =>
  db
    .selectFrom('cast_answer')
    .innerJoin('ballot', (join) =>
      join
        .onRef('ballot.community_id', '=', 'cast_answer.community_id')
        .onRef('ballot.meeting_id', '=', 'cast_answer.meeting_id')
        .onRef('ballot.ballot_hash', '=', 'cast_answer.ballot_hash'),
    )
    .select(['ballot.ballot_hash', 'ballot.token', 'ballot.proposal_id'])
    .where('cast_answer.community_id', '=', community)
    .where('cast_answer.meeting_id', '=', meeting)
    .execute();

export async function countRefusal(
  db: Reader,
  community: string,
  meeting: string,
  code: string,
): Promise<void> {
  await db
    .insertInto('cast_refusal')
    .values({ community_id: community, meeting_id: meeting, code, refused: 1n })
    .onConflict((conflict) =>
      conflict.constraint('cast_refusal_pk').doUpdateSet({ refused: sql<bigint>`cast_refusal.refused + 1` }),
    )
    .execute();
}

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
): Promise<readonly string[]> =>
  (
    await db
      .selectFrom('cast_statement')
      .select('entitlement_id')
      .distinct()
      .where('community_id', '=', community)
      .where('meeting_id', '=', meeting)
      .execute()
  ).map((row) => row.entitlement_id);
