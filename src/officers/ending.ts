/**
 * What ends with an officer's keys: his sessions, the signatures he left in acts that wait, and drafts about him that another
 * entry has overtaken (SPEC 2.2). What stands in the log stays valid; nothing new may lean on a key that has ended.
 */
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import { EXECUTE_ACT } from './acts.ts';
import type { OfficerDeps } from './officer-deps.ts';
import { actsSignedByEndedKeys, draftsAbout, endKeys } from './store/ending.ts';
import { deleteSessionsOf } from './store/sessions.ts';
import { setActState } from './store.ts';

/** Ends an officer's keys but for those kept, under the entry that says so. */
export async function endKeysOf(
  tx: Tx,
  deps: Pick<OfficerDeps, 'clock'>,
  officer: string,
  kept: readonly string[],
  entryId: bigint,
): Promise<void> {
  const ended = await endKeys(tx, officer, kept, entryId);
  if (ended > 0) {
    await deleteSessionsOf(tx, officer);
    for (const act of await actsSignedByEndedKeys(tx, officer)) {
      await endAct(tx, deps, act.act_id, act.state, `${act.act_id} ${entryId}`);
    }
  }
  for (const draft of await draftsAbout(tx, officer)) {
    await setActState(tx, draft.act_id, { state: 'refused', refusal_code: 'ACT_OVERTAKEN' });
  }
}

/** An open act is refused at once; a complete one that waits for its time is looked at again, and refused by its executor. */
async function endAct(
  tx: Tx,
  deps: Pick<OfficerDeps, 'clock'>,
  act: string,
  state: string,
  onceKey: string,
): Promise<void> {
  if (state === 'open') return setActState(tx, act, { state: 'refused', refusal_code: 'ACTION_OFFICER' });
  const now = deps.clock();
  await enqueue(tx, { kind: EXECUTE_ACT, payload: { act }, runAt: now, onceKey }, now);
}
