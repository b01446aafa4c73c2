/** The SQL of what owners ask of a roll before it is frozen, and of the roll that was drawn up last (SPEC 4.4). */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { RollRequestTable } from '../../db/tables/registry.ts';
import type { Tx } from '../../db/transaction.ts';
import type { RollRow } from './rolls.ts';

export type RollRequestRow = Selectable<RollRequestTable>;
type Answered = Pick<RollRequestRow, 'outcome' | 'sealed_answer' | 'answered_by' | 'answered_at_ms'>;

export async function insertRequest(tx: Tx, row: Omit<RollRequestRow, keyof Answered>): Promise<void> {
  await tx
    .insertInto('roll_request')
    .values({ ...row, outcome: null, sealed_answer: null, answered_by: null, answered_at_ms: null })
    .execute();
}

/** Requests of a meeting, or of one person, the oldest first. */
export const requestsOf = (
  db: Database,
  community: string,
  meeting: string,
  person?: string,
): Promise<RollRequestRow[]> =>
  db
    .selectFrom('roll_request')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .$if(person !== undefined, (query) => query.where('person_id', '=', person ?? ''))
    .orderBy('asked_at_ms')
    .orderBy('request_id')
    .execute();

/** Answers a request that nobody has answered yet; false where somebody has. */
export async function answerRequest(
  tx: Tx,
  { community, request }: { readonly community: string; readonly request: string },
  answer: Answered,
): Promise<boolean> {
  const changed = await tx
    .updateTable('roll_request')
    .set(answer)
    .where('community_id', '=', community)
    .where('request_id', '=', request)
    .where('outcome', 'is', null)
    .executeTakeFirst();
  return changed.numUpdatedRows === 1n;
}

/** How many requests of a meeting nobody has answered. */
export async function openRequests(db: Database, community: string, meeting: string): Promise<number> {
  const row = await db
    .selectFrom('roll_request')
    .select(({ fn }) => fn.countAll<bigint>().as('open'))
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('outcome', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.open);
}

/** The frozen roll of a meeting, or else the one that was drawn up last. */
export const shownRoll = (db: Database, community: string, meeting: string): Promise<RollRow | undefined> =>
  db
    .selectFrom('roll')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .orderBy(sql`entry_id is null`)
    .orderBy('drafted_at_ms', 'desc')
    .orderBy('roll_id')
    .limit(1)
    .executeTakeFirst();

/** The leaves of a drawn-up roll in their order. */
export const leavesOfRoll = async (
  db: Database,
  community: string,
  roll: string,
): Promise<readonly Uint8Array[]> =>
  (
    await db
      .selectFrom('roll_entry')
      .select('leaf')
      .where('community_id', '=', community)
      .where('roll_id', '=', roll)
      .orderBy('position')
      .execute()
  ).map(({ leaf }) => leaf);

/** Erases what was asked and answered before `before`, unless the roll of its meeting was frozen since; returns how many. */
export async function eraseRequests(tx: Tx, before: Instant): Promise<number> {
  const erased = await sql`
    update roll_request q set sealed_text = null, sealed_answer = null
     where q.sealed_text is not null and q.asked_at_ms <= ${BigInt(before)}
       and not exists (select from roll r join act a on a.entry_id = r.entry_id
                        where r.community_id = q.community_id and r.meeting_id = q.meeting_id
                          and a.done_at_ms > ${BigInt(before)})`.execute(tx);
  return Number(erased.numAffectedRows ?? 0n);
}
