/** The sequencer: gives committed entries their index in the order of their ids, without shuffling (SPEC 6.6). */
import { assert } from '../base/assert.ts';
import { sameBytes } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { HASH_BYTES, readerOf, rootAt } from '../record/merkle.ts';
import type { GrownTile } from '../record/tile.ts';
import { edgesOf, growTiles, tileWidth } from '../record/tile.ts';
import { lockHead, moveHead, numberEntries, tilesAt, waitingEntries, writeTiles } from './store.ts';

/** Entries of one run; a rush is worked off in several. */
const BATCH = 10_000;

/** The log after a run: `added` entries of it are new. */
export type Sequenced = { readonly size: number; readonly root: Uint8Array; readonly added: number };

/** Whether tiles are the right edge of a tree, no hash less and none more: a damaged edge must not be built upon. */
function isEdgeOf(size: number, root: Uint8Array, edges: readonly GrownTile[]): boolean {
  const isExact = ({ level, n, hashes }: GrownTile): boolean =>
    hashes.length === tileWidth(size, level, n) * HASH_BYTES;
  const isWhole = edges.length === edgesOf(size).length && edges.every(isExact);
  return isWhole && sameBytes(rootAt(size, readerOf(edges)), root);
}

/**
 * Numbers the entries that wait, extends the tiles and moves the head, in one transaction. Entries are found by the
 * missing index, never by "id above the last one", since a slower transaction may commit a smaller id later.
 */
export function sequenceOnce(deps: { readonly db: Database }): Promise<Sequenced> {
  return inTransaction(deps.db, async (tx) => {
    const head = await lockHead(tx);
    const before = Number(head.size);
    const waiting = await waitingEntries(tx, BATCH);
    if (waiting.length === 0) return { size: before, root: head.root, added: 0 };
    const edges = await tilesAt(tx, edgesOf(before));
    assert(isEdgeOf(before, head.root, edges), 'the right edge of the tree gives the root of the head');
    const leaves = waiting.map((entry) => entry.leaf_hash);
    const grown = growTiles(before, leaves, readerOf(edges));
    const size = before + waiting.length;
    const root = rootAt(size, readerOf([...edges, ...grown]));
    await numberEntries(
      tx,
      waiting.map((entry) => entry.id),
      before,
    );
    await writeTiles(tx, grown);
    await moveHead(tx, size, root);
    return { size, root, added: waiting.length };
  });
}

/** Runs the sequencer until nothing waits; what commits meanwhile may or may not be in it. */
export async function sequenceAll(deps: { readonly db: Database }): Promise<Sequenced> {
  let added = 0;
  for (;;) {
    const run = await sequenceOnce(deps);
    added += run.added;
    if (run.added < BATCH) return { ...run, added };
  }
}
