/** Bindings and revocations: what is signed for a new key to speak for a person, and to cease to (SPEC 3.4). */
import { h256 } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, oneOf, recordForm, text } from './schema.ts';
import { hash, id, labelOrNone, nonce, someBytes } from './shapes.ts';

const binding = closed({
  v: exactly(1),
  kind: oneOf('bind'),
  /** What vouches for the person: his letter, two officers who saw his document, or an ID token of a declared provider. */
  vouchedBy: oneOf('letter', 'counter', 'video', 'provider'),
  /** The log's origin. */
  origin: text(200),
  community: id,
  person: id,
  identity: hash,
  credential: id,
  credentialKind: oneOf('passkey', 'device'),
  alg: oneOf('Ed25519', 'webauthn'),
  /** 32 raw bytes, or COSE bytes. */
  publicKey: someBytes(1024),
  webauthnId: someBytes(1023),
  rpId: text(200),
  nonce,
});

export type Binding = Of<typeof binding>;
export const bindingForm = recordForm(binding, 'bind');

/** `H256("bind", bytes)`: what the new key signs, and the letter key where a letter vouches. */
export const bindHash = (bytes: Uint8Array): Uint8Array => h256('bind', bytes);

const revocation = closed({
  v: exactly(1),
  kind: oneOf('revocation'),
  community: id,
  credential: id,
  reason: labelOrNone,
  nonce,
});

export type Revocation = Of<typeof revocation>;
export const revocationForm = recordForm(revocation, 'revocation');

/** `H256("revocation", bytes)`: what the credential itself, or a letter of its person, signs; two officers sign its entry instead. */
export const revocationHash = (bytes: Uint8Array): Uint8Array => h256('revocation', bytes);
