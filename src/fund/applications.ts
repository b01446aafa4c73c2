/** Reading the applications of property managers with their answers, as anybody may (SPEC 8.3). */
import { toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Application, ApplicationAnswer } from '../record/application.ts';
import { applicationAnswerForm, applicationForm } from '../record/application.ts';
import type { ApplicationState } from './domain/application.ts';
import { applicationState } from './domain/application.ts';
import type { FundDeps } from './fund-deps.ts';
import { applicationsOf } from './store/applications.ts';

export type ListedApplication = {
  readonly record: Application;
  /** By which the log names it, and which the manager was handed. */
  readonly hash: string;
  /** Undefined until it is answered. */
  readonly answer: ApplicationAnswer | undefined;
  readonly state: ApplicationState;
  /** Undefined until the log has given them places. */
  readonly logIndex: number | undefined;
  readonly answerLogIndex: number | undefined;
};

const placeOf = (idx: bigint | null): number | undefined => (idx === null ? undefined : Number(idx));

/** All of a community, in the order of the log. */
export async function listApplications(
  { db, clock }: Pick<FundDeps, 'db' | 'clock'>,
  community: string,
): Promise<readonly ListedApplication[]> {
  const today = civilDateAt(clock());
  return (await applicationsOf(db, community)).map((row) => {
    const record = applicationForm.own(row.record);
    const answer = row.answer === null ? undefined : applicationAnswerForm.own(row.answer);
    const state = applicationState(record, answer, today);
    return {
      record,
      hash: toBase64Url(row.hash),
      answer,
      state,
      logIndex: placeOf(row.idx),
      answerLogIndex: placeOf(row.answerIdx),
    };
  });
}
