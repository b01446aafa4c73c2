/** While a meeting runs a registrar alone gives no letter and takes none: two officers reissue one (SPEC 2.4, 3.2). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import { hasRunningMeeting } from './store.ts';

/** Refuses a registrar's acts on letters while a meeting of the community runs; an opening waits for the same lock. */
export async function lettersMayChange(
  tx: Tx,
  community: string,
): Promise<Result<undefined, Refusal<'LETTERS_WHILE_OPEN'>>> {
  await lockCommunity(tx, community);
  return (await hasRunningMeeting(tx, community)) ? refuse('LETTERS_WHILE_OPEN') : ok(undefined);
}
