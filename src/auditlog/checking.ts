/**
 * Recomputes the whole log from its entries: leaves, tiles, every signed root, the head and the guard
 * (`owners-vote log check`; SPEC 7.1). Memory is bounded by one batch and the right edge of the tree.
 */
import { sameBytes, toBase64Url } from '../base/bytes.ts';
import { verifyCheckpoint } from '../record/checkpoint.ts';
import type { HashReader } from '../record/merkle.ts';
import { HASH_BYTES, leafHash, rootAt, TILE_WIDTH } from '../record/merkle.ts';
import type { GrownTile } from '../record/tile.ts';
import { growTiles } from '../record/tile.ts';
import type { PublishedCheckpoint } from './checkpoints.ts';
import { allCheckpoints } from './checkpoints.ts';
import type { Guard } from './domain/guard.ts';
import type { LogDeps } from './log-deps.ts';
import { logVkey, readGuard } from './publishing.ts';
import { countTiles, countWaiting, numberedEntries, numberedRange, readHead, tilesAt } from './store.ts';

/** Something that does not agree; `at` is an index, a size or a tile, `LEVEL/N`. */
export type LogFinding = {
  readonly code:
    | 'ENTRY_GAP'
    | 'ENTRY_BEYOND_HEAD'
    | 'LEAF_WRONG'
    | 'TILE_WRONG'
    | 'TILE_STRAY'
    | 'HEAD_ROOT_WRONG'
    | 'CHECKPOINT_ROOT_WRONG'
    | 'CHECKPOINT_BEYOND_HEAD'
    | 'CHECKPOINT_NOTE_WRONG'
    | 'GUARD_WRONG';
  readonly at: string;
};

/** The outcome; without findings everything was recomputed and agrees. */
export type LogCheck = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly checkpoints: number;
  readonly waiting: number;
  readonly findings: readonly LogFinding[];
};

const BATCH = 10 * TILE_WIDTH;
const NONE = new Uint8Array(0);

/** The tree as it is recomputed: of each level the last tile. */
type Growing = {
  size: number;
  readonly edge: Map<number, GrownTile>;
  readonly findings: LogFinding[];
};

const readEdge =
  (growing: Growing): HashReader =>
  (level, n) => {
    const tile = growing.edge.get(level);
    return tile?.n === n ? tile.hashes : NONE;
  };

const isFull = (tile: GrownTile): boolean => tile.hashes.length === TILE_WIDTH * HASH_BYTES;

/** Compares tiles with the stored ones, of which the last of a level may have grown meanwhile. */
async function compareTiles(deps: LogDeps, growing: Growing, tiles: readonly GrownTile[]): Promise<void> {
  const stored = new Map(
    (await tilesAt(deps.db, tiles)).map((tile) => [`${tile.level}/${tile.n}`, tile.hashes]),
  );
  for (const { level, n, hashes } of tiles) {
    const at = `${level}/${n}`;
    const found = (stored.get(at) ?? NONE).subarray(0, hashes.length);
    if (!sameBytes(found, hashes)) growing.findings.push({ code: 'TILE_WRONG', at });
  }
}

/** Adds the entries up to `to`, comparing every tile that they complete. */
async function growTo(deps: LogDeps, growing: Growing, to: number): Promise<void> {
  while (growing.size < to) {
    const below = Math.min(to, growing.size + BATCH);
    const entries = await numberedEntries(deps.db, { from: growing.size, below });
    const leaves: Uint8Array[] = [];
    for (const entry of entries) {
      if (entry.index !== growing.size + leaves.length) break;
      const leaf = leafHash(entry.bytes);
      if (!sameBytes(leaf, entry.leafHash))
        growing.findings.push({ code: 'LEAF_WRONG', at: String(entry.index) });
      leaves.push(leaf);
    }
    const grown = growTiles(growing.size, leaves, readEdge(growing));
    await compareTiles(deps, growing, grown.filter(isFull));
    for (const tile of grown) growing.edge.set(tile.level, tile);
    growing.size += leaves.length;
    if (growing.size < below) {
      growing.findings.push({ code: 'ENTRY_GAP', at: String(growing.size) });
      return;
    }
  }
}

