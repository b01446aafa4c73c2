/** The SQL of letters, credentials, owners' sessions and their tries. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { CivilDate } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type { CredentialTable, LetterBatchTable, LetterTable } from '../db/schema-types.ts';
import type { Tx } from '../db/transaction.ts';
import { chunksOf, insertRows } from '../registry/store/bulk-insert.ts';

export type LetterBatchRow = Selectable<LetterBatchTable>;
export type LetterRow = Selectable<LetterTable>;
export type CredentialRow = Selectable<CredentialTable>;

// -- batches and letters --

export async function insertBatch(tx: Tx, row: Omit<LetterBatchRow, 'entry_id'>): Promise<void> {
  await tx
    .insertInto('letter_batch')
    .values({ ...row, entry_id: null })
    .execute();
}

export const batchById = (
  db: Database,
  community: string,
  batch: string,
): Promise<LetterBatchRow | undefined> =>
  db
    .selectFrom('letter_batch')
    .selectAll()
    .where('community_id', '=', community)
    .where('batch_id', '=', batch)
    .executeTakeFirst();

/** Marks a batch as issued; its items live on as letters. */
export async function closeBatch(tx: Tx, community: string, batch: string, entryId: bigint): Promise<void> {
  await tx
    .updateTable('letter_batch')
    .set({ items: null, entry_id: entryId })
    .where('community_id', '=', community)
    .where('batch_id', '=', batch)
    .execute();
}

export async function insertLetters(
  tx: Tx,
  letters: readonly Omit<LetterRow, 'ended_entry_id'>[],
  credentials: readonly Omit<CredentialRow, 'ended_entry_id'>[],
): Promise<void> {
  await insertRows(
    tx,
    'letter',
    {
      community_id: 'text',
      letter_id: 'text',
      batch_id: 'text',
      position: 'int4',
      person_id: 'text',
      item: 'bytea',
    },
    letters,
  );
  await insertRows(
    tx,
    'credential',
    {
      community_id: 'text',
      credential_id: 'text',
      person_id: 'text',
      identity: 'bytea',
      kind: 'text',
      alg: 'text',
      public_key: 'bytea',
      webauthn_id: 'bytea',
      until_on: 'date',
      entry_id: 'int8',
    },
    credentials,
  );
}

/** Locks letters with their credentials, in one order; a cast under one of them is before or after, never beside. */
export async function lockLetters(tx: Tx, community: string, letters: readonly string[]): Promise<void> {
  for (const chunk of chunksOf(letters)) {
    await tx
      .selectFrom('credential')
      .select('credential_id')
      .where('community_id', '=', community)
      .where('credential_id', 'in', chunk)
      .orderBy('credential_id')
      .forUpdate()
      .execute();
  }
}

/** Ends letters with their credentials. */
export async function endLetters(
  tx: Tx,
  community: string,
  letters: readonly string[],
  entryId: bigint,
): Promise<void> {
  for (const chunk of chunksOf(letters)) {
    await tx
      .updateTable('letter')
      .set({ ended_entry_id: entryId })
      .where('community_id', '=', community)
      .where('letter_id', 'in', chunk)
      .where('ended_entry_id', 'is', null)
      .execute();
    await tx
      .updateTable('credential')
      .set({ ended_entry_id: entryId })
      .where('community_id', '=', community)
      .where('credential_id', 'in', chunk)
      .where('ended_entry_id', 'is', null)
      .execute();
  }
}

/** The letter of each person who has one. */
export const lettersInForce = (db: Database, community: string) =>
  db
    .selectFrom('letter')
    .select(['letter_id', 'person_id'])
    .where('community_id', '=', community)
    .where('ended_entry_id', 'is', null)
    .execute();

export const letterById = (db: Database, community: string, letter: string): Promise<LetterRow | undefined> =>
  db
    .selectFrom('letter')
    .selectAll()
    .where('community_id', '=', community)
    .where('letter_id', '=', letter)
    .executeTakeFirst();

/** Those of the ids that letters have already. */
export async function knownLetters(
  db: Database,
  community: string,
  letters: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const chunk of chunksOf(letters)) {
    const rows = await db
      .selectFrom('credential')
      .select('credential_id')
      .where('community_id', '=', community)
      .where('credential_id', 'in', chunk)
      .execute();
    found.push(...rows.map((row) => row.credential_id));
  }
  return found;
}

/** Those of the keys that credentials of any community have already. */
export async function knownKeys(db: Database, keys: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const chunk of chunksOf(keys)) {
    const rows = await db
      .selectFrom('credential')
      .select('public_key')
      .where('public_key', 'in', chunk)
      .execute();
    found.push(...rows.map((row) => row.public_key));
  }
  return found;
}

/** The items of every issued batch, by log entry and place, for a bundle. */
export const issuedItems = (db: Database, community: string) =>
  db
    .selectFrom('letter')
    .innerJoin('letter_batch', (join) =>
      join
        .onRef('letter_batch.community_id', '=', 'letter.community_id')
        .onRef('letter_batch.batch_id', '=', 'letter.batch_id'),
    )
    .select(['letter.batch_id', 'letter.item'])
    .where('letter.community_id', '=', community)
    .orderBy('letter_batch.entry_id')
    .orderBy('letter.position')
    .execute();

// -- credentials --

export const credentialByKey = (db: Database, publicKey: Uint8Array): Promise<CredentialRow | undefined> =>
  db.selectFrom('credential').selectAll().where('public_key', '=', publicKey).executeTakeFirst();

/** A credential, locked against its end until the caller's transaction ends. */
export const shareCredential = (
  tx: Tx,
  community: string,
  credential: string,
): Promise<CredentialRow | undefined> =>
  tx
    .selectFrom('credential')
    .selectAll()
    .where('community_id', '=', community)
    .where('credential_id', '=', credential)
    .forShare()
    .executeTakeFirst();

export async function credentialsById(
  db: Database,
  community: string,
  credentials: readonly string[],
): Promise<CredentialRow[]> {
  const found: CredentialRow[] = [];
  for (const chunk of chunksOf(credentials)) {
    const rows = await db
      .selectFrom('credential')
      .selectAll()
      .where('community_id', '=', community)
      .where('credential_id', 'in', chunk)
      .execute();
    found.push(...rows);
  }
  return found;
}

// -- tries --

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

// -- sessions --

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
