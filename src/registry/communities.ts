/** Names of communities, for what stands above the register. */
import type { Database } from '../db/connect.ts';
import { communityById } from './store/communities.ts';

/** The community's name, or undefined where there is none. */
export const communityName = async (db: Database, community: string): Promise<string | undefined> =>
  (await communityById(db, community))?.name;
