/** The SQL of property managers' applications and of the answers to them (SPEC 8.3). */
import type { Insertable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FundApplicationAnswerTable, FundApplicationTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export async function insertApplication(tx: Tx, row: Insertable<FundApplicationTable>): Promise<void> {
  await tx.insertInto('fund_application').values(row).execute();
}

export async function insertAnswer(tx: Tx, row: Insertable<FundApplicationAnswerTable>): Promise<void> {
  await tx.insertInto('fund_application_answer').values(row).execute();
}

/** Every application of a community with its place in the log, in the order of the log. */
export const applicationsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_application as f')
    .innerJoin('log_entry as l', 'l.id', 'f.entry_id')
    .select(['f.application_id', 'f.record', 'f.hash', 'l.idx'])
    .where('f.community_id', '=', community)
    .orderBy('f.entry_id')
    .execute();

/** Answers with the cancellation of the meeting that each names: its log row and when it was executed, null while there is none. */
const answers = (db: Database, community: string) =>
  db
    .selectFrom('fund_application_answer as a')
    .leftJoin('act as c', (join) =>
      join
        .onRef('c.community_id', '=', 'a.community_id')
        .onRef('c.meeting_id', '=', 'a.meeting_id')
        .on('c.kind', '=', 'meeting.cancelled')
        .on('c.state', '=', 'done'),
    )
    .where('a.community_id', '=', community);

/** Every answer of a community with its place in the log and what called its meeting off, in the order of the log. */
export const answersOf = (db: Database, community: string) =>
  answers(db, community)
    .innerJoin('log_entry as l', 'l.id', 'a.entry_id')
    .leftJoin('log_entry as m', 'm.id', 'c.entry_id')
    .select([
      'a.application_id',
      'a.record',
      'l.idx',
      'c.done_at_ms as calledOffAtMs',
      'm.idx as calledOffIdx',
    ])
    .orderBy('a.entry_id')
    .execute();

/** The last answer to an application and the log row that called its meeting off, or undefined where nobody answered yet. */
export const lastAnswer = (db: Database, community: string, application: string) =>
  answers(db, community)
    .select(['a.answer_no', 'c.entry_id as calledOffEntry'])
    .where('a.application_id', '=', application)
    .orderBy('a.answer_no', 'desc')
    .limit(1)
    .executeTakeFirst();

/** How many applications a community has, and how many of them wait for an answer, for the first or another one. */
export async function applicationCounts(
  db: Database,
  community: string,
): Promise<{ readonly all: number; readonly waiting: number }> {
  const found = await db
    .selectFrom('fund_application')
    .select(({ fn }) => fn.countAll().as('all'))
    .where('community_id', '=', community)
    .executeTakeFirstOrThrow();
  const standing = await answers(db, community)
    .select(({ fn }) => fn.countAll().as('count'))
    .where('c.entry_id', 'is', null)
    .executeTakeFirstOrThrow();
  return { all: Number(found.all), waiting: Number(found.all) - Number(standing.count) };
}

/** An application, or undefined where the community has none of this id. */
export const applicationById = (db: Database, community: string, application: string) =>
  db
    .selectFrom('fund_application')
    .select('entry_id')
    .where('community_id', '=', community)
    .where('application_id', '=', application)
    .executeTakeFirst();

/** Whether the log has the notice of a meeting behind the entry of this row. */
export async function isNoticedAfter(
  db: Database,
  { community, meeting }: { readonly community: string; readonly meeting: string },
  entryId: bigint,
): Promise<boolean> {
  const found = await db
    .selectFrom('log_entry')
    .select('id')
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('kind', '=', 'meeting.noticed')
    .where('id', '>', entryId)
    .executeTakeFirst();
  return found !== undefined;
}
