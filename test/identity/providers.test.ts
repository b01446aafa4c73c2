// Goal: an owner without letter binds his phone by an identity provider that two officers declared, and by no other token than a fresh one
// of that provider for this very key and his document. Method: oidc-provider on loopback, honest or not, against the real database.
import { createHmac, generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { bindingLines } from '../../src/identity/binding.ts';
import type { OfferedKey } from '../../src/identity/domain/counter-request.ts';
import type { BindingDeps } from '../../src/identity/identity-deps.ts';
import {
  beginSignIn,
  returnFromProvider,
  SIGN_IN_LIFE_MS,
  signForProvider,
} from '../../src/identity/provider-signing-in.ts';
import type { ProviderWish } from '../../src/identity/providers.ts';
import {
  applyProviders,
  declareProviders,
  providersByCommunity,
  usableProviders,
} from '../../src/identity/providers.ts';
import { bindHash, bindingForm } from '../../src/record/binding.ts';
import { idTokenHash, opensIdentity, readIdToken } from '../../src/record/id-token.ts';
import type { Provider } from '../../src/record/provider.ts';
import type { Signature } from '../../src/record/signature.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import type { TestOfficer } from '../support/acts.ts';
import { appoint, executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { TestProvider } from '../support/identity-provider.ts';
import { claimsOf, identityProvider } from '../support/identity-provider.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, ORIGIN, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
let provider: TestProvider;
let the: TestCommunity;
let deps: BindingDeps;
let regulator: TestOfficer;
let round = 0;
/** How far the service's clock is from the provider's. */
let offMs = 0;
const CHEN = { cert_type: '111', cert_no: NUMBERS.chen.toLowerCase(), name: '陈大文' };
const LI = { cert_type: '111', cert_no: NUMBERS.li, name: '李小明' };

beforeAll(async () => {
  fresh = await freshDatabase();
  provider = await identityProvider(`${ORIGIN}/mine`);
});
afterAll(async () => {
  await provider.close();
  await fresh.close();
});
beforeEach(async () => {
  round += 1;
  offMs = 0;
  provider.account = CHEN;
  provider.forge = (token) => token;
  provider.describe = (found) => found;
  the = await newCommunity(fresh, `providers ${round}`);
  deps = {
    ...the.deps,
    clock: () => Date.now() + offMs,
    deployment: { origin: 'vote.example/log' },
    providerClients: [provider.client],
  };
  regulator = await appoint(deps, 'regulator', the.community);
  await bringIntoForce(
    the,
    registerFile([
      `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
      `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
    ]),
  );
});

const wish = (): ProviderWish => ({
  iss: provider.iss,
  name: '政务服务网',
  alg: 'RS256',
  claims: { docKind: 'cert_type', number: 'cert_no', name: 'name' },
  docKinds: [{ value: '111', docKind: 'resident-id' }],
  keys: [provider.thumbprint],
});
const value = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
};
const code = (result: { readonly ok: boolean; readonly refusal?: { readonly code: string } }): string =>
  result.ok ? 'ok' : (result.refusal?.code ?? '');

async function declare(providers: readonly ProviderWish[] = [wish()]): Promise<void> {
  const { act } = value(await declareProviders(deps, regulator, { community: the.community, providers }));
  await signBy(deps, act, [regulator, the.street]);
  value(await executeAct(deps, act, applyProviders));
}

type Phone = { readonly key: OfferedKey; readonly sign: (hash: Uint8Array) => Signature };
function phone(): Phone {
  const seed = deps.random(32);
  const key = {
    credential: newId(deps.random),
    nonce: toBase64Url(deps.random(16)),
    credentialKind: 'device',
    alg: 'Ed25519',
    publicKey: toBase64Url(publicKeyOf(seed)),
    webauthnId: '',
  } as const;
  return { key, sign: (hash) => ({ alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) }) };
}

/** A page that draws its bytes and begins. */
const begin = (key: OfferedKey = phone().key, drawn: Uint8Array = deps.random(32)) =>
  beginSignIn(deps, { community: the.community, iss: provider.iss, drawn: toBase64Url(drawn), key });

