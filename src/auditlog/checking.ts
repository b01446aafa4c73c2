/**
 * Recomputes the whole log from its entries: rows, leaves, tiles, every signed root, every signature, the head and the guard
 * (`owners-vote log check`; SPEC 7.1). Memory is bounded by one batch, the checkpoints and the right edge of the tree.
 */
import { sameBytes, toBase64Url } from '../base/bytes.ts';
import { verifyCheckpoint } from '../record/checkpoint.ts';
import type { HashReader } from '../record/merkle.ts';
import { HASH_BYTES, leafHash, rootAt, TILE_WIDTH } from '../record/merkle.ts';
import { parseNote, parseSignatures, parseVkey, verifyNote } from '../record/note.ts';
import type { GrownTile } from '../record/tile.ts';
import { growTiles } from '../record/tile.ts';
import type { Guard } from './domain/guard.ts';
import type { EntryFault, MeetingPlaces } from './entry-checking.ts';
import { faultsOf } from './entry-checking.ts';
import { readGuard } from './guarding.ts';
import type { LogDeps } from './log-deps.ts';
import { logVkey } from './publishing.ts';
import type { CheckpointRow, CosignatureRow } from './store.ts';
import {
  allCosignatures,
  checkpointRows,
  countWaiting,
  numberedEntries,
  readHead,
  strayEntries,
  strayTiles,
  tilesAt,
} from './store.ts';

/** Something that does not agree; `at` is an index, a size, a tile `LEVEL/N`, or a cosignature `SIZE NAME SECONDS`. */
export type LogFinding = {
  readonly code:
    | EntryFault
    | 'ENTRY_GAP'
    | 'ENTRY_BEYOND_HEAD'
    | 'TILE_WRONG'
    | 'TILE_STRAY'
    | 'HEAD_ROOT_WRONG'
    | 'CHECKPOINT_ROOT_WRONG'
    | 'CHECKPOINT_BEYOND_HEAD'
    | 'CHECKPOINT_NOTE_WRONG'
    | 'COSIGNATURE_WRONG'
    | 'GUARD_WRONG'
    | 'GUARD_BEHIND';
  readonly at: string;
};

/** The outcome; without findings everything was recomputed and agrees. */
export type LogCheck = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly checkpoints: number;
  readonly cosignatures: number;
  readonly waiting: number;
  readonly findings: readonly LogFinding[];
};

/** Told after each batch how many entries are recomputed, and how many there are. */
export type CheckProgress = (done: number, total: number) => void;

const BATCH = 10 * TILE_WIDTH;
const NONE = new Uint8Array(0);

