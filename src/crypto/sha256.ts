/** SHA-256, synchronous; the page's build takes `sha256.page.ts` instead, so that one name serves both (DESIGN §3). */
import { createHash } from 'node:crypto';

/** SHA-256 of the parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
