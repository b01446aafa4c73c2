/** Rows whose time is over, in tables that say so in one column (docs/personal-information.md). */
import { sql } from 'kysely';
import type { Instant } from '../base/instant.ts';
import type { Database } from './connect.ts';

/** Rows are over `keptMs` after the instant in `column`. */
export type ExpiringTable = { readonly table: string; readonly column: string; readonly keptMs: number };

const over = ({ table, column, keptMs }: ExpiringTable, now: Instant) =>
  sql`from ${sql.table(table)} where ${sql.ref(column)} <= ${BigInt(now - keptMs)}`;

/** How many rows are over. */
export async function countExpired(db: Database, table: ExpiringTable, now: Instant): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`select count(*) as count ${over(table, now)}`.execute(db);
  return Number(rows[0]?.count ?? 0n);
}

/** Deletes the rows that are over, and returns how many. */
export async function deleteExpired(db: Database, table: ExpiringTable, now: Instant): Promise<number> {
  const deleted = await sql`delete ${over(table, now)}`.execute(db);
  return Number(deleted.numAffectedRows ?? 0n);
}
