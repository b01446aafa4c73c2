/** A new passkey for an owner without letter: the page makes it, two officers bind it, and the page signs only what names its own key (SPEC 1.7, 3.4). */
import { fromBase64Url, toBase32, toBase64Url } from '../../base/bytes.ts';
import type { CounterKeyAnswer } from '../../identity/counter-contract.ts';
import type { Binding } from '../../record/binding.ts';
import { bindHash, bindingForm } from '../../record/binding.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';
import { assertBy, createPasskey } from './own-passkey.ts';
import { t } from './words.ts';

/** A key that waits, and what the page itself knows of it. */
export type WaitingKey = {
  readonly request: string;
  /** Eight digits, to be read out. */
  readonly code: string;
  readonly rpId: string;
  readonly key: Pick<Binding, 'credential' | 'credentialKind' | 'alg' | 'publicKey' | 'webauthnId' | 'nonce'>;
};

const failed = (code: string, sentence: string) => ({ ok: false, problem: { code, sentence } }) as const;

/** Makes a passkey and draws a number for the counter. */
export async function drawNumber(): Promise<Answer<WaitingKey>> {
  const deployment = await call<{ readonly rpId: string }>('GET', '/v1/deployment');
  if (!deployment.ok) return deployment;
  const { rpId } = deployment.value;
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
  const offered = await call<{ readonly request: string; readonly code: string }>(
    'POST',
    '/v1/identity/counter-requests',
    key,
  );
  return offered.ok ? { ok: true, value: { ...offered.value, rpId, key } } : offered;
}

/** How the request stands. */
export const lookAt = ({ request }: WaitingKey): Promise<Answer<CounterKeyAnswer>> =>
  call<CounterKeyAnswer>('GET', `/v1/identity/counter-requests/${request}`);

/** The hash of the served binding, base64url; undefined where it does not bind the page's own key, by officers. */
export function ownBindingHash({ key, rpId }: WaitingKey, binding: string): string | undefined {
  const bytes = fromBase64Url(binding) ?? new Uint8Array();
  const parsed = bindingForm.parse(bytes);
  if (!parsed.ok) return undefined;
  const bound = parsed.value;
  const isOwn =
    (bound.vouchedBy === 'counter' || bound.vouchedBy === 'video') &&
    bound.rpId === rpId &&
    Object.entries(key).every(([member, value]) => bound[member as keyof Binding] === value);
  return isOwn ? toBase64Url(bindHash(bytes)) : undefined;
}

/** Signs the binding by the new key, whose device asks its owner. */
export async function signBinding(waiting: WaitingKey, hash: string): Promise<Answer<unknown>> {
  const id = fromBase64Url(waiting.key.webauthnId) ?? new Uint8Array();
  const signature = await assertBy(waiting.rpId, fromBase64Url(hash) ?? new Uint8Array(), id);
  return signature.ok
    ? call('POST', `/v1/identity/counter-requests/${waiting.request}/signature`, {
        signature: signature.value,
      })
    : signature;
}
