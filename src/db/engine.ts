/** What the database says of itself, for `/readyz` and the start. */
import { sql } from 'kysely';
import type { Database } from './connect.ts';
import { SERVER_NOW_MS } from './server-clock.ts';

export type Engine = {
  readonly version: string;
  readonly fsync: string;
  /** Settings with which a committed row can be lost, as `fsync = off`; empty where a commit is what it says. */
  readonly unsafe: readonly string[];
  readonly nowMs: number;
};

/** Version, durability and clock of the server; throws where it does not answer. */
export async function describeEngine(db: Database): Promise<Engine> {
  const { rows } = await sql<{
    version: string;
    fsync: string;
    pages: string;
    commit: string;
    now_ms: bigint;
  }>`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
           current_setting('full_page_writes') as pages, current_setting('synchronous_commit') as commit,
           ${SERVER_NOW_MS} as now_ms`.execute(db);
  const [row] = rows;
  const settings = { fsync: row?.fsync, full_page_writes: row?.pages, synchronous_commit: row?.commit };
  const unsafe = Object.entries(settings).filter(([, value]) => value === 'off');
  return {
    version: row?.version ?? '',
    fsync: row?.fsync ?? '',
    unsafe: unsafe.map(([name]) => `${name} = off`),
    nowMs: Number(row?.now_ms ?? 0n),
  };
}

/** SHA-256 of the schema.sql that the database was made from, or undefined where it has none of our tables. */
export async function recordedSchema(db: Database): Promise<Uint8Array | undefined> {
  const { rows } = await sql<{
    found: boolean;
  }>`select to_regclass('deployment') is not null as found`.execute(db);
  if (rows[0]?.found !== true) return undefined;
  return (await db.selectFrom('deployment').select('schema_hash').executeTakeFirst())?.schema_hash;
}
