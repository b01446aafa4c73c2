/** The pause of a vote and its end, by the regulator alone: nobody casts meanwhile, and the close moves by as long (SPEC 5). */

import { assert, present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import { parseInstant, showInstant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { textHash } from '../record/meeting.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { CLOSE_MEETING } from './convening.ts';
import type { MeetingState } from './domain/meeting-state.ts';
import { mayBecome } from './domain/meeting-state.ts';
import type { Pause } from './domain/pause.ts';
import { closeFits, lengthMs, resumedClose } from './domain/pause.ts';
import type { Meeting } from './meetings.ts';
import { meetingOf } from './meetings.ts';
import type { AssemblyRefusalCode } from './refusals.ts';
import type { PauseRow } from './store/pauses.ts';
import { endPause, insertPause, pauseRows, pausesOf } from './store/pauses.ts';
import { changeMeeting, insertTexts, lockMeeting, lockMeetingAlone } from './store.ts';

type PauseRefusal = Refusal<AssemblyRefusalCode>;
type Drafter<A> = (tx: Tx, meeting: Meeting) => Promise<Result<A, PauseRefusal>>;

/** Over the pauses that are over, in ms: how far they moved the close, and by how much that is more than their own length. */
function sumsOf(rows: readonly PauseRow[]): { readonly movedMs: number; readonly surplusMs: number } {
  let [movedMs, tookMs] = [0, 0];
  for (const { closed_from_ms: from, closes_at_ms: to, paused_at_ms: since, resumed_at_ms: until } of rows) {
    if (to === null || until === null) continue;
    movedMs += Number(to) - Number(from);
    tookMs += lengthMs(Number(since), Number(until));
  }
  return { movedMs, surplusMs: movedMs - tookMs };
}

/** The pause of a paused meeting, with what those before it left over. */
async function lastingPause(
  tx: Tx,
  ids: Pick<Meeting, 'community' | 'meeting'>,
): Promise<{ readonly row: PauseRow; readonly pause: Pause }> {
  const rows = await pauseRows(tx, ids);
  const lasting = rows.find(({ resumed_at_ms }) => resumed_at_ms === null);
  const row = present(lasting, 'a paused meeting has a pause');
  const { paused_at_ms: since, closed_from_ms: from } = row;
  const { surplusMs } = sumsOf(rows);
  return { row, pause: { pausedAt: Number(since), closedFrom: Number(from), surplusMs } };
}

/** Whether it is too late to pause: what earlier signings added is taken off the next move, which must leave time to vote. */
const isLate = async (tx: Tx, meeting: Meeting, now: number): Promise<boolean> =>
  now + sumsOf(await pauseRows(tx, meeting)).surplusMs >= meeting.closesAt;

function byRegulator<A>(
  deps: AssemblyDeps,
  officer: OfficerSession,
  id: string,
  from: MeetingState,
  draft: Drafter<A>,
): Promise<Result<A, PauseRefusal>> {
  return inDraft(deps, async (tx) => {
    const row = await lockMeeting(tx, id);
    if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
    if (officer.role !== 'regulator') return refuse('NOT_ALLOWED');
    if (row.state !== from) return refuse('MEETING_STATE', undefined, { state: row.state });
    return draft(tx, meetingOf(row));
  });
}

/** Drafts a pause of an open vote; `reason` will be public at once. */
export const draftPause = (
  deps: AssemblyDeps,
  officer: OfficerSession,
  id: string,
  reason: string,
): Promise<Result<{ readonly act: string }, PauseRefusal>> =>
  byRegulator(deps, officer, id, 'open', async (tx, meeting) => {
    const { community } = meeting;
    if (await isLate(tx, meeting, deps.clock())) return refuse('PAUSE_LATE');
    const body = reason.normalize('NFC');
    if (body.trim() === '') return refuse('TEXT_EMPTY', 'reason');
    const entry: UnsignedEntry<'meeting.paused'> = {
      v: 1,
      kind: 'meeting.paused',
      community,
      meeting: id,
      pause: newId(deps.random),
      reasonHash: textHash(body),
    };
    const act = await draftAct(tx, deps, { entry, details: { reason: body }, draftedBy: officer.officer });
    return ok({ act });
  });

/** Drafts the end of the pause that lasts, with the close that it will have; he signs it within ten minutes. */
export const draftResumption = (
  deps: AssemblyDeps,
  officer: OfficerSession,
  id: string,
): Promise<Result<{ readonly act: string; readonly closes: string }, PauseRefusal>> =>
  byRegulator(deps, officer, id, 'paused', async (tx, { community }) => {
    const { row, pause } = await lastingPause(tx, { community, meeting: id });
    const closes = showInstant(resumedClose(pause, deps.clock()));
    const entry: UnsignedEntry<'meeting.resumed'> = {
      v: 1,
      kind: 'meeting.resumed',
      community,
      meeting: id,
      pause: row.pause_id,
      closes,
    };
    return ok({ act: await draftAct(tx, deps, { entry, details: {}, draftedBy: officer.officer }), closes });
  });

/** Shuts casts out for the moment in which the vote stops or goes on, before the entry's place is drawn. */
export async function lockPauseAct(tx: Tx, { entry }: SignedAct): Promise<void> {
  assert(entry.kind === 'meeting.paused' || entry.kind === 'meeting.resumed', `${entry.kind} pauses nothing`);
  await lockMeetingAlone(tx, entry.meeting);
  await lockMeeting(tx, entry.meeting);
}

/** Stops the vote: whoever gets the meeting's lock from now on is refused; the job of the close finds it paused and is done. */
export async function applyPause(
  tx: Tx,
  deps: AssemblyDeps,
  { entry, details }: SignedAct,
): Promise<Result<undefined, PauseRefusal>> {
  assert(entry.kind === 'meeting.paused', `${entry.kind} pauses nothing`);
  const { community, meeting: id, pause, reasonHash } = entry;
  const meeting = meetingOf(present(await lockMeeting(tx, id), 'a drafted act has its meeting'));
  if (!mayBecome(meeting.state, 'paused'))
    return refuse('MEETING_STATE', undefined, { state: meeting.state });
  const now = deps.clock();
  if (await isLate(tx, meeting, now)) return refuse('PAUSE_LATE');
  const body = details['reason'] ?? '';
  assert(textHash(body) === reasonHash, 'the act publishes the reason that was signed');
  const ids = { community_id: community, meeting_id: id };
  const reason_hash = present(fromBase64Url(reasonHash), 'own hash');
  await insertTexts(tx, ids, [{ text_hash: reason_hash, body }]);
  await insertPause(tx, {
    ...ids,
    pause_id: pause,
    reason_hash,
    paused_at_ms: BigInt(now),
    closed_from_ms: BigInt(meeting.closesAt),
  });
  await changeMeeting(tx, id, { state: 'paused' });
  return ok(undefined);
}

/** Lets the vote go on until its moved close. */
export async function applyResumption(
  tx: Tx,
  deps: AssemblyDeps,
  { entry }: SignedAct,
): Promise<Result<undefined, PauseRefusal>> {
  assert(entry.kind === 'meeting.resumed', `${entry.kind} resumes nothing`);
  const { community, meeting: id, closes } = entry;
  const { state } = present(await lockMeeting(tx, id), 'a drafted act has its meeting');
  if (state !== 'paused') return refuse('MEETING_STATE', undefined, { state });
  const { row, pause } = await lastingPause(tx, { community, meeting: id });
  // A draft of a former pause must not end this one.
  if (row.pause_id !== entry.pause) return refuse('MEETING_STATE', undefined, { state });
  const closesAt = present(parseInstant(closes), 'checked instant');
  const now = deps.clock();
  if (!closeFits(pause, closesAt, now)) return refuse('RESUMPTION_STALE');
  await endPause(tx, row, now, closesAt);
  await changeMeeting(tx, id, { state: 'open', closes_at_ms: closesAt });
  const payload = { meeting: id, due: closesAt };
  await enqueue(
    tx,
    { kind: CLOSE_MEETING, payload, runAt: closesAt, onceKey: `${id}/${closes}/${row.pause_id}` },
    now,
  );
  return ok(undefined);
}

/** Whether the close was moved by an extension, and not by pauses alone. */
export async function isExtended(db: Database | Tx, meeting: Meeting): Promise<boolean> {
  const first = present(parseInstant(meeting.definition.window.closes), 'checked instant');
  return meeting.closesAt !== first + sumsOf(await pauseRows(db, meeting)).movedMs;
}

/** A pause as the public sees it; `resumedAt` is empty while it lasts. */
export type ShownPause = { readonly pausedAt: string; readonly resumedAt: string; readonly reason: string };

/** The pauses of a meeting, the first one first. */
export const listPauses = async (
  db: Database,
  { community, meeting }: Pick<Meeting, 'community' | 'meeting'>,
): Promise<readonly ShownPause[]> =>
  (await pausesOf(db, { community, meeting })).map(({ paused_at_ms, resumed_at_ms, body }) => ({
    pausedAt: showInstant(Number(paused_at_ms)),
    resumedAt: resumed_at_ms === null ? '' : showInstant(Number(resumed_at_ms)),
    reason: body,
  }));
