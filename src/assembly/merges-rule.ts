/** Who is a head is settled when the roll is frozen: until that meeting is closed or cancelled nobody is merged or separated (SPEC 3.8). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import { frozenRoll } from '../registry/store/rolls.ts';
import type { MeetingState } from './domain/meeting-state.ts';
import { meetingsOf } from './store.ts';

const BEFORE_ITS_END: readonly string[] = [
  'draft',
  'noticed',
  'armed',
  'open',
  'paused',
  'closing',
] satisfies readonly MeetingState[];

/** Refuses while a frozen roll waits for its vote to end; a freeze waits for the same lock. */
export async function personsMayMerge(
  tx: Tx,
  community: string,
): Promise<Result<undefined, Refusal<'MERGE_WHILE_FROZEN'>>> {
  await lockCommunity(tx, community);
  for (const { meeting_id: meeting, state } of await meetingsOf(tx, community)) {
    if (!BEFORE_ITS_END.includes(state)) continue;
    if ((await frozenRoll(tx, community, meeting)) !== undefined) return refuse('MERGE_WHILE_FROZEN');
  }
  return ok(undefined);
}
