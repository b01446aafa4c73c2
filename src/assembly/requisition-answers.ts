/**
 * The public answer to a requisition that reached its fifth: who convenes has drafted the meeting, or says why there is none; and the street
 * office's word on a refusal of the committee (Guidance Rules 2009/274 §51; SPEC 5.4).
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import { officersOf } from '../officers/store.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { Answerer, RequisitionAnswer, WaitsFor } from '../record/requisition.ts';
import {
  isAnswerSound,
  REQUISITION_DAYS,
  requisitionAnswerForm,
  requisitionAnswerHash,
  waitsFor,
} from '../record/requisition.ts';
import { lockCommunityOf } from '../registry/communities.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { MeetingState } from './domain/meeting-state.ts';
import type { RequisitionRefusalCode } from './refusals.ts';
import type { RequisitionRow } from './store/requisitions.ts';
import { markAnswered, markStreetAnswered, requisitionById } from './store/requisitions.ts';
import { lockMeeting, meetingById } from './store.ts';

type AnswerRefusal = Refusal<RequisitionRefusalCode | 'ACT_DRAFTED'>;
export type WantedAnswer = Pick<RequisitionAnswer, 'answer' | 'meeting' | 'reason'>;

const DAY_MS = 86_400_000;

/** Whose word a row waits for; nobody's before the fifth. */
export function waitingFor(row: RequisitionRow): WaitsFor {
  if (row.reached_entry_id === null) return '';
  const given = [row.answer, row.street_answer].flatMap((bytes, at) =>
    bytes === null
      ? []
      : [{ by: at === 0 ? (row.answered_by as Answerer) : 'street', ...requisitionAnswerForm.own(bytes) }],
  );
  return waitsFor(given);
}

/** Whether the time for the word that it waits for is over: counted from the fifth, and from the refusal. */
export function isOverdue(row: RequisitionRow, now: number): boolean {
  const waits = waitingFor(row);
  const since = waits === 'street' ? row.answered_at_ms : row.reached_at_ms;
  return waits !== '' && now >= Number(present(since, 'waits since then')) + REQUISITION_DAYS * DAY_MS;
}

/** Whether a role may say the word that a row waits for now. */
async function mayAnswer(
  tx: Tx,
  deps: AssemblyDeps,
  row: RequisitionRow,
  by: Answerer,
): Promise<Result<undefined, AnswerRefusal>> {
  const waits = waitingFor(row);
  if (waits === '' || (waits === 'street' && by === 'committee')) return refuse('REQUISITION_ANSWERED');
  const isTurn = waits === 'street' || by === 'committee' || (await isStreetsTurn(tx, deps, row));
  return isTurn ? ok(undefined) : refuse('REQUISITION_COMMITTEE_FIRST');
}

/** The street office answers where there is no committee, or where it did not in its time. */
async function isStreetsTurn(tx: Tx, deps: AssemblyDeps, row: RequisitionRow): Promise<boolean> {
  if (isOverdue(row, deps.clock())) return true;
  const today = civilDateAt(deps.clock());
  const officers = await officersOf(tx, [row.community_id]);
  return !officers.some(
    ({ role, removed_entry_id, until_on }) =>
      role === 'committee' && removed_entry_id === null && today <= until_on,
  );
}

/** It may be a draft, since its notice takes two officers; once its vote is open it was convened for something else. */
const BEFORE_OPENING: readonly string[] = ['draft', 'noticed', 'armed'] satisfies readonly MeetingState[];

/** A meeting of the community that was drafted after the fifth was reached, so that no older one ends the demand. */
async function isDraftedFor(
  tx: Tx,
  { community_id, reached_at_ms }: RequisitionRow,
  meeting: string,
): Promise<boolean> {
  const found = await meetingById(tx, meeting);
  if (found?.community_id !== community_id || reached_at_ms === null) return false;
  return BEFORE_OPENING.includes(found.state) && Number(found.created_at_ms) > Number(reached_at_ms);
}

/** Drafts the answer for its officer to sign; it is public once he has. */
export async function draftAnswer(
  deps: AssemblyDeps,
  officer: OfficerSession,
  { community, requisition }: { readonly community: string; readonly requisition: string },
  wanted: WantedAnswer,
): Promise<Result<{ readonly act: string }, AnswerRefusal>> {
  if (!actsIn(officer, community)) return refuse('NOT_ALLOWED');
  if (officer.role !== 'committee' && officer.role !== 'street') return refuse('NOT_ALLOWED');
  const by = officer.role;
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, AnswerRefusal>> => {
    const row = await requisitionById(tx, community, requisition);
    if (row === undefined) return refuse('REQUISITION_UNKNOWN');
    if (row.reached_entry_id === null) return refuse('REQUISITION_NOT_REACHED');
    const may = await mayAnswer(tx, deps, row, by);
    if (!may.ok) return may;
    const answer: RequisitionAnswer = {
      v: 1,
      kind: 'requisition-answer',
      community,
      requisition,
      ...wanted,
      nonce: toBase64Url(deps.random(16)),
    };
    if (!isAnswerSound(answer)) return refuse('REQUISITION_MEETING', 'meeting');
    if (answer.meeting !== '' && !(await isDraftedFor(tx, row, answer.meeting)))
      return refuse('REQUISITION_MEETING', 'meeting');
    if (answer.reason.trim() === '') return refuse('REQUISITION_MALFORMED', 'reason');
    const bytes = requisitionAnswerForm.bytes(answer);
    const entry: UnsignedEntry<'requisition.answered'> = {
      v: 1,
      kind: 'requisition.answered',
      community,
      requisition,
      answerHash: requisitionAnswerHash(bytes),
    };
    const details = { answer: toBase64Url(bytes), by };
    // Else the street office would speak in the committee's turn by signing what the committee drafted.
    const excludes = by === 'committee' ? 'street' : 'committee';
    return ok({ act: await draftAct(tx, deps, { entry, details, excludes, draftedBy: officer.officer }) });
  });
}

const answerBytes = ({ details }: SignedAct): Uint8Array =>
  present(fromBase64Url(details['answer'] ?? ''), 'own bytes');

/** Locks the community, and the meeting that is named, before the entry's place is drawn: one that is called off meanwhile answers nobody. */
export async function lockRequisitionAnswer(tx: Tx, act: SignedAct): Promise<void> {
  await lockCommunityOf(tx, act);
  const { meeting } = requisitionAnswerForm.own(answerBytes(act));
  if (meeting !== '') await lockMeeting(tx, meeting);
}

/** Enters a signed answer. */
export async function applyRequisitionAnswer(
  tx: Tx,
  deps: AssemblyDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, AnswerRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'requisition.answered', `${entry.kind} answers nothing`);
  const { community, requisition } = entry;
  const row = present(
    await requisitionById(tx, community, requisition),
    'a drafted answer has its requisition',
  );
  // A committee may have been appointed, or have refused, since the draft.
  const by = present(act.details['by'], 'drafted answers say whose they are') as Answerer;
  const may = await mayAnswer(tx, deps, row, by);
  if (!may.ok) return may;
  const bytes = answerBytes(act);
  assert(requisitionAnswerHash(bytes) === entry.answerHash, 'the act enters the answer that was signed');
  const { meeting } = requisitionAnswerForm.own(bytes);
  if (meeting !== '' && !(await isDraftedFor(tx, row, meeting)))
    return refuse('REQUISITION_MEETING', 'meeting');
  const entered = { at: deps.clock(), entryId, answer: bytes };
  if (row.answered_entry_id === null) await markAnswered(tx, row, { ...entered, by });
  else await markStreetAnswered(tx, row, entered);
  return ok(undefined);
}
