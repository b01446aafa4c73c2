/** A software authenticator that makes real WebAuthn registrations and assertions (ES256), for demos and tests (SPEC 2.3). */
import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { concat, toBase64Url, utf8 } from '../../base/bytes.ts';
import type { Random } from '../../base/clock.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { coseOfP256 } from '../../record/cose-key.ts';
import type { Signature } from '../../record/signature.ts';

export type Authenticator = {
  readonly credentialId: Uint8Array;
  readonly coseKey: Uint8Array;
  readonly register: (challenge: Uint8Array) => RegistrationResponseJSON;
  readonly sign: (challenge: Uint8Array) => Signature;
};

/** User present, user verified. */
const FLAGS = 0x05;
const ATTESTED = 0x40;
const CREDENTIAL_ID_SIZE = 32;

/** {"fmt": "none", "attStmt": {}, "authData": bytes} in canonical CBOR, up to the length of authData. */
const ATTESTATION_HEAD = concat(
  Uint8Array.of(0xa3, 0x63),
  utf8('fmt'),
  Uint8Array.of(0x64),
  utf8('none'),
  Uint8Array.of(0x67),
  utf8('attStmt'),
  Uint8Array.of(0xa0),
  Uint8Array.of(0x68),
  utf8('authData'),
  Uint8Array.of(0x58),
);

/** A fresh passkey for one relying party and one web origin. */
export function softwareAuthenticator(rpId: string, origin: string, random: Random): Authenticator {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = privateKey.export({ format: 'jwk' });
  const cose = coseOfP256(concat(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')));
  const credentialId = random(CREDENTIAL_ID_SIZE);
  const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const clientData = (type: string, challenge: Uint8Array): Uint8Array =>
    utf8(JSON.stringify({ type, challenge: toBase64Url(challenge), origin, crossOrigin: false }));
  const rpHash = sha256(utf8(rpId));
  return {
    credentialId,
    coseKey: cose,
    register: (challenge) => {
      const attested = concat(new Uint8Array(16), Uint8Array.of(0, CREDENTIAL_ID_SIZE), credentialId, cose);
      const authData = concat(rpHash, Uint8Array.of(FLAGS | ATTESTED, 0, 0, 0, 0), attested);
      const id = toBase64Url(credentialId);
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: toBase64Url(clientData('webauthn.create', challenge)),
          attestationObject: toBase64Url(concat(ATTESTATION_HEAD, Uint8Array.of(authData.length), authData)),
        },
      };
    },
    sign: (challenge) => {
      const client = clientData('webauthn.get', challenge);
      const authenticatorData = concat(rpHash, Uint8Array.of(FLAGS, 0, 0, 0, 0));
      const signature = createSign('sha256')
        .update(concat(authenticatorData, sha256(client)))
        .sign(key);
      return {
        alg: 'webauthn',
        credentialId: toBase64Url(credentialId),
        clientDataJSON: toBase64Url(client),
        authenticatorData: toBase64Url(authenticatorData),
        signature: toBase64Url(new Uint8Array(signature)),
      };
    },
  };
}
