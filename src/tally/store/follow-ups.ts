/** The SQL of follow-ups: the lines of each step in the order of the log, with their texts (SPEC 8.2). */
import type { Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { FollowUpTable } from '../../db/tables/tally.ts';
import type { Tx } from '../../db/transaction.ts';

export type FollowUpRow = Selectable<FollowUpTable>;

export async function insertFollowUp(tx: Tx, row: FollowUpRow): Promise<void> {
  await tx.insertInto('followup').values(row).execute();
}

/** The last line of a step, or undefined where it is new. */
export const lastOfStep = (
  tx: Tx,
  {
    community,
    meeting,
    proposal,
    step,
  }: {
    readonly community: string;
    readonly meeting: string;
    readonly proposal: string;
    readonly step: string;
  },
): Promise<FollowUpRow | undefined> =>
  tx
    .selectFrom('followup')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('proposal_id', '=', proposal)
    .where('step_id', '=', step)
    .orderBy('entry_id', 'desc')
    .limit(1)
    .executeTakeFirst();

/** How many plans a meeting has, also those that put off another. */
export async function countPlans(
  tx: Tx,
  { community, meeting }: { readonly community: string; readonly meeting: string },
): Promise<number> {
  const row = await tx
    .selectFrom('followup')
    .select((expression) => expression.fn.countAll<string>().as('count'))
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('state', '=', 'planned')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** All lines of a meeting with their texts, in the order of the log. */
export const followUpOf = (
  db: Database,
  { community, meeting }: { readonly community: string; readonly meeting: string },
) =>
  db
    .selectFrom('followup as f')
    .innerJoin('meeting_text as t', (join) =>
      join
        .onRef('t.community_id', '=', 'f.community_id')
        .onRef('t.meeting_id', '=', 'f.meeting_id')
        .onRef('t.text_hash', '=', 'f.text_hash'),
    )
    .select(['f.proposal_id', 'f.step_id', 'f.state', 'f.due_on', 't.body'])
    .where('f.community_id', '=', community)
    .where('f.meeting_id', '=', meeting)
    .orderBy('f.entry_id')
    .execute();
