/** The delivery register of a meeting in the hands of its officers, and the reading of an owner who is signed in, which serves him (SPEC 5.1). */
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Handover } from '../notice/delivery-recording.ts';
import { recordHandover, recordReading } from '../notice/delivery-recording.ts';
import type { HeadDeliveries } from '../notice/delivery-register.ts';
import { deliveryRegister } from '../notice/delivery-register.ts';
import type { DeliverySums } from '../notice/domain/delivery-summary.ts';
import { deliverySumsOf } from '../notice/domain/delivery-summary.ts';
import type { NoticeRefusalCode } from '../notice/refusals.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import { noticeHash } from '../record/meeting.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { MeetingState } from './domain/meeting-state.ts';
import { meetingOf, readMeeting } from './meetings.ts';
import type { AssemblyRefusalCode } from './refusals.ts';
import { lockMeeting } from './store.ts';

type DeliveryRefusal = Refusal<
  Extract<AssemblyRefusalCode, 'MEETING_UNKNOWN' | 'MEETING_STATE' | 'NOT_ALLOWED'> | NoticeRefusalCode
>;

/** From the notice to the close there is somebody to tell; later it would change nothing. */
const TELLING: readonly MeetingState[] = ['noticed', 'armed', 'open', 'paused'];
/** Whoever carries papers through the houses, and whoever convenes. */
const RECORDERS: readonly string[] = ['clerk', 'committee', 'street'];
const READERS: readonly string[] = [...RECORDERS, 'regulator'];

/** Records that a signed-in owner reads the notice; gives the instant of his first reading. */
export async function readNotice(
  deps: AssemblyDeps,
  owner: { readonly community: string; readonly person: string },
  meetingId: string,
): Promise<Result<{ readonly readAt: Instant }, DeliveryRefusal>> {
  const meeting = await readMeeting(deps.db, meetingId);
  if (meeting === undefined || meeting.community !== owner.community || meeting.state === 'draft')
    return refuse('MEETING_UNKNOWN');
  if (!TELLING.includes(meeting.state)) return refuse('MEETING_STATE', undefined, { state: meeting.state });
  const { community, person } = owner;
  const reading = { community, meeting: meetingId, person, noticeHash: noticeHash(meeting.definition) };
  return ok({ readAt: await recordReading(deps, reading) });
}

/** Records what officers handed over or posted. */
export async function recordDelivery(
  deps: AssemblyDeps,
  officer: OfficerSession,
  meetingId: string,
  handover: Handover,
): Promise<Result<{ readonly recorded: number }, DeliveryRefusal>> {
  return inTransaction(
    deps.db,
    async (tx): Promise<Result<{ readonly recorded: number }, DeliveryRefusal>> => {
      // The opening and the close put the register down under this lock.
      const row = await lockMeeting(tx, meetingId);
      if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
      if (!RECORDERS.includes(officer.role)) return refuse('NOT_ALLOWED');
      const { community, meeting, state } = meetingOf(row);
      if (!TELLING.includes(state)) return refuse('MEETING_STATE', undefined, { state });
      return recordHandover(tx, deps, { community, meeting }, officer.officer, handover);
    },
  );
}

/** The register with its counts of heads. */
export type DeliveryView = {
  readonly counts: DeliverySums;
  readonly heads: readonly HeadDeliveries[];
};

/** The register of a meeting as it stands. */
export async function viewDeliveries(
  deps: AssemblyDeps,
  officer: OfficerSession,
  meetingId: string,
): Promise<Result<DeliveryView, DeliveryRefusal>> {
  const found = await readMeeting(deps.db, meetingId);
  if (found === undefined || !actsIn(officer, found.community)) return refuse('MEETING_UNKNOWN');
  if (!READERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  const heads = await deliveryRegister(deps.db, found);
  return ok({ counts: deliverySumsOf(heads), heads });
}
