/** The SQL of reminders: when officers asked for one, and whether it went out (SPEC 6.11). */
import type { Selectable } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { ReminderTable } from '../../db/tables/ballot.ts';
import type { Tx } from '../../db/transaction.ts';

export type ReminderRow = Selectable<ReminderTable>;

/** Reminders of a meeting in their order. */
export const remindersOf = (db: Database, community: string, meeting: string): Promise<ReminderRow[]> =>
  db
    .selectFrom('reminder')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .orderBy('round')
    .execute();

export async function insertReminder(tx: Tx, row: Omit<ReminderRow, 'queued_at_ms'>): Promise<void> {
  await tx
    .insertInto('reminder')
    .values({ ...row, queued_at_ms: null })
    .execute();
}

/** A reminder that nobody has queued yet, for one process at a time. */
export const nextReminder = (tx: Tx): Promise<ReminderRow | undefined> =>
  tx
    .selectFrom('reminder')
    .selectAll()
    .where('queued_at_ms', 'is', null)
    .orderBy('asked_at_ms')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();

export async function markQueued(tx: Tx, row: ReminderRow, now: Instant): Promise<void> {
  await tx
    .updateTable('reminder')
    .set({ queued_at_ms: now })
    .where('community_id', '=', row.community_id)
    .where('meeting_id', '=', row.meeting_id)
    .where('round', '=', row.round)
    .execute();
}

/** The entry that opened a meeting, from which the ids of its reminders are derived; undefined before it is numbered. */
export const openingEntry = (tx: Tx, meeting: string) =>
  tx
    .selectFrom('log_entry')
    .select(['idx', 'leaf_hash'])
    .where('meeting_id', '=', meeting)
    .where('kind', '=', 'meeting.opened')
    .where('idx', 'is not', null)
    .executeTakeFirst();
