/** Randomness of the page; works without a secure context too (SPEC 1.7, 6.2). */
import type { Random } from '../../base/clock.ts';

/** Fresh random bytes of the browser. */
export const draw: Random = (size) => crypto.getRandomValues(new Uint8Array(size));
