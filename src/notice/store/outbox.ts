/** The SQL of announcements: watermark, outbox, print runs (SPEC 3.7). */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { OutboxTable, PrintRunTable } from '../../db/tables/notice.ts';
import type { Tx } from '../../db/transaction.ts';
import { REMINDER, TO_EVERYBODY, TO_FORMER } from '../domain/outgoing.ts';

export type OutboxRow = Selectable<OutboxTable>;
export type NewOutboxRow = Pick<
  OutboxRow,
  | 'community_id'
  | 'outbox_id'
  | 'entry_idx'
  | 'event'
  | 'facts'
  | 'channel'
  | 'state'
  | 'error_code'
  | 'ended_at_ms'
> & { readonly sealed_recipient: Uint8Array };

/** Communities that have entries which nobody has looked at yet. */
export const communitiesBehind = async (db: Database): Promise<readonly string[]> =>
  (
    await sql<{ community_id: string }>`
      select c.community_id from community c
        left join notice_watermark w on w.community_id = c.community_id
       where exists (select from log_entry e
                      where e.community_id = c.community_id and e.idx >= coalesce(w.next_idx, 0))
       order by c.community_id`.execute(db)
  ).rows.map((row) => row.community_id);

/** The watermark, locked until the transaction ends; undefined while another process has it. */
export async function lockWatermark(tx: Tx, community: string): Promise<bigint | undefined> {
  await sql`insert into notice_watermark (community_id, next_idx) values (${community}, 0) on conflict do nothing`.execute(
    tx,
  );
  const row = await tx
    .selectFrom('notice_watermark')
    .select('next_idx')
    .where('community_id', '=', community)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row?.next_idx;
}

export async function moveWatermark(tx: Tx, community: string, next: bigint): Promise<void> {
  await tx
    .updateTable('notice_watermark')
    .set({ next_idx: next })
    .where('community_id', '=', community)
    .where('next_idx', '<', next)
    .execute();
}

/** The next entries of these kinds of a community, in the order of the log; at most `limit`. */
export const nextEntries = (
  tx: Tx,
  community: string,
  kinds: readonly string[],
  from: bigint,
  limit: number,
) =>
  tx
    .selectFrom('log_entry')
    .select(['id', 'idx', 'data', 'leaf_hash'])
    .where('community_id', '=', community)
    .where('idx', '>=', from)
    .where('kind', 'in', [...kinds])
    .orderBy('idx')
    .limit(limit)
    .execute();

/** Whether anybody was announced the entry at an index. */
export const isAnnouncedAt = async (tx: Tx, community: string, index: bigint): Promise<boolean> =>
  (await tx
    .selectFrom('outbox')
    .select('outbox_id')
    .where('community_id', '=', community)
    .where('entry_idx', '=', index)
    .limit(1)
    .executeTakeFirst()) !== undefined;

/** The numbered entry of a community at an index. */
export const entryAt = (db: Database, community: string, index: number) =>
  db
    .selectFrom('log_entry')
    .select(['id', 'data'])
    .where('community_id', '=', community)
    .where('idx', '=', BigInt(index))
    .executeTakeFirst();

/** The meeting that an entry is about; null where it is about none. */
export const meetingOfEntry = async (db: Database, index: bigint): Promise<string | null> =>
  (await db.selectFrom('log_entry').select('meeting_id').where('idx', '=', index).executeTakeFirstOrThrow())
    .meeting_id;

/** So much earlier a warning counts as due than what goes to everybody. */
const AHEAD_MS = 30 * 86_400_000;

/** How many messages of a community wait for the gateway, without those to everybody. */
export async function waitingMessages(db: Database, community: string): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('community_id', '=', community)
    .where('state', '=', 'queued')
    .where('channel', '=', 'webhook')
    .where('event', 'not in', TO_EVERYBODY)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Rows of one statement. */
const CHUNK = 2_000;

/** Queues announcements; one that stands already is left as it is. */
export async function insertOutbox(tx: Tx, rows: readonly NewOutboxRow[], now: Instant): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK)
    await tx
      .insertInto('outbox')
      .values(
        rows.slice(at, at + CHUNK).map((row) => ({
          ...row,
          next_at_ms: TO_EVERYBODY.includes(row.event) ? now : now - AHEAD_MS,
          queued_at_ms: now,
        })),
      )
      .onConflict((conflict) => conflict.constraint('outbox_pk').doNothing())
      .execute();
}

/** A rest or a lease that lies further ahead is of a clock that ran ahead and was set right since: it is void. */
const LONGEST_REST_MS = 3_600_000;

/** Takes messages of a channel that are due, for `leaseMs`; several processes may. */
export const claimMessages = async (
  db: Database,
  channel: 'webhook' | 'email',
  now: Instant,
  leaseMs: number,
  limit: number,
): Promise<readonly OutboxRow[]> =>
  (
    await sql<OutboxRow>`
      update outbox o set attempts = o.attempts + 1, held_until_ms = ${now + leaseMs}::bigint
        from (select community_id, outbox_id from outbox
               where channel = ${channel} and channel <> 'print' and state = 'queued'
                 and (next_at_ms <= ${now}::bigint or next_at_ms > ${now + LONGEST_REST_MS}::bigint)
                 and (held_until_ms is null or held_until_ms <= ${now}::bigint or held_until_ms > ${now + 2 * leaseMs}::bigint)
               order by next_at_ms limit ${limit} for update skip locked) as due
       where o.community_id = due.community_id and o.outbox_id = due.outbox_id
      returning o.*`.execute(db)
  ).rows;