/** The first way there and back. */
async function named(own: Phone) {
  const begun = value(await begin(own.key));
  const back = await provider.visit(begun.redirect);
  return {
    request: begun.request,
    answer: await returnFromProvider(deps, { request: begun.request, ...back }),
  };
}
/** Signs the binding; gives where the second way leads. */
async function shown(own: Phone) {
  const { request, answer } = await named(own);
  const hash = bindHash(present(fromBase64Url(value(answer).binding), 'served'));
  return { hash, ...value(await signForProvider(deps, request, own.sign(hash))) };
}
/** The second way, on which the provider may lie, and how it ends. */
async function finish({ request, redirect }: { readonly request: string; readonly redirect: string }) {
  const back = await provider.visit(redirect);
  return returnFromProvider(deps, { request, ...back });
}
const logged = () =>
  fresh.db
    .selectFrom('log_entry')
    .select(['kind', 'data'])
    .where('community_id', '=', the.community)
    .where((where) =>
      where.or([where('kind', '=', 'credential.bound'), where('kind', '=', 'providers.declared')]),
    )
    .orderBy('id')
    .execute();

describe('a provider', () => {
  it('vouches for a key that its owner then holds, with evidence that opens for auditors', async () => {
    await declare();
    const providers = [{ iss: provider.iss, name: '政务服务网' }];
    expect(await usableProviders(deps, the.community)).toEqual(providers);
    const listed = await providersByCommunity(deps);
    expect(listed.filter(({ community }) => community === the.community)).toMatchObject([{ providers }]);
    const tokens: string[] = [];
    provider.forge = (token) => {
      tokens.push(token);
      return token;
    };
    const own = phone();
    const way = await shown(own);
    expect(value(await finish(way))).toEqual({ binding: '', credential: own.key.credential });
    const token = tokens[1] ?? '';
    expect(claimsOf(token)['nonce']).toBe(toBase64Url(way.hash));
    const entries = await logged();
    expect(entries.map(({ kind }) => kind)).toEqual(['providers.declared', 'credential.bound']);
    const row = await fresh.db
      .selectFrom('credential_binding')
      .selectAll()
      .where('credential_id', '=', own.key.credential)
      .executeTakeFirstOrThrow();
    expect(bindingForm.own(row.binding)).toMatchObject({ vouchedBy: 'provider', ...own.key });
    // At rest neither the token nor a name can be read.
    expect(Buffer.from(present(row.id_token, 'a token')).includes(token.slice(0, 20))).toBe(false);
    const said = JSON.parse(Buffer.from(entries[1]?.data ?? []).toString()) as { evidence: string[] };
    expect(said.evidence).toEqual([idTokenHash(token), evidenceHash(own.sign(way.hash))]);
    await sequenceAll(deps);
    const [line] = await bindingLines(deps, the.community, 1_000_000);
    const [vouched] = present(line, 'in the bundle').provider;
    const declared = JSON.parse(Buffer.from(entries[0]?.data ?? []).toString()) as {
      providers: Provider[];
    };
    const read = value(readIdToken(present(vouched, 'a token'), declared.providers));
    const { identity } = bindingForm.own(row.binding);
    expect(opensIdentity(read, vouched?.salt ?? '', identity)).toBe(true);
  });

  it('names nobody to whoever is no owner, or has another name in the register', async () => {
    await declare();
    for (const account of [
      { ...CHEN, cert_no: NUMBERS.wang },
      { ...CHEN, name: '陈小文' },
      { ...CHEN, cert_type: '114' },
      { name: '陈大文' },
    ]) {
      provider.account = account;
      expect(code((await named(phone())).answer)).toBe('PROVIDER_PERSON');
    }
  });
});

