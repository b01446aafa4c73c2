/** The SQL of the rows beside the ledger that the log names one by one, whole as they stand, for the check of a book (SPEC 8.7). */
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { LoggedTable } from '../domain/row-check.ts';

/** A row by the names of its columns. */
export type AnyRow = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

/** The rows of a community in one of these tables, in the order of the log. */
export async function rowsOf(
  db: Database,
  table: LoggedTable,
  logColumn: 'entry_id' | 'log_entry_id',
  community: string,
): Promise<readonly AnyRow[]> {
  const found = await sql<AnyRow>`
    select * from ${sql.table(table)} where community_id = ${community} order by ${sql.ref(logColumn)}`.execute(
    db,
  );
  return found.rows;
}
