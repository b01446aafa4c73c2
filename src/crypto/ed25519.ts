/** Ed25519 by RFC 8032's equation without cofactor, S < ℓ checked first (SPEC 1.3); `ed25519.page.ts` is the page twin. */
import { createPrivateKey, createPublicKey, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import { present } from '../base/assert.ts';
import { concat, fromHex, toBase64Url } from '../base/bytes.ts';
import { hasReducedScalar } from './ed25519-scalar.ts';

/** PKCS #8 header of an Ed25519 seed (RFC 8410 §7). */
const PKCS8 = present(fromHex('302e020100300506032b657004220420'), 'constant');

const privateKey = (seed: Uint8Array) =>
  createPrivateKey({ key: Buffer.from(concat(PKCS8, seed)), format: 'der', type: 'pkcs8' });

/** The 32-byte public key of a 32-byte seed. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  const spki = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(spki.subarray(-32));
}

/** The 64-byte signature of a message under a 32-byte seed. */
export const sign = (seed: Uint8Array, message: Uint8Array): Uint8Array =>
  new Uint8Array(nodeSign(null, message, privateKey(seed)));

/** Whether the signature verifies; false for every malformed input, never a throw. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || !hasReducedScalar(signature)) return false;
  // OpenSSL takes any 32 bytes as a key and answers false where they are no point, so nothing here throws.
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(publicKey) },
    format: 'jwk',
  });
  return nodeVerify(null, message, key, signature);
}
