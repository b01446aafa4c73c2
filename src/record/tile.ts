/** Tiles and entry bundles of a log, their paths and their widths for a size (C2SP tlog-tiles; SPEC 7.1). */
import { concat } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { parseLogNumber } from './log-text.ts';
import type { TilePlace } from './merkle.ts';
import { HASH_BYTES, hashAt, rootOfTile, TILE_WIDTH } from './merkle.ts';
import { MAX_RECORD_BYTES } from './schema.ts';

/** A published tile: `width` hashes of a level, or the first `width` entries of a bundle; 1 to 256. */
export type TileAddress =
  | { readonly kind: 'hashes'; readonly level: number; readonly n: number; readonly width: number }
  | { readonly kind: 'entries'; readonly n: number; readonly width: number };

const MAX_LEVEL = 63;
const PATH = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

function printNumber(n: number): string {
  const digits = String(n);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  return padded.replace(/[0-9]{3}(?=[0-9])/g, 'x$&/');
}

/** The path below the log's prefix, such as `tile/0/x001/067.p/8` or `tile/entries/000`. */
export function printTilePath(address: TileAddress): string {
  const place = address.kind === 'entries' ? 'entries' : String(address.level);
  const part = address.width === TILE_WIDTH ? '' : `.p/${address.width}`;
  return `tile/${place}/${printNumber(address.n)}${part}`;
}

/** The address of a path, which attackers choose; every spelling but the one of `printTilePath` is refused. */
export function parseTilePath(path: string): Result<TileAddress, Refusal<'TILE_PATH_MALFORMED'>> {
  const [, place, number = '', part = TILE_WIDTH] = PATH.exec(path) ?? [];
  const n = parseLogNumber(number.replace(/[x/]/g, '').replace(/^0+(?=[0-9])/, ''));
  const width = Number(part);
  if (n === undefined) return refuse('TILE_PATH_MALFORMED');
  const address: TileAddress =
    place === 'entries' ? { kind: 'entries', n, width } : { kind: 'hashes', level: Number(place), n, width };
  const isPlace = address.kind === 'entries' || address.level <= MAX_LEVEL;
  // Writing it again refuses leading zero groups and a part of the full width.
  return isPlace && width <= TILE_WIDTH && printTilePath(address) === path
    ? ok(address)
    : refuse('TILE_PATH_MALFORMED');
}

/** How many hashes tile `n` of a level has in a tree of `size` entries, 0 where there is none. */
export function tileWidth(size: number, level: number, n: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - n * TILE_WIDTH));
}

/** Whether a tile may be served for a log of `size` entries: full, or a prefix that was once or is now its end. */
export const isWithin = (address: TileAddress, size: number): boolean =>
  address.width <= tileWidth(size, address.kind === 'entries' ? 0 : address.level, address.n);

/** Every tile and bundle of a log of `size` entries, bundles first. */
export function tilesOfSize(size: number): readonly TileAddress[] {
  const found: TileAddress[] = [];
  const bundles = Math.ceil(size / TILE_WIDTH);
  for (let n = 0; n < bundles; n += 1) found.push({ kind: 'entries', n, width: tileWidth(size, 0, n) });
  for (let level = 0, hashes = size; hashes > 0; level += 1) {
    for (let n = 0; n * TILE_WIDTH < hashes; n += 1) {
      found.push({ kind: 'hashes', level, n, width: tileWidth(size, level, n) });
    }
    hashes = Math.floor(hashes / TILE_WIDTH);
  }
  return found;
}

/** The last, partial tile of each level that has one. */
export function edgesOf(size: number): readonly TilePlace[] {
  const edges: TilePlace[] = [];
  for (let level = 0, hashes = size; hashes > 0; level += 1) {
    if (hashes % TILE_WIDTH > 0) edges.push({ level, n: Math.floor(hashes / TILE_WIDTH) });
    hashes = Math.floor(hashes / TILE_WIDTH);
  }
  return edges;
}

/** A tile that grew, with all of its hashes. */
export type GrownTile = TilePlace & { readonly hashes: Uint8Array };

/**
 * The tiles that change when leaves are appended to a tree of `size` entries, in full; `edge` gives the last,
 * partial tile of a level and is asked only where there is one.
 */
export function growTiles(
  size: number,
  leaves: readonly Uint8Array[],
  edge: (level: number, n: number) => Uint8Array,
): readonly GrownTile[] {
  const grown: GrownTile[] = [];
  let [level, before, added] = [0, size, leaves];
  while (added.length > 0) {
    const upper: Uint8Array[] = [];
    let n = Math.floor(before / TILE_WIDTH);
    let held = before % TILE_WIDTH === 0 ? new Uint8Array(0) : edge(level, n);
    for (let at = 0; at < added.length; n += 1) {
      const room = TILE_WIDTH - held.length / HASH_BYTES;
      const hashes = concat(held, ...added.slice(at, at + room));
      grown.push({ level, n, hashes });
      if (hashes.length === TILE_WIDTH * HASH_BYTES) upper.push(rootOfTile(hashes, TILE_WIDTH));
      at += room;
      held = new Uint8Array(0);
    }
    [level, before, added] = [level + 1, Math.floor(before / TILE_WIDTH), upper];
  }
  return grown;
}

/** The hashes of a tile one by one, or undefined where its length is not `width` hashes. */
export function splitTile(bytes: Uint8Array, width: number): readonly Uint8Array[] | undefined {
  if (bytes.length !== width * HASH_BYTES) return undefined;
  return Array.from({ length: width }, (_, i) => hashAt(bytes, i));
}

/** The bytes of an entry bundle: each entry after its 16-bit length; throws where an entry is too large. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > MAX_RECORD_BYTES) throw new RangeError(`an entry has ${entry.length} bytes`);
    parts.push(Uint8Array.of(Math.floor(entry.length / 256), entry.length % 256), entry);
  }
  return concat(...parts);
}

/** The entries of a bundle; refused unless it holds exactly `width` of them and nothing else. */
export function decodeBundle(
  bytes: Uint8Array,
  width: number,
): Result<readonly Uint8Array[], Refusal<'BUNDLE_MALFORMED'>> {
  const lengths = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const from = at + 2;
    if (from > bytes.length || entries.length === width) return refuse('BUNDLE_MALFORMED');
    at = from + lengths.getUint16(at);
    if (at > bytes.length) return refuse('BUNDLE_MALFORMED');
    entries.push(bytes.slice(from, at));
  }
  return entries.length === width ? ok(entries) : refuse('BUNDLE_MALFORMED');
}