describe('a declaration', () => {
  it('is drafted by regulator or street office alone, for clients that there are', async () => {
    const { community } = the;
    const by = (officer: TestOfficer, providers: readonly ProviderWish[]) =>
      declareProviders(deps, officer, { community, providers });
    expect(code(await by(the.committee, [wish()]))).toBe('NOT_ALLOWED');
    expect(code(await by(the.registrar, [wish()]))).toBe('NOT_ALLOWED');
    expect(code(await by(the.street, [wish(), wish()]))).toBe('PROVIDER_TWICE');
    expect(code(await by(the.street, [{ ...wish(), iss: 'https://id.example' }]))).toBe('PROVIDER_NO_CLIENT');
    expect(code(await by(the.street, [{ ...wish(), alg: 'ES256' }]))).toBe('PROVIDER_ANSWER');
    const strange = toBase64Url(new Uint8Array(32));
    expect(code(await by(the.street, [{ ...wish(), keys: [strange] }]))).toBe('PROVIDER_ANSWER');
    expect(code(await by(the.street, [{ ...wish(), keys: [provider.thumbprint, strange] }]))).toBe(
      'PROVIDER_ANSWER',
    );
    expect(code(await by(the.street, [wish()]))).toBe('ok');
  });

  it('counts from its signatures on, and until another one', async () => {
    const beginsAs = async () => code(await begin());
    expect(await beginsAs()).toBe('PROVIDER_UNKNOWN');
    value(await declareProviders(deps, regulator, { community: the.community, providers: [wish()] }));
    expect(await beginsAs()).toBe('PROVIDER_UNKNOWN');
    await declare();
    const way = await shown(phone());
    await declare([]);
    expect(await beginsAs()).toBe('PROVIDER_UNKNOWN');
    expect(code(await finish(way))).toBe('PROVIDER_UNKNOWN');
    await declare();
    expect(await beginsAs()).toBe('ok');
  });

  it('of a provider that this service is no client of any more brings nobody there', async () => {
    await declare();
    deps = { ...deps, providerClients: [{ ...provider.client, clientId: 'another' }] };
    expect(await usableProviders(deps, the.community)).toEqual([]);
    expect(code(await begin())).toBe('PROVIDER_NO_CLIENT');
  });

  it('of a provider that sends owners to another place than its own is not drafted', async () => {
    provider.describe = (found) => ({ ...found, authorization_endpoint: 'https://id.example/auth' });
    const declared = await declareProviders(deps, regulator, {
      community: the.community,
      providers: [wish()],
    });
    expect(code(declared)).toBe('PROVIDER_ANSWER');
  });

  it('of a provider that does not answer is not drafted', async () => {
    const iss = 'http://127.0.0.1:9';
    deps = { ...deps, providerClients: [{ ...provider.client, iss }] };
    const declared = await declareProviders(deps, regulator, {
      community: the.community,
      providers: [{ ...wish(), iss }],
    });
    expect(code(declared)).toBe('PROVIDER_UNREACHABLE');
  });
});

