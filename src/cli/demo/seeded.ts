/**
 * Choices that a seed decides: SHA-256 in counter mode, so that a demo community is the same on every
 * machine.
 */
import { present } from '../../base/assert.ts';
import { u64be, utf8 } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';

/** Draws from a seed. */
export type Seeded = {
  /** An integer from 0 to `count` − 1. */
  readonly below: (count: number) => number;
  /** One of the items. */
  readonly pick: <T>(items: readonly T[]) => T;
  /** True in about `percent` of 100 draws. */
  readonly chance: (percent: number) => boolean;
};

/** The draws of a seed. The tiny bias of the modulo does not matter here: nothing secret is drawn. */
export function seeded(seed: string): Seeded {
  let counter = 0n;
  let block = new Uint8Array(0);
  let at = 0;
  const word = (): number => {
    if (at >= block.length) {
      block = new Uint8Array(sha256(utf8(`owners-vote demo ${seed}`), u64be(counter)));
      counter += 1n;
      at = 0;
    }
    const value = new DataView(block.buffer).getUint32(at);
    at += 4;
    return value;
  };
  const below = (count: number): number => word() % count;
  return {
    below,
    pick: (items) => present(items[below(items.length)], 'at least one item'),
    chance: (percent) => below(100) < percent,
  };
}
