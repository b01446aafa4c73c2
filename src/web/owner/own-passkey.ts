/** A passkey of the owner's own: bound by the letter, it signs in and votes without it (SPEC 1.7, 3.4). */
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { coseOfP256 } from '../../record/cose-key.ts';
import { loginHash } from '../../record/login.ts';
import type { Assertion } from '../../record/signature.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';
import { bindByLetter, bindingPlace } from './binding.ts';
import { isInApp } from './in-app.ts';
import type { SignedInOwner } from './letter-login.ts';
import type { VotingKey } from './voting-key.ts';
import { t } from './words.ts';

const TIMEOUT_MS = 120_000;
const ES256 = -7;
/** An uncompressed P-256 point ends its SubjectPublicKeyInfo: 0x04, x, y. */
const POINT_BYTES = 64;

const failed = () => ({ ok: false, problem: { code: 'PASSKEY', sentence: t('passkeyFailed') } }) as const;
const bytesOf = (buffer: ArrayBuffer): string => toBase64Url(new Uint8Array(buffer));

/** Whether this device can make one; a browser inside another program claims more than it can do. */
export async function canUsePasskeys(): Promise<boolean> {
  if (isInApp()) return false;
  try {
    return await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  } catch {
    return false;
  }
}

/** Lets a passkey of this site sign 32 bytes; with `id` that one, else the one that its owner picks. */
export async function assertBy(rpId: string, hash: Uint8Array, id?: Uint8Array): Promise<Answer<Assertion>> {
  try {
    const credential = (await navigator.credentials.get({
      publicKey: {
        challenge: Uint8Array.from(hash),
        rpId,
        userVerification: 'required',
        timeout: TIMEOUT_MS,
        allowCredentials: id === undefined ? [] : [{ type: 'public-key', id: Uint8Array.from(id) }],
      },
    })) as PublicKeyCredential;
    const { clientDataJSON, authenticatorData, signature } =
      credential.response as AuthenticatorAssertionResponse;
    return {
      ok: true,
      value: {
        alg: 'webauthn',
        credentialId: bytesOf(credential.rawId),
        clientDataJSON: bytesOf(clientDataJSON),
        authenticatorData: bytesOf(authenticatorData),
        signature: bytesOf(signature),
      },
    };
  } catch {
    return failed();
  }
}

const passkeyVotingKey = (rpId: string, id: string): VotingKey => ({
  sign: (hash) => assertBy(rpId, hash, fromBase64Url(id) ?? new Uint8Array()),
  letterSeed: undefined,
});

/** Opens a session with a passkey that was bound before. */
export async function signInByPasskey(): Promise<
  Answer<{ readonly owner: SignedInOwner; readonly key: VotingKey }>
> {
  const deployment = await call<{ readonly rpId: string }>('GET', '/v1/deployment');
  if (!deployment.ok) return deployment;
  const challenge = await call<{ readonly serverNonce: string }>('POST', '/v1/identity/challenge');
  if (!challenge.ok) return challenge;
  const [{ rpId }, { serverNonce }] = [deployment.value, challenge.value];
  const pageNonce = draw(32);
  const hash = loginHash(location.origin, fromBase64Url(serverNonce) ?? new Uint8Array(), pageNonce);
  const signature = await assertBy(rpId, hash);
  if (!signature.ok) return signature;
  const body = { serverNonce, pageNonce: toBase64Url(pageNonce), signature: signature.value };
  const owner = await call<SignedInOwner>('POST', '/v1/identity/passkey-sessions', body);
  if (!owner.ok) return owner;
  return {
    ok: true,
    value: { owner: owner.value, key: passkeyVotingKey(rpId, signature.value.credentialId) },
  };
}

/** Makes a passkey on this device and returns its id and COSE key. */
export async function createPasskey(
  rpId: string,
): Promise<{ readonly id: Uint8Array; readonly coseKey: Uint8Array } | undefined> {
  const credential = (await navigator.credentials.create({
    publicKey: {
      rp: { id: rpId, name: t('name') },
      user: { id: Uint8Array.from(draw(16)), name: t('name'), displayName: t('name') },
      // Nothing is attested, so nothing is signed: the binding is, right after.
      challenge: Uint8Array.from(draw(32)),
      pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      timeout: TIMEOUT_MS,
    },
  })) as PublicKeyCredential;
  const key = (credential.response as AuthenticatorAttestationResponse).getPublicKey();
  if (key === null) return undefined;
  return {
    id: new Uint8Array(credential.rawId),
    coseKey: coseOfP256(new Uint8Array(key).slice(-POINT_BYTES)),
  };
}

/** Makes a passkey and binds it by the letter; the device asks its owner twice, since the new key signs too. */
export async function addPasskey(letterSeed: Uint8Array): Promise<Answer<unknown>> {
  const place = await bindingPlace();
  if (!place.ok) return place;
  const { rpId } = place.value;
  const made = await createPasskey(rpId).catch(() => undefined);
  if (made === undefined) return failed();
  return bindByLetter(letterSeed, place.value, {
    credentialKind: 'passkey',
    alg: 'webauthn',
    publicKey: toBase64Url(made.coseKey),
    webauthnId: toBase64Url(made.id),
    sign: (hash) => assertBy(rpId, hash, made.id),
  });
}
