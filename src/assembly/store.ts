/** The SQL of the assembly floor. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../base/instant.ts';
import type { NamedLocks } from '../db/advisory-locks.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Database } from '../db/connect.ts';
import { PLANNED_ONCE } from '../db/planned-once.ts';
import { SERVER_NOW_MS } from '../db/server-clock.ts';
import type { MeetingBoxTable, MeetingTable } from '../db/tables/assembly.ts';
import type { Tx } from '../db/transaction.ts';

export type MeetingRow = Selectable<MeetingTable>;
export type MeetingBoxRow = Selectable<MeetingBoxTable>;
type Reader = Database | Tx;

export async function insertMeeting(
  tx: Tx,
  row: Omit<MeetingRow, 'meeting_hash' | 'objection_until_ms' | 'consulted_at_ms'>,
  texts: readonly { readonly text_hash: Uint8Array; readonly body: string }[],
): Promise<void> {
  await tx
    .insertInto('meeting')
    .values({ ...row, meeting_hash: null, objection_until_ms: null, consulted_at_ms: null })
    .execute();
  await insertTexts(tx, { community_id: row.community_id, meeting_id: row.meeting_id }, texts);
}

/** Adds texts that people read; one that stands already stays. */
export async function insertTexts(
  tx: Tx,
  ids: { readonly community_id: string; readonly meeting_id: string },
  texts: readonly { readonly text_hash: Uint8Array; readonly body: string }[],
): Promise<void> {
  await tx
    .insertInto('meeting_text')
    .values(texts.map((text) => ({ ...ids, ...text })))
    .onConflict((conflict) => conflict.constraint('meeting_text_pk').doNothing())
    .execute();
}

export const meetingById = (db: Reader, meeting: string): Promise<MeetingRow | undefined> =>
  db.selectFrom('meeting').selectAll().where('meeting_id', '=', meeting).executeTakeFirst();

export const lockMeeting = (tx: Tx, meeting: string): Promise<MeetingRow | undefined> =>
  tx.selectFrom('meeting').selectAll().where('meeting_id', '=', meeting).forUpdate().executeTakeFirst();

export const meetingsOf = (db: Reader, community: string): Promise<MeetingRow[]> =>
  db
    .selectFrom('meeting')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('created_at_ms', 'desc')
    .execute();

export const publishedMeetings = (db: Reader): Promise<MeetingRow[]> =>
  db
    .selectFrom('meeting')
    .selectAll()
    .where('state', 'not in', ['draft', 'cancelled'])
    .orderBy('opens_at_ms', 'desc')
    .limit(200)
    .execute();

export async function changeMeeting(
  tx: Tx,
  meeting: string,
  change: Partial<Pick<MeetingRow, 'state' | 'definition' | 'meeting_hash'>> & {
    objection_until_ms?: Instant;
    closes_at_ms?: Instant;
    consulted_at_ms?: Instant;
  },
): Promise<void> {
  await tx.updateTable('meeting').set(change).where('meeting_id', '=', meeting).execute();
}

export const textsOf = (db: Reader, community: string, meeting: string) =>
  db
    .selectFrom('meeting_text')
    .select(['text_hash', 'body'])
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .execute();

export const boxOf = (db: Reader, community: string, meeting: string): Promise<MeetingBoxRow | undefined> =>
  db
    .selectFrom('meeting_box')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .executeTakeFirst();

export async function insertBox(tx: Tx, row: Omit<MeetingBoxRow, 'secret'>): Promise<void> {
  await tx
    .insertInto('meeting_box')
    .values({ ...row, secret: null })
    .execute();
}

export async function releaseBox(tx: Tx, meeting: string, secret: Uint8Array): Promise<void> {
  await tx.updateTable('meeting_box').set({ secret }).where('meeting_id', '=', meeting).execute();
}

/** Whether a community has a meeting between its arming and its close. */
export const hasRunningMeeting = async (tx: Tx, community: string): Promise<boolean> =>
  (await tx
    .selectFrom('meeting')
    .select('meeting_id')
    .where('community_id', '=', community)
    .where('state', 'in', ['armed', 'open', 'paused', 'closing'])
    .limit(1)
    .executeTakeFirst()) !== undefined;

/** Namespace of the meeting's advisory locks; a shared row lock would starve the close (SPEC 6.5). */
const MEETING_LOCK = 7_402;

/** Held by every group of casts until it commits. */
export const sharedMeetingLocks = (meetings: readonly string[]): NamedLocks => ({
  space: MEETING_LOCK,
  shared: true,
  names: meetings,
});

/** State and window of some meetings, and what the server's clock shows. */
export const meetingWindows = async (tx: Tx, meetings: readonly string[]) =>
  (
    await sql<Pick<MeetingRow, 'meeting_id' | 'state' | 'opens_at_ms' | 'closes_at_ms'> & { now_ms: bigint }>`
      ${PLANNED_ONCE} select m.meeting_id, m.state, m.opens_at_ms, m.closes_at_ms,
             ${SERVER_NOW_MS} as now_ms
        from unnest(${[...meetings]}::text[]) as w (id)
       cross join lateral (select * from meeting i where i.meeting_id = w.id limit 1) as m`.execute(tx)
  ).rows;

/** Held by whatever changes the meeting's state. */
export async function lockMeetingAlone(tx: Tx, meeting: string): Promise<void> {
  await takeLocks(tx, [{ space: MEETING_LOCK, shared: false, names: [meeting] }]);
}
