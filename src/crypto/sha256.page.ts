/** The page twin of `sha256.ts`: works without `crypto.subtle`, thus also where the page is not a secure context. */
import { sha256 as hasher } from '@noble/hashes/sha2.js';

/** SHA-256 of the parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = hasher.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}