/** Records what became of a message, while this attempt holds it. */
export async function settleMessage(
  db: Database,
  row: OutboxRow,
  change: Partial<
    Pick<OutboxRow, 'channel' | 'state' | 'error_code' | 'receipt' | 'receipt_proof' | 'sealed_recipient'>
  > & {
    readonly next_at_ms?: bigint;
    readonly ended_at_ms?: bigint;
  },
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ ...change, held_until_ms: null })
    .where('community_id', '=', row.community_id)
    .where('outbox_id', '=', row.outbox_id)
    .where('state', '=', 'queued')
    .where('attempts', '=', row.attempts)
    .execute();
}

/** Ends every e-mail that waits, where nothing sends it any more. */
export async function endMails(db: Database, code: string, now: Instant): Promise<void> {
  await db
    .updateTable('outbox')
    .set({
      state: 'failed',
      error_code: code,
      ended_at_ms: now,
      held_until_ms: null,
      sealed_recipient: sql`case when ${sql.ref('event')} = any(${[...TO_FORMER]}::text[]) then null else sealed_recipient end`,
    })
    .where('channel', '=', 'email')
    .where('state', '=', 'queued')
    .execute();
}

/** Counts by state and channel, of one community or of all, without reminders: how many those are is how many have not voted. */
export const countStates = (db: Database, community?: string) =>
  db
    .selectFrom('outbox')
    .select(['state', 'channel'])
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('event', '<>', REMINDER)
    .$if(community !== undefined, (query) => query.where('community_id', '=', community ?? ''))
    .groupBy(['state', 'channel'])
    .execute();

/** The latest announcements of a community. */
export const latestOutbox = (db: Database, community: string, limit: number) =>
  db
    .selectFrom('outbox')
    .select(['outbox_id', 'entry_idx', 'event', 'channel', 'state', 'attempts', 'error_code', 'queued_at_ms'])
    .where('community_id', '=', community)
    .where('event', '<>', REMINDER)
    .orderBy('queued_at_ms', 'desc')
    .orderBy('entry_idx', 'desc')
    .limit(limit)
    .execute();

/** Takes the oldest announcements that wait for paper into a run. */
export const takeForPrint = async (
  tx: Tx,
  run: Pick<Selectable<PrintRunTable>, 'community_id' | 'run_id' | 'officer_id'>,
  now: Instant,
  limit: number,
): Promise<number> => {
  const rows = await tx
    .selectFrom('outbox')
    .select('outbox_id')
    .where('community_id', '=', run.community_id)
    .where('state', '=', 'queued')
    .where('channel', '=', 'print')
    .orderBy('queued_at_ms')
    .orderBy('outbox_id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  if (rows.length === 0) return 0;
  await tx
    .insertInto('print_run')
    .values({ ...run, count: rows.length, printed_at_ms: now })
    .execute();
  await tx
    .updateTable('outbox')
    .set({ state: 'sent', run_id: run.run_id, ended_at_ms: now })
    .where('community_id', '=', run.community_id)
    .where(
      'outbox_id',
      'in',
      rows.map((row) => row.outbox_id),
    )
    .execute();
  return rows.length;
};

export const printRun = (db: Database, community: string, run: string) =>
  db
    .selectFrom('print_run')
    .selectAll()
    .where('community_id', '=', community)
    .where('run_id', '=', run)
    .executeTakeFirst();

/** The latest print runs of a community. */
export const printRuns = (db: Database, community: string, limit: number) =>
  db
    .selectFrom('print_run')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('printed_at_ms', 'desc')
    .limit(limit)
    .execute();

/** The announcements of a print run. */
export const rowsOfRun = (db: Database, community: string, run: string): Promise<OutboxRow[]> =>
  db
    .selectFrom('outbox')
    .selectAll()
    .where('community_id', '=', community)
    .where('run_id', '=', run)
    .orderBy('queued_at_ms')
    .orderBy('outbox_id')
    .execute();

/** Records that a run was posted, once; false where it was before or is unknown. */
export async function markPosted(
  tx: Tx,
  { community, run, officer }: { readonly community: string; readonly run: string; readonly officer: string },
  now: Instant,
): Promise<boolean> {
  const posted = await tx
    .updateTable('print_run')
    .set({ posted_by: officer, posted_at_ms: now })
    .where('community_id', '=', community)
    .where('run_id', '=', run)
    .where('posted_at_ms', 'is', null)
    .executeTakeFirst();
  if (posted.numUpdatedRows === 0n) return false;
  await tx
    .updateTable('outbox')
    .set({ state: 'delivered' })
    .where('community_id', '=', community)
    .where('run_id', '=', run)
    .execute();
  return true;
}

/** Erases the recipients of announcements that ended before `before`, and what mail servers answered of them. */
export async function eraseRecipients(db: Database, before: Instant): Promise<number> {
  const erased = await db
    .updateTable('outbox')
    .set({ sealed_recipient: null, receipt: null })
    .where('sealed_recipient', 'is not', null)
    .where('ended_at_ms', '<', BigInt(before))
    .executeTakeFirst();
  return Number(erased.numUpdatedRows);
}
