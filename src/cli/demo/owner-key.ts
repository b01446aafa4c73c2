/** A demo owner binds a passkey or a device key by his letter, and signs in with it (SPEC 1.7, 3.4). */
import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { newId } from '../../base/clock.ts';
import { publicKeyOf, sign } from '../../crypto/ed25519.ts';
import type { Binding } from '../../record/binding.ts';
import { bindHash, bindingForm } from '../../record/binding.ts';
import { loginHash } from '../../record/login.ts';
import type { Signature } from '../../record/signature.ts';
import { softwareAuthenticator } from './authenticator.ts';
import type { HttpClient } from './http-client.ts';
import type { DemoWorld } from './officer.ts';
import type { Owner, VotingKey } from './owner.ts';
import { letterKey } from './owner.ts';

/** A key of an owner's own: its public half, and the way to sign with it. */
export type OwnKey = VotingKey & Pick<Binding, 'credentialKind' | 'alg' | 'publicKey' | 'webauthnId'>;

/** A key as a page makes one and keeps it in the browser. */
export function newDeviceKey(world: Pick<DemoWorld, 'random'>): OwnKey {
  const seed = world.random(32);
  return {
    credentialKind: 'device',
    alg: 'Ed25519',
    publicKey: toBase64Url(publicKeyOf(seed)),
    webauthnId: '',
    sign: (hash) => ({ alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) }),
  };
}

/** A passkey of this deployment. */
export function newPasskey(world: Pick<DemoWorld, 'random' | 'origin'>): OwnKey {
  const rpId = new URL(world.origin).hostname;
  const authenticator = softwareAuthenticator(rpId, world.origin, world.random);
  return {
    credentialKind: 'passkey',
    alg: 'webauthn',
    publicKey: toBase64Url(authenticator.coseKey),
    webauthnId: toBase64Url(authenticator.credentialId),
    sign: authenticator.sign,
  };
}

type BindingPlace = Pick<Binding, 'origin' | 'rpId' | 'community' | 'person' | 'identity'>;

/** Binds the key; the owner is signed in by his letter. Returns the credential. */
export async function bindOwnKey(
  world: DemoWorld,
  client: HttpClient,
  owner: Owner,
  key: OwnKey,
): Promise<string> {
  const { origin, rpId, community, person, identity } =
    await client.get<BindingPlace>('/v1/identity/credentials');
  const { credentialKind, alg, publicKey, webauthnId } = key;
  const bytes = bindingForm.bytes({
    v: 1,
    kind: 'bind',
    vouchedBy: 'letter',
    origin,
    community,
    person,
    identity,
    credential: newId(world.random),
    credentialKind,
    alg,
    publicKey,
    webauthnId,
    rpId,
    nonce: toBase64Url(world.random(16)),
  });
  const hash = bindHash(bytes);
  const { credential } = await client.post<{ credential: string }>('/v1/identity/credentials', {
    binding: toBase64Url(bytes),
    byLetter: letterKey(owner).sign(hash),
    byKey: key.sign(hash),
  });
  return credential;
}

/** Signs in with an own key; a device key is asked for the number, as a letter is. */
export async function signInByKey(
  world: DemoWorld,
  client: HttpClient,
  owner: Pick<Owner, 'number'>,
  key: OwnKey,
): Promise<void> {
  const { serverNonce } = await client.post<{ serverNonce: string }>('/v1/identity/challenge');
  const pageNonce = world.random(32);
  const hash = loginHash(world.origin, present(fromBase64Url(serverNonce), 'served bytes'), pageNonce);
  const signature: Signature = key.sign(hash);
  const nonces = { serverNonce, pageNonce: toBase64Url(pageNonce) };
  if (signature.alg === 'webauthn') {
    await client.post('/v1/identity/passkey-sessions', { ...nonces, signature });
    return;
  }
  await client.post('/v1/identity/sessions', {
    ...nonces,
    publicKey: key.publicKey,
    signature: signature.signature,
    numberTail: owner.number.slice(-6),
  });
}