describe('a token', () => {
  const strange = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const byStranger = (signed: Uint8Array): Uint8Array => nodeSign('sha256', signed, strange);
  const seconds = (): number => Math.floor(Date.now() / 1000);
  type Lie = (token: string) => string;
  it.each<[string, string, Lie]>([
    [
      'of another issuer',
      'PROVIDER_UNKNOWN',
      (token) => provider.resigned(token, { payload: { iss: 'https://id.example' } }),
    ],
    [
      'of a provider that was invented, under the declared key’s name',
      'PROVIDER_SIGNATURE',
      (token) => provider.resigned(token, { sign: byStranger }),
    ],
    [
      'of a key that was not declared',
      'PROVIDER_KEY',
      (token) => provider.resigned(token, { header: { kid: 'k2' }, sign: byStranger }),
    ],
    [
      'whose public key served as an HMAC secret',
      'PROVIDER_ALG',
      (token) =>
        provider.resigned(token, {
          header: { alg: 'HS256' },
          sign: (signed) => createHmac('sha256', provider.publicPem).update(signed).digest(),
        }),
    ],
    [
      'without a signature',
      'PROVIDER_ALG',
      (token) => provider.resigned(token, { header: { alg: 'none' }, sign: () => new Uint8Array() }),
    ],
    [
      'altered',
      'PROVIDER_SIGNATURE',
      (token) => {
        const [head, , signature] = token.split('.');
        const body = toBase64Url(utf8(JSON.stringify({ ...claimsOf(token), cert_no: NUMBERS.li })));
        return `${head}.${body}.${signature}`;
      },
    ],
    [
      'for another audience',
      'PROVIDER_AUDIENCE',
      (token) => provider.resigned(token, { payload: { aud: 'another' } }),
    ],
    [
      'of another binding',
      'PROVIDER_NONCE',
      (token) => provider.resigned(token, { payload: { nonce: toBase64Url(new Uint8Array(32)) } }),
    ],
    [
      'older than ten minutes',
      'PROVIDER_STALE',
      (token) => provider.resigned(token, { payload: { iat: seconds() - 601 } }),
    ],
    [
      'of a time to come',
      'PROVIDER_STALE',
      (token) => provider.resigned(token, { payload: { iat: seconds() + 60 } }),
    ],
    ['of another owner’s document', 'PROVIDER_PERSON', (token) => provider.resigned(token, { payload: LI })],
    ['that is none', 'PROVIDER_TOKEN', () => 'x.y.z'],
  ])('%s binds nothing: %s', async (_name, refusal, lie) => {
    await declare();
    const way = await shown(phone());
    provider.forge = lie;
    expect(code(await finish(way))).toBe(refusal);
    expect((await logged()).map(({ kind }) => kind)).toEqual(['providers.declared']);
  });

  it('that bound one key binds no other', async () => {
    await declare();
    const tokens: string[] = [];
    provider.forge = (token) => {
      tokens.push(token);
      return token;
    };
    value(await finish(await shown(phone())));
    const way = await shown(phone());
    provider.forge = () => tokens[1] ?? '';
    expect(code(await finish(way))).toBe('PROVIDER_NONCE');
  });

  it('of a first way, whose nonce the page draws, names an owner and vouches for no key', async () => {
    await declare();
    const tokens: string[] = [];
    provider.forge = (token) => {
      tokens.push(token);
      return token;
    };
    const [own, drawn] = [phone(), deps.random(32)];
    const begun = value(await begin(own.key, drawn));
    const nonce = toBase64Url(h256('id-token-first', drawn));
    expect(new URL(begun.redirect).searchParams.get('nonce')).toBe(nonce);
    const back = await provider.visit(begun.redirect);
    const { binding } = value(await returnFromProvider(deps, { request: begun.request, ...back }));
    expect(claimsOf(tokens[0] ?? '')['nonce']).toBe(nonce);
    const hash = bindHash(present(fromBase64Url(binding), 'served'));
    const way = value(await signForProvider(deps, begun.request, own.sign(hash)));
    provider.forge = () => tokens[0] ?? '';
    expect(code(await finish(way))).toBe('PROVIDER_NONCE');
    for (const size of [0, 31, 33])
      expect(code(await begin(own.key, deps.random(size)))).toBe('PROVIDER_FORM');
  });

  it('is not taken from a provider that refuses the code', async () => {
    await declare();
    const { request, redirect } = await shown(phone());
    const { state } = await provider.visit(redirect);
    expect(code(await returnFromProvider(deps, { request, state, code: 'guessed' }))).toBe('PROVIDER_CODE');
  });
});

describe('a way there and back', () => {
  it('belongs to the page that began it, counts once, and ends after a quarter of an hour', async () => {
    await declare();
    const [one, two] = [value(await begin()), value(await begin())];
    const back = await provider.visit(one.redirect);
    expect(code(await returnFromProvider(deps, { request: two.request, ...back }))).toBe('PROVIDER_STATE');
    expect(code(await returnFromProvider(deps, { request: newId(deps.random), ...back }))).toBe(
      'PROVIDER_SIGN_IN',
    );
    expect(code(await returnFromProvider(deps, { request: one.request, ...back }))).toBe('ok');
    expect(code(await returnFromProvider(deps, { request: one.request, ...back }))).toBe('PROVIDER_STATE');
    offMs = SIGN_IN_LIFE_MS;
    const late = await provider.visit(two.redirect);
    expect(code(await returnFromProvider(deps, { request: two.request, ...late }))).toBe('PROVIDER_SIGN_IN');
  });

  it('leads on only for the key that the binding names', async () => {
    await declare();
    const { request, answer } = await named(phone());
    const hash = bindHash(present(fromBase64Url(value(answer).binding), 'served'));
    expect(code(await signForProvider(deps, request, phone().sign(hash)))).toBe('BINDING_EVIDENCE');
  });
});
