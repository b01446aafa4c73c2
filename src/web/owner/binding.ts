/** A new key of the owner's own, made on this page, is bound by his letter, and taken back by it or by itself (SPEC 3.4). */
import { toBase32, toBase64Url } from '../../base/bytes.ts';
import type { Binding } from '../../record/binding.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from '../../record/binding.ts';
import type { Signature } from '../../record/signature.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';
import type { VotingKey } from './voting-key.ts';
import { signByLetter } from './voting-key.ts';

/** What a binding names besides the key, as the service says it; the verifier compares it with letter and definition. */
export type BindingPlace = {
  readonly origin: string;
  readonly rpId: string;
  readonly community: string;
  readonly person: string;
  readonly identity: string;
};

export const bindingPlace = (): Promise<Answer<BindingPlace>> =>
  call<BindingPlace>('GET', '/v1/identity/credentials');

export type NewKey = Pick<Binding, 'credentialKind' | 'alg' | 'publicKey' | 'webauthnId'> & {
  readonly sign: (hash: Uint8Array) => Promise<Answer<Signature>>;
};

/** Binds a key by the letter; the key signs too. */
export async function bindByLetter(
  letterSeed: Uint8Array,
  place: BindingPlace,
  { sign, credentialKind, alg, publicKey, webauthnId }: NewKey,
): Promise<Answer<{ readonly credential: string }>> {
  const { origin, rpId, community, person, identity } = place;
  const bytes = bindingForm.bytes({
    v: 1,
    kind: 'bind',
    vouchedBy: 'letter',
    origin,
    community,
    person,
    identity,
    credential: toBase32(draw(16)),
    credentialKind,
    alg,
    publicKey,
    webauthnId,
    rpId,
    nonce: toBase64Url(draw(16)),
  });
  const hash = bindHash(bytes);
  const byKey = await sign(hash);
  if (!byKey.ok) return byKey;
  return call('POST', '/v1/identity/credentials', {
    binding: toBase64Url(bytes),
    byLetter: signByLetter(letterSeed, hash),
    byKey: byKey.value,
  });
}

/** Takes a key back, signed by the letter or by the key itself. */
export async function takeBack(
  { sign }: Pick<VotingKey, 'sign'>,
  community: string,
  credential: string,
): Promise<Answer<unknown>> {
  const bytes = revocationForm.bytes({
    v: 1,
    kind: 'revocation',
    community,
    credential,
    reason: '',
    nonce: toBase64Url(draw(16)),
  });
  const signature = await sign(revocationHash(bytes));
  if (!signature.ok) return signature;
  return call('POST', '/v1/identity/credentials/revocations', {
    revocation: toBase64Url(bytes),
    signature: signature.value,
  });
}
