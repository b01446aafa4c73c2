/**
 * Follows a log from where one left off: the new entries, proved by the checkpoint that the log signed. Whoever keeps the frontier of the
 * tree needs no proofs: the root over the old hashes and the new entries is the signed one, or the log does not continue (SPEC 7.1, 3.7).
 */
import { fromUtf8, sameBytes } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { verifyCheckpoint } from '../record/checkpoint.ts';
import { EMPTY_ROOT, leafHash, nodeHash, TILE_WIDTH } from '../record/merkle.ts';
import { decodeBundle, printTilePath } from '../record/tile.ts';
import type { LogReader } from './live-log.ts';

/** The hashes of the full subtrees that a tree of `size` entries falls into, the largest first: one for each bit of its size. */
export type Frontier = { readonly size: number; readonly hashes: readonly Uint8Array[] };

/** The frontier after one more leaf. */
export function extend({ size, hashes }: Frontier, leaf: Uint8Array): Frontier {
  const next = [...hashes];
  let node = leaf;
  for (let left = size; left % 2 === 1; left = Math.floor(left / 2)) {
    const sibling = next.pop();
    if (sibling === undefined) throw new RangeError('a frontier has a hash for each bit of its size');
    node = nodeHash(sibling, node);
  }
  return { size: size + 1, hashes: [...next, node] };
}

/** The root of the tree. */
export function rootOfFrontier({ hashes }: Frontier): Uint8Array {
  const [last, ...larger] = [...hashes].reverse();
  return last === undefined ? EMPTY_ROOT : larger.reduce((root, hash) => nodeHash(hash, root), last);
}

/**
 * Why the log cannot be followed. LOG_FORKED: it is signed, and does not continue what was seen. LOG_SHRANK: the newest checkpoint is
 * older than what was seen; a fresh one may come, or the log was put back. LOG_UNREADABLE: it did not answer, or not with a log.
 */
export type FollowRefusal = Refusal<'LOG_FORKED' | 'LOG_SHRANK' | 'LOG_UNREADABLE' | 'CHECKPOINT_WRONG'>;

export type Followed = {
  /** Behind the last new entry. */
  readonly size: number;
  readonly entries: readonly {
    readonly index: number;
    readonly bytes: Uint8Array;
    readonly leaf: Uint8Array;
  }[];
};

async function readEntries(
  read: LogReader,
  from: number,
  size: number,
): Promise<readonly Uint8Array[] | undefined> {
  const entries: Uint8Array[] = [];
  for (let n = Math.floor(from / TILE_WIDTH); from < size && n * TILE_WIDTH < size; n += 1) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const bytes = await read(printTilePath({ kind: 'entries', n, width }));
    const decoded = bytes === undefined ? undefined : decodeBundle(bytes, width);
    if (decoded?.ok !== true) return undefined;
    for (const entry of decoded.value.slice(Math.max(0, from - n * TILE_WIDTH))) entries.push(entry);
  }
  return entries;
}

/** The entries behind `seen`; all of them are under the root that the log signed. */
export async function followLog(
  read: LogReader,
  logVkey: string,
  seen: Frontier,
): Promise<Result<Followed, FollowRefusal>> {
  const bytes = await read('checkpoint');
  const note = bytes === undefined ? undefined : fromUtf8(bytes);
  if (note === undefined) return refuse('LOG_UNREADABLE', 'checkpoint');
  const checkpoint = verifyCheckpoint(note, logVkey);
  if (!checkpoint.ok) return refuse('CHECKPOINT_WRONG', checkpoint.refusal.code);
  const { size, root } = checkpoint.value;
  if (size < seen.size) return refuse('LOG_SHRANK', String(size), { seen: seen.size });
  const entries = await readEntries(read, seen.size, size);
  if (entries === undefined) return refuse('LOG_UNREADABLE', `entries ${seen.size}-${size}`);
  const found = entries.map((entry, at) => ({
    index: seen.size + at,
    bytes: entry,
    leaf: leafHash(entry),
  }));
  const frontier = found.reduce((grown, { leaf }) => extend(grown, leaf), seen);
  if (!sameBytes(rootOfFrontier(frontier), root))
    return refuse('LOG_FORKED', String(size), { seen: seen.size });
  return ok({ size, entries: found });
}
