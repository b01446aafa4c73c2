/**
 * Answering an application: an officer of the committee or the street office names the meeting that was convened for it, or says why none
 * was; once, under his signature, and again only where that meeting was called off (SPEC 8.3; 165 §22–23).
 */
import { readMeeting } from '../assembly/meetings.ts';
import { lockMeeting } from '../assembly/store.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { ApplicationAnswer } from '../record/application.ts';
import { applicationAnswerForm, applicationAnswerHash } from '../record/application.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { usesFund } from './domain/application.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { applicationById, insertAnswer, isNoticedAfter, lastAnswer } from './store/applications.ts';

export type AnswerRequest = Pick<
  ApplicationAnswer,
  'community' | 'application' | 'decision' | 'meeting' | 'proposal' | 'reason'
>;

/** Of two officers who answer at once the second is refused. */
export const answerConstraints = { fund_application_answer_pk: 'FUND_APPLICATION_ANSWERED' } as const;

/** A meeting that was never announced, or was called off, answers nobody. */
const UNANNOUNCED: readonly string[] = ['draft', 'cancelled'];

/** An answer that may be given, and its number among those to the application. */
type Answerable = { readonly answerNo: number };

/**
 * Refused where there is nothing to answer, or the answer names no proposal that uses the fund and was announced for it. The meeting of an
 * earlier answer must have been called off before `entryId`, the log row of this one: a verifier reads both in the order of the log.
 */
async function answerable(
  tx: Tx,
  answer: AnswerRequest,
  entryId?: bigint,
): Promise<Result<Answerable, FundRefusal>> {
  const { community, application } = answer;
  const found = await applicationById(tx, community, application);
  if (found === undefined) return refuse('FUND_APPLICATION_UNKNOWN');
  const last = await lastAnswer(tx, community, application);
  const calledOff = last?.calledOffEntry ?? null;
  if (last !== undefined && (calledOff === null || (entryId !== undefined && calledOff > entryId)))
    return refuse('FUND_APPLICATION_ANSWERED');
  const decided = await isDecided(tx, answer, found.entry_id);
  return decided.ok ? ok({ answerNo: (last?.answer_no ?? 0) + 1 }) : decided;
}

/** Refused where a refusal has no reason, or the meeting was not announced for the application, whose log row is `filedEntry`. */
async function isDecided(
  tx: Tx,
  answer: AnswerRequest,
  filedEntry: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const { community, decision, meeting, proposal, reason } = answer;
  if (decision === 'refused') {
    if (meeting !== '' || proposal !== '') return refuse('FUND_ANSWER_UNCLEAR', 'meeting');
    return reason.trim() === '' ? refuse('FUND_ANSWER_UNCLEAR', 'reason') : ok(undefined);
  }
  if (reason !== '') return refuse('FUND_ANSWER_UNCLEAR', 'reason');
  const convened = await readMeeting(tx, meeting);
  const isAnnounced = convened?.community === community && !UNANNOUNCED.includes(convened.state);
  if (convened === undefined || !isAnnounced) return refuse('FUND_MEETING_UNANNOUNCED', 'meeting');
  if (!usesFund(convened.definition, proposal)) return refuse('FUND_MEETING_UNANNOUNCED', 'proposal');
  return (await isNoticedAfter(tx, answer, filedEntry))
    ? ok(undefined)
    : refuse('FUND_MEETING_EARLIER', 'meeting');
}

/** Drafts the answer for its officer. */
export function draftAnswer(
  deps: OfficerDeps,
  answer: AnswerRequest,
  draftedBy: string,
): Promise<Result<{ readonly act: string }, FundRefusal | Refusal<'ACT_DRAFTED'>>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    const good = await answerable(tx, answer);
    if (!good.ok) return good;
    const bytes = applicationAnswerForm.bytes({
      v: 1,
      kind: 'application-answer',
      ...answer,
      nonce: toBase64Url(deps.random(16)),
    });
    const entry: UnsignedEntry<'application.answered'> = {
      v: 1,
      kind: 'application.answered',
      community: answer.community,
      application: answer.application,
      answerHash: applicationAnswerHash(bytes),
    };
    return ok({
      act: await draftAct(tx, deps, { entry, details: { answer: toBase64Url(bytes) }, draftedBy }),
    });
  });
}

const answerOf = (act: SignedAct): { readonly answer: ApplicationAnswer; readonly bytes: Uint8Array } => {
  const bytes = present(fromBase64Url(act.details['answer'] ?? ''), 'an answer is drafted with its record');
  return { answer: applicationAnswerForm.own(bytes), bytes };
};

/** Locks the meeting before the entry's place in the log is drawn: one that is called off meanwhile answers nobody. */
export async function lockApplicationAnswer(tx: Tx, act: SignedAct): Promise<void> {
  const { meeting } = answerOf(act).answer;
  if (meeting !== '') await lockMeeting(tx, meeting);
}

/** Enters a signed answer in the transaction that wrote its log entry, row `entryId`. */
export async function applyApplicationAnswer(
  tx: Tx,
  _deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as UnsignedEntry<'application.answered'>;
  const { answer, bytes } = answerOf(act);
  assert(applicationAnswerHash(bytes) === entry.answerHash, 'the officer signed the bytes of the answer');
  const good = await answerable(tx, answer, entryId);
  if (!good.ok) return good;
  await insertAnswer(tx, {
    community_id: answer.community,
    application_id: answer.application,
    answer_no: good.value.answerNo,
    decision: answer.decision,
    meeting_id: answer.meeting === '' ? null : answer.meeting,
    proposal_id: answer.proposal === '' ? null : answer.proposal,
    record: bytes,
    hash: present(fromBase64Url(entry.answerHash), 'own hash'),
    entry_id: entryId,
  });
  return ok(undefined);
}
