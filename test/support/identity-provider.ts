// A real identity provider (oidc-provider) on loopback, where whoever comes is signed in as the account that the test names, and an owner's
// browser that goes there and back. A test may be a dishonest provider: it changes the ID token on its way out.
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import type { ProviderClient } from '../../src/identity/provider-client.ts';
import { jwkThumbprint } from '../../src/record/thumbprint.ts';

export type Claims = Readonly<Record<string, unknown>>;

export type TestProvider = {
  readonly iss: string;
  readonly client: ProviderClient;
  /** Claims of whoever signs in next. */
  account: Claims;
  /** Whether whoever signs in next says no. */
  denies: boolean;
  /** Whether it answers nothing that helps. */
  isDown: boolean;
  /** What becomes of each token before it is given out. */
  forge: (token: string) => string;
  /** The members of a token changed, and signed again by the provider's own key or another. */
  readonly resigned: (token: string, change: TokenChange) => string;
  /** What it says of itself, before it is given out. */
  describe: (description: Claims) => Claims;
  readonly publicPem: string;
  /** Its keys as it publishes them. */
  readonly keySet: { readonly keys: readonly object[] };
  /** RFC 7638, of its one key. */
  readonly thumbprint: string;
  /** Goes to an address as a new browser, until it is sent back to the page; gives what the page finds in its address. */
  readonly visit: (redirect: string) => Promise<{ readonly state: string; readonly code: string }>;
  readonly close: () => Promise<void>;
};

export type TokenChange = {
  readonly header?: Claims;
  readonly payload?: Claims;
  readonly sign?: (signed: Uint8Array) => Uint8Array;
};

const jsonOf = (part = ''): Claims =>
  JSON.parse(fromUtf8(fromBase64Url(part) ?? new Uint8Array()) ?? '') as Claims;
const partOf = (value: Claims): string => toBase64Url(utf8(JSON.stringify(value)));

/** The claims of a token, unchecked. */
export const claimsOf = (token: string): Claims => jsonOf(token.split('.')[1]);

/** A browser with cookies that follows redirects by hand. */
async function visit(address: string): Promise<{ readonly state: string; readonly code: string }> {
  const { origin } = new URL(address);
  const cookies = new Map<string, string>();
  let next = new URL(address);
  for (let hops = 0; hops < 10 && next.origin === origin; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${answer.status} ${await answer.text()}`);
    next = new URL(location, next);
  }
  return { state: next.searchParams.get('state') ?? '', code: next.searchParams.get('code') ?? '' };
}

type Serving = { readonly redirect: string; readonly privateJwk: object };

/** The provider's own program, as the test's object steers it. */
function handlerOf(the: TestProvider, { redirect, privateJwk }: Serving) {
  const { clientId, clientSecret, scope } = the.client;
  const provider = new Provider(the.iss, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirect] }],
    jwks: { keys: [{ ...privateJwk, kid: 'k1', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key of the tests'] },
    claims: { openid: ['sub'], document: ['cert_type', 'cert_no', 'name'] },
    scopes: ['openid', 'document'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: () => '/sign-in' },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: async () => ({ sub: accountId, ...the.account }),
    }),
    loadExistingGrant: async ({
      oidc,
    }: {
      oidc: { client: { clientId: string }; session: { accountId: string } };
    }) => {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(scope);
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    if (context.path === '/sign-in')
      return provider.interactionFinished(
        context.req,
        context.res,
        the.denies ? { error: 'access_denied' } : { login: { accountId: 'owner' } },
      );
    await next();
    const { body } = context;
    if (context.path === '/.well-known/openid-configuration') context.body = the.describe(body as Claims);
    if (context.path === '/token' && typeof body === 'object' && body !== null && 'id_token' in body)
      context.body = { ...body, id_token: the.forge(String(body.id_token)) };
  });
  return provider.callback();
}

/** Starts it; `backTo` is the page to which owners come back, asked for when the first of them comes. */
export async function identityProvider(backTo: string | (() => string)): Promise<TestProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const iss = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const client = {
    iss,
    clientId: 'owners-vote',
    clientSecret: 'a secret of the tests & of 32 bytes',
    scope: 'openid document',
  };
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const ownSign = (signed: Uint8Array): Uint8Array => sign('sha256', signed, privateKey);
  const the: TestProvider = {
    iss,
    client,
    account: {},
    denies: false,
    isDown: false,
    forge: (token) => token,
    describe: (description) => description,
    keySet: { keys: [{ kty: 'RSA', n, e, kid: 'k1', use: 'sig', alg: 'RS256' }] },
    thumbprint: jwkThumbprint({ kty: 'RSA', n, e }),
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
    resigned: (token, { header = {}, payload = {}, sign: signIt = ownSign }) => {
      const signed = `${partOf({ ...jsonOf(token.split('.')[0]), ...header })}.${partOf({ ...claimsOf(token), ...payload })}`;
      return `${signed}.${toBase64Url(signIt(utf8(signed)))}`;
    },
    visit,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  type Handle = (request: IncomingMessage, response: ServerResponse) => void;
  let handle: Handle | undefined;
  server.on('request', (request, response) => {
    if (the.isDown) return void response.writeHead(503).end('{}');
    const redirect = typeof backTo === 'string' ? backTo : backTo();
    handle ??= handlerOf(the, { redirect, privateJwk: privateKey.export({ format: 'jwk' }) });
    handle(request, response);
  });
  return the;
}
