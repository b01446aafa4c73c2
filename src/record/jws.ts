/** Compact JWS in one spelling: a fixed header, a canonical payload, and re-encoding that gives the same text (SPEC 6.1). */
import { fromBase64Url, toBase64Url, utf8 } from '../base/bytes.ts';
import type { Canonical } from '../base/canonical.ts';
import { canonicalBytes } from '../base/canonical.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { verify } from '../crypto/ed25519.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { RecordForm } from './schema.ts';

/** The `typ` of each token that we sign; a token of one typ is never taken for another. */
export type TokenTyp =
  | 'owners-vote-ballot+jws'
  | 'owners-vote-ack+jws'
  | 'owners-vote-refusal+jws'
  | 'owners-vote-result+jws';

export type JwsRefusal = Refusal<'JWS_MALFORMED' | 'JWS_HEADER' | 'JWS_PAYLOAD' | 'JWS_SIGNATURE'>;

/** RFC 7638 thumbprint of an Ed25519 public key, our `kid`. */
export const keyId = (publicKey: Uint8Array): string =>
  toBase64Url(sha256(canonicalBytes({ crv: 'Ed25519', kty: 'OKP', x: toBase64Url(publicKey) })));

/** The protected header, in the one member order that both RFC 8785 and the signer write. */
export const jwsHeader = (typ: TokenTyp, publicKey: Uint8Array) =>
  ({ alg: 'Ed25519', kid: keyId(publicKey), typ }) as const satisfies Canonical;

const headerText = (typ: TokenTyp, publicKey: Uint8Array): string =>
  toBase64Url(canonicalBytes(jwsHeader(typ, publicKey)));

/** The payload of a token in its one spelling, its signature verified under the one key that may sign it. */
export function verifyJws<T>(
  token: string,
  typ: TokenTyp,
  publicKey: Uint8Array,
  form: RecordForm<T>,
): Result<T, JwsRefusal> {
  const parts = token.split('.');
  const [header = '', payload = '', signatureText = ''] = parts;
  const [payloadBytes, signature] = [fromBase64Url(payload), fromBase64Url(signatureText)];
  if (parts.length !== 3 || payloadBytes === undefined || signature === undefined)
    return refuse('JWS_MALFORMED');
  if (header !== headerText(typ, publicKey)) return refuse('JWS_HEADER');
  if (!verify(publicKey, utf8(`${header}.${payload}`), signature)) return refuse('JWS_SIGNATURE');
  const parsed = form.parse(payloadBytes);
  return parsed.ok ? ok(parsed.value) : refuse('JWS_PAYLOAD', parsed.refusal.where);
}
