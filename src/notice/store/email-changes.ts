/** The SQL of addresses of e-mail that were confirmed, changed or removed, until their owners are told and that is forgotten (SPEC 3.7). */
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { EmailChangeTable } from '../../db/tables/notice.ts';
import type { Tx } from '../../db/transaction.ts';

export type EmailChangeRow = Selectable<EmailChangeTable>;

export async function insertChange(
  tx: Tx,
  row: Omit<Insertable<EmailChangeTable>, 'queued_at_ms'>,
): Promise<void> {
  await tx
    .insertInto('email_change')
    .values({ ...row, queued_at_ms: null })
    .execute();
}

/** The oldest change that nobody was told of yet, locked until the transaction ends; several processes may look. */
export const nextChange = (tx: Tx): Promise<EmailChangeRow | undefined> =>
  tx
    .selectFrom('email_change')
    .selectAll()
    .where('queued_at_ms', 'is', null)
    .orderBy('changed_at_ms')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();

/** Marks it as told at the moment at which its announcements were queued, and forgets the address that ended. */
export async function markChangeQueued(tx: Tx, row: EmailChangeRow, now: Instant): Promise<void> {
  await tx
    .updateTable('email_change')
    .set({ sealed_former: null, queued_at_ms: BigInt(now) })
    .where('community_id', '=', row.community_id)
    .where('code_id', '=', row.code_id)
    .where('event', '=', row.event)
    .execute();
}

/** Deletes what changed before `before`, once no recipient is left of what was queued of it: an erasure finds these by it. */
export async function deleteChanges(db: Database, before: Instant): Promise<void> {
  await sql`delete from email_change c
    where c.changed_at_ms < ${BigInt(before)}
      and not exists (select from outbox o
                       where o.community_id = c.community_id and o.entry_idx is null
                         and o.queued_at_ms = c.queued_at_ms and o.sealed_recipient is not null)`.execute(db);
}
