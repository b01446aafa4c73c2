/** From a draft to an opened meeting: notice, roll, box, opening; two officers at each step that SPEC 2.4 lists. */

import { assert, present } from '../base/assert.ts';
import { fromBase64Url, sameBytes, toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { parseInstant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { isBoxKey } from '../crypto/sealed-box.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { recordDeliveries } from '../notice/delivery-files.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { definitionForm, meetingHash, noticeHash } from '../record/meeting.ts';
import { weightOf } from '../record/roll.ts';
import { BOX_ROLES } from '../record/two-officers.ts';
import { frozenLeaves, rollRootOf } from '../registry/frozen-roll.ts';
import type { RollRefusal } from '../registry/refusals.ts';
import { draftRoll } from '../registry/rolling.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { freezeExchange, publishExchange } from './consulting.ts';
import { openedDefinition, parameterOf } from './domain/drafting.ts';
import type { MeetingState } from './domain/meeting-state.ts';
import { mayBecome } from './domain/meeting-state.ts';
import type { RuleParameters } from './domain/rule-parameters.ts';
import { checkTimetable } from './domain/timetable.ts';
import { meetingOf } from './meetings.ts';
import { rulesHashOf } from './own-rules.ts';
import type { AssemblyRefusalCode } from './refusals.ts';
import type { MeetingRow } from './store.ts';
import { boxOf, changeMeeting, insertBox, lockMeeting, lockMeetingAlone } from './store.ts';

type AssemblyRefusal = Refusal<AssemblyRefusalCode> | RollRefusal;
type Drafted = { readonly act: string };

/** The job kind that closes a meeting at its time; `ballot` does it. */
export const CLOSE_MEETING = 'meeting.close';

const conveners: readonly string[] = ['committee', 'street'];

type Step = (tx: Tx, row: MeetingRow) => Promise<Result<Drafted, AssemblyRefusal>>;

/** One step of an officer on a meeting in the right state. */
function step(
  deps: AssemblyDeps,
  officer: OfficerSession,
  meeting: string,
  states: readonly MeetingState[],
  take: Step,
): Promise<Result<Drafted, AssemblyRefusal>> {
  return inDraft(deps, async (tx) => {
    const row = await lockMeeting(tx, meeting);
    if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
    if (!conveners.includes(officer.role)) return refuse('NOT_ALLOWED');
    if (!states.includes(row.state as MeetingState))
      return refuse('MEETING_STATE', undefined, { state: row.state });
    return take(tx, row);
  });
}

const timetableOf = (row: MeetingRow, publishedOn: string) => ({
  publishedOn,
  opensAt: Number(row.opens_at_ms),
  closesAt: Number(row.closes_at_ms),
});

function parametersOf(
  row: MeetingRow,
): Pick<RuleParameters, 'noticeDays' | 'windowDaysMin' | 'windowDaysMax'> {
  const { definition } = meetingOf(row);
  const number = (name: 'noticeDays' | 'windowDaysMin' | 'windowDaysMax') =>
    Number(parameterOf(definition, name));
  return {
    noticeDays: number('noticeDays'),
    windowDaysMin: number('windowDaysMin'),
    windowDaysMax: number('windowDaysMax'),
  };
}

/** Whether a notice may go out now: its dates, and the community's own rules as they stand (SPEC 5, 5.2). */
async function mayNotice(
  tx: Tx,
  deps: AssemblyDeps,
  row: MeetingRow,
): Promise<Result<undefined, AssemblyRefusal>> {
  const { definition } = meetingOf(row);
  if ((await rulesHashOf(tx, row.community_id)) !== definition.profile.rulesHash)
    return refuse('RULES_CHANGED');
  const timely = checkTimetable(
    timetableOf(row, definition.notice.publishedOn),
    parametersOf(row),
    deps.clock(),
    deps.calendar,
  );
  return timely.ok ? ok(undefined) : timely;
}

/** Drafts the notice for its two officers. */
export const draftNotice = (
  deps: AssemblyDeps,
  officer: OfficerSession,
  meeting: string,
): Promise<Result<Drafted, AssemblyRefusal>> =>
  step(deps, officer, meeting, ['draft'], async (tx, row) => {
    const may = await mayNotice(tx, deps, row);
    if (!may.ok) return may;
    const definition = await freezeExchange(tx, row);
    const entry: UnsignedEntry<'meeting.noticed'> = {
      v: 1,
      kind: 'meeting.noticed',
      community: row.community_id,
      meeting,
      noticeHash: noticeHash(definition),
      opens: definition.window.opens,
    };
    const { convenerRole } = definition;
    return ok({
      act: await draftAct(tx, deps, { entry, details: {}, convenerRole, draftedBy: officer.officer }),
    });
  });

/** Publishes the notice; the rule of the notice days is checked once more, at the time that counts. */
export async function applyNotice(
  tx: Tx,
  deps: AssemblyDeps,
  act: SignedAct,
): Promise<Result<undefined, AssemblyRefusal>> {
  const { meeting, noticeHash: noticed } = act.entry as UnsignedEntry<'meeting.noticed'>;
  const row = present(await lockMeeting(tx, meeting), 'a drafted act has its meeting');
  if (!mayBecome(row.state as MeetingState, 'noticed')) return refuse('MEETING_STATE');
  if (noticeHash(meetingOf(row).definition) !== noticed) return refuse('NOTICE_CHANGED');
  const may = await mayNotice(tx, deps, row);
  if (!may.ok) return may;
  if (!(await publishExchange(tx, row))) return refuse('NOTICE_CHANGED');
  await changeMeeting(tx, meeting, { state: 'noticed' });
  return ok(undefined);
}

/** Drafts the roll from the register as it stands, for its two officers. */
export const draftMeetingRoll = (
  deps: AssemblyDeps,
  officer: OfficerSession,
  meeting: string,
  unanswered?: string,
): Promise<Result<Drafted, AssemblyRefusal>> =>
  step(deps, officer, meeting, ['noticed'], async (tx, row) => {
    const { definition } = meetingOf(row);
    return draftRoll(tx, deps, {
      unanswered,
      community: row.community_id,
      meeting,
      proposals: definition.proposals.map(({ proposal, scope }) => ({ proposal, scope })),
      countSpecialSpaces: parameterOf(definition, 'countSpecialSpaces') === 'true',
      draftedBy: officer.officer,
      convenerRole: definition.convenerRole,
    });
  });

/** Takes the public key of the ballot box from its holder, an officer of another role than the convener's. */
export async function uploadBoxKey(
  deps: AssemblyDeps,
  officer: OfficerSession,
  meeting: string,
  boxKey: Uint8Array,
): Promise<Result<undefined, AssemblyRefusal>> {
  if (!isBoxKey(boxKey)) return refuse('BOX_KEY_MALFORMED', 'boxKey');
  try {
    return await inTransaction(deps.db, async (tx) => {
      const row = await lockMeeting(tx, meeting);
      if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
      const { definition } = meetingOf(row);
      if (officer.role === definition.convenerRole || !BOX_ROLES.includes(officer.role)) {
        return refuse('BOX_HOLDER_ROLE');
      }
      if (row.state !== 'noticed') return refuse('MEETING_STATE', undefined, { state: row.state });
      const { community_id, meeting_id } = row;
      await insertBox(tx, {
        community_id,
        meeting_id,
        box_key: boxKey,
        holder: definition.boxHolder,
        uploaded_by: officer.officer,
      });
      return ok(undefined);
    });
  } catch (error) {
    const codes = { meeting_box_pk: 'BOX_KEY_TAKEN', meeting_box_key_key: 'BOX_KEY_TAKEN' } as const;
    const refusal = refusalOfConstraint(error, codes);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

/** Drafts the opening: the noticed definition with roll, keys and box, for its two officers. */
export const draftOpening = (
  deps: AssemblyDeps,
  officer: OfficerSession,
  meeting: string,
): Promise<Result<Drafted, AssemblyRefusal>> =>
  step(deps, officer, meeting, ['noticed'], async (tx, row) => {
    const roll = await rollRootOf(tx, row.community_id, meeting);
    if (roll === undefined) return refuse('ROLL_MISSING');
    const box = await boxOf(tx, row.community_id, meeting);
    if (box === undefined) return refuse('BOX_MISSING');
    const noticed = meetingOf(row).definition;
    const leaves = await frozenLeaves(tx, row.community_id, meeting);
    const special = parameterOf(noticed, 'countSpecialSpaces') === 'true';
    for (const { proposal, fund } of noticed.proposals) {
      const isBorne = fund.every(({ units }) =>
        leaves.some(({ leaf }) => weightOf(leaf, units, special).heads > 0),
      );
      if (!isBorne) return refuse('PROPOSAL_FUND', proposal);
    }
    const opened = openedDefinition(noticed, roll, deps.publicKeys, toBase64Url(box.box_key));
    const bytes = definitionForm.bytes(opened);
    const entry: UnsignedEntry<'meeting.opened'> = {
      v: 1,
      kind: 'meeting.opened',
      community: row.community_id,
      meeting,
      meetingHash: meetingHash(bytes),
    };
    const details = { definition: toBase64Url(bytes) };
    const { convenerRole } = noticed;
    return ok({
      act: await draftAct(tx, deps, {
        entry,
        details,
        convenerRole,
        liveUntil: Number(row.opens_at_ms),
        draftedBy: officer.officer,
      }),
    });
  });

/** The instant before which a signed opening waits. */
export function openingNotBefore(act: SignedAct): Instant {
  const opened = definitionForm.parse(present(fromBase64Url(act.details['definition'] ?? ''), 'own bytes'));
  return present(opened.ok ? parseInstant(opened.value.window.opens) : undefined, 'own definition');
}

/** Arms a signed opening while it waits, so that nothing can be changed any more. */
export async function armMeeting(tx: Tx, act: SignedAct): Promise<void> {
  const { meeting, meetingHash: hash } = act.entry as UnsignedEntry<'meeting.opened'>;
  const row = await lockMeeting(tx, meeting);
  if (row?.state !== 'noticed') return;
  const definition = present(fromBase64Url(act.details['definition'] ?? ''), 'own bytes');
  assert(meetingHash(definition) === hash, 'the act opens the definition that was signed');
  await changeMeeting(tx, meeting, {
    state: 'armed',
    definition,
    meeting_hash: present(fromBase64Url(hash), 'own hash'),
  });
}

/** Opens the meeting at its time. */
export async function applyOpening(
  tx: Tx,
  deps: AssemblyDeps,
  act: SignedAct,
): Promise<Result<undefined, AssemblyRefusal>> {
  const { meeting, community, meetingHash: hash } = act.entry as UnsignedEntry<'meeting.opened'>;
  await lockCommunity(tx, community);
  await lockMeetingAlone(tx, meeting);
  await armMeeting(tx, act);
  const row = present(await lockMeeting(tx, meeting), 'a drafted act has its meeting');
  if (!mayBecome(row.state as MeetingState, 'open')) return refuse('MEETING_STATE');
  const wanted = present(fromBase64Url(hash), 'own hash');
  if (row.meeting_hash === null || !sameBytes(row.meeting_hash, wanted)) return refuse('OPENING_CHANGED');
  const { closesAt } = meetingOf(row);
  const now = deps.clock();
  if (now >= closesAt) return refuse('OPENING_LATE');
  await changeMeeting(tx, meeting, { state: 'open' });
  await recordDeliveries(tx, deps, { community, meeting, moment: 'opening' });
  await enqueue(
    tx,
    { kind: CLOSE_MEETING, payload: { meeting, due: closesAt }, runAt: closesAt, onceKey: meeting },
    now,
  );
  return ok(undefined);
}
