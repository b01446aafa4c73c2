/** ECDSA on P-256 with SHA-256 (ES256), as authenticators sign; verification only, in node:crypto (SPEC 1.3). */
import { createPublicKey, verify as nodeVerify } from 'node:crypto';
import { toBase64Url } from '../base/bytes.ts';

/** Whether 64 bytes x ‖ y are a point on the curve. */
export function isP256Point(point: Uint8Array): boolean {
  try {
    jwkKey(point);
    return point.length === 64;
  } catch {
    return false;
  }
}

const jwkKey = (point: Uint8Array) =>
  createPublicKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: toBase64Url(point.subarray(0, 32)),
      y: toBase64Url(point.subarray(32)),
    },
    format: 'jwk',
  });

/** Whether a DER signature verifies; false for every malformed input, never a throw. */
export function verifyP256(point: Uint8Array, message: Uint8Array, derSignature: Uint8Array): boolean {
  if (point.length !== 64) return false;
  try {
    return nodeVerify('sha256', message, jwkKey(point), derSignature);
  } catch {
    return false;
  }
}
