// A software authenticator that makes real WebAuthn assertions (ES256), as officers' passkeys do.
import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto';
import { concat, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import type { Random } from '../../src/base/clock.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { coseOfP256 } from '../../src/record/cose-key.ts';
import type { PublicKey, Signature } from '../../src/record/signature.ts';

export type Authenticator = {
  readonly publicKey: PublicKey;
  sign(challenge: Uint8Array): Signature;
};

/** User present and user verified, nothing else. */
const FLAGS = 0x05;

/** A fresh passkey for one relying party and one web origin. */
export function softwareAuthenticator(rpId: string, origin: string, random: Random): Authenticator {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = privateKey.export({ format: 'jwk' });
  const point = concat(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url'));
  const credentialId = toBase64Url(random(32));
  const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return {
    publicKey: { v: 1, alg: 'webauthn', publicKey: toBase64Url(coseOfP256(point)), webauthnId: credentialId },
    sign: (challenge) => {
      const clientData = utf8(
        JSON.stringify({
          type: 'webauthn.get',
          challenge: toBase64Url(challenge),
          origin,
          crossOrigin: false,
        }),
      );
      const authenticatorData = concat(sha256(utf8(rpId)), Uint8Array.of(FLAGS, 0, 0, 0, 0));
      const signature = createSign('sha256')
        .update(concat(authenticatorData, sha256(clientData)))
        .sign(key);
      return {
        alg: 'webauthn',
        credentialId,
        clientDataJSON: toBase64Url(clientData),
        authenticatorData: toBase64Url(authenticatorData),
        signature: toBase64Url(new Uint8Array(signature)),
      };
    },
  };
}
