/** The bytes of a published tile or entry bundle (C2SP tlog-tiles; SPEC 7.1). */
import type { Database } from '../db/connect.ts';
import { HASH_BYTES, TILE_WIDTH } from '../record/merkle.ts';
import type { TileAddress } from '../record/tile.ts';
import { encodeBundle, isWithin } from '../record/tile.ts';
import { newestCheckpointRow, numberedEntries, tilesAt } from './store.ts';

/** The tile, or undefined where no published size has it. Every width that was ever published stays there. */
export async function tileBytes(db: Database, address: TileAddress): Promise<Uint8Array | undefined> {
  const newest = await newestCheckpointRow(db);
  if (newest === undefined || !isWithin(address, Number(newest.size))) return undefined;
  if (address.kind === 'entries') {
    const from = address.n * TILE_WIDTH;
    const entries = await numberedEntries(db, { from, below: from + address.width });
    return encodeBundle(entries.map((entry) => entry.bytes));
  }
  const [tile] = await tilesAt(db, [address]);
  return tile?.hashes.subarray(0, address.width * HASH_BYTES);
}
