/**
 * Everything that rests sealed is sealed anew by the current key, in small transactions beside the running service, so that a former
 * key can be destroyed (SPEC 3.1). What was done stays done: a run that was killed goes on where it stopped.
 */
import { InvariantError } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Random } from '../base/clock.ts';
import type { AtRestKeys } from '../crypto/at-rest.ts';
import { generationOfKey, openAtRest, sealAtRest } from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import type { KeyedTable, SealedRow, SealedTable } from '../db/sealed-values.ts';
import { countGenerations, replaceValues, takeOtherRows } from '../db/sealed-values.ts';
import { inTransaction } from '../db/transaction.ts';
import { FUND_SEALED } from '../fund/sealed-tables.ts';
import { IDENTITY_SEALED } from '../identity/sealed-tables.ts';
import { NOTICE_SEALED } from '../notice/sealed-tables.ts';
import { REGISTRY_SEALED } from '../registry/sealed-tables.ts';

/** Every table with sealed columns; what moves from one to another stands in that order. */
export const SEALED_TABLES: readonly SealedTable[] = [
  ...REGISTRY_SEALED,
  ...NOTICE_SEALED,
  ...IDENTITY_SEALED,
  ...FUND_SEALED,
];

export type ResealingDeps = { readonly db: Database; readonly atRest: AtRestKeys; readonly random: Random };

/** How many sealed values there are, by what this deployment's keys are to them. */
export type Generations = {
  readonly current: number;
  /** Of another key that opens. */
  readonly former: number;
  /** Of no key that we have. */
  readonly unknown: number;
  /** The first table and column set that holds an unknown one; empty where there is none. */
  readonly unknownIn: string;
};

/** Counts the sealed values of the database by generation. */
export const generationsIn = ({ db, atRest }: Omit<ResealingDeps, 'random'>): Promise<Generations> =>
  sortGenerations(atRest.sealing, SEALED_TABLES, (table) => countGenerations(db, table));

/** Sorts what tables hold by what keys, the current one first, are to it. */
export async function sortGenerations<Table extends KeyedTable>(
  keys: readonly { readonly keyId: Uint8Array }[],
  tables: readonly Table[],
  countIn: (table: Table) => Promise<ReadonlyMap<string, number>>,
): Promise<Generations> {
  const [current, ...others] = keys.map((key) => toHex(generationOfKey(key)));
  const counted = { current: 0, former: 0, unknown: 0, unknownIn: '' };
  for (const table of tables) {
    for (const [generation, count] of await countIn(table)) {
      if (generation === current) counted.current += count;
      else if (others.includes(generation)) counted.former += count;
      else {
        counted.unknown += count;
        counted.unknownIn ||= table.table;
      }
    }
  }
  return counted;
}

export type Resealed = {
  readonly resealed: number;
  /** What is not of the current key after all. */
  readonly remaining: number;
  /** Places of values that do not open: altered, moved, or of a key that is gone; ids only, the first hundred. */
  readonly unopened: readonly string[];
};

/** Passes over all tables: what a process of the service copied or sealed by the former key in the meantime is met by the next. */
const PASSES = 5;
const MOST_NAMED = 100;

function resealRow(
  { atRest, random }: ResealingDeps,
  { placeOf }: SealedTable,
  { ids, values }: SealedRow,
  unopened: Set<string>,
): SealedRow {
  const resealed = new Map<string, Uint8Array>();
  for (const [column, sealed] of values) {
    const place = placeOf(column, ids);
    try {
      resealed.set(column, sealAtRest(atRest, place, openAtRest(atRest, place, sealed), random));
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      unopened.add(place);
    }
  }
  return { ids, values: resealed };
}

async function resealTable(
  deps: ResealingDeps,
  table: SealedTable,
  unopened: Set<string>,
  onResealed: (values: number) => void,
): Promise<void> {
  const wanted = generationOfKey(deps.atRest.sealing[0]);
  let after: readonly string[] | undefined;
  for (;;) {
    const done = await inTransaction(deps.db, async (tx) => {
      const taken = await takeOtherRows(tx, table, wanted, after);
      const rows = taken.map((row) => resealRow(deps, table, row, unopened));
      const changed = rows.filter((row) => row.values.size > 0);
      await Promise.all(changed.map((row) => replaceValues(tx, table, row)));
      const values = changed.reduce((sum, row) => sum + row.values.size, 0);
      return { values, last: taken.at(-1)?.ids };
    });
    onResealed(done.values);
    if (done.last === undefined) return;
    after = done.last;
  }
}

/** Seals everything anew that is not of the current key; `onProgress` is told how many values were, of how many, after each batch. */
export async function resealAll(
  deps: ResealingDeps,
  onProgress: (resealed: number, of: number) => void = () => undefined,
): Promise<Resealed> {
  const before = await generationsIn(deps);
  let resealed = 0;
  const unopened = new Set<string>();
  for (let pass = 1; ; pass += 1) {
    unopened.clear();
    for (const table of SEALED_TABLES)
      await resealTable(deps, table, unopened, (values) => {
        resealed += values;
        if (values > 0) onProgress(resealed, Math.max(before.former, resealed));
      });
    const { former, unknown } = await generationsIn(deps);
    const remaining = former + unknown;
    if (remaining <= unopened.size || pass === PASSES)
      return { resealed, remaining, unopened: [...unopened].slice(0, MOST_NAMED) };
  }
}
