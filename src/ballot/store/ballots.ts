/** The SQL of ballots. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type { BallotTable } from '../../db/tables/ballot.ts';
import type { Tx } from '../../db/transaction.ts';

export type BallotRow = Selectable<BallotTable>;
type Reader = Database | Tx;

export async function insertBallots(tx: Tx, rows: readonly BallotRow[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('ballot')
      .values([...rows])
      .execute();
}

/** Ballots of an entitlement and a credential, under one mandate or (empty) none, that no cast has spent. */
export const unspentBallots = (
  db: Reader,
  community: string,
  meeting: string,
  entitlement: string,
  { credential, mandate }: { readonly credential: string; readonly mandate: string },
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
    .where('ballot.mandate_id', mandate === '' ? 'is' : '=', mandate === '' ? null : mandate)
    .where('cast_answer.cast_hash', 'is', null)
    .execute();

/** Issued ballots by their hashes, in one query for many meetings. */
export const tokensOf = async (
  db: Reader,
  communities: readonly string[],
  meetings: readonly string[],
  hashes: readonly Uint8Array[],
) =>
  (
    await sql<{ meeting_id: string; ballot_hash: Uint8Array; token: string }>`
      ${PLANNED_ONCE} select b.meeting_id, b.ballot_hash, b.token
        from unnest(${[...communities]}::text[], ${[...meetings]}::text[], ${[...hashes]}::bytea[])
             as w (community, meeting, hash)
       cross join lateral (select * from ballot i
                            where i.community_id = w.community and i.meeting_id = w.meeting and i.ballot_hash = w.hash
                            limit 1) as b`.execute(db)
  ).rows;

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
