/**
 * The few requests that the service makes to an identity provider: its description and keys when it is declared, and a code changed into an
 * ID token. What it answers comes from outside: little of it is read, in bounded time, and no redirect is followed (SPEC 3.4).
 */
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Jwk, JwkAlg } from '../crypto/jwk.ts';
import { isJwkFor } from '../crypto/jwk.ts';
import { isGatewayUrl } from '../notice/webhook.ts';
import { keyNameOf } from '../record/id-token.ts';
import { readJwk } from '../record/thumbprint.ts';
import type { IdentityRefusal } from './refusals.ts';

/** What this service is at a provider; from a key file, since the secret is one. */
export type ProviderClient = {
  readonly iss: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What is asked for, `openid` among it. */
  readonly scope: string;
};

/** Where owners and the service go, and the signing keys by the names that tokens give them. */
export type ProviderPlace = {
  readonly authorization: string;
  readonly token: string;
  readonly keys: readonly { readonly kid: string; readonly jwk: Jwk }[];
};

const ANSWER_MS = 10_000;
const MAX_ANSWER_BYTES = 131_072;
const MAX_KEYS = 8;

type Members = Readonly<Record<string, unknown>>;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

async function readLimited(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new RangeError('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

type Answer = { readonly status: number; readonly body: Members };

/** The members of a JSON answer; undefined where none came. */
async function ask(url: string, init: RequestInit = {}): Promise<Answer | undefined> {
  if (!isGatewayUrl(url)) return undefined;
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(url, { ...init, redirect: 'error', signal });
    const body: unknown = JSON.parse(await readLimited(response));
    return typeof body === 'object' && body !== null
      ? { status: response.status, body: body as Members }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The public members of a key that signs by this algorithm; undefined for every other key. */
function signingKey(found: unknown, alg: JwkAlg): ProviderPlace['keys'][number] | undefined {
  const { kty, crv, x, y, n, e, use, kid, alg: named } = (found ?? {}) as Members;
  if (use === 'enc' || (named !== undefined && named !== alg)) return undefined;
  const members = kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x };
  const jwk = readJwk(members);
  return jwk !== undefined && isJwkFor(alg, jwk) ? { kid: textOf(kid), jwk } : undefined;
}

/** Reads a provider's description and keys, as they are shown to the officers who declare it. */
export async function readProvider(
  iss: string,
  alg: JwkAlg,
): Promise<Result<ProviderPlace, IdentityRefusal>> {
  const found = await ask(`${iss.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (found === undefined) return refuse('PROVIDER_UNREACHABLE', iss);
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri } = found.body;
  const [authorization, token] = [textOf(authorization_endpoint), textOf(token_endpoint)];
  // Pages go nowhere else (SPEC 3.4).
  if (isGatewayUrl(authorization) && new URL(authorization).origin !== new URL(iss).origin)
    return refuse('PROVIDER_ANSWER', authorization);
  if (issuer !== iss || !isGatewayUrl(authorization) || !isGatewayUrl(token))
    return refuse('PROVIDER_ANSWER', iss);
  const set = await ask(textOf(jwks_uri));
  if (set === undefined) return refuse('PROVIDER_UNREACHABLE', iss);
  const listed = Array.isArray(set.body['keys']) ? set.body['keys'] : [];
  const keys = listed.flatMap((each: unknown) => signingKey(each, alg) ?? []);
  if (keys.length === 0 || keys.length > MAX_KEYS) return refuse('PROVIDER_ANSWER', iss);
  return ok({ authorization, token, keys });
}

const formText = (text: string): string => new URLSearchParams({ text }).toString().slice('text='.length);

/** Changes a code into the ID token that it stands for. */
export async function exchangeCode(
  { token: url }: ProviderPlace,
  { clientId, clientSecret }: ProviderClient,
  {
    code,
    codeVerifier,
    redirect,
  }: {
    readonly code: string;
    readonly codeVerifier: string;
    readonly redirect: string;
  },
): Promise<Result<string, IdentityRefusal>> {
  const basic = Buffer.from(`${formText(clientId)}:${formText(clientSecret)}`).toString('base64');
  const answer = await ask(url, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      code_verifier: codeVerifier,
      redirect_uri: redirect,
    }).toString(),
  });
  if (answer === undefined || answer.status >= 500) return refuse('PROVIDER_UNREACHABLE');
  const token = textOf(answer.body['id_token']);
  return answer.status === 200 && token !== '' ? ok(token) : refuse('PROVIDER_CODE');
}

/** The declared key that a token names; the only one where it names none. */
export function keyOfToken(token: string, { keys }: ProviderPlace): Jwk | undefined {
  const kid = keyNameOf(token);
  if (kid === undefined) return keys.length === 1 ? keys[0]?.jwk : undefined;
  return keys.find((key) => key.kid === kid)?.jwk;
}
