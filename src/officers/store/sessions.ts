/** The SQL of officers' sessions and recovery codes (SPEC 2.5). */
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { Tx } from '../../db/transaction.ts';

type Reader = Database | Tx;

export type NewSession = {
  readonly tokenHash: Uint8Array;
  readonly session: string;
  readonly officer: string;
  readonly agent: string;
  readonly now: Instant;
  readonly expiresAt: Instant;
};

export async function insertSession(db: Reader, session: NewSession): Promise<void> {
  await db
    .insertInto('officer_session')
    .values({
      token_hash: session.tokenHash,
      session_id: session.session,
      officer_id: session.officer,
      agent: session.agent,
      created_at_ms: session.now,
      seen_at_ms: session.now,
      proved_at_ms: session.now,
      expires_at_ms: session.expiresAt,
    })
    .execute();
}

export const sessionWithOfficer = (db: Reader, tokenHash: Uint8Array) =>
  db
    .selectFrom('officer_session')
    .innerJoin('officer', 'officer.officer_id', 'officer_session.officer_id')
    .select([
      'officer.officer_id',
      'officer.name',
      'officer.role',
      'officer.community_id',
      'officer.until_on',
      'officer.removed_entry_id',
      'officer_session.seen_at_ms',
      'officer_session.proved_at_ms',
      'officer_session.expires_at_ms',
    ])
    .where('officer_session.token_hash', '=', tokenHash)
    .executeTakeFirst();

export async function touchSession(db: Reader, tokenHash: Uint8Array, now: Instant): Promise<void> {
  await db
    .updateTable('officer_session')
    .set({ seen_at_ms: now })
    .where('token_hash', '=', tokenHash)
    .execute();
}

export async function proveSession(db: Reader, tokenHash: Uint8Array, now: Instant): Promise<void> {
  await db
    .updateTable('officer_session')
    .set({ proved_at_ms: now, seen_at_ms: now })
    .where('token_hash', '=', tokenHash)
    .execute();
}

export async function deleteSession(db: Reader, tokenHash: Uint8Array): Promise<void> {
  await db.deleteFrom('officer_session').where('token_hash', '=', tokenHash).execute();
}

export const sessionsOf = (db: Reader, officer: string) =>
  db
    .selectFrom('officer_session')
    .selectAll()
    .where('officer_id', '=', officer)
    .orderBy('created_at_ms', 'desc')
    .orderBy('session_id')
    .execute();

/** Ends one session of an officer; false where he has no such session. */
export async function deleteOwnSession(db: Reader, officer: string, session: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('officer_session')
    .where('officer_id', '=', officer)
    .where('session_id', '=', session)
    .returning('session_id')
    .executeTakeFirst();
  return gone !== undefined;
}

export async function deleteSessionsOf(db: Reader, officer: string): Promise<void> {
  await db.deleteFrom('officer_session').where('officer_id', '=', officer).execute();
}

// -- recovery codes --

export async function keepRecoveryCode(
  db: Reader,
  officer: string,
  codeHash: string,
  now: Instant,
): Promise<void> {
  await db
    .insertInto('officer_recovery')
    .values({ officer_id: officer, code_hash: codeHash, drawn_at_ms: now })
    .onConflict((conflict) =>
      conflict.column('officer_id').doUpdateSet({ code_hash: codeHash, tries: 0, drawn_at_ms: now }),
    )
    .execute();
}

export const recoveryCodeOf = (db: Reader, officer: string) =>
  db.selectFrom('officer_recovery').selectAll().where('officer_id', '=', officer).executeTakeFirst();

export const lockRecoveryCode = (tx: Tx, officer: string) =>
  tx
    .selectFrom('officer_recovery')
    .selectAll()
    .where('officer_id', '=', officer)
    .forUpdate()
    .executeTakeFirst();

export async function countRecoveryTry(tx: Tx, officer: string, tries: number): Promise<void> {
  await tx.updateTable('officer_recovery').set({ tries }).where('officer_id', '=', officer).execute();
}

export async function dropRecoveryCode(tx: Tx, officer: string): Promise<void> {
  await tx.deleteFrom('officer_recovery').where('officer_id', '=', officer).execute();
}
