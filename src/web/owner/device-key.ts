/** A device key: made in this page, bound by the letter, kept by this browser, with a PIN or without (SPEC 3.3, 3.4). */
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { publicKeyOf } from '../../crypto/ed25519.ts';
import { pinProof, wrapSeed } from '../../record/pin.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';
import { bindByLetter, bindingPlace, takeBack } from './binding.ts';
import type { KeptKey } from './kept-keys.ts';
import { canKeep, keepKey } from './kept-keys.ts';
import type { VotingKey } from './voting-key.ts';
import { letterVotingKey, signByLetter } from './voting-key.ts';
import { t } from './words.ts';

type Share = { readonly share: string };

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();
const notKept = () => ({ ok: false, problem: { code: 'NOT_KEPT', sentence: t('deviceNotKept') } }) as const;

/** Signs as a letter does, and vouches for no other key. */
export const deviceVotingKey = (seed: Uint8Array): VotingKey => ({
  ...letterVotingKey(seed),
  letterSeed: undefined,
});

/** The key as this browser is to keep it, wrapped where there is a PIN; the service draws its share. */
async function wrapped(credential: string, seed: Uint8Array, pin: string): Promise<Answer<KeptKey>> {
  const publicKey = toBase64Url(publicKeyOf(seed));
  if (pin === '') return { ok: true, value: { credential, publicKey, seed: toBase64Url(seed) } };
  const [salt, handle] = [draw(16), toBase64Url(draw(32))];
  const proof = toBase64Url(pinProof(salt, pin));
  const made = await call<Share>('POST', '/v1/identity/key-shares', { credential, handle, proof });
  if (!made.ok) return made;
  const sealed = toBase64Url(wrapSeed(seed, salt, pin, bytesOf(made.value.share)));
  return {
    ok: true,
    value: { credential, publicKey, seed: sealed, pin: { salt: toBase64Url(salt), handle } },
  };
}

/** Makes a key, binds it by the letter and keeps it; what cannot be kept is taken back again. `pin` is six digits or empty. */
export async function addDeviceKey(letterSeed: Uint8Array, pin: string): Promise<Answer<unknown>> {
  // Before anything is bound: every key stays in the log.
  if (!(await canKeep())) return notKept();
  const place = await bindingPlace();
  if (!place.ok) return place;
  const seed = draw(32);
  const bound = await bindByLetter(letterSeed, place.value, {
    credentialKind: 'device',
    alg: 'Ed25519',
    publicKey: toBase64Url(publicKeyOf(seed)),
    webauthnId: '',
    sign: (hash) => Promise.resolve({ ok: true, value: signByLetter(seed, hash) }),
  });
  if (!bound.ok) return bound;
  const { credential } = bound.value;
  const key = await wrapped(credential, seed, pin);
  if (key.ok && (await keepKey(key.value))) return { ok: true, value: undefined };
  await takeBack(letterVotingKey(letterSeed), place.value.community, credential);
  return key.ok ? notKept() : key;
}

/** The seed of a kept key; with a PIN the service must agree. */
export async function openKept(
  { pin, publicKey, seed }: KeptKey,
  typed: string,
): Promise<Answer<Uint8Array>> {
  if (pin === undefined) return { ok: true, value: bytesOf(seed) };
  const salt = bytesOf(pin.salt);
  const proof = toBase64Url(pinProof(salt, typed));
  const released = await call<Share>('POST', '/v1/identity/key-shares/releases', {
    handle: pin.handle,
    proof,
  });
  if (!released.ok) return released;
  const opened = wrapSeed(bytesOf(seed), salt, typed, bytesOf(released.value.share));
  return toBase64Url(publicKeyOf(opened)) === publicKey ? { ok: true, value: opened } : notKept();
}