function checkCheckpoint(deps: LogDeps, growing: Growing, checkpoint: PublishedCheckpoint): void {
  const at = String(checkpoint.size);
  const verified = verifyCheckpoint(checkpoint.note, logVkey(deps));
  const isSigned = verified.ok && verified.value.size === checkpoint.size;
  if (!isSigned || !sameBytes(verified.value.root, checkpoint.root)) {
    growing.findings.push({ code: 'CHECKPOINT_NOTE_WRONG', at });
  }
  if (growing.size < checkpoint.size) growing.findings.push({ code: 'CHECKPOINT_BEYOND_HEAD', at });
  else if (!sameBytes(rootAt(checkpoint.size, readEdge(growing)), checkpoint.root)) {
    growing.findings.push({ code: 'CHECKPOINT_ROOT_WRONG', at });
  }
}

/** Recomputes everything; the log may grow meanwhile, what is checked is its size at the start. */
export async function checkLog(deps: LogDeps): Promise<LogCheck> {
  // Guard, checkpoints, head, in this order: each covers what was read before it, also while the log grows.
  const kept = readGuard(deps.guardPath);
  const checkpoints = await allCheckpoints(deps.db);
  const head = await readHead(deps.db);
  const size = Number(head.size);
  const guardSize = kept.ok ? (kept.value?.size ?? 0) : 0;
  const growing: Growing = { size: 0, edge: new Map(), findings: [] };
  const bySize = new Map(checkpoints.map((checkpoint) => [checkpoint.size, checkpoint]));
  const stops = new Set([...bySize.keys(), guardSize, size]);
  let guardRoot: Uint8Array | undefined;
  for (const stop of [...stops].sort((a, b) => a - b)) {
    await growTo(deps, growing, Math.min(stop, size));
    const checkpoint = bySize.get(stop);
    if (checkpoint !== undefined) checkCheckpoint(deps, growing, checkpoint);
    if (stop === guardSize && growing.size === stop) guardRoot = rootAt(stop, readEdge(growing));
  }
  await compareTiles(
    deps,
    growing,
    [...growing.edge.values()].filter((tile) => !isFull(tile)),
  );
  const root = rootAt(growing.size, readEdge(growing));
  if (growing.size !== size || !sameBytes(root, head.root)) {
    growing.findings.push({ code: 'HEAD_ROOT_WRONG', at: String(size) });
  }
  const isGuardMissing = kept.ok && kept.value === undefined && checkpoints.length > 0;
  if (!kept.ok || isGuardMissing || (kept.value !== undefined && !isRootOf(kept.value, guardRoot, deps))) {
    growing.findings.push({ code: 'GUARD_WRONG', at: String(guardSize) });
  }
  await checkRest(deps, growing, size);
  const waiting = await countWaiting(deps.db);
  return { size, root, checkpoints: checkpoints.length, waiting, findings: growing.findings };
}

const isRootOf = (kept: Guard, root: Uint8Array | undefined, deps: LogDeps): boolean =>
  kept.origin === deps.origin && root !== undefined && kept.root === toBase64Url(root);

/** How many tiles a tree of a size has. */
function tileCount(size: number): number {
  let count = 0;
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / TILE_WIDTH)) {
    count += Math.ceil(hashes / TILE_WIDTH);
  }
  return count;
}

/** What stands beside the log: indexes beyond the head and tiles that belong to nothing. */
async function checkRest(deps: LogDeps, growing: Growing, size: number): Promise<void> {
  const range = await numberedRange(deps.db);
  const tiles = await countTiles(deps.db);
  const later = Number((await readHead(deps.db)).size);
  if (range.last >= later || range.count !== range.last + 1) {
    growing.findings.push({ code: 'ENTRY_BEYOND_HEAD', at: String(range.last) });
  }
  if (tiles < tileCount(size) || tiles > tileCount(later)) {
    growing.findings.push({ code: 'TILE_STRAY', at: String(tiles) });
  }
}
