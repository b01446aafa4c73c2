// The software authenticator of the demo, with its public key as officers' and owners' passkeys are kept.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Random } from '../../src/base/clock.ts';
import { softwareAuthenticator as demoAuthenticator } from '../../src/cli/demo/authenticator.ts';
import type { PublicKey, Signature } from '../../src/record/signature.ts';

export type Authenticator = {
  readonly publicKey: PublicKey;
  sign(challenge: Uint8Array): Signature;
};

/** A fresh passkey for one relying party and one web origin. */
export function softwareAuthenticator(rpId: string, origin: string, random: Random): Authenticator {
  const { coseKey, credentialId, sign } = demoAuthenticator(rpId, origin, random);
  return {
    publicKey: {
      v: 1,
      alg: 'webauthn',
      publicKey: toBase64Url(coseKey),
      webauthnId: toBase64Url(credentialId),
    },
    sign,
  };
}
