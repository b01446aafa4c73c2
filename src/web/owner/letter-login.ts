/** Signing in with the letter: possession is shown by a signature, the code itself is never sent (SPEC 1.7, 3.2, 3.5). */
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { publicKeyOf, sign } from '../../crypto/ed25519.ts';
import { loginHash } from '../../record/login.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';

export type SignedInOwner = {
  readonly person: string;
  readonly community: string;
  readonly credential: string;
};

/** Opens a session for the letter's key and the typed end of the document number. */
export async function signInByLetter(seed: Uint8Array, numberTail: string): Promise<Answer<SignedInOwner>> {
  const challenge = await call<{ readonly serverNonce: string }>('POST', '/v1/identity/challenge');
  if (!challenge.ok) return challenge;
  const { serverNonce } = challenge.value;
  const pageNonce = draw(32);
  const hash = loginHash(location.origin, fromBase64Url(serverNonce) ?? new Uint8Array(), pageNonce);
  return call<SignedInOwner>('POST', '/v1/identity/sessions', {
    publicKey: toBase64Url(publicKeyOf(seed)),
    serverNonce,
    pageNonce: toBase64Url(pageNonce),
    signature: toBase64Url(sign(seed, hash)),
    numberTail,
  });
}
