// The software authenticator of the demo, with the public key that its registration carries, as officers' passkeys are kept.
import { decodeAttestationObject, parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import type { Random } from '../../src/base/clock.ts';
import { softwareAuthenticator as demoAuthenticator } from '../../src/cli/demo/authenticator.ts';
import type { PublicKey, Signature } from '../../src/record/signature.ts';

export type Authenticator = {
  readonly publicKey: PublicKey;
  sign(challenge: Uint8Array): Signature;
};

/** A fresh passkey for one relying party and one web origin. */
export function softwareAuthenticator(rpId: string, origin: string, random: Random): Authenticator {
  const { register, sign } = demoAuthenticator(rpId, origin, random);
  const { id, response } = register(new Uint8Array(32));
  const attestation = present(fromBase64Url(response.attestationObject), 'attestation');
  const authData = decodeAttestationObject(Uint8Array.from(attestation)).get('authData');
  const cose = present(parseAuthenticatorData(authData).credentialPublicKey, 'public key');
  return {
    publicKey: { v: 1, alg: 'webauthn', publicKey: toBase64Url(cose), webauthnId: id },
    sign,
  };
}
