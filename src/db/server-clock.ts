/** The clock of the database's server, the second witness of the time (SPEC 6.5). */
import { sql } from 'kysely';
import { present } from '../base/assert.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from './connect.ts';

/** Now, by the database's server, in ms since 1970; for statements that compare it or keep it. */
export const SERVER_NOW_MS = sql<bigint>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Now, by the database's server. */
export async function serverNow(db: Database): Promise<Instant> {
  const { rows } = await sql<{ now_ms: bigint }>`
    select ${SERVER_NOW_MS} as now_ms`.execute(db);
  return Number(present(rows[0], 'the server tells the time').now_ms);
}
