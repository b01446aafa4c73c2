/** Which Ed25519 keys may be enrolled: canonical, not of small order, torsion-free (SPEC 1.3). */
import { ed25519 } from '@noble/curves/ed25519.js';

/** Whether a 32-byte public key may be enrolled; on every other key libraries could disagree. */
export function isEnrollableKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false;
  try {
    const point = ed25519.Point.fromBytes(publicKey, false);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
}
