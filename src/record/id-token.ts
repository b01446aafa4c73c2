/**
 * What an ID token of a declared provider proves of a binding (SPEC 3.4 c): decided by these functions alone, in the service before a key
 * is bound and in every verifier afterwards.
 */
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../base/bytes.ts';
import { isCanonicalText } from '../base/canonical.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { h256Text } from '../crypto/frame.ts';
import { isJwkFor, verifyByJwk } from '../crypto/jwk.ts';
import type { IdentityOpening } from './identity.ts';
import { foldNumber, identityHash } from './identity.ts';
import type { Provider } from './provider.ts';
import type { Of } from './schema.ts';
import { closed, recordForm, text } from './schema.ts';
import { nonce } from './shapes.ts';
import { jwkShape, jwkThumbprint } from './thumbprint.ts';

export const idTokenEvidence = closed({
  /** Compact JWS, as the provider gave it. */
  token: text(8192, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/),
  key: jwkShape,
  /** What opens `identity` together with the claims. */
  salt: nonce,
});
export type IdTokenEvidence = Of<typeof idTokenEvidence>;
/** A token, its key and the salt, as they rest sealed and as auditors get them. */
export const idTokenEvidenceForm = recordForm(idTokenEvidence, 'id token evidence');

/** `H256("id-token", ASCII of the compact form)`: what the public entry names of it. */
export const idTokenHash = (token: string): string => h256Text('id-token', token);

/** A token is made at most so long before its binding is entered. */
export const ID_TOKEN_LIFE_MS = 10 * 60_000;

export type IdTokenRefusalCode =
  | 'PROVIDER_TOKEN'
  | 'PROVIDER_UNKNOWN'
  | 'PROVIDER_ALG'
  | 'PROVIDER_KEY'
  | 'PROVIDER_SIGNATURE'
  | 'PROVIDER_AUDIENCE'
  | 'PROVIDER_NONCE'
  | 'PROVIDER_STALE'
  | 'PROVIDER_PERSON';
export type IdTokenRefusal = Refusal<IdTokenRefusalCode>;

/** A token of a declared provider whose signature verifies. */
export type IdToken = {
  readonly provider: Provider;
  readonly nonce: string;
  readonly issuedAt: Instant;
  /** As the register spells it; undefined where a claim is missing or means no document here. */
  readonly opening: IdentityOpening | undefined;
};

type Members = Readonly<Record<string, unknown>>;

function jsonOf(part: string | undefined): Members | undefined {
  const body = fromUtf8(fromBase64Url(part ?? '') ?? new Uint8Array());
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Members)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The `kid` that a token names, and undefined where it names none or is no token. */
export function keyNameOf(token: string): string | undefined {
  const kid = jsonOf(token.split('.')[0])?.['kid'];
  return typeof kid === 'string' ? kid : undefined;
}

const isFor = (aud: unknown, wanted: string): boolean =>
  aud === wanted || (Array.isArray(aud) && aud.length === 1 && aud[0] === wanted);

function openingOf({ claims, docKinds }: Provider, payload: Members): IdentityOpening | undefined {
  const [kind, number, name] = [payload[claims.docKind], payload[claims.number], payload[claims.name]];
  const docKind = docKinds.find(({ value }) => value === kind)?.docKind;
  if (docKind === undefined || typeof number !== 'string' || typeof name !== 'string') return undefined;
  const opening = { docKind, number: foldNumber(number), name: name.normalize('NFC') };
  return isCanonicalText(opening.number) && isCanonicalText(opening.name) ? opening : undefined;
}

/** Reads a token under the providers that are declared, and verifies it under one of their keys, by the declared algorithm only. */
export function readIdToken(
  { token, key }: Pick<IdTokenEvidence, 'token' | 'key'>,
  providers: readonly Provider[],
): Result<IdToken, IdTokenRefusal> {
  const [head, body, signature, more] = token.split('.');
  const [header, payload] = [jsonOf(head), jsonOf(body)];
  const bytes = fromBase64Url(signature ?? '');
  if (header === undefined || payload === undefined || bytes === undefined || more !== undefined)
    return refuse('PROVIDER_TOKEN');
  const provider = providers.find(({ iss }) => iss === payload['iss']);
  if (provider === undefined) return refuse('PROVIDER_UNKNOWN');
  const { alg } = provider;
  // RFC 7515 4.1.11: what a critical extension means we do not know.
  if (header['alg'] !== alg || header['crit'] !== undefined) return refuse('PROVIDER_ALG');
  if (!provider.keys.includes(jwkThumbprint(key)) || !isJwkFor(alg, key)) return refuse('PROVIDER_KEY');
  if (!verifyByJwk(alg, key, utf8(`${head}.${body}`), bytes)) return refuse('PROVIDER_SIGNATURE');
  if (!isFor(payload['aud'], provider.aud)) return refuse('PROVIDER_AUDIENCE');
  const { nonce: named, iat } = payload;
  if (typeof named !== 'string' || !isCanonicalText(named)) return refuse('PROVIDER_NONCE');
  if (!Number.isSafeInteger(iat)) return refuse('PROVIDER_STALE');
  const issuedAt = (iat as number) * 1000;
  return ok({ provider, nonce: named, issuedAt, opening: openingOf(provider, payload) });
}

/** Whether a token was fresh at some instant from `earliest` to `latest`; the service knows one instant, a verifier the log's bracket. */
export const wasFresh = (
  { issuedAt }: Pick<IdToken, 'issuedAt'>,
  earliest: Instant | undefined,
  latest: Instant | undefined,
): boolean =>
  (latest === undefined || issuedAt <= latest) &&
  (earliest === undefined || earliest - issuedAt <= ID_TOKEN_LIFE_MS);

/** Whether a token was made for this very binding: its `nonce` is the hash that the new key signs. */
export const isForBinding = ({ nonce: named }: Pick<IdToken, 'nonce'>, bound: Uint8Array): boolean =>
  named === toBase64Url(bound);

/** Whether the document that the token shows opens this commitment. */
export const opensIdentity = (
  { opening }: Pick<IdToken, 'opening'>,
  salt: string,
  identity: string,
): boolean => opening !== undefined && identityHash(salt, opening) === identity;
