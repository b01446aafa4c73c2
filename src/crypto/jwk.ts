/** Signatures of outside parties under JSON Web Keys: RS256, ES256 and EdDSA, with the key's own algorithm and no other (SPEC 1.3, 3.4). */
import { createPublicKey, verify as nodeVerify } from 'node:crypto';
import { fromBase64Url } from '../base/bytes.ts';
import { verify as verifyEd25519 } from './ed25519.ts';

/** The public members of a key and no other, each in base64url without padding (RFC 7518, RFC 8037). */
export type Jwk =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

export type JwkAlg = 'RS256' | 'ES256' | 'EdDSA';

/** The one sort of key that an algorithm takes, so that no token chooses how a key is used. */
const KEY_TYPE: Readonly<Record<JwkAlg, Jwk['kty']>> = { RS256: 'RSA', ES256: 'EC', EdDSA: 'OKP' };

const MIN_RSA_BYTES = 256;
/** A larger key only makes a verifier slow. */
const MAX_RSA_BYTES = 1024;

const nodeKey = (jwk: Jwk) => createPublicKey({ key: { ...jwk }, format: 'jwk' });

/** Whether the key is lawful for the algorithm: of its type, RSA of 2048 bits or more, a point on the curve. */
export function isJwkFor(alg: JwkAlg, jwk: Jwk): boolean {
  if (jwk.kty !== KEY_TYPE[alg]) return false;
  if (jwk.kty === 'RSA') {
    const size = fromBase64Url(jwk.n)?.length ?? 0;
    if (size < MIN_RSA_BYTES || size > MAX_RSA_BYTES) return false;
  }
  try {
    nodeKey(jwk);
    return true;
  } catch {
    return false;
  }
}

/** Whether a JWS signature verifies; false for every malformed input and for a key of another type, never a throw. */
export function verifyByJwk(alg: JwkAlg, jwk: Jwk, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isJwkFor(alg, jwk)) return false;
  try {
    if (jwk.kty === 'OKP') return verifyEd25519(fromBase64Url(jwk.x) ?? new Uint8Array(), message, signature);
    if (jwk.kty === 'RSA') return nodeVerify('sha256', message, nodeKey(jwk), signature);
    return nodeVerify('sha256', message, { key: nodeKey(jwk), dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
}
