/**
 * The Merkle tree of RFC 6962 §2.1 over tiles of 256 hashes: roots, proofs and their verification (SPEC 7.1, 4.2).
 * Positions are safe integers and are halved by division, since bit shifts would cut them to 32 bits.
 */
import { sameBytes } from '../base/bytes.ts';
import { sha256 } from '../crypto/sha256.ts';

/** The hashes of tile `n` of a level side by side, at least as many as the size in question needs. */
export type HashReader = (level: number, n: number) => Uint8Array;

/** Hashes in a full tile. */
export const TILE_WIDTH = 256;

/** Bytes of a hash. */
export const HASH_BYTES = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of an entry's bytes. */
export const leafHash = (entry: Uint8Array): Uint8Array => sha256(LEAF, entry);

/** The hash of two subtrees. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(NODE, left, right);

/** The root of no entries. */
export const EMPTY_ROOT: Uint8Array = sha256();

/** Hash `i` of a tile. */
export const hashAt = (hashes: Uint8Array, i: number): Uint8Array =>
  hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);

/** The largest power of two below `count`, which is at least 2. */
function splitPoint(count: number): number {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}

/** The root of hashes `from` up to `to`, at least one, that `at` gives. */
function fold(at: (i: number) => Uint8Array, from: number, to: number): Uint8Array {
  if (to - from === 1) return at(from);
  const middle = from + splitPoint(to - from);
  return nodeHash(fold(at, from, middle), fold(at, middle, to));
}

/** The root over leaf hashes in their order. */
export const rootOfHashes = (hashes: readonly Uint8Array[]): Uint8Array =>
  hashes.length === 0 ? EMPTY_ROOT : fold((i) => hashes[i] as Uint8Array, 0, hashes.length);

/** The root of a full tile, or of the first `count` hashes of one. */
export const rootOfTile = (hashes: Uint8Array, count: number): Uint8Array =>
  fold((i) => hashAt(hashes, i), 0, count);

/** The root of leaves `from` up to `to`, a range that the splits of RFC 6962 yield: aligned, never empty. */
function rangeRoot(from: number, to: number, read: HashReader): Uint8Array {
  const count = to - from;
  let [level, width] = [0, 1];
  // The widest hash that the tiles hold and that is not wider than the range.
  while (width * TILE_WIDTH <= count) [level, width] = [level + 1, width * TILE_WIDTH];
  const hashes = count / width;
  if (!Number.isInteger(Math.log2(count))) {
    const middle = from + splitPoint(count);
    return nodeHash(rangeRoot(from, middle, read), rangeRoot(middle, to, read));
  }
  const first = from / width;
  const tile = read(level, Math.floor(first / TILE_WIDTH));
  const at = first % TILE_WIDTH;
  return fold((i) => hashAt(tile, at + i), 0, hashes);
}

/** The root of the first `size` entries. */
export const rootAt = (size: number, read: HashReader): Uint8Array =>
  size === 0 ? EMPTY_ROOT : rangeRoot(0, size, read);

/** The inclusion proof of entry `index` in the tree of `size` entries, the leaf's sibling first. */
export function inclusionProof(index: number, size: number, read: HashReader): readonly Uint8Array[] {
  const proof: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      proof.push(rangeRoot(middle, to, read));
      to = middle;
    } else {
      proof.push(rangeRoot(from, middle, read));
      from = middle;
    }
  }
  return proof.reverse();
}

/** The consistency proof between two sizes of one log; empty where the old size is 0 or equal. */
export function consistencyProof(oldSize: number, newSize: number, read: HashReader): readonly Uint8Array[] {
  if (oldSize === 0) return [];
  const proof: Uint8Array[] = [];
  let [from, to] = [0, newSize];
  // The subtree that ends exactly at the old size is known to the verifier only while it is the old root itself.
  while (to !== oldSize) {
    const middle = from + splitPoint(to - from);
    if (oldSize <= middle) {
      proof.push(rangeRoot(middle, to, read));
      to = middle;
    } else {
      proof.push(rangeRoot(from, middle, read));
      from = middle;
    }
  }
  if (from !== 0) proof.push(rangeRoot(from, to, read));
  return proof.reverse();
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const areHashes = (hashes: readonly Uint8Array[]): boolean =>
  hashes.every((hash) => hash.length === HASH_BYTES);

/** Where a proof's next sibling stands: both positions as RFC 9162 §2.1.3.2 moves them. */
type Position = { node: number; last: number };

const halve = (position: Position): void => {
  position.node = Math.floor(position.node / 2);
  position.last = Math.floor(position.last / 2);
};

/** Whether the sibling stands left of the path; moves the position up to the level above the sibling. */
function climb(position: Position): boolean {
  const left = position.node % 2 === 1 || position.node === position.last;
  if (left) while (position.node % 2 === 0) halve(position);
  halve(position);
  return left;
}

/** Whether the proof shows that `leaf` is entry `index` of the tree (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, ...proof])) return false;
  const position: Position = { node: index, last: size - 1 };
  let hash = leaf;
  for (const sibling of proof) {
    if (position.last === 0) return false;
    hash = climb(position) ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }
  return position.last === 0 && sameBytes(hash, root);
}

/** Whether the proof shows that the new tree only appends to the old one (RFC 9162 §2.1.4.2). */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize || !areHashes(proof)) return false;
  if (oldSize === newSize) return proof.length === 0 && sameBytes(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0 && sameBytes(oldRoot, EMPTY_ROOT);
  const position: Position = { node: oldSize - 1, last: newSize - 1 };
  while (position.node % 2 === 1) halve(position);
  // An old tree of a power of two is a subtree of the new one, so its root is not repeated in the proof.
  const [first, ...siblings] = position.node === 0 ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [oldHash, newHash] = [first, first];
  for (const sibling of siblings) {
    if (position.last === 0) return false;
    if (climb(position)) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
    } else newHash = nodeHash(newHash, sibling);
  }
  return position.last === 0 && sameBytes(oldHash, oldRoot) && sameBytes(newHash, newRoot);
}

/** A tile of hashes by its place. */
export type TilePlace = { readonly level: number; readonly n: number };

/**
 * The tiles that a computation reads, so that a shell can load them first: where the tree is read depends on
 * sizes alone, never on the hashes.
 */
export function tilesReadBy(compute: (read: HashReader) => unknown): readonly TilePlace[] {
  const places = new Map<string, TilePlace>();
  const blank = new Uint8Array(TILE_WIDTH * HASH_BYTES);
  compute((level, n) => {
    places.set(`${level}/${n}`, { level, n });
    return blank;
  });
  return [...places.values()];
}

/** A reader over tiles that are at hand; a missing one is a fault of the caller. */
export function readerOf(
  tiles: Iterable<TilePlace & { readonly hashes: Uint8Array }>,
): (level: number, n: number) => Uint8Array {
  const byPlace = new Map([...tiles].map((tile) => [`${tile.level}/${tile.n}`, tile.hashes]));
  return (level, n) => {
    const hashes = byPlace.get(`${level}/${n}`);
    if (hashes === undefined) throw new RangeError(`tile ${level}/${n} is not at hand`);
    return hashes;
  };
}
