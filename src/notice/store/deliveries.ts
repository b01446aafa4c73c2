/** The SQL of the delivery register: whose message is whose, readings, what officers record, and the files of record (SPEC 5.1). */
import type { Insertable, Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { DeliveryFileTable, DeliveryTable, NoticeMessageTable } from '../../db/tables/notice.ts';
import type { Tx } from '../../db/transaction.ts';

export type NoticeMessageRow = Selectable<NoticeMessageTable>;
export type DeliveryRow = Selectable<DeliveryTable>;

/** Rows of one statement. */
const CHUNK = 2_000;

/** Keeps which announcement is whose; one that stands already is left as it is. */
export async function insertMessages(tx: Tx, rows: readonly NoticeMessageRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK)
    await tx
      .insertInto('notice_message')
      .values([...rows.slice(at, at + CHUNK)])
      .onConflict((conflict) => conflict.constraint('notice_message_pk').doNothing())
      .execute();
}

/** The messages that brought a meeting's notice, with what became of them; what waits or was not posted yet is left out. */
export const endedMessages = (db: Database, community: string, meeting: string) =>
  db
    .selectFrom('notice_message')
    .innerJoin('outbox', (join) =>
      join
        .onRef('outbox.community_id', '=', 'notice_message.community_id')
        .onRef('outbox.outbox_id', '=', 'notice_message.outbox_id'),
    )
    .leftJoin('print_run', (join) =>
      join
        .onRef('print_run.community_id', '=', 'outbox.community_id')
        .onRef('print_run.run_id', '=', 'outbox.run_id'),
    )
    .selectAll('outbox')
    .select([
      'notice_message.person_id',
      'notice_message.message_proof',
      'notice_message.paper_proof',
      'print_run.posted_at_ms',
    ])
    .where('notice_message.community_id', '=', community)
    .where('notice_message.meeting_id', '=', meeting)
    .where('outbox.event', '=', 'meeting-noticed')
    .where('outbox.state', '<>', 'queued')
    .where((eb) =>
      eb.or([
        eb('outbox.channel', '<>', 'print'),
        eb('outbox.state', '=', 'failed'),
        eb('print_run.posted_at_ms', 'is not', null),
      ]),
    )
    .execute();

export type EndedMessage = Awaited<ReturnType<typeof endedMessages>>[number];

/** Records a reading; false where that person's first one stands already. */
export async function insertReading(tx: Tx, row: Insertable<DeliveryTable>): Promise<boolean> {
  const added = await tx
    .insertInto('delivery')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['community_id', 'meeting_id', 'person_id']).where('state', '=', 'read').doNothing(),
    )
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
}

/** Of these units, one of which this was recorded `times` times already; undefined where there is none. */
export async function unitRecordedOften(
  tx: Tx,
  {
    community,
    meeting,
    state,
  }: { readonly community: string; readonly meeting: string; readonly state: string },
  units: readonly string[],
  times: number,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('delivery')
    .select('unit_id')
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('state', '=', state)
    .where('unit_id', 'in', units)
    .groupBy('unit_id')
    .having((eb) => eb(eb.fn.countAll(), '>=', times))
    .orderBy('unit_id')
    .limit(1)
    .executeTakeFirst();
  return row?.unit_id ?? undefined;
}

export async function insertDeliveries(tx: Tx, rows: readonly Insertable<DeliveryTable>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK)
    await tx
      .insertInto('delivery')
      .values([...rows.slice(at, at + CHUNK)])
      .execute();
}

/** The register of a meeting, beside its messages. */
export const deliveriesOf = (db: Database, community: string, meeting: string): Promise<DeliveryRow[]> =>
  db
    .selectFrom('delivery')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .execute();

/** The first reading of a person, or undefined. */
export const readingOf = (db: Database, community: string, meeting: string, person: string) =>
  db
    .selectFrom('delivery')
    .select('recorded_at_ms')
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('person_id', '=', person)
    .where('state', '=', 'read')
    .executeTakeFirst();

export async function insertFile(tx: Tx, row: Selectable<DeliveryFileTable>): Promise<void> {
  await tx.insertInto('delivery_file').values(row).execute();
}

/** The files of a meeting in the order of the log. */
export const filesOf = (db: Database, community: string, meeting: string) =>
  db
    .selectFrom('delivery_file')
    .select(['moment', 'record'])
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .orderBy('entry_id')
    .execute();
