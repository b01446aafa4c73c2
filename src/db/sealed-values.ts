/**
 * Walks what rests sealed or stands under a keyed index, table by table in the order of the primary key, without knowing what it is: the
 * first five bytes of a value name the generation of its key (SPEC 3.1).
 */
import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import { toHex } from '../base/bytes.ts';
import type { Database } from './connect.ts';
import type { Tx } from './transaction.ts';

/** A table with columns of bytes that begin with the generation of their key. */
export type KeyedTable = {
  readonly table: string;
  /** The primary key; texts all. */
  readonly key: readonly [string, ...string[]];
  /** Those columns; null where erased. */
  readonly columns: readonly [string, ...string[]];
  /** How many rows a transaction takes: few where they are files. */
  readonly rowsAtOnce: number;
  /** Whether writers hold the row of the community while they copy sealed values from row to row. */
  readonly isCopiedUnderCommunity: boolean;
};

/** A table with sealed columns. */
export type SealedTable = KeyedTable & {
  /** Where a value is sealed for. */
  readonly placeOf: (column: string, ids: readonly string[]) => string;
};

/** The values of a row that are not of the wanted generation, by column. */
export type SealedRow = {
  readonly ids: readonly string[];
  readonly values: ReadonlyMap<string, Uint8Array>;
};

const generation = (column: string): RawBuilder<unknown> => sql`substring(${sql.ref(column)} from 1 for 5)`;

/** How many values of each generation, as hex, a table holds. */
export async function countGenerations(
  db: Database | Tx,
  { table, columns }: KeyedTable,
): Promise<ReadonlyMap<string, number>> {
  const values = sql.join(columns.map((column) => sql`(${generation(column)})`));
  const { rows } = await sql<{ generation: string; count: bigint }>`
    select encode(each.generation, 'hex') as generation, count(*) as count
      from ${sql.table(table)} cross join lateral (values ${values}) as each (generation)
     where each.generation is not null group by 1`.execute(db);
  return new Map(rows.map((row) => [row.generation, Number(row.count)]));
}

const keyOf = ({ key }: KeyedTable): RawBuilder<unknown> => sql.join(key.map((column) => sql.ref(column)));

const isOther = ({ columns }: KeyedTable, wanted: Uint8Array): RawBuilder<unknown> =>
  sql.join(
    // Null where there is no value, which a where takes for no.
    columns.map((column) => sql`${generation(column)} <> ${wanted}`),
    sql` or `,
  );

const isAfter = (table: KeyedTable, after: readonly string[] | undefined): RawBuilder<unknown> =>
  after === undefined ? sql`true` : sql`(${keyOf(table)}) > (${sql.join([...after])})`;

/** Waits for whoever copies sealed values from row to row in these communities, and keeps others from beginning. */
async function lockCommunities(tx: Tx, communities: readonly string[]): Promise<void> {
  if (communities.length === 0) return;
  await sql`
    select 1 from community where community_id in (${sql.join([...communities])})
     order by community_id for no key update`.execute(tx);
}

/** The next rows after `after` that have a value of another generation than `wanted`, locked until the transaction ends. */
export async function takeOtherRows(
  tx: Tx,
  table: KeyedTable,
  wanted: Uint8Array,
  after: readonly string[] | undefined,
): Promise<readonly SealedRow[]> {
  const chosen = sql`from ${sql.table(table.table)} where (${isOther(table, wanted)}) and ${isAfter(table, after)}
    order by ${keyOf(table)} limit ${table.rowsAtOnce}`;
  if (table.isCopiedUnderCommunity) {
    const { rows } = await sql<{ community_id: string }>`
      select distinct community_id from (select community_id ${chosen}) each`.execute(tx);
    await lockCommunities(tx, rows.map((row) => row.community_id).sort());
  }
  const columns = sql.join([...table.key, ...table.columns].map((column) => sql.ref(column)));
  const { rows } = await sql<Record<string, unknown>>`select ${columns} ${chosen} for no key update`.execute(
    tx,
  );
  return rows.map((row) => ({
    ids: table.key.map((column) => String(row[column])),
    values: new Map(
      table.columns.flatMap((column) => {
        const value = row[column];
        const isWanted = !(value instanceof Uint8Array) || toHex(value.subarray(0, 5)) === toHex(wanted);
        return isWanted ? [] : [[column, value] as const];
      }),
    ),
  }));
}

/** Puts values of a row, which this transaction has locked, in the place of those that were there. */
export async function replaceValues(tx: Tx, { table, key }: KeyedTable, row: SealedRow): Promise<void> {
  const set = sql.join([...row.values].map(([column, value]) => sql`${sql.ref(column)} = ${value}`));
  const where = sql.join(
    key.map((column, at) => sql`${sql.ref(column)} = ${row.ids[at] ?? ''}`),
    sql` and `,
  );
  await sql`update ${sql.table(table)} set ${set} where ${where}`.execute(tx);
}
