// Who waits for a lock in one database: other test files use the same server at the same time, and a wait for the end of another
// transaction names no database in pg_locks.
import { sql } from 'kysely';
import type { Database } from '../../src/db/connect.ts';

/** How many sessions of this connection's database wait for a lock of any kind. */
export async function waitingSessions(db: Database): Promise<number> {
  const found = await sql<{ waiting: bigint }>`
    select count(distinct l.pid) as waiting from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where not l.granted and a.datname = current_database()`.execute(db);
  return Number(found.rows[0]?.waiting ?? 0n);
}
