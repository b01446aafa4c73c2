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

/** Every application of a community with its answer and the places of both in the log, in the order of the log. */
export const applicationsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_application as f')
    .innerJoin('log_entry as l', 'l.id', 'f.entry_id')
    .leftJoin('fund_application_answer as a', (join) =>
      join.onRef('a.community_id', '=', 'f.community_id').onRef('a.application_id', '=', 'f.application_id'),
    )
    .leftJoin('log_entry as m', 'm.id', 'a.entry_id')
    .select([
      'f.record',
      'f.hash',
      'l.idx',
      'a.record as answer',
      'a.entry_id as answerEntry',
      'm.idx as answerIdx',
    ])
    .where('f.community_id', '=', community)
    .orderBy('f.entry_id')
    .execute();

/** How many applications a community has, and how many of them nobody has answered. */
export async function applicationCounts(
  db: Database,
  community: string,
): Promise<{ readonly all: number; readonly waiting: number }> {
  const found = await db
    .selectFrom('fund_application as f')
    .leftJoin('fund_application_answer as a', (join) =>
      join.onRef('a.community_id', '=', 'f.community_id').onRef('a.application_id', '=', 'f.application_id'),
    )
    .select(({ fn }) => [fn.countAll().as('all'), fn.count('a.application_id').as('answered')])
    .where('f.community_id', '=', community)
    .executeTakeFirstOrThrow();
  return { all: Number(found.all), waiting: Number(found.all) - Number(found.answered) };
}

/** An application and its answer, or undefined where the community has none of this id. */
export const applicationById = (db: Database, community: string, application: string) =>
  db
    .selectFrom('fund_application as f')
    .leftJoin('fund_application_answer as a', (join) =>
      join.onRef('a.community_id', '=', 'f.community_id').onRef('a.application_id', '=', 'f.application_id'),
    )
    .select(['f.record', 'f.entry_id', 'a.record as answer'])
    .where('f.community_id', '=', community)
    .where('f.application_id', '=', application)
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
