/** A choice sealed to the box key: `epk(32) ‖ nonce(24) ‖ nacl.box` (SPEC 6.2), the same code in the page and on the server. */
import nacl from 'tweetnacl';
import { concat, sameBytes, toHex } from '../base/bytes.ts';

/** Bytes that sealing adds: ephemeral key, nonce, and the box's authenticator. */
export const SEAL_OVERHEAD = 32 + 24 + 16;

/** p = 2^255 − 19, most significant byte first (RFC 7748 §4.1). */
const FIELD_PRIME = `7f${'ff'.repeat(30)}ed`;

/** The canonical u-coordinates of small order on Curve25519 (RFC 7748 §6.1 and cr.yp.to/ecdh.html). */
const SMALL_ORDER = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
]);

/** Whether an X25519 public key is canonical and not of small order (SPEC 6.2). */
export function isBoxKey(key: Uint8Array): boolean {
  if (key.length !== 32) return false;
  // Keys are little-endian; of texts of one length, the order is that of the numbers.
  return toHex(key.slice().reverse()) < FIELD_PRIME && !SMALL_ORDER.has(toHex(key));
}

/** The X25519 public key of a 32-byte secret. */
export const boxPublicKey = (secret: Uint8Array): Uint8Array =>
  nacl.box.keyPair.fromSecretKey(secret).publicKey;

/** Seals a padded plaintext under an ephemeral secret and a 24-byte nonce, both drawn by the caller. */
export function seal(
  plaintext: Uint8Array,
  boxKey: Uint8Array,
  ephemeralSecret: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  return concat(boxPublicKey(ephemeralSecret), nonce, nacl.box(plaintext, nonce, boxKey, ephemeralSecret));
}

/** The plaintext of a sealed choice under the box's secret, or undefined where it does not open. */
export function openSeal(sealed: Uint8Array, boxSecret: Uint8Array): Uint8Array | undefined {
  if (sealed.length < SEAL_OVERHEAD || !isBoxKey(sealed.subarray(0, 32))) return undefined;
  const [ephemeralKey, nonce, box] = [sealed.slice(0, 32), sealed.slice(32, 56), sealed.slice(56)];
  return nacl.box.open(box, nonce, ephemeralKey, boxSecret) ?? undefined;
}

/** Whether a secret belongs to a box key. */
export const opensBox = (secret: Uint8Array, boxKey: Uint8Array): boolean =>
  secret.length === 32 && sameBytes(boxPublicKey(secret), boxKey);
