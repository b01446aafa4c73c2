/**
 * Everything that is found by the keyed index of a document's number gets its index anew under the current key, computed from the sealed
 * number, in small transactions beside the running service (SPEC 3.1). Each index names its key: a run that was killed goes on where it
 * stopped, and until the end every process finds each row by any of its keys.
 */
import { InvariantError } from '../base/assert.ts';
import { fromUtf8 } from '../base/bytes.ts';
import { generationOfKey, numberIndex, openAtRest } from '../crypto/at-rest.ts';
import type { IndexedTable } from '../db/indexed-values.ts';
import { readNumbers } from '../db/indexed-values.ts';
import { countGenerations, replaceValues, takeOtherRows } from '../db/sealed-values.ts';
import { inTransaction } from '../db/transaction.ts';
import { IDENTITY_INDEXED } from '../identity/indexed-tables.ts';
import { REGISTRY_INDEXED } from '../registry/indexed-tables.ts';
import type { Generations, ResealingDeps } from './resealing.ts';
import { sortGenerations } from './resealing.ts';

/** Every table with a keyed index of numbers. */
export const INDEXED_TABLES: readonly IndexedTable[] = [...REGISTRY_INDEXED, ...IDENTITY_INDEXED];

type ReindexingDeps = Pick<ResealingDeps, 'db' | 'atRest'>;

/** Counts the indexes of the database by what this deployment's keys are to them. */
export const indexGenerations = ({ db, atRest }: ReindexingDeps): Promise<Generations> =>
  sortGenerations(atRest.indexing, INDEXED_TABLES, (table) => countGenerations(db, table));

export type Reindexed = {
  readonly reindexed: number;
  /** What is not of the current key after all. */
  readonly remaining: number;
  /** Places of numbers that do not open; ids only, the first hundred. */
  readonly unopened: readonly string[];
};

/** Passes over all tables: what a process of the service wrote by the former key in the meantime is met by the next. */
const PASSES = 5;
const MOST_NAMED = 100;

/** The index of an opened number, or undefined where it does not open. */
function indexOfSealed(
  { atRest }: ReindexingDeps,
  place: string,
  { docKind, sealed }: { readonly docKind: string; readonly sealed: Uint8Array },
): Uint8Array | undefined {
  try {
    const number = fromUtf8(openAtRest(atRest, place, sealed));
    return number === undefined ? undefined : numberIndex(atRest, docKind, number);
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    return undefined;
  }
}

/** The next rows after `after` under the current key; how many were, and the last one's ids. */
const reindexRows = (
  deps: ReindexingDeps,
  table: IndexedTable,
  after: readonly string[] | undefined,
  unopened: Set<string>,
): Promise<{ readonly count: number; readonly last: readonly string[] | undefined }> =>
  inTransaction(deps.db, async (tx) => {
    const taken = await takeOtherRows(tx, table, generationOfKey(deps.atRest.indexing[0]), after);
    if (taken.length === 0) return { count: 0, last: undefined };
    const numbers = await readNumbers(
      tx,
      table,
      taken.map((row) => row.ids),
    );
    let count = 0;
    for (const [at, { ids }] of taken.entries()) {
      const place = table.placeOf(ids);
      const number = numbers[at];
      const index = number && indexOfSealed(deps, place, number);
      if (index === undefined) unopened.add(place);
      else await replaceValues(tx, table, { ids, values: new Map([[table.columns[0], index]]) });
      count += index === undefined ? 0 : 1;
    }
    return { count, last: taken.at(-1)?.ids };
  });

/** Computes every index anew that is not of the current key; `onProgress` is told how many were, of how many, after each batch. */
export async function reindexAll(
  deps: ReindexingDeps,
  onProgress: (reindexed: number, of: number) => void = () => undefined,
): Promise<Reindexed> {
  const before = await indexGenerations(deps);
  const wanted = before.former + before.unknown;
  let reindexed = 0;
  const unopened = new Set<string>();
  for (let pass = 1; ; pass += 1) {
    unopened.clear();
    for (const table of INDEXED_TABLES) {
      let after: readonly string[] | undefined;
      do {
        const { count, last } = await reindexRows(deps, table, after, unopened);
        reindexed += count;
        after = last;
        if (count > 0) onProgress(reindexed, Math.max(wanted, reindexed));
      } while (after !== undefined);
    }
    const { former, unknown } = await indexGenerations(deps);
    const remaining = former + unknown;
    if (remaining <= unopened.size || pass === PASSES)
      return { reindexed, remaining, unopened: [...unopened].slice(0, MOST_NAMED) };
  }
}
