/** Rows that are found by a keyed index of a document's number, with the sealed number that the index is computed from (SPEC 3.1). */
import { sql } from 'kysely';
import { present } from '../base/assert.ts';
import type { KeyedTable } from './sealed-values.ts';
import type { Tx } from './transaction.ts';

/** A table with one index column; kind and sealed number stand beside it. */
export type IndexedTable = KeyedTable & {
  readonly columns: readonly [string];
  readonly kind: string;
  readonly sealed: string;
  /** Where the number is sealed for. */
  readonly placeOf: (ids: readonly string[]) => string;
};

/** Kind and sealed number of rows that this transaction has locked, by the order of `rows`. */
export async function readNumbers(
  tx: Tx,
  { table, key, kind, sealed }: IndexedTable,
  rows: readonly (readonly string[])[],
): Promise<readonly { readonly docKind: string; readonly sealed: Uint8Array }[]> {
  const ids = sql.join(rows.map((row) => sql`(${sql.join([...row])})`));
  const keys = sql.join(key.map((column) => sql.ref(column)));
  const found = await sql<Record<string, unknown>>`
    select ${keys}, ${sql.ref(kind)} as of_kind, ${sql.ref(sealed)} as of_number from ${sql.table(table)}
     where (${keys}) in (${ids})`.execute(tx);
  const nameOf = (row: readonly unknown[]): string => row.join('/');
  const byName = new Map(found.rows.map((row) => [nameOf(key.map((column) => row[column])), row]));
  return rows.map((row) => {
    const { of_kind, of_number } = present(byName.get(nameOf(row)), 'a locked row stays');
    return { docKind: String(of_kind), sealed: of_number as Uint8Array };
  });
}
