/** Reading the applications of property managers with their answers, as anybody may (SPEC 8.3). */

import { placeOf } from '../auditlog/domain/log-place.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Application, ApplicationAnswer } from '../record/application.ts';
import { applicationAnswerForm, applicationForm } from '../record/application.ts';
import type { ApplicationState } from './domain/application.ts';
import { answerDay, applicationState } from './domain/application.ts';
import type { FundDeps } from './fund-deps.ts';
import { answersOf, applicationsOf } from './store/applications.ts';

/** An answer whose meeting was called off, so that it counts no more. */
export type FallenAnswer = {
  readonly answer: ApplicationAnswer;
  /** Places of the answer and of the cancellation in the log; undefined until it has given them. */
  readonly logIndex: number | undefined;
  readonly calledOffLogIndex: number | undefined;
  /** The day on which the meeting was called off. */
  readonly calledOffOn: CivilDate;
};

export type ListedApplication = {
  readonly record: Application;
  /** By which the log names it, and which the manager was handed. */
  readonly hash: string;
  /** The last day for an answer: of the record, or counted anew, once, since the first meeting that answered was called off. */
  readonly answerBy: CivilDate;
  /** The answer that counts; undefined until there is one, and again when its meeting was called off. */
  readonly answer: ApplicationAnswer | undefined;
  /** Earlier answers, in the order of the log. */
  readonly fallen: readonly FallenAnswer[];
  readonly state: ApplicationState;
  /** Undefined until the log has given them places. */
  readonly logIndex: number | undefined;
  readonly answerLogIndex: number | undefined;
};

type Answers = {
  readonly fallen: FallenAnswer[];
  standing?: { readonly answer: ApplicationAnswer; readonly logIndex: number | undefined };
};

async function answersByApplication(
  db: FundDeps['db'],
  community: string,
): Promise<ReadonlyMap<string, Answers>> {
  const found = new Map<string, Answers>();
  for (const row of await answersOf(db, community)) {
    const known: Answers = found.get(row.application_id) ?? { fallen: [] };
    found.set(row.application_id, known);
    const answer = applicationAnswerForm.own(row.record);
    const logIndex = placeOf(row.idx);
    if (row.calledOffAtMs === null) known.standing = { answer, logIndex };
    else
      known.fallen.push({
        answer,
        logIndex,
        calledOffLogIndex: placeOf(row.calledOffIdx),
        calledOffOn: civilDateAt(Number(row.calledOffAtMs)),
      });
  }
  return found;
}

/** All of a community, in the order of the log. */
export async function listApplications(
  { db, clock }: Pick<FundDeps, 'db' | 'clock'>,
  community: string,
): Promise<readonly ListedApplication[]> {
  const today = civilDateAt(clock());
  // Applications first: an answer that comes in between has its application in the list.
  const rows = await applicationsOf(db, community);
  const answers = await answersByApplication(db, community);
  return rows.map((row) => {
    const record = applicationForm.own(row.record);
    const { standing, fallen } = answers.get(row.application_id) ?? { fallen: [] };
    const answerBy = answerDay(record, fallen[0]?.calledOffOn);
    return {
      record,
      hash: toBase64Url(row.hash),
      answerBy,
      answer: standing?.answer,
      fallen,
      state: applicationState({ answerBy }, standing?.answer, today),
      logIndex: placeOf(row.idx),
      answerLogIndex: standing?.logIndex,
    };
  });
}
