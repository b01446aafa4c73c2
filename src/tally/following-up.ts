/** What follows from a resolution: who does what by when, and that it is done; one officer signs each line, and everybody reads it (SPEC 8.2). */
import { readMeeting } from '../assembly/meetings.ts';
import { insertTexts, lockMeeting } from '../assembly/store.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { StepState, UnsignedEntry } from '../record/entry.ts';
import { textHash } from '../record/meeting.ts';
import type { TallyRefusalCode } from './refusals.ts';
import { countPlans, followUpOf, insertFollowUp, lastOfStep } from './store/follow-ups.ts';
import { resolutionOf } from './store.ts';

type TallyRefusal = Refusal<TallyRefusalCode>;

/** A line that an officer writes; `step` is empty for a new one. */
export type FollowUpWish = {
  readonly meeting: string;
  readonly proposal: string;
  readonly step: string;
  readonly state: StepState;
  /** By when it is to be done. */
  readonly dueOn: CivilDate;
  readonly text: string;
};

/** Every line is a text of the archive pack, whose manifest lists a thousand files at most (SPEC 9.5); each plan may end once more. */
const MOST_PLANS = 200;

type Step = Pick<UnsignedEntry<'followup.recorded'>, 'community' | 'meeting' | 'proposal' | 'step' | 'state'>;

/** A step follows from an adopted resolution that nobody annulled, begins as a plan, and ends once. */
async function mayFollow(tx: Tx, step: Step): Promise<Result<undefined, TallyRefusal>> {
  const resolution = await resolutionOf(tx, step);
  if (resolution?.outcome !== 'ADOPTED' || resolution.isAnnulled)
    return refuse('FOLLOW_UP_RESOLUTION', 'proposal');
  if (step.state === 'planned' && (await countPlans(tx, step)) >= MOST_PLANS)
    return refuse('FOLLOW_UP_TOO_MANY');
  const last = await lastOfStep(tx, step);
  if (last === undefined) return step.state === 'planned' ? ok(undefined) : refuse('FOLLOW_UP_STEP', 'step');
  return last.state === 'planned' ? ok(undefined) : refuse('FOLLOW_UP_ENDED', 'step');
}

/** Drafts a line for its officer. */
export function draftFollowUp(
  deps: BallotDeps,
  officer: OfficerSession,
  wish: FollowUpWish,
): Promise<Result<{ readonly act: string }, TallyRefusal>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, TallyRefusal>> => {
    await lockMeeting(tx, wish.meeting);
    const meeting = await readMeeting(tx, wish.meeting);
    if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
    if (officer.role !== 'committee' && officer.role !== 'street') return refuse('NOT_ALLOWED');
    const body = wish.text.normalize('NFC').trim();
    if (body === '') return refuse('FOLLOW_UP_TEXT', 'text');
    const { proposal, state, dueOn } = wish;
    const step = wish.step === '' ? newId(deps.random) : wish.step;
    const entry: UnsignedEntry<'followup.recorded'> = {
      v: 1,
      kind: 'followup.recorded',
      community: meeting.community,
      meeting: wish.meeting,
      proposal,
      step,
      state,
      dueOn,
      textHash: textHash(body),
    };
    const may = await mayFollow(tx, entry);
    if (!may.ok) return may;
    return ok({
      act: await draftAct(tx, deps, { entry, details: { text: body }, draftedBy: officer.officer }),
    });
  });
}

/** Lines of one meeting come one after the other, in the order of the log. */
export async function lockFollowUp(tx: Tx, { entry }: SignedAct): Promise<void> {
  assert(entry.kind === 'followup.recorded', `${entry.kind} follows nothing up`);
  await lockMeeting(tx, entry.meeting);
}

/** Publishes the line in the transaction that wrote its log entry, row `entryId`. */
export async function applyFollowUp(
  tx: Tx,
  _deps: BallotDeps,
  { entry, details }: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, TallyRefusal>> {
  assert(entry.kind === 'followup.recorded', `${entry.kind} follows nothing up`);
  const may = await mayFollow(tx, entry);
  if (!may.ok) return may;
  const body = details['text'] ?? '';
  assert(textHash(body) === entry.textHash, 'the act publishes the text that was signed');
  const ids = { community_id: entry.community, meeting_id: entry.meeting };
  const text_hash = present(fromBase64Url(entry.textHash), 'own hash');
  await insertTexts(tx, ids, [{ text_hash, body }]);
  await insertFollowUp(tx, {
    ...ids,
    proposal_id: entry.proposal,
    step_id: entry.step,
    state: entry.state,
    due_on: entry.dueOn,
    text_hash,
    entry_id: entryId,
  });
  return ok(undefined);
}

/** A line as everybody reads it. */
export type FollowUpLine = {
  readonly proposal: string;
  readonly step: string;
  readonly state: StepState;
  readonly dueOn: CivilDate;
  readonly text: string;
};

/** The lines of a meeting in the order of the log. */
export const listFollowUps = async (
  db: Database,
  meeting: { readonly community: string; readonly meeting: string },
): Promise<readonly FollowUpLine[]> =>
  (await followUpOf(db, meeting)).map((row) => ({
    proposal: row.proposal_id,
    step: row.step_id,
    state: row.state as StepState,
    dueOn: row.due_on,
    text: row.body,
  }));
