/**
 * The tree of RFC 6962 over a whole log in memory: the root at every earlier size and every inclusion proof, each in
 * about log₂(size) hashes, since a run asks for as many of them as there are casts (SPEC 7.1).
 */
import { EMPTY_ROOT, nodeHash } from '../record/merkle.ts';

export type HistoryTree = {
  readonly size: number;
  /** The root of the first `size` entries, which are at most all. */
  readonly rootAt: (size: number) => Uint8Array;
  /** The siblings of entry `index` in the whole tree, the leaf's own first. */
  readonly proofOf: (index: number) => readonly Uint8Array[];
};

/** The tree over leaf hashes. */
export function historyTree(leaves: readonly Uint8Array[]): HistoryTree {
  // layers[k] holds the roots of all complete subtrees of 2^k leaves.
  const layers: (readonly Uint8Array[])[] = [leaves];
  for (let below = leaves; below.length > 1; ) {
    const layer: Uint8Array[] = [];
    for (let i = 0; i + 1 < below.length; i += 2) {
      layer.push(nodeHash(below[i] as Uint8Array, below[i + 1] as Uint8Array));
    }
    layers.push(layer);
    below = layer;
  }

  /** The root of leaves `from` up to `to` where `from` is where a complete subtree of that size would begin. */
  function rangeRoot(from: number, to: number): Uint8Array {
    let [width, layer] = [1, 0];
    while (width * 2 <= to - from) [width, layer] = [width * 2, layer + 1];
    const left = layers[layer]?.[from / width] as Uint8Array;
    return width === to - from ? left : nodeHash(left, rangeRoot(from + width, to));
  }

  function proofOf(index: number): readonly Uint8Array[] {
    const proof: Uint8Array[] = [];
    let [from, to] = [0, leaves.length];
    while (to - from > 1) {
      let width = 1;
      while (width * 2 < to - from) width *= 2;
      const middle = from + width;
      if (index < middle) {
        proof.push(rangeRoot(middle, to));
        to = middle;
      } else {
        proof.push(rangeRoot(from, middle));
        from = middle;
      }
    }
    return proof.reverse();
  }

  return {
    size: leaves.length,
    rootAt: (size) => (size === 0 ? EMPTY_ROOT : rangeRoot(0, size)),
    proofOf,
  };
}
