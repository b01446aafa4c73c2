/**
 * COSE public keys of authenticators, in the one encoding that CTAP2 demands (canonical CBOR): ES256, EdDSA.
 * Any other encoding or algorithm is refused at enrolment, so no CBOR reader is needed (SPEC 1.3, RFC 9053).
 */
import { present } from '../base/assert.ts';
import { concat, fromHex, sameBytes } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';

/** A key that a verifier can use: x ‖ y of P-256, or a raw Ed25519 key. */
export type CoseKey =
  | { readonly alg: 'ES256'; readonly point: Uint8Array }
  | { readonly alg: 'Ed25519'; readonly publicKey: Uint8Array };

const constant = (hex: string): Uint8Array => present(fromHex(hex), 'constant');
/** {1: 2, 3: -7, -1: 1, -2: bytes(32) …, -3: bytes(32) …} */
const ES256_HEAD = constant('a5010203262001215820');
const ES256_MIDDLE = constant('225820');
/** {1: 1, 3: -8, -1: 6, -2: bytes(32) …} */
const EDDSA_HEAD = constant('a401010327200621' + '5820');

/** Reads a COSE key. */
export function parseCoseKey(bytes: Uint8Array): Result<CoseKey, Refusal<'COSE_KEY_UNSUPPORTED'>> {
  if (
    bytes.length === 77 &&
    sameBytes(bytes.subarray(0, 10), ES256_HEAD) &&
    sameBytes(bytes.subarray(42, 45), ES256_MIDDLE)
  ) {
    return ok({ alg: 'ES256', point: concat(bytes.subarray(10, 42), bytes.subarray(45)) });
  }
  if (bytes.length === 42 && sameBytes(bytes.subarray(0, 10), EDDSA_HEAD)) {
    return ok({ alg: 'Ed25519', publicKey: bytes.slice(10) });
  }
  return refuse('COSE_KEY_UNSUPPORTED');
}

/** The COSE bytes of a P-256 point x ‖ y. */
export const coseOfP256 = (point: Uint8Array): Uint8Array =>
  concat(ES256_HEAD, point.subarray(0, 32), ES256_MIDDLE, point.subarray(32));
