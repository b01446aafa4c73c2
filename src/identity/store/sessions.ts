/** The SQL of owners' sessions and of wrong document numbers. */
import { sql } from 'kysely';
import type { CivilDate } from '../../base/civil-date.ts';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { Tx } from '../../db/transaction.ts';
import { notErased } from './credentials.ts';

type Tried = { readonly community: string; readonly credential: string; readonly now: Instant };

/** Locks the counter of a credential and returns it; the first look makes it. */
export async function lockFailures(tx: Tx, { community, credential, now }: Tried): Promise<number> {
  const row = await tx
    .insertInto('identity_try')
    .values({ community_id: community, credential_id: credential, failures: 0, last_at_ms: now })
    .onConflict((conflict) =>
      conflict.columns(['community_id', 'credential_id']).doUpdateSet({ last_at_ms: now }),
    )
    .returning('failures')
    .executeTakeFirstOrThrow();
  return row.failures;
}

export async function setFailures(db: Database, tried: Tried, failures: number): Promise<void> {
  await db
    .updateTable('identity_try')
    .set({ failures, last_at_ms: tried.now })
    .where('community_id', '=', tried.community)
    .where('credential_id', '=', tried.credential)
    .execute();
}

/** Letters that are locked now. */
export const lockedLetters = (db: Database, community: string, failures: number) =>
  db
    .selectFrom('identity_try')
    .select(['credential_id', 'last_at_ms'])
    .where('community_id', '=', community)
    .where('failures', '>=', failures)
    .orderBy('last_at_ms', 'desc')
    .execute();

export async function insertSession(
  tx: Tx,
  session: {
    readonly community: string;
    readonly credential: string;
    readonly tokenHash: Uint8Array;
    readonly now: Instant;
    readonly expiresAt: Instant;
  },
): Promise<void> {
  await tx
    .insertInto('owner_session')
    .values({
      community_id: session.community,
      token_hash: session.tokenHash,
      credential_id: session.credential,
      created_at_ms: session.now,
      seen_at_ms: session.now,
      expires_at_ms: session.expiresAt,
    })
    .execute();
}

/** A session whose credential has not ended, by log index and by date. */
export const sessionWithCredential = (db: Database, tokenHash: Uint8Array, today: CivilDate) =>
  db
    .selectFrom('owner_session')
    .innerJoin('credential', (join) =>
      join
        .onRef('credential.community_id', '=', 'owner_session.community_id')
        .onRef('credential.credential_id', '=', 'owner_session.credential_id'),
    )
    .select([
      'owner_session.community_id',
      'owner_session.credential_id',
      'owner_session.seen_at_ms',
      'owner_session.expires_at_ms',
      'credential.person_id',
    ])
    .where('owner_session.token_hash', '=', tokenHash)
    .where('credential.ended_entry_id', 'is', null)
    .where((where) =>
      where.or([
        where('credential.until_on', 'is', null),
        where('credential.until_on', '>=', sql<string>`${today}::date`),
      ]),
    )
    .where(notErased)
    .executeTakeFirst();

export async function touchSession(db: Database, tokenHash: Uint8Array, now: Instant): Promise<void> {
  await db
    .updateTable('owner_session')
    .set({ seen_at_ms: now })
    .where('token_hash', '=', tokenHash)
    .execute();
}

export async function deleteSession(db: Database, tokenHash: Uint8Array): Promise<void> {
  await db.deleteFrom('owner_session').where('token_hash', '=', tokenHash).execute();
}

export async function sweepSessions(db: Database, now: Instant): Promise<void> {
  await db.deleteFrom('owner_session').where('expires_at_ms', '<=', BigInt(now)).execute();
}
