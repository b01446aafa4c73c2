/** Where an application of a property manager stands, and which proposal answers it (SPEC 8.3; 165 §22–23). */
import type { CivilDate } from '../../base/civil-date.ts';
import { addDays } from '../../base/civil-date.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { Application, ApplicationAnswer } from '../../record/application.ts';
import { ANSWER_DAYS } from '../../record/application.ts';
import type { Definition, Scope } from '../../record/meeting.ts';

export type ApplicationState = 'waiting' | 'late' | 'convened' | 'refused';

/**
 * The last day for an answer; where a meeting that answered was called off, as many days again begin on that day, once: `firstFallOn` is
 * that of the first one, so that convening and calling off again wins no time.
 */
export const answerDay = (
  { answerBy }: Pick<Application, 'answerBy'>,
  firstFallOn: CivilDate | undefined,
): CivilDate => (firstFallOn === undefined ? answerBy : addDays(firstFallOn, ANSWER_DAYS));

/** `late` from the day after the last one on which it should have been answered, as long as it is not. */
export function applicationState(
  { answerBy }: Pick<Application, 'answerBy'>,
  answer: Pick<ApplicationAnswer, 'decision'> | undefined,
  today: CivilDate,
): ApplicationState {
  if (answer !== undefined) return answer.decision;
  return today > answerBy ? 'late' : 'waiting';
}

export const MAX_WAITING = 20;
export const MAX_APPLICATIONS = 200;

/** Whether a community may have one more; `waiting` are those that nobody has answered. */
export function roomForApplication({
  all,
  waiting,
}: {
  readonly all: number;
  readonly waiting: number;
}): Result<undefined, Refusal<'FUND_APPLICATIONS_WAITING' | 'FUND_APPLICATIONS_FULL'>> {
  if (all >= MAX_APPLICATIONS) return refuse('FUND_APPLICATIONS_FULL');
  return waiting >= MAX_WAITING ? refuse('FUND_APPLICATIONS_WAITING') : ok(undefined);
}

/** A longer list of members stands in the record alone. */
export const MAX_LISTED = 50;

/** A scope as a list of applications has it. */
export const listedScope = ({ kind, members }: Scope) => ({
  kind,
  count: members.length,
  members: members.length > MAX_LISTED ? [] : [...members],
});

/** Whether a proposal of the meeting asks for money of the fund: whoever applied sees what became of his plan there. */
export const usesFund = ({ proposals }: Definition, proposal: string): boolean =>
  proposals.some((one) => one.proposal === proposal && one.fund.length > 0);
