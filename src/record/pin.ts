/** What a PIN of a device key is turned into: a proof for the service, and the wrapping of the seed (SPEC 3.3). */
import { utf8 } from '../base/bytes.ts';
import { h256 } from '../crypto/frame.ts';

/** Six digits. */
export const isPin = (typed: string): boolean => /^[0-9]{6}$/.test(typed);

/** `H256("pin-proof", salt, PIN)`: shown to the service, which cannot guess the PIN from it without the salt (16 bytes). */
export const pinProof = (salt: Uint8Array, pin: string): Uint8Array => h256('pin-proof', salt, utf8(pin));

/**
 * Wraps a seed, and unwraps what was wrapped: 32 bytes xor `H256("pin-wrap", salt, PIN, share)`. Salt and share serve one wrapping, so
 * the hash is a key used once; whoever unwraps compares the public key.
 */
export function wrapSeed(bytes: Uint8Array, salt: Uint8Array, pin: string, share: Uint8Array): Uint8Array {
  const key = h256('pin-wrap', salt, utf8(pin), share);
  return bytes.map((byte, at) => byte ^ (key[at] ?? 0));
}
