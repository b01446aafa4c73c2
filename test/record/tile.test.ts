// Goal: every path, width and bundle has one spelling, and growing a tree by any steps gives the same tiles.
// Method: vectors of another implementation, hostile paths, and properties.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../src/base/bytes.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { leafHash, rootAt, rootOfHashes, TILE_WIDTH } from '../../src/record/merkle.ts';
import type { TileAddress } from '../../src/record/tile.ts';
import {
  decodeBundle,
  edgesOf,
  encodeBundle,
  growTiles,
  isWithin,
  parseTilePath,
  printTilePath,
  splitTile,
  tilesOfSize,
  tileWidth,
} from '../../src/record/tile.ts';
import { hex, numberedLeaves, treeOf, vectors } from '../support/tlog-vectors.ts';

const addressOf = ({ level, n, width }: { level: number; n: number; width: number }): TileAddress =>
  level < 0 ? { kind: 'entries', n, width } : { kind: 'hashes', level, n, width };

describe('a tile path', () => {
  it('of every vector is printed and read', () => {
    for (const vector of vectors.tilePaths) {
      expect(printTilePath(addressOf(vector))).toBe(vector.path);
      expect(parseTilePath(vector.path)).toEqual({ ok: true, value: addressOf(vector) });
    }
  });

  it('reads back as the address that was printed', () => {
    const address = fc.record({
      level: fc.integer({ min: -1, max: 63 }),
      n: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(address, (parts) => {
        expect(parseTilePath(printTilePath(addressOf(parts)))).toEqual({ ok: true, value: addressOf(parts) });
      }),
    );
  });

  it.each([
    '',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/x1/000',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/x001/',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/999',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000/',
    'tile/0/000\n',
    'tile/0/../000',
    '/tile/0/000',
    'tile/Entries/000',
    'tile/entries/x009/x999/x999/x999/x999/999',
  ])('spelled %j is refused', (path) => {
    expect(parseTilePath(path)).toEqual({ ok: false, refusal: { code: 'TILE_PATH_MALFORMED' } });
  });
});

describe('the tiles of a size', () => {
  it('are those of the rule: full ones and at most one partial one a level', () => {
    expect(tilesOfSize(0)).toEqual([]);
    expect(tilesOfSize(256).map(printTilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    const paths = tilesOfSize(70_000).map(printTilePath);
    expect(paths).toHaveLength(274 + 274 + 2 + 1);
    for (const { path } of vectors.large.tilesAt70000) expect(paths).toContain(path);
  });

  it('are within the size, and none wider or later is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70_000 }), (size) => {
        for (const address of tilesOfSize(size)) {
          expect(isWithin(address, size)).toBe(true);
          expect(isWithin({ ...address, width: 1 }, size)).toBe(true);
          expect(isWithin({ ...address, width: TILE_WIDTH }, size)).toBe(address.width === TILE_WIDTH);
        }
        expect(isWithin({ kind: 'entries', n: Math.ceil(size / TILE_WIDTH), width: 1 }, size)).toBe(false);
        expect(tileWidth(size, 63, 0)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('have the bytes of the vectors at 70,000 entries', () => {
    const read = treeOf(numberedLeaves(70_000));
    for (const { path, bytes, sha256: wanted } of vectors.large.tilesAt70000) {
      const parsed = parseTilePath(path);
      if (!parsed.ok || parsed.value.kind !== 'hashes') throw new Error(path);
      const { level, n, width } = parsed.value;
      const hashes = read(level, n).subarray(0, width * 32);
      expect(hashes).toHaveLength(bytes);
      expect(toHex(sha256(hashes))).toBe(wanted);
    }
  });
});

describe('growing a tree', () => {
  it('by any steps gives the same tiles as at once', () => {
    const leaves = numberedLeaves(1500);
    const whole = treeOf(leaves);
    const steps = fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 8 });
    fc.assert(
      fc.property(steps, (counts) => {
        const tiles = new Map<string, Uint8Array>();
        const read = (level: number, n: number): Uint8Array => tiles.get(`${level}/${n}`) ?? hex('');
        let size = 0;
        for (const count of counts) {
          const added = leaves.slice(size, size + count);
          for (const tile of growTiles(size, added, read)) tiles.set(`${tile.level}/${tile.n}`, tile.hashes);
          size += added.length;
          expect(rootAt(size, read)).toEqual(rootOfHashes(leaves.slice(0, size)));
        }
        for (const address of tilesOfSize(size)) {
          if (address.kind === 'entries') continue;
          const { level, n, width } = address;
          expect(read(level, n)).toEqual(whole(level, n).subarray(0, width * 32));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('asks for an edge only where a level has a partial tile', () => {
    const asked: string[] = [];
    growTiles(256, numberedLeaves(1), (level, n) => {
      asked.push(`${level}/${n}`);
      return hex('');
    });
    expect(asked).toEqual([]);
  });

  it('splits a tile into its hashes and refuses another length', () => {
    const [a, b] = numberedLeaves(2) as [Uint8Array, Uint8Array];
    const tile = Uint8Array.from([...a, ...b]);
    expect(splitTile(tile, 2)).toEqual([a, b]);
    expect(splitTile(tile, 1)).toBeUndefined();
    expect(splitTile(tile.subarray(1), 2)).toBeUndefined();
  });
});

describe('an entry bundle', () => {
  const { bundle, bundlePath, entriesText, tile, tilePath } = vectors.small;
  const entries = entriesText.map(utf8);

  it('is the one of the vector, and so are its tile and paths', () => {
    expect(toHex(encodeBundle(entries))).toBe(bundle);
    expect(decodeBundle(hex(bundle), 5)).toEqual({ ok: true, value: entries });
    expect(printTilePath({ kind: 'entries', n: 0, width: 5 })).toBe(bundlePath);
    expect(printTilePath({ kind: 'hashes', level: 0, n: 0, width: 5 })).toBe(tilePath);
    expect(treeOf(entries.map(leafHash))(0, 0)).toEqual(hex(tile));
  });

  it('reads back, with entries of 0 and of 65,535 bytes', () => {
    const ends = [new Uint8Array(0), new Uint8Array(65_535).fill(7)];
    expect(decodeBundle(encodeBundle(ends), 2)).toEqual({ ok: true, value: ends });
    expect(decodeBundle(encodeBundle([]), 0)).toEqual({ ok: true, value: [] });
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 9 }), (some) => {
        expect(decodeBundle(encodeBundle(some), some.length)).toEqual({ ok: true, value: some });
      }),
    );
  });

  it('holds no entry above 65,535 bytes', () => {
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(RangeError);
  });

  it('is refused with another number of entries, cut short, or with bytes behind it', () => {
    const bytes = hex(bundle);
    const refused = { ok: false, refusal: { code: 'BUNDLE_MALFORMED' } };
    expect(decodeBundle(bytes, 4)).toEqual(refused);
    expect(decodeBundle(bytes, 6)).toEqual(refused);
    for (let size = 0; size < bytes.length; size += 1) {
      expect(decodeBundle(bytes.subarray(0, size), 5)).toEqual(refused);
    }
    expect(decodeBundle(Uint8Array.from([...bytes, 0]), 5)).toEqual(refused);
    expect(decodeBundle(Uint8Array.of(0), 1)).toEqual(refused);
  });
});

describe('the edges of a log', () => {
  it('are its tiles that are not full, one at most a level', () => {
    for (const size of [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000, 256 ** 3 + 1]) {
      const edges = edgesOf(size);
      for (const { level, n } of edges) {
        const width = tileWidth(size, level, n);
        expect(width).toBeGreaterThan(0);
        expect(width).toBeLessThan(TILE_WIDTH);
        expect(tileWidth(size, level, n + 1)).toBe(0);
      }
      if (size > 100_000) continue;
      const partial = tilesOfSize(size).flatMap((tile) =>
        tile.kind === 'hashes' && tile.width < TILE_WIDTH ? [{ level: tile.level, n: tile.n }] : [],
      );
      expect(edges).toEqual(partial);
    }
    expect(edgesOf(256 ** 3 + 1)).toEqual([
      { level: 0, n: 65_536 },
      { level: 3, n: 0 },
    ]);
  });
});
