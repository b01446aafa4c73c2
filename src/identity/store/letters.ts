/** The SQL of batches and letters, and of the credentials that letters are. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type { LetterBatchTable, LetterTable } from '../../db/tables/identity.ts';
import type { Tx } from '../../db/transaction.ts';
import { chunksOf, insertRows } from '../../registry/store/bulk-insert.ts';
import type { CredentialRow } from './credentials.ts';

export type LetterBatchRow = Selectable<LetterBatchTable>;
export type LetterRow = Selectable<LetterTable>;

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

type VouchingLetter = Pick<LetterRow, 'community_id' | 'item'> & { readonly credential_id: string };

/** The letter that each credential is, or that vouched for it, in one query for many communities. */
export const vouchingLetters = async (
  db: Database,
  communities: readonly string[],
  credentials: readonly string[],
): Promise<VouchingLetter[]> =>
  (
    await sql<VouchingLetter>`
      ${PLANNED_ONCE} select w.community as community_id, w.id as credential_id, l.item
        from (select distinct * from unnest(${[...communities]}::text[], ${[...credentials]}::text[])) as w (community, id)
       cross join lateral (select * from letter i
                            where i.community_id = w.community
                              and i.letter_id = coalesce((select b.letter_id from credential_binding b
                                                           where b.community_id = w.community and b.credential_id = w.id),
                                                         w.id) limit 1) as l`.execute(db)
  ).rows;

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

/** Why batches were reissued, for those whose entries are among the first `size` of the log, in its order. */
export const reissuesOf = (db: Database, community: string, size: number) =>
  db
    .selectFrom('letter_batch')
    .innerJoin('log_entry', 'log_entry.id', 'letter_batch.entry_id')
    .select('letter_batch.reissue')
    .where('letter_batch.community_id', '=', community)
    .where('letter_batch.reissue', 'is not', null)
    .where('log_entry.idx', '<', BigInt(size))
    .orderBy('log_entry.idx')
    .execute();

/** The items of a batch that waits, and why it is made again; null where it is not. */
export const reissueOfBatch = (db: Database, community: string, batch: string) =>
  db
    .selectFrom('letter_batch')
    .select(['items', 'reissue'])
    .where('community_id', '=', community)
    .where('batch_id', '=', batch)
    .executeTakeFirst();

/** Every batch of a community, the newest first, without its lines. */
export const batchesOf = (db: Database, community: string) =>
  db
    .selectFrom('letter_batch')
    .select(['batch_id', 'until_on', 'count', 'reissue', 'drafted_at_ms', 'entry_id'])
    .where('community_id', '=', community)
    .orderBy('drafted_at_ms', 'desc')
    .orderBy('batch_id')
    .execute();

/** Every letter of a community with its use, its wrong numbers and its end. */
export const letterStates = (db: Database, community: string) =>
  db
    .selectFrom('letter')
    .innerJoin('credential', (join) =>
      join
        .onRef('credential.community_id', '=', 'letter.community_id')
        .onRef('credential.credential_id', '=', 'letter.letter_id'),
    )
    .leftJoin('letter_use', (join) =>
      join
        .onRef('letter_use.community_id', '=', 'letter.community_id')
        .onRef('letter_use.letter_id', '=', 'letter.letter_id'),
    )
    .leftJoin('identity_try', (join) =>
      join
        .onRef('identity_try.community_id', '=', 'letter.community_id')
        .onRef('identity_try.credential_id', '=', 'letter.letter_id'),
    )
    .select([
      'letter.letter_id',
      'letter.person_id',
      'letter.batch_id',
      'letter.ended_entry_id',
      'credential.until_on',
      'letter_use.first_at_ms',
      'identity_try.failures',
    ])
    .where('letter.community_id', '=', community)
    .execute();

/** Notes the first sign-in by a letter; later ones change nothing. */
export async function noteFirstUse(tx: Tx, community: string, letter: string, now: Instant): Promise<void> {
  await tx
    .insertInto('letter_use')
    .values({ community_id: community, letter_id: letter, first_at_ms: now })
    .onConflict((conflict) => conflict.constraint('letter_use_pk').doNothing())
    .execute();
}
