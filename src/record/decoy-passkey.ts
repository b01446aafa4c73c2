/** The passkey that stands in for one that nobody enrolled, so that a sign-in by a stranger costs the same work (SPEC 3.5). */
import { present } from '../base/assert.ts';
import { fromHex } from '../base/bytes.ts';
import type { VerifyingKey } from './binding-evidence.ts';
import { coseOfP256 } from './cose-key.ts';

/** The generator of P-256 (FIPS 186-4 D.1.2.3). Its secret is 1: whoever uses it must refuse, whatever the signature says. */
const GENERATOR = present(
  fromHex(
    '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  ),
  'constant',
);

/** A key under the credential id that a stranger names. */
export const decoyPasskey = (webauthnId: Uint8Array): VerifyingKey => ({
  alg: 'webauthn',
  publicKey: coseOfP256(GENERATOR),
  webauthnId,
});
