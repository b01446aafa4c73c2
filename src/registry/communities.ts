/** Names, registers in force and locks of communities, for what stands above the register. */
import { assert } from '../base/assert.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { communityById, listCommunities, lockCommunity } from './store/communities.ts';

/** Whether any community stands. */
export const hasCommunities = async (db: Database): Promise<boolean> =>
  (await listCommunities(db, '')).length > 0;

/** The communities that whoever acts in `scope` sees, by name: one, or all where it is empty. */
export const communitiesIn = async (
  db: Database,
  scope: string,
): Promise<readonly { readonly community: string; readonly name: string }[]> =>
  (await listCommunities(db, scope)).map(({ community_id: community, name }) => ({ community, name }));

/** The community's name, or undefined where there is none. */
export const communityName = async (db: Database, community: string): Promise<string | undefined> =>
  (await communityById(db, community))?.name;

/** The id of the register in force, or undefined where there is none. */
export const registerOf = async (db: Database, community: string): Promise<string | undefined> =>
  (await communityById(db, community))?.register_id ?? undefined;

/** Locks a community by its id; undefined where there is none. */
export const lockCommunityById = async (tx: Tx, community: string): Promise<string | undefined> =>
  (await lockCommunity(tx, community))?.community_id;

/** Locks the community of a signed act: acts that look at one another are in the log in the order in which they do (SPEC 6.6). */
export async function lockCommunityOf(tx: Tx, { entry }: SignedAct): Promise<void> {
  assert('community' in entry, `${entry.kind} is of a community`);
  await lockCommunity(tx, entry.community);
}
