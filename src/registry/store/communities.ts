/** The SQL of communities and of the registers that were imported for them. */
import type { Selectable } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { CommunityTable, RegisterTable } from '../../db/tables/registry.ts';
import type { Tx } from '../../db/transaction.ts';

export type CommunityRow = Selectable<CommunityTable>;
export type RegisterRow = Selectable<RegisterTable>;

export async function insertCommunity(
  tx: Tx,
  row: { readonly community: string; readonly name: string; readonly now: Instant },
): Promise<void> {
  await tx
    .insertInto('community')
    .values({ community_id: row.community, name: row.name, register_id: null, created_at_ms: row.now })
    .execute();
}

export const communityById = (db: Database, community: string): Promise<CommunityRow | undefined> =>
  db.selectFrom('community').selectAll().where('community_id', '=', community).executeTakeFirst();

/** Locks a community: whatever changes its register or its letters comes one after the other. */
export const lockCommunity = (tx: Tx, community: string): Promise<CommunityRow | undefined> =>
  tx.selectFrom('community').selectAll().where('community_id', '=', community).forUpdate().executeTakeFirst();

/** One community, or all where `community` is empty. */
export const listCommunities = (db: Database, community: string): Promise<CommunityRow[]> =>
  db
    .selectFrom('community')
    .selectAll()
    .$if(community !== '', (query) => query.where('community_id', '=', community))
    .orderBy('name')
    .orderBy('community_id')
    .execute();

export async function insertRegister(tx: Tx, row: Omit<RegisterRow, 'entry_id'>): Promise<void> {
  await tx
    .insertInto('register')
    .values({ ...row, entry_id: null })
    .execute();
}

/** A register's facts and draft, without its file. */
export const registerById = (db: Database, community: string, register: string) =>
  db
    .selectFrom('register')
    .select(['settings', 'draft', 'entry_id'])
    .where('community_id', '=', community)
    .where('register_id', '=', register)
    .executeTakeFirst();

/** The facts of the register in force, without its draft. */
export const registerInForce = (db: Database, community: string) =>
  db
    .selectFrom('community')
    .innerJoin('register', (join) =>
      join
        .onRef('register.community_id', '=', 'community.community_id')
        .onRef('register.register_id', '=', 'community.register_id'),
    )
    .select([
      'community.name',
      'register.register_id',
      'register.file_hash',
      'register.file_salt',
      'register.settings',
    ])
    .where('community.community_id', '=', community)
    .executeTakeFirst();

/** Puts a register in force; every draft of the community is erased, whoever drafted it, and the file of all but this one. */
export async function enforceRegister(
  tx: Tx,
  community: string,
  register: string,
  entryId: bigint,
): Promise<void> {
  await tx
    .updateTable('register')
    .set({ draft: null })
    .where('community_id', '=', community)
    .where('draft', 'is not', null)
    .execute();
  await tx
    .updateTable('register')
    .set({ file: null })
    .where('community_id', '=', community)
    .where('entry_id', 'is', null)
    .where('register_id', '<>', register)
    .where('file', 'is not', null)
    .execute();
  await tx
    .updateTable('register')
    .set({ entry_id: entryId })
    .where('community_id', '=', community)
    .where('register_id', '=', register)
    .execute();
  await tx
    .updateTable('community')
    .set({ register_id: register })
    .where('community_id', '=', community)
    .execute();
}
