/** Time and randomness as values that are passed in, so that the deciding code has neither. */
import { toBase32 } from './bytes.ts';
import type { Instant } from './instant.ts';

/** Now, in milliseconds since 1970. */
export type Clock = () => Instant;

/** Fresh random bytes. */
export type Random = (size: number) => Uint8Array;

/** A fresh identifier: 128 random bits, base32 lower case, 26 characters (SPEC 1.2). */
export const newId = (random: Random): string => toBase32(random(16));
