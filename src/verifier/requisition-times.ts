/**
 * REQ-01, whose turn an answer was and whether it came in time: the committee first, the street office after its thirty days or where no
 * committee is in office, and on a refusal of the committee (SPEC 5.4). Only what a quorum of witnesses proves is judged (SPEC 6.8).
 */
import type { Instant } from '../base/instant.ts';
import type { Answerer, RequisitionAnswer } from '../record/requisition.ts';
import { REQUISITION_DAYS, waitsFor } from '../record/requisition.ts';
import type { Words } from './check-catalogue.ts';
import type { Officers } from './officers.ts';
import { daysOf, decidedFrom } from './time-brackets.ts';
import type { Verification } from './verification.ts';

const TERM_MS = REQUISITION_DAYS * 86_400_000;

/** An answer at its log index; `by` is undefined where it was signed by nobody who may, which ACT-01 says. */
export type PlacedAnswer = {
  readonly index: number;
  readonly by: Answerer | undefined;
  readonly answer: RequisitionAnswer['answer'];
};

/** Answers as far as they leave something open: what nobody signed rightly leaves nothing open. */
export const openAfter = (answers: readonly PlacedAnswer[]) =>
  waitsFor(answers.map(({ by = 'street', answer }) => ({ by, answer })));

/** The role of who signed the answer at a log index. */
export function answererAt({ signers }: Officers, index: number): Answerer | undefined {
  const role = signers.get(index)?.[0]?.signed.action.role;
  return role === 'committee' || role === 'street' ? role : undefined;
}

/** Whether an officer of the committee was in office at a log index; false where his term may have been over. */
function hasCommittee({ definition, brackets }: Verification, officers: Officers, at: number): boolean {
  const { last } = daysOf(brackets, at);
  return officers.appointments.some(
    ({ index, entry, removedAt }) =>
      entry.role === 'committee' &&
      entry.community === definition.community &&
      index < at &&
      (removedAt === undefined || removedAt > at) &&
      last !== undefined &&
      last <= entry.until,
  );
}

/** The first answer is the committee's while it is in office and in its thirty days; the second is the street office's on its refusal. */
export function checkTurn(
  the: Verification,
  officers: Officers,
  reachedIndex: number | undefined,
  before: readonly PlacedAnswer[],
  { index, by }: PlacedAnswer,
): void {
  const { notebook, brackets } = the;
  if (by === undefined) return;
  if (openAfter(before) === 'street') {
    notebook.same('REQ-01', `log ${index} signed by`, 'street', by);
    return;
  }
  const [from, to] = [reachedIndex, brackets.coveredAt(index)];
  const since = from === undefined ? undefined : decidedFrom(brackets, from);
  if (by === 'committee' || since === undefined || to === undefined) return;
  const isEarly = to < since + TERM_MS && hasCommittee(the, officers, index);
  notebook.holds('REQ-01', `log ${index} signed by`, !isEarly, 'committee, in its thirty days', by);
}

/** Whether a term that began with an entry was over at an instant, beyond doubt. */
function isOver({ brackets }: Verification, beganIndex: number, at: Instant | undefined): boolean {
  const began = brackets.coveredAt(beganIndex);
  return began !== undefined && at !== undefined && at > began + TERM_MS;
}

/** What came too late, or is missing though its thirty days are over: for the reader to know, since it is no fault of the record. */
export function lateWords(
  the: Verification,
  reachedIndex: number | undefined,
  answers: readonly PlacedAnswer[],
): readonly Words[] {
  if (reachedIndex === undefined) return [];
  const { brackets, log } = the;
  const words: Words[] = [];
  let begun = reachedIndex;
  for (const [at, { index }] of answers.entries()) {
    if (isOver(the, begun, decidedFrom(brackets, index))) words.push(at === 0 ? LATE : LATE_STREET);
    begun = index;
  }
  const waits = openAfter(answers);
  const isMissing = waits !== '' && isOver(the, begun, brackets.notYetAt(log.entries.length));
  if (isMissing) words.push(waits === 'answer' ? MISSING : MISSING_STREET);
  return words;
}

const LATE: Words = {
  zh: '有一项业主提议超过三十日才得到答复',
  en: 'a requisition was answered after more than thirty days',
};
const LATE_STREET: Words = {
  zh: '业主委员会不召开的，街道办超过三十日才说明意见',
  en: 'the street office spoke on a refusal of the committee after more than thirty days',
};
const MISSING: Words = {
  zh: '有一项业主提议超过三十日没有答复',
  en: 'a requisition has no answer after thirty days',
};
const MISSING_STREET: Words = {
  zh: '业主委员会不召开的，街道办超过三十日没有说明意见',
  en: 'the street office has not spoken on a refusal of the committee after thirty days',
};
