// Goal: the tree is RFC 6962's, at every size, and no proof verifies for anything but what it proves.
// Method: vectors of another implementation, every size from 0 to 300, and properties over random trees.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../src/base/bytes.ts';
import {
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  nodeHash,
  readerOf,
  rootAt,
  rootOfHashes,
  tilesReadBy,
  verifyConsistency,
  verifyInclusion,
} from '../../src/record/merkle.ts';
import { growTiles } from '../../src/record/tile.ts';
import { base64, hex, numberedLeaves, treeOf, vectors } from '../support/tlog-vectors.ts';

const leaves = numberedLeaves(301);
const read = treeOf(leaves);
const roots = Array.from({ length: 301 }, (_, size) => rootOfHashes(leaves.slice(0, size)));
const rootOf = (size: number): Uint8Array => roots[size] ?? EMPTY_ROOT;
const leafOf = (index: number): Uint8Array => leaves[index] ?? EMPTY_ROOT;

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const out = bytes.slice();
  out[at % out.length] = (out[at % out.length] ?? 0) ^ 1;
  return out;
};

describe('the vectors', () => {
  it('agree on the hashes of the empty tree, of leaves and of nodes', () => {
    const { emptyTree, leafOfEmptyEntry, leafOf_hello, nodeOfThoseTwo } = vectors.hashes;
    expect(toHex(EMPTY_ROOT)).toBe(emptyTree);
    expect(toHex(leafHash(new Uint8Array(0)))).toBe(leafOfEmptyEntry);
    expect(toHex(leafHash(utf8('hello')))).toBe(leafOf_hello);
    expect(toHex(nodeHash(hex(leafOfEmptyEntry), hex(leafOf_hello)))).toBe(nodeOfThoseTwo);
  });

  it('agree on the roots and proofs of the eight leaves of the RFC', () => {
    const { roots: wanted, inclusion, consistency } = vectors.rfc6962;
    const eight = vectors.rfc6962.leaves.map((entry) => leafHash(hex(entry)));
    const tree = treeOf(eight);
    const rootAtSize = (size: number): Uint8Array => hex(wanted[size]?.root ?? '');
    for (const { size, root } of wanted) {
      expect(toHex(rootOfHashes(eight.slice(0, size)))).toBe(root);
      expect(toHex(rootAt(size, tree))).toBe(root);
    }
    for (const { index, size, proof } of inclusion) {
      expect(inclusionProof(index, size, tree).map(toHex)).toEqual(proof);
      expect(verifyInclusion(eight[index] ?? EMPTY_ROOT, index, size, rootAtSize(size), proof.map(hex))).toBe(
        true,
      );
    }
    for (const { old, new: size, proof } of consistency) {
      expect(consistencyProof(old, size, tree).map(toHex)).toEqual(proof);
      expect(verifyConsistency(old, size, rootAtSize(old), rootAtSize(size), proof.map(hex))).toBe(true);
    }
  });

  it('agree on the roots and proofs of a tree of 70,000 entries', () => {
    const { roots: wanted, inclusion12345of70000, consistency5000to70000 } = vectors.large;
    const many = numberedLeaves(70_000);
    const tree = treeOf(many);
    for (const { size, rootBase64 } of wanted) expect(rootAt(size, tree)).toEqual(base64(rootBase64));
    expect(inclusionProof(12_345, 70_000, tree).map(toHex)).toEqual(inclusion12345of70000);
    expect(consistencyProof(5_000, 70_000, tree).map(toHex)).toEqual(consistency5000to70000);
    const root = rootAt(70_000, tree);
    const proof = inclusion12345of70000.map(hex);
    expect(verifyInclusion(many[12_345] ?? EMPTY_ROOT, 12_345, 70_000, root, proof)).toBe(true);
    const grown = consistency5000to70000.map(hex);
    expect(verifyConsistency(5_000, 70_000, rootAt(5_000, tree), root, grown)).toBe(true);
  });
});

describe('every size from 0 to 300', () => {
  it('has the same root over leaves and over tiles, and over the tiles of a larger tree', () => {
    for (let size = 0; size <= 300; size += 1) expect(rootAt(size, read)).toEqual(rootOf(size));
  });

  it('has inclusion proofs that verify for each of its entries', () => {
    for (let size = 1; size <= 300; size += 1) {
      for (let index = 0; index < size; index += size > 40 ? 13 : 1) {
        const proof = inclusionProof(index, size, read);
        expect(verifyInclusion(leafOf(index), index, size, rootOf(size), proof)).toBe(true);
      }
    }
  });

  it('has consistency proofs that verify from each older size', () => {
    for (let size = 0; size <= 300; size += 1) {
      for (let old = 0; old <= size; old += size > 40 ? 11 : 1) {
        const proof = consistencyProof(old, size, read);
        expect(verifyConsistency(old, size, rootOf(old), rootOf(size), proof)).toBe(true);
      }
    }
  });
});

const sizes = fc.integer({ min: 1, max: 300 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    index: fc.integer({ min: 0, max: size - 1 }),
    at: fc.nat(1000),
  }),
);

