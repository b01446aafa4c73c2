/** Where an application of a property manager stands, and which proposal answers it (SPEC 8.3; 165 §22–23). */
import type { CivilDate } from '../../base/civil-date.ts';
import type { Application, ApplicationAnswer } from '../../record/application.ts';
import type { Definition } from '../../record/meeting.ts';

export type ApplicationState = 'waiting' | 'late' | 'convened' | 'refused';

/** `late` from the day after the last one on which it should have been answered, as long as it is not. */
export function applicationState(
  { answerBy }: Pick<Application, 'answerBy'>,
  answer: Pick<ApplicationAnswer, 'decision'> | undefined,
  today: CivilDate,
): ApplicationState {
  if (answer !== undefined) return answer.decision;
  return today > answerBy ? 'late' : 'waiting';
}

/** Whether a proposal of the meeting asks for money of the fund: whoever applied sees what became of his plan there. */
export const usesFund = ({ proposals }: Definition, proposal: string): boolean =>
  proposals.some((one) => one.proposal === proposal && one.fund.length > 0);