/** The tree as it is recomputed: of each level the last tile. */
type Growing = {
  size: number;
  /** Whether an entry is missing, so that nothing behind it can be recomputed. */
  hasGap: boolean;
  readonly edge: Map<number, GrownTile>;
  readonly places: MeetingPlaces;
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

/** Adds the entries up to `to`, checking every row and comparing every tile that they complete. */
async function growTo(deps: LogDeps, growing: Growing, to: number, tell: () => void): Promise<void> {
  while (growing.size < to && !growing.hasGap) {
    const below = Math.min(to, growing.size + BATCH);
    const entries = await numberedEntries(deps.db, { from: growing.size, below });
    const leaves: Uint8Array[] = [];
    for (const entry of entries) {
      if (entry.index !== growing.size + leaves.length) break;
      for (const code of faultsOf(entry, growing.places)) {
        growing.findings.push({ code, at: String(entry.index) });
      }
      leaves.push(leafHash(entry.bytes));
    }
    const grown = growTiles(growing.size, leaves, readEdge(growing));
    await compareTiles(deps, growing, grown.filter(isFull));
    for (const tile of grown) growing.edge.set(tile.level, tile);
    growing.size += leaves.length;
    if (growing.size < below) {
      growing.hasGap = true;
      growing.findings.push({ code: 'ENTRY_GAP', at: String(growing.size) });
    }
    tell();
  }
}

function checkCheckpoint(deps: LogDeps, growing: Growing, row: CheckpointRow): void {
  const at = String(row.size);
  const size = Number(row.size);
  const verified = verifyCheckpoint(row.note, logVkey(deps));
  const isSigned = verified.ok && verified.value.size === size;
  if (!isSigned || !sameBytes(verified.value.root, row.root)) {
    growing.findings.push({ code: 'CHECKPOINT_NOTE_WRONG', at });
  }
  if (growing.size < size) growing.findings.push({ code: 'CHECKPOINT_BEYOND_HEAD', at });
  else if (!sameBytes(rootAt(size, readEdge(growing)), row.root)) {
    growing.findings.push({ code: 'CHECKPOINT_ROOT_WRONG', at });
  }
}

/** Whether a stored cosignature is one line that verifies over the text of its checkpoint, with the time that its row says. */
function isCosignature(row: CosignatureRow, note: string | undefined): boolean {
  const [key, signed, lines] = [parseVkey(row.vkey), parseNote(note ?? ''), parseSignatures(row.line)];
  if (!key.ok || key.value.type !== 4 || !signed.ok || !lines.ok || lines.value.length !== 1) return false;
  const verified = verifyNote({ text: signed.value.text, signatures: lines.value }, [key.value]);
  return verified.ok && verified.value.length === 1 && verified.value[0]?.atSeconds === Number(row.at_s);
}

async function checkCosignatures(
  deps: LogDeps,
  growing: Growing,
  bySize: ReadonlyMap<number, CheckpointRow>,
): Promise<number> {
  const rows = (await allCosignatures(deps.db)).filter(({ size }) => bySize.has(Number(size)));
  for (const row of rows) {
    if (isCosignature(row, bySize.get(Number(row.size))?.note)) continue;
    const name = row.vkey.split('+')[0] ?? '';
    growing.findings.push({ code: 'COSIGNATURE_WRONG', at: `${row.size} ${name} ${row.at_s}` });
  }
  return rows.length;
}

const isRootOf = (kept: Guard, root: Uint8Array | undefined, deps: LogDeps): boolean =>
  kept.origin === deps.origin && root !== undefined && kept.root === toBase64Url(root);

/** Recomputes everything; the log may grow meanwhile, what is checked is its size at the start. */
export async function checkLog(deps: LogDeps, progress: CheckProgress = () => undefined): Promise<LogCheck> {
  // Checkpoints, guard, head, in this order: each covers what was read before it, also while the log grows.
  const checkpoints = await checkpointRows(deps.db);
  const kept = readGuard(deps.guardPath, deps.disk);
  const head = await readHead(deps.db);
  const size = Number(head.size);
  const guardSize = kept.ok ? (kept.value?.size ?? 0) : 0;
  const growing: Growing = { size: 0, hasGap: false, edge: new Map(), places: new Map(), findings: [] };
  const bySize = new Map(checkpoints.map((row) => [Number(row.size), row]));
  const stops = new Set([...bySize.keys(), guardSize, size]);
  let guardRoot: Uint8Array | undefined;
  for (const stop of [...stops].sort((a, b) => a - b)) {
    await growTo(deps, growing, Math.min(stop, size), () => progress(growing.size, size));
    const checkpoint = bySize.get(stop);
    if (checkpoint !== undefined) checkCheckpoint(deps, growing, checkpoint);
    if (stop === guardSize && growing.size === stop) guardRoot = rootAt(stop, readEdge(growing));
  }
  const partial = [...growing.edge.values()].filter((tile) => !isFull(tile));
  await compareTiles(deps, growing, partial);
  const root = rootAt(growing.size, readEdge(growing));
  if (growing.size !== size || !sameBytes(root, head.root)) {
    growing.findings.push({ code: 'HEAD_ROOT_WRONG', at: String(size) });
  }
  const cosignatures = await checkCosignatures(deps, growing, bySize);
  const isGuardMissing = kept.ok && kept.value === undefined && checkpoints.length > 0;
  if (!kept.ok || isGuardMissing || (kept.value !== undefined && !isRootOf(kept.value, guardRoot, deps))) {
    growing.findings.push({ code: 'GUARD_WRONG', at: String(guardSize) });
  } else if (guardSize < Number(checkpoints.at(-1)?.size ?? 0)) {
    growing.findings.push({ code: 'GUARD_BEHIND', at: String(guardSize) });
  }
  await checkRest(deps, growing);
  const waiting = await countWaiting(deps.db);
  const { findings } = growing;
  return { size, root, checkpoints: checkpoints.length, cosignatures, waiting, findings };
}

/** What stands beside the log: indexes beyond the head, and hashes and tiles that belong to nothing. */
async function checkRest(deps: LogDeps, growing: Growing): Promise<void> {
  for (const index of await strayEntries(deps.db)) {
    growing.findings.push({ code: 'ENTRY_BEYOND_HEAD', at: String(index) });
  }
  for (const { level, n } of await strayTiles(deps.db)) {
    growing.findings.push({ code: 'TILE_STRAY', at: `${level}/${n}` });
  }
}