describe('an inclusion proof', () => {
  it('verifies for no other leaf, index, size or root', () => {
    fc.assert(
      fc.property(sizes, fc.nat(300), ({ size, index, at }, other) => {
        const proof = inclusionProof(index, size, read);
        const root = rootOf(size);
        expect(verifyInclusion(flipped(leafOf(index), at), index, size, root, proof)).toBe(false);
        expect(verifyInclusion(leafOf(index), index, size, flipped(root, at), proof)).toBe(false);
        if (other !== index) {
          expect(verifyInclusion(leafOf(other), index, size, root, proof)).toBe(false);
          expect(verifyInclusion(leafOf(index), other, size, root, proof)).toBe(false);
        }
        // A root commits to hashes, not to its size: what must fail is the pair of another size and its root.
        if (other !== size)
          expect(verifyInclusion(leafOf(index), index, size, rootOf(other), proof)).toBe(false);
      }),
    );
  });

  it('does not verify with a hash changed, missing, added or of another length', () => {
    fc.assert(
      fc.property(sizes, ({ size, index, at }) => {
        const proof = [...inclusionProof(index, size, read)];
        const verifies = (changed: readonly Uint8Array[]): boolean =>
          verifyInclusion(leafOf(index), index, size, rootOf(size), changed);
        expect(verifies([...proof, EMPTY_ROOT])).toBe(false);
        if (proof.length === 0) return;
        const place = at % proof.length;
        expect(verifies(proof.slice(1))).toBe(false);
        expect(verifies(proof.map((hash, i) => (i === place ? flipped(hash, at) : hash)))).toBe(false);
        expect(verifies(proof.map((hash, i) => (i === place ? hash.slice(1) : hash)))).toBe(false);
      }),
    );
  });

  it('does not verify for a position that is no safe integer or lies outside', () => {
    for (const index of [-1, 0.5, 1, Number.NaN, 2 ** 53]) {
      expect(verifyInclusion(leafOf(0), index, 1, leafOf(0), [])).toBe(false);
    }
    expect(verifyInclusion(leafOf(0), 0, 2 ** 53, leafOf(0), [])).toBe(false);
    expect(verifyInclusion(leafOf(0), 0, 1, leafOf(0), [])).toBe(true);
  });

  it('verifies beyond 32 bits', () => {
    // A tree of 2^40 + 1 entries whose last entry hangs beside a full left tree.
    const left = leafHash(utf8('left'));
    const leaf = leafHash(utf8('last'));
    expect(verifyInclusion(leaf, 2 ** 40, 2 ** 40 + 1, nodeHash(left, leaf), [left])).toBe(true);
    expect(verifyInclusion(leaf, 0, 2 ** 40 + 1, nodeHash(left, leaf), [left])).toBe(false);
    expect(verifyConsistency(2 ** 40, 2 ** 40 + 1, left, nodeHash(left, leaf), [leaf])).toBe(true);
  });
});

describe('a consistency proof', () => {
  it('verifies for no other old or new root, and not with a hash changed, missing or added', () => {
    fc.assert(
      fc.property(sizes, ({ size, index, at }) => {
        const old = index + 1;
        const proof = [...consistencyProof(old, size, read)];
        const verifies = (changed: readonly Uint8Array[]): boolean =>
          verifyConsistency(old, size, rootOf(old), rootOf(size), changed);
        expect(verifyConsistency(old, size, flipped(rootOf(old), at), rootOf(size), proof)).toBe(false);
        expect(verifyConsistency(old, size, rootOf(old), flipped(rootOf(size), at), proof)).toBe(false);
        expect(verifies([...proof, EMPTY_ROOT])).toBe(false);
        if (proof.length === 0) return;
        const place = at % proof.length;
        expect(verifies(proof.slice(1))).toBe(false);
        expect(verifies(proof.slice(0, -1))).toBe(false);
        expect(verifies(proof.map((hash, i) => (i === place ? flipped(hash, at) : hash)))).toBe(false);
        expect(verifies(proof.map((hash, i) => (i === place ? hash.slice(1) : hash)))).toBe(false);
      }),
    );
  });

  it('of equal sizes or from an empty log is empty, and nothing else is accepted', () => {
    expect(verifyConsistency(5, 5, rootOf(5), rootOf(5), [])).toBe(true);
    expect(verifyConsistency(5, 5, rootOf(5), rootOf(6), [])).toBe(false);
    expect(verifyConsistency(5, 5, rootOf(5), rootOf(5), [rootOf(5)])).toBe(false);
    expect(verifyConsistency(0, 5, EMPTY_ROOT, rootOf(5), [])).toBe(true);
    expect(verifyConsistency(0, 5, rootOf(1), rootOf(5), [])).toBe(false);
    expect(verifyConsistency(0, 5, EMPTY_ROOT, rootOf(5), [rootOf(5)])).toBe(false);
    expect(verifyConsistency(3, 5, rootOf(3), rootOf(5), [])).toBe(false);
  });

  it('never verifies backwards or for a size that is no safe integer', () => {
    expect(verifyConsistency(6, 5, rootOf(6), rootOf(5), [])).toBe(false);
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(verifyConsistency(size, 5, rootOf(1), rootOf(5), [])).toBe(false);
      expect(verifyConsistency(1, size, rootOf(1), rootOf(5), [])).toBe(false);
    }
  });
});

describe('the tiles that a computation reads', () => {
  it('are found without the tree and suffice for the computation', () => {
    const tiles = growTiles(0, leaves, () => EMPTY_ROOT);
    const compute = (reader: typeof read) => [
      rootAt(300, reader),
      ...inclusionProof(7, 300, reader),
      ...consistencyProof(100, 300, reader),
    ];
    const places = tilesReadBy(compute);
    expect(places).toHaveLength(3);
    const atHand = tiles.filter((tile) =>
      places.some(({ level, n }) => level === tile.level && n === tile.n),
    );
    expect(compute(readerOf(atHand))).toEqual(compute(read));
    expect(() => compute(readerOf([]))).toThrow(RangeError);
  });
});
