/** A new key for an owner without letter, for which a declared provider vouches: there and back twice, and only by ways that are this page's own (SPEC 1.7, 3.4). */
import { fromBase64Url, toBase32, toBase64Url } from '../../base/bytes.ts';
import { publicKeyOf } from '../../crypto/ed25519.ts';
import type { ReturnedAnswer, WayAnswer } from '../../identity/provider-contract.ts';
import type { Binding } from '../../record/binding.ts';
import { bindHash, bindingForm } from '../../record/binding.ts';
import { firstWayNonce } from '../../record/provider.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';
import { canKeep, dropKey, keepKey } from '../owner/kept-keys.ts';
import { assertBy, createPasskey } from '../owner/own-passkey.ts';
import { signByLetter } from '../owner/voting-key.ts';
import type { KeptSignIn } from './kept-sign-ins.ts';
import { dropSignIn, keepSignIn, keptSignIn } from './kept-sign-ins.ts';
import { stateOfWay } from './provider-address.ts';
import type { ProviderReturn } from './provider-return.ts';
import { t } from './provider-words.ts';

const PATH = '/v1/identity/provider-sign-ins';
const failed = (code: string, sentence: string) => ({ ok: false, problem: { code, sentence } }) as const;
const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();
const homeOf = (): string => `${location.origin}/mine`;

type Made = Pick<KeptSignIn, 'key' | 'seed'>;

async function makeDeviceKey(): Promise<Answer<Made>> {
  if (!(await canKeep())) return failed('NOT_KEPT', t('notKept'));
  const seed = draw(32);
  const key = {
    credential: toBase32(draw(16)),
    credentialKind: 'device',
    alg: 'Ed25519',
    publicKey: toBase64Url(publicKeyOf(seed)),
    webauthnId: '',
    nonce: toBase64Url(draw(16)),
  } as const;
  return { ok: true, value: { key, seed: toBase64Url(seed) } };
}

async function makePasskey(rpId: string): Promise<Answer<Made>> {
  const made = await createPasskey(rpId).catch(() => undefined);
  if (made === undefined) return failed('PASSKEY', t('passkeyFailed'));
  const key = {
    credential: toBase32(draw(16)),
    credentialKind: 'passkey',
    alg: 'webauthn',
    publicKey: toBase64Url(made.coseKey),
    webauthnId: toBase64Url(made.id),
    nonce: toBase64Url(draw(16)),
  } as const;
  return { ok: true, value: { key, seed: '' } };
}

/** Judges the way, keeps what the page must know when its owner is back, and goes. */
async function goBy(
  { redirect, expiresAt, request }: WayAnswer,
  nonce: Uint8Array,
  signIn: Omit<KeptSignIn, 'state' | 'request' | 'expiresAt'>,
): Promise<Answer<unknown>> {
  const state = stateOfWay(redirect, { iss: signIn.iss, nonce, home: homeOf() });
  if (state === undefined) return failed('PROVIDER_WAY', t('strangeWay'));
  if (!(await keepSignIn({ ...signIn, state, request, expiresAt }))) return failed('NOT_KEPT', t('notKept'));
  location.assign(redirect);
  return { ok: true, value: undefined };
}

/** Makes a key and goes to the provider the first time. */
export async function goFirst(
  kind: Binding['credentialKind'],
  community: string,
  iss: string,
): Promise<Answer<unknown>> {
  const deployment = await call<{ readonly rpId: string }>('GET', '/v1/deployment');
  if (!deployment.ok) return deployment;
  const { rpId } = deployment.value;
  const made = kind === 'passkey' ? await makePasskey(rpId) : await makeDeviceKey();
  if (!made.ok) return made;
  const drawn = draw(32);
  const body = { community, iss, drawn: toBase64Url(drawn), key: made.value.key };
  const begun = await call<WayAnswer>('POST', PATH, body);
  if (!begun.ok) return begun;
  return goBy(begun.value, firstWayNonce(drawn), { ...made.value, community, iss, rpId, way: 'first' });
}

