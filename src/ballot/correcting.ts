/** Corrections of the roll while a meeting is noticed or open: refused once somebody has voted, and after the close (SPEC 4.4, 6.5). */
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting, windowLocks } from '../assembly/meetings.ts';
import { assert, present } from '../base/assert.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { CorrectionGround } from '../record/correction.ts';
import type { ListedCorrection } from '../registry/correction-list.ts';
import { listedCorrections } from '../registry/correction-list.ts';
import type { RegistryRefusalCode } from '../registry/refusals.ts';
import type { DraftedCorrection } from '../registry/roll-corrections.ts';
import {
  applyCorrection,
  draftCorrection,
  entitlementOfUnit,
  toBeCorrected,
} from '../registry/roll-corrections.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import type { BallotDeps } from './ballot-deps.ts';
import type { BallotRefusalCode } from './refusals.ts';
import { chainLocks, chainOf } from './store/casts.ts';

type CorrectionRefusal = Refusal<BallotRefusalCode | RegistryRefusalCode | 'ACT_DRAFTED'>;

/** Who may draft; which two sign is decided by who convenes. */
const DRAFTERS: readonly string[] = ['committee', 'street', 'regulator'];

/** Why nothing may be corrected in this meeting now; from the freeze to the close it may, and the freeze is the roll's own matter. */
function momentFault(
  { state, closesAt }: Pick<Meeting, 'state' | 'closesAt'>,
  now: Instant,
): Refusal<'MEETING_STATE' | 'VOTING_CLOSED'> | undefined {
  // A wrong roll may be why the vote is paused, and the close stands still meanwhile.
  if (state === 'paused') return undefined;
  if (!['noticed', 'armed', 'open'].includes(state)) return { code: 'MEETING_STATE', facts: { state } };
  return now < closesAt ? undefined : { code: 'VOTING_CLOSED' };
}

/** Drafts a correction for its two officers, by a unit of the head that passed to others. */
export async function draftRollCorrection(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  request: { readonly unit: string; readonly ground: CorrectionGround; readonly reference: string },
): Promise<Result<DraftedCorrection, CorrectionRefusal>> {
  return inDraft(deps, async (tx): Promise<Result<DraftedCorrection, CorrectionRefusal>> => {
    const meeting = await readMeeting(tx, meetingId);
    if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
    if (!DRAFTERS.includes(officer.role)) return refuse('NOT_ALLOWED');
    const fault = momentFault(meeting, deps.clock());
    if (fault !== undefined) return { ok: false, refusal: fault };
    const { community, definition } = meeting;
    const entitlement = await entitlementOfUnit(tx, community, meetingId, request.unit);
    if (entitlement === undefined) return refuse('CORRECTION_UNIT_UNKNOWN');
    // First whether anything is to be corrected, so that nobody learns by asking who has voted.
    const place = { community, meeting: meetingId, entitlement };
    const found = await toBeCorrected(tx, place);
    if (!found.ok) return found;
    const chain = await chainOf(tx, community, meetingId, entitlement);
    if (chain.length > 0) return refuse('CORRECTION_VOTED');
    const { ground, reference } = request;
    const { convenerRole } = definition;
    const wanted = { ...place, ground, reference, draftedBy: officer.officer, convenerRole };
    return draftCorrection(tx, deps, wanted, found.value);
  });
}

/** The corrections of a meeting's roll for those who draft and sign them. */
export async function correctionsForOfficer(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
): Promise<Result<readonly ListedCorrection[], Refusal<'MEETING_UNKNOWN' | 'NOT_ALLOWED'>>> {
  const meeting = await readMeeting(deps.db, meetingId);
  if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
  if (!DRAFTERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  return ok(await listedCorrections(deps, meeting.community, meetingId));
}

/** What a correction locks before its entry's place is drawn: the register, the window as it is, and the entitlement alone (SPEC 6.5, 6.6). */
export async function lockCorrection(tx: Tx, { entry }: SignedAct): Promise<void> {
  assert(entry.kind === 'roll.corrected', `${entry.kind} is no correction`);
  await lockCommunity(tx, entry.community);
  await takeLocks(tx, [windowLocks([entry.meeting]), chainLocks([entry.entitlement])]);
}

/** Puts a signed correction in force: its locks are held, so that of a correction and a cast exactly one comes first. */
export async function applyRollCorrection(
  tx: Tx,
  deps: BallotDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, CorrectionRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'roll.corrected', `${entry.kind} is no correction`);
  const meeting = present(await readMeeting(tx, entry.meeting), 'a drafted act has its meeting');
  const fault = momentFault(meeting, deps.clock());
  if (fault !== undefined) return { ok: false, refusal: fault };
  const chain = await chainOf(tx, meeting.community, meeting.meeting, entry.entitlement);
  return chain.length === 0 ? applyCorrection(tx, act, entryId) : refuse('CORRECTION_VOTED');
}
