// Randomness that repeats: SHA-256 over a seed and a counter, so that a failing run can be run again.
import { createHash } from 'node:crypto';
import type { Random } from '../../src/base/clock.ts';

/** A Random whose bytes depend on the seed and on the calls before. */
export function seededRandom(seed: string): Random {
  let counter = 0;
  return (size) => {
    const out = new Uint8Array(size);
    for (let at = 0; at < size; at += 32) {
      const block = createHash('sha256').update(`${seed}/${counter}`).digest();
      counter += 1;
      out.set(block.subarray(0, Math.min(32, size - at)), at);
    }
    return out;
  };
}
