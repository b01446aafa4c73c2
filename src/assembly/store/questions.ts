/** The SQL of what owners ask of a draft; the rows go when the notice is out (SPEC 5.3). */
import type { Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { MeetingQuestionTable } from '../../db/tables/assembly.ts';
import type { Tx } from '../../db/transaction.ts';

export type QuestionRow = Selectable<MeetingQuestionTable>;
type Reader = Database | Tx;
type Ids = { readonly community: string; readonly meeting: string };

export async function insertQuestion(
  tx: Tx,
  row: Omit<QuestionRow, 'outcome' | 'answer' | 'answered_by'>,
): Promise<void> {
  await tx
    .insertInto('meeting_question')
    .values({ ...row, outcome: 'open', answer: '', answered_by: null })
    .execute();
}

/** The questions of a meeting in the order in which they were asked. */
export const questionsOf = (db: Reader, { community, meeting }: Ids): Promise<readonly QuestionRow[]> =>
  db
    .selectFrom('meeting_question')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .orderBy('asked_at_ms')
    .orderBy('question_id')
    .execute();

/** Puts an answer, or another in its place; whether there is such a question. */
export async function putAnswer(
  tx: Tx,
  { community, meeting }: Ids,
  question: string,
  answer: Pick<QuestionRow, 'outcome' | 'answer' | 'answered_by'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('meeting_question')
    .set(answer)
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('question_id', '=', question)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Forgets who asked and what, once the exchange is part of a notice. */
export async function dropQuestions(tx: Tx, { community, meeting }: Ids): Promise<void> {
  await tx
    .deleteFrom('meeting_question')
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .execute();
}

/** Drafts of a community that are open for questions, the newest first. */
export const consultedDrafts = (db: Reader, community: string) =>
  db
    .selectFrom('meeting')
    .selectAll()
    .where('community_id', '=', community)
    .where('state', '=', 'draft')
    .where('consulted_at_ms', 'is not', null)
    .orderBy('consulted_at_ms', 'desc')
    .limit(5)
    .execute();
