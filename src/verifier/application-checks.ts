/**
 * FUND-04: each application of a property manager is named by the log and answered at most once, afterwards, by a meeting that was
 * noticed in between and a proposal that uses the fund, or with a reason; again only after that meeting was called off (SPEC 8.3).
 */
import { addDays } from '../base/civil-date.ts';
import type { ApplicationAnswer } from '../record/application.ts';
import { ANSWER_DAYS } from '../record/application.ts';
import { entriesOf } from './entry-scope.ts';
import type { FundRecords, Held } from './fund-records.ts';
import type { Verification } from './verification.ts';

/** Makes the checks; that an officer of the committee or the street office signed is ACT-01's. */
export function checkApplications(the: Verification, { applications, answers }: FundRecords): void {
  const { definition, log, notebook } = the;
  const { community } = definition;
  const filed = entriesOf(log, 'application.filed', { community });
  const filedAt = new Map<string, number>();
  for (const { where, hash, value: one } of applications) {
    const named = filed.filter(({ entry }) => entry.applicationHash === hash);
    notebook.same('FUND-04', where, '1 application.filed', `${named.length} application.filed`);
    notebook.same('FUND-04', `${where} community`, community, one.community);
    notebook.same('FUND-04', `${where} answerBy`, addDays(one.filedOn, ANSWER_DAYS), one.answerBy);
    notebook.holds('FUND-04', where, !filedAt.has(one.application), 'each id once', one.application);
    for (const { index, entry } of named) {
      notebook.same('FUND-04', `${where} application`, entry.application, one.application);
      filedAt.set(one.application, index);
    }
  }
  const held = new Set(applications.map(({ hash }) => hash));
  for (const { index, entry } of filed)
    notebook.holds('FUND-04', `log ${index}`, held.has(entry.applicationHash), 'its application', 'none');
  checkAnswers(the, answers, filedAt);
}

function checkAnswers(
  the: Verification,
  answers: readonly Held<ApplicationAnswer>[],
  filedAt: ReadonlyMap<string, number>,
): void {
  const { definition, log, notebook } = the;
  const { community } = definition;
  const logged = entriesOf(log, 'application.answered', { community });
  const answered = new Map<string, Given[]>();
  for (const { where, hash, value: answer } of answers) {
    const named = logged.filter(({ entry }) => entry.answerHash === hash);
    notebook.same('FUND-04', where, '1 application.answered', `${named.length} application.answered`);
    notebook.same('FUND-04', `${where} community`, community, answer.community);
    const { application } = answer;
    const given = answered.get(application) ?? [];
    answered.set(application, given);
    // An answer that the log does not name failed above; its place is then behind all others.
    given.push({ where, index: named[0]?.index ?? Number.MAX_SAFE_INTEGER, meeting: answer.meeting });
    for (const { index, entry } of named) {
      notebook.same('FUND-04', `${where} application`, entry.application, application);
      const filed = filedAt.get(application) ?? index;
      const isAfter = filed < index;
      notebook.holds('FUND-04', where, isAfter, 'an earlier application.filed', application);
      checkDecision(the, where, { filed, index }, answer);
    }
  }
  for (const given of answered.values()) checkReopened(the, given);
  const held = new Set(answers.map(({ hash }) => hash));
  for (const { index, entry } of logged)
    notebook.holds('FUND-04', `log ${index}`, held.has(entry.answerHash), 'its answer', 'none');
}

/** An answer to an application, with its place in the log and the meeting that it names. */
type Given = { readonly where: string; readonly index: number; readonly meeting: string };

/** Between two answers to one application the meeting of the first was called off. */
function checkReopened({ definition, log, notebook }: Verification, given: readonly Given[]): void {
  const cancelled = entriesOf(log, 'meeting.cancelled', { community: definition.community });
  const inOrder = given.toSorted((a, b) => a.index - b.index);
  for (const [at, { where, index }] of inOrder.entries()) {
    const before = inOrder[at - 1];
    if (before === undefined) continue;
    const isReopened = cancelled.some(
      (one) => one.entry.meeting === before.meeting && one.index > before.index && one.index < index,
    );
    notebook.holds(
      'FUND-04',
      where,
      isReopened,
      'answered once, or after its meeting was called off',
      'again',
    );
  }
}

/** A refusal says why; a convened meeting was noticed after the application and before the answer, and the one of this bundle has the proposal. */
function checkDecision(
  { definition, log, notebook }: Verification,
  where: string,
  { filed, index }: { readonly filed: number; readonly index: number },
  { decision, meeting, proposal, reason }: ApplicationAnswer,
): void {
  if (decision === 'refused') {
    notebook.same('FUND-04', `${where} meeting`, '', `${meeting}${proposal}`);
    notebook.holds('FUND-04', where, reason.trim() !== '', 'a reason', 'none');
    return;
  }
  const { community } = definition;
  const isBefore = (one: { readonly index: number; readonly entry: { readonly meeting: string } }): boolean =>
    one.index < index && one.entry.meeting === meeting;
  const isNoticed = entriesOf(log, 'meeting.noticed', { community }).some(
    (one) => one.index > filed && isBefore(one),
  );
  notebook.holds('FUND-04', where, isNoticed, 'a meeting.noticed after the application', meeting || 'none');
  const isCalledOff = entriesOf(log, 'meeting.cancelled', { community }).some(isBefore);
  notebook.holds('FUND-04', where, !isCalledOff, 'a meeting that was not called off', meeting);
  notebook.same('FUND-04', `${where} reason`, '', reason);
  if (meeting !== definition.meeting) return;
  const isAsked = definition.proposals.some((one) => one.proposal === proposal && one.fund.length > 0);
  notebook.holds('FUND-04', where, isAsked, 'a proposal that asks for money', proposal || 'none');
}
