/** The two forms of a signature, and the hash by which a public entry names one (SPEC 1.4, 2.3). */

import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, oneOf, recordForm, variants } from './schema.ts';
import { fixedBytes, someBytes } from './shapes.ts';

const ed25519Signature = closed({ alg: oneOf('Ed25519'), signature: fixedBytes(64) });

/** A WebAuthn assertion, with the very bytes that the authenticator and the browser made. */
const assertion = closed({
  alg: oneOf('webauthn'),
  credentialId: someBytes(1023),
  clientDataJSON: someBytes(4096),
  authenticatorData: someBytes(1024),
  signature: someBytes(512),
});

export const signatureShape = variants('alg', { Ed25519: ed25519Signature, webauthn: assertion });

export type Signature = Of<typeof signatureShape>;
export type Assertion = Of<typeof assertion>;

/** A signature as it stands in requests and bundles. */
export const signatureForm = recordForm(signatureShape, 'signature');

const bytesOf = (text: string): Uint8Array => present(fromBase64Url(text), 'checked base64url');

/** `H256("evidence", …)` of a signature (SPEC 1.4). */
export function evidenceHash(signature: Signature): string {
  if (signature.alg === 'Ed25519') return h256Text('evidence', 'Ed25519', bytesOf(signature.signature));
  const { credentialId, clientDataJSON, authenticatorData } = signature;
  return h256Text(
    'evidence',
    bytesOf(credentialId),
    bytesOf(clientDataJSON),
    bytesOf(authenticatorData),
    bytesOf(signature.signature),
  );
}

/** A public key with the algorithm that it is used with: raw Ed25519, or a COSE key of an authenticator. */
export const publicKeyShape = closed({
  v: exactly(1),
  alg: oneOf('Ed25519', 'webauthn'),
  publicKey: someBytes(1024),
  webauthnId: someBytes(1023),
});

export type PublicKey = Of<typeof publicKeyShape>;
