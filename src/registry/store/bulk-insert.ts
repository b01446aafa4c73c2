/** Many rows by one statement: one array for each column, so that the number of parameters does not grow with the rows. */
import { sql } from 'kysely';
import type { Schema } from '../../db/schema-types.ts';
import type { Tx } from '../../db/transaction.ts';

type ColumnType = 'text' | 'bytea' | 'int8' | 'int4' | 'bool' | 'date';

/** The columns of the rows with their types in the database. */
export type Columns<R> = { readonly [C in keyof R & string]: ColumnType };

/** Rows of one statement, so that each stays far below the time limit of statements. */
const CHUNK = 5_000;

/** The parts of a list, in order. */
export function* chunksOf<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += CHUNK) yield rows.slice(at, at + CHUNK);
}

/** Inserts rows; `replaced` names columns that are overwritten where the row with these key columns is there already. */
export async function insertRows<R extends object>(
  tx: Tx,
  table: keyof Schema & string,
  columns: Columns<R>,
  rows: readonly R[],
  onConflict?: {
    readonly key: readonly (keyof R & string)[];
    readonly replaced: readonly (keyof R & string)[];
  },
): Promise<void> {
  const names = Object.keys(columns) as (keyof R & string)[];
  const refs = (list: readonly string[]) => sql.join(list.map((name) => sql.ref(name)));
  const conflict =
    onConflict === undefined
      ? sql``
      : sql`on conflict (${refs(onConflict.key)}) do update set ${sql.join(
          onConflict.replaced.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`),
        )}`;
  for (const chunk of chunksOf(rows)) {
    const arrays = names.map((name) => {
      const values = chunk.map((row) => row[name]);
      return sql`${sql.val(values)}::${sql.raw(`${columns[name]}[]`)}`;
    });
    await sql`insert into ${sql.table(table)} (${refs(names)}) select * from unnest(${sql.join(arrays)}) ${conflict}`.execute(
      tx,
    );
  }
}
