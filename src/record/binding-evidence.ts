/** By what evidence, from outside the server, a new key speaks for a person (SPEC 3.4); for the service and every verifier. */
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { verify } from '../crypto/ed25519.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import { checkAssertion } from './assertion.ts';
import type { Binding } from './binding.ts';
import { bindHash } from './binding.ts';
import { parseCoseKey } from './cose-key.ts';
import type { Signature } from './signature.ts';

/** A key as a signature is checked against it; `publicKey` is raw Ed25519 or COSE bytes, by `alg`. */
export type VerifyingKey = {
  readonly alg: 'Ed25519' | 'webauthn';
  readonly publicKey: Uint8Array;
  readonly webauthnId: Uint8Array;
};

/** Where passkeys are used: relying party and web origins. */
export type PasskeyPlace = { readonly rpId: string; readonly origins: readonly string[] };

/** Whether a key signed 32 bytes, in the way of its algorithm. */
export function isSignedBy(
  key: VerifyingKey,
  signed: Uint8Array,
  signature: Signature,
  { rpId, origins }: PasskeyPlace,
): boolean {
  if (signature.alg !== key.alg) return false;
  if (signature.alg === 'Ed25519')
    return verify(key.publicKey, signed, present(fromBase64Url(signature.signature), 'checked bytes'));
  const { publicKey: coseKey, webauthnId: credentialId } = key;
  return checkAssertion(signature, { challenge: signed, rpId, origins, coseKey, credentialId }).ok;
}

/** The key that a binding binds. */
export const boundKey = ({ alg, publicKey, webauthnId }: Binding): VerifyingKey => ({
  alg,
  publicKey: present(fromBase64Url(publicKey), 'checked bytes'),
  webauthnId: present(fromBase64Url(webauthnId), 'checked bytes'),
});

/** Whether the key may be enrolled, and is of the sort that its kind promises: a device key is Ed25519, a passkey an authenticator's. */
export function isBindable(bound: Binding): boolean {
  const { alg, publicKey, webauthnId } = boundKey(bound);
  if (bound.credentialKind === 'device')
    return alg === 'Ed25519' && webauthnId.length === 0 && isEnrollableKey(publicKey);
  if (alg !== 'webauthn' || webauthnId.length === 0) return false;
  const cose = parseCoseKey(publicKey);
  return cose.ok && (cose.value.alg === 'ES256' || isEnrollableKey(cose.value.publicKey));
}

/** Whether the new key itself signed its binding, so that its holder has shown it. */
export const isShown = (bound: Binding, bytes: Uint8Array, byKey: Signature, place: PasskeyPlace): boolean =>
  isSignedBy(boundKey(bound), bindHash(bytes), byKey, place);

/** Two signatures over the binding: of the letter that vouches for the person, and of the new key, whose holder thereby shows it. */
export type BindingEvidence = readonly [byLetter: Signature, byKey: Signature];

/** Whether both signatures of a binding hold; `letterKey` is the raw Ed25519 key of the letter. */
export function isVouched(
  bound: Binding,
  bytes: Uint8Array,
  letterKey: Uint8Array,
  [byLetter, byKey]: BindingEvidence,
  place: PasskeyPlace,
): boolean {
  const signed = bindHash(bytes);
  const letter = { alg: 'Ed25519', publicKey: letterKey, webauthnId: new Uint8Array() } as const;
  return isSignedBy(letter, signed, byLetter, place) && isShown(bound, bytes, byKey, place);
}
