/** What the database says of itself, for `/readyz` and the start. */
import { sql } from 'kysely';
import type { Database } from './connect.ts';

export type Engine = { readonly version: string; readonly fsync: string; readonly nowMs: number };

/** Version, fsync and clock of the server; throws where it does not answer. */
export async function describeEngine(db: Database): Promise<Engine> {
  const { rows } = await sql<{ version: string; fsync: string; now_ms: bigint }>`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
           (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms`.execute(db);
  const [row] = rows;
  return { version: row?.version ?? '', fsync: row?.fsync ?? '', nowMs: Number(row?.now_ms ?? 0n) };
}