/** The hash of the served binding; undefined where it does not bind the page's own key, here and by a provider. */
function ownBindingHash({ key, rpId, community }: KeptSignIn, binding: string): Uint8Array | undefined {
  const bytes = bytesOf(binding);
  const parsed = bindingForm.parse(bytes);
  if (!parsed.ok) return undefined;
  const bound = parsed.value;
  const isOwn =
    bound.vouchedBy === 'provider' &&
    bound.rpId === rpId &&
    bound.community === community &&
    Object.entries(key).every(([member, value]) => bound[member as keyof Binding] === value);
  return isOwn ? bindHash(bytes) : undefined;
}

/** Where an owner who came back stands: he confirms and goes once more, or his key is bound. */
export type Arrived =
  | { readonly at: 'confirm'; readonly signIn: KeptSignIn; readonly hash: Uint8Array }
  | { readonly at: 'bound'; readonly kind: Binding['credentialKind'] };

/** Why a provider sent an owner back without a code, in words. */
function wordsOfError(error: string): string {
  if (error === 'access_denied' || error.endsWith('_required')) return t('cancelled');
  return error === 'temporarily_unavailable' || error === 'server_error' ? t('down') : t('notConfirmed');
}

/** Whether the service gave no answer of its own, or cannot say what became of it: the same return may be brought again. */
export const mayTryAgain = (code: string): boolean =>
  ['NO_NETWORK', 'OUTCOME_UNKNOWN', 'SERVICE_BUSY'].includes(code) || /^(?:HTTP|DATABASE)_/.test(code);

/** What the service says of a sign-in that is over; perhaps it bound the key and the answer was lost. */
const MAY_BE_BOUND: readonly string[] = ['PROVIDER_SIGN_IN', 'PROVIDER_STATE'];

/** Takes an owner back in. */
export async function comeBack(back: ProviderReturn): Promise<Answer<Arrived>> {
  const signIn = await keptSignIn(back.state);
  if (signIn === undefined) return failed('NOT_HERE', t('notHere'));
  if (back.iss !== '' && back.iss !== signIn.iss) {
    await dropSignIn(back.state);
    return failed('PROVIDER_OTHER', t('strangeWay'));
  }
  if (back.code === '') {
    await dropSignIn(back.state);
    return failed('PROVIDER_ERROR', wordsOfError(back.error));
  }
  // Before it is bound: an answer that gets lost must not cost the key.
  if (signIn.way === 'second' && !(await keepDeviceKey(signIn))) return failed('NOT_KEPT', t('notKept'));
  const answer = await call<ReturnedAnswer>('POST', `${PATH}/${signIn.request}/return`, {
    state: back.state,
    code: back.code,
  });
  if (!answer.ok && mayTryAgain(answer.problem.code)) return answer;
  await dropSignIn(back.state);
  if (!answer.ok) {
    if (!MAY_BE_BOUND.includes(answer.problem.code)) await dropKey(signIn.key.credential);
    return answer;
  }
  return arrivedAt(signIn, answer.value);
}

async function keepDeviceKey({ key: { credential, publicKey }, seed }: KeptSignIn): Promise<boolean> {
  return seed === '' || (await keepKey({ credential, publicKey, seed }));
}

async function arrivedAt(
  signIn: KeptSignIn,
  { binding, credential }: ReturnedAnswer,
): Promise<Answer<Arrived>> {
  if (signIn.way === 'second')
    return credential === signIn.key.credential
      ? { ok: true, value: { at: 'bound', kind: signIn.key.credentialKind } }
      : failed('PROVIDER_OTHER', t('strangeBinding'));
  const hash = ownBindingHash(signIn, binding);
  return hash === undefined
    ? failed('PROVIDER_OTHER', t('strangeBinding'))
    : { ok: true, value: { at: 'confirm', signIn, hash } };
}

/** Signs the binding by the new key and goes to the provider the second time, for a token over these very bytes. */
export async function goAgain(signIn: KeptSignIn, hash: Uint8Array): Promise<Answer<unknown>> {
  const { key, rpId, request, seed } = signIn;
  const signature =
    key.credentialKind === 'passkey'
      ? await assertBy(rpId, hash, bytesOf(key.webauthnId))
      : ({ ok: true, value: signByLetter(bytesOf(seed), hash) } as const);
  if (!signature.ok) return failed('PASSKEY', t('passkeyFailed'));
  const way = await call<WayAnswer>('POST', `${PATH}/${request}/signature`, { signature: signature.value });
  return way.ok ? goBy(way.value, hash, { ...signIn, way: 'second' }) : way;
}
