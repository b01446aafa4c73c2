/** The SQL of watermarks; `seen_at_ms` is by the server's clock, so that it can be compared between processes. */
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import { SERVER_NOW_MS } from '../../db/server-clock.ts';
import type { Tx } from '../../db/transaction.ts';

export async function putWatermark(
  db: Database | Tx,
  process: string,
  decidedBefore: Instant,
  indexKeys: Uint8Array,
): Promise<void> {
  await sql`
    insert into cast_watermark (process_id, decided_before_ms, seen_at_ms, index_keys)
    values (${process}, ${decidedBefore}, ${SERVER_NOW_MS}, ${indexKeys})
    on conflict on constraint cast_watermark_pk
    do update set decided_before_ms = excluded.decided_before_ms, seen_at_ms = excluded.seen_at_ms,
      index_keys = excluded.index_keys`.execute(db);
}

export async function dropWatermark(db: Database, process: string): Promise<void> {
  await db.deleteFrom('cast_watermark').where('process_id', '=', process).execute();
}

/** Processes other than this one, seen within `aliveMs`, that may still decide a cast of before `instant`. */
export async function processesBehind(
  db: Database,
  process: string,
  instant: Instant,
  aliveMs: number,
): Promise<number> {
  const row = await db
    .selectFrom('cast_watermark')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('process_id', '!=', process)
    .where('decided_before_ms', '<', BigInt(instant))
    .where('seen_at_ms', '>', sql<bigint>`${SERVER_NOW_MS} - ${aliveMs}`)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** What processes seen within `aliveMs` know of index keys. */
export const indexKeysOfProcesses = async (db: Database, aliveMs: number): Promise<readonly Uint8Array[]> =>
  (
    await db
      .selectFrom('cast_watermark')
      .select('index_keys')
      .where('seen_at_ms', '>', sql<bigint>`${SERVER_NOW_MS} - ${aliveMs}`)
      .execute()
  ).map((row) => row.index_keys);

/** Forgets processes that were not seen for `aliveMs`. */
export async function dropStaleWatermarks(db: Database, aliveMs: number): Promise<void> {
  await db
    .deleteFrom('cast_watermark')
    .where('seen_at_ms', '<', sql<bigint>`${SERVER_NOW_MS} - ${aliveMs}`)
    .execute();
}
