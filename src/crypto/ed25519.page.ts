/** The page twin of `ed25519.ts` on tweetnacl, which does not check S < ℓ itself (SPEC 1.3). */
import nacl from 'tweetnacl';
import { hasReducedScalar } from './ed25519-scalar.ts';

/** The 32-byte public key of a 32-byte seed. */
export const publicKeyOf = (seed: Uint8Array): Uint8Array => nacl.sign.keyPair.fromSeed(seed).publicKey;

/** The 64-byte signature of a message under a 32-byte seed. */
export const sign = (seed: Uint8Array, message: Uint8Array): Uint8Array =>
  nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(seed).secretKey);

/** Whether the signature verifies; false for every malformed input, never a throw. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || !hasReducedScalar(signature)) return false;
  return nacl.sign.detached.verify(message, signature, publicKey);
}
