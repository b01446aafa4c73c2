/** Names of communities, for what stands above the register. */
import type { Database } from '../db/connect.ts';
import { communityById, listCommunities } from './store/communities.ts';

/** Whether any community stands. */
export const hasCommunities = async (db: Database): Promise<boolean> =>
  (await listCommunities(db, '')).length > 0;

/** The community's name, or undefined where there is none. */
export const communityName = async (db: Database, community: string): Promise<string | undefined> =>
  (await communityById(db, community))?.name;
