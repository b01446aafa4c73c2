/** The SQL of key shares: the service's half of a PIN, and its five tries (SPEC 3.3). */
import type { Selectable } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { KeyShareTable } from '../../db/tables/identity.ts';

export type KeyShareRow = Selectable<KeyShareTable>;
type Place = { readonly community: string; readonly credential: string };

export async function insertShare(db: Database, row: Omit<KeyShareRow, 'tries'>): Promise<void> {
  await db
    .insertInto('key_share')
    .values({ ...row, tries: 0 })
    .execute();
}

export const hasShare = async (db: Database, community: string, credential: string): Promise<boolean> =>
  (await db
    .selectFrom('key_share')
    .select('credential_id')
    .where('community_id', '=', community)
    .where('credential_id', '=', credential)
    .executeTakeFirst()) !== undefined;

/** The share of a handle with its credential's end. */
export const shareByHandle = (db: Database, handleHash: Uint8Array) =>
  db
    .selectFrom('key_share')
    .innerJoin('credential', (join) =>
      join
        .onRef('credential.community_id', '=', 'key_share.community_id')
        .onRef('credential.credential_id', '=', 'key_share.credential_id'),
    )
    .selectAll('key_share')
    .select(['credential.ended_entry_id', 'credential.until_on'])
    .where('key_share.handle_hash', '=', handleHash)
    .executeTakeFirst();

/** Uses up one try before it is compared, so that no more than `most` ever are; false where none is left. */
export async function takeTry(
  db: Database,
  { community, credential }: Place,
  most: number,
  now: Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('key_share')
    .set((row) => ({ tries: row('tries', '+', 1), last_at_ms: BigInt(now) }))
    .where('community_id', '=', community)
    .where('credential_id', '=', credential)
    .where('tries', '<', most)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives a share its tries back; false where there is none. */
export async function resetTries(db: Database, { community, credential }: Place): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('key_share')
    .set({ tries: 0 })
    .where('community_id', '=', community)
    .where('credential_id', '=', credential)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Shares whose tries are used up, the last one first. */
export const lockedShares = (db: Database, community: string, most: number) =>
  db
    .selectFrom('key_share')
    .select(['credential_id', 'last_at_ms'])
    .where('community_id', '=', community)
    .where('tries', '>=', most)
    .orderBy('last_at_ms', 'desc')
    .execute();

/** When each credential of a person last signed a sign-in, and the tries of its PIN, where it has one. */
export const keyUses = (db: Database, community: string, person: string) =>
  db
    .selectFrom('credential')
    .leftJoin('identity_try', (join) =>
      join
        .onRef('identity_try.community_id', '=', 'credential.community_id')
        .onRef('identity_try.credential_id', '=', 'credential.credential_id'),
    )
    .leftJoin('key_share', (join) =>
      join
        .onRef('key_share.community_id', '=', 'credential.community_id')
        .onRef('key_share.credential_id', '=', 'credential.credential_id'),
    )
    .select(['credential.credential_id', 'identity_try.last_at_ms', 'key_share.tries'])
    .where('credential.community_id', '=', community)
    .where('credential.person_id', '=', person)
    .execute();
