/** A meeting that will not be held: its armed opening taken back, and its cancellation by two officers (SPEC 2.4, 5). */

import { assert, present } from '../base/assert.ts';
import { fromBase64Url, sameBytes } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { asNoticed, definitionForm, textHash } from '../record/meeting.ts';
import type { MeetingState } from './domain/meeting-state.ts';
import { mayBecome } from './domain/meeting-state.ts';
import { meetingOf } from './meetings.ts';
import type { AssemblyRefusalCode } from './refusals.ts';
import { changeMeeting, insertTexts, lockMeeting, lockMeetingAlone } from './store.ts';

const CONVENERS: readonly string[] = ['committee', 'street'];

/** States in which a meeting is public and no ballot can have been cast. */
const CANCELLABLE: readonly string[] = ['noticed', 'armed'] satisfies readonly MeetingState[];

/**
 * Takes an armed opening back when its act was refused (too late, or its signatures ran out while the service was down): the
 * meeting is as it was noticed, letters are free again, and its officers may sign another opening or cancel it.
 */
export async function disarmMeeting(tx: Tx, act: SignedAct): Promise<void> {
  const { meeting, meetingHash } = act.entry as UnsignedEntry<'meeting.opened'>;
  await lockMeetingAlone(tx, meeting);
  const row = await lockMeeting(tx, meeting);
  if (row?.state !== 'armed' || row.meeting_hash === null) return;
  if (!sameBytes(row.meeting_hash, present(fromBase64Url(meetingHash), 'own hash'))) return;
  const definition = definitionForm.bytes(asNoticed(meetingOf(row).definition));
  await changeMeeting(tx, meeting, { state: 'noticed', definition, meeting_hash: null });
}

/** Drafts the cancellation of a meeting that has not opened, for its two officers; `reason` will be public. */
export async function draftCancellation(
  deps: OfficerDeps,
  officer: OfficerSession,
  meeting: string,
  reason: string,
): Promise<Result<{ readonly act: string }, Refusal<AssemblyRefusalCode>>> {
  return inDraft(deps, async (tx) => {
    const row = await lockMeeting(tx, meeting);
    if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
    if (!CONVENERS.includes(officer.role)) return refuse('NOT_ALLOWED');
    if (!CANCELLABLE.includes(row.state)) return refuse('MEETING_STATE', undefined, { state: row.state });
    const body = reason.normalize('NFC');
    if (body.trim() === '') return refuse('TEXT_EMPTY', 'reason');
    const entry: UnsignedEntry<'meeting.cancelled'> = {
      v: 1,
      kind: 'meeting.cancelled',
      community: row.community_id,
      meeting,
      reasonHash: textHash(body),
    };
    const { convenerRole } = meetingOf(row).definition;
    const details = { reason: body };
    return ok({
      act: await draftAct(tx, deps, { entry, details, convenerRole, draftedBy: officer.officer }),
    });
  });
}

/** Locks the meeting before the entry's place in the log is drawn: an answer that names the meeting stands before its cancellation or falls. */
export async function lockCancellation(tx: Tx, { entry }: SignedAct): Promise<void> {
  assert(entry.kind === 'meeting.cancelled', `${entry.kind} cancels nothing`);
  await lockMeetingAlone(tx, entry.meeting);
  await lockMeeting(tx, entry.meeting);
}

/** Cancels the meeting; an opening that was signed for it finds it so and is refused. */
export async function applyCancellation(
  tx: Tx,
  _deps: OfficerDeps,
  act: SignedAct,
): Promise<Result<undefined, Refusal<AssemblyRefusalCode>>> {
  const { meeting, reasonHash } = act.entry as UnsignedEntry<'meeting.cancelled'>;
  const row = present(await lockMeeting(tx, meeting), 'a drafted act has its meeting');
  if (!mayBecome(row.state as MeetingState, 'cancelled'))
    return refuse('MEETING_STATE', undefined, { state: row.state });
  const body = act.details['reason'] ?? '';
  assert(textHash(body) === reasonHash, 'the act publishes the reason that was signed');
  const text_hash = present(fromBase64Url(reasonHash), 'own hash');
  await insertTexts(tx, { community_id: row.community_id, meeting_id: meeting }, [{ text_hash, body }]);
  await changeMeeting(tx, meeting, { state: 'cancelled' });
  return ok(undefined);
}
