/** Computations over the stored tree: the tiles that they read are loaded first, in one query (SPEC 7.1). */
import type { Database } from '../db/connect.ts';
import type { HashReader } from '../record/merkle.ts';
import { consistencyProof, inclusionProof, readerOf, rootAt, tilesReadBy } from '../record/merkle.ts';
import { tilesAt } from './store.ts';

/** Runs `compute` over the stored tiles; undefined where one of them is missing, which only damage explains. */
export async function overTiles<T>(db: Database, compute: (read: HashReader) => T): Promise<T | undefined> {
  const places = tilesReadBy(compute);
  const tiles = await tilesAt(db, places);
  return tiles.length === places.length ? compute(readerOf(tiles)) : undefined;
}

/** The root of the first `size` entries, recomputed from tiles. */
export const storedRoot = (db: Database, size: number): Promise<Uint8Array | undefined> =>
  overTiles(db, (read) => rootAt(size, read));

/** The inclusion proof of an index in the tree of a size. */
export const storedInclusion = (
  db: Database,
  index: number,
  size: number,
): Promise<readonly Uint8Array[] | undefined> => overTiles(db, (read) => inclusionProof(index, size, read));

/** The consistency proof between two sizes. */
export const storedConsistency = (
  db: Database,
  oldSize: number,
  newSize: number,
): Promise<readonly Uint8Array[] | undefined> =>
  overTiles(db, (read) => consistencyProof(oldSize, newSize, read));
