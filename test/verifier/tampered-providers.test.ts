// Goal: an ID token vouches for a key only where its provider, audience, algorithm and key stood in the log before, and the token was made
// for this binding, in time, and shows the document of its person. Method: lies of an operator in the story of bundle-builder.ts.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { canonicalText } from '../../src/base/canonical.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { firstWayNonce } from '../../src/record/provider.ts';
import { jwkThumbprint } from '../../src/record/thumbprint.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { Forge, KeyLies } from './forge.ts';
import type { ProviderLies, TokenMembers } from './story-providers.ts';
import { compactToken, ISSUED, PROVIDER, PROVIDER_KEY, STRANGE_KEY } from './story-providers.ts';

const by = (provider: ProviderLies, keys: KeyLies = {}): Forge => ({ keys: { ...keys, provider } });
const saying = (change: TokenMembers): Forge =>
  by({ token: (draft) => ({ ...draft, payload: { ...draft.payload, ...change } }) });
const headed = (change: TokenMembers): Forge =>
  by({ token: (draft) => ({ ...draft, header: { ...draft.header, ...change } }) });
/** A token whose key was used in another way than it was declared for. */
const confused = (alg: string, sign: (signed: Uint8Array) => Uint8Array): Forge =>
  by({ token: (draft) => ({ ...draft, header: { ...draft.header, alg }, sign }) });
/** The server makes a provider of its own: another key signs. */
const byStrangeKey = (vouched: ProviderLies['vouched']): Forge =>
  by({
    token: (draft) => ({ ...draft, sign: STRANGE_KEY.sign }),
    ...(vouched === undefined ? {} : { vouched }),
  });
const withStrangeKey: ProviderLies['vouched'] = (evidence) => [{ ...evidence, key: STRANGE_KEY.jwk }];

describe('a key that a declared provider vouches for', () => {
  it('votes', async () => {
    const built = buildBundle(by({}));
    expect(await failuresOf(built)).toEqual([]);
    const outcomes = new Map((await checksOf(built)).map(({ id, outcome }) => [id, outcome]));
    for (const id of ['CRED-01', 'CRED-02', 'CRED-03', 'LOG-01', 'ACT-01', 'ACT-03', 'LET-02'] as const)
      expect([id, outcomes.get(id)]).toEqual([id, 'pass']);
  });

  it('leaves the public bundle without a finding and without the token', async () => {
    const built = publicBundle(buildBundle(by({})));
    expect(await failuresOf(built)).toEqual([]);
    expect([...built.files.keys()]).not.toContain('bindings.jsonl');
  });

  it('is judged by the declaration before it, whatever is declared later', async () => {
    const more = { ...PROVIDER, keys: [jwkThumbprint(STRANGE_KEY.jwk), ...PROVIDER.keys] };
    expect(await failing(by({ redeclared: () => [more] }))).toEqual([]);
  });
});

describe('CRED-01: a token', () => {
  it.each<[string, Forge]>([
    ['of a provider that was never declared', by({ declared: 'never' })],
    ['of a provider that was declared after the binding', by({ declared: 'after' })],
    ['of a provider that was taken back', by({ redeclared: () => [] })],
    ['of another issuer', saying({ iss: 'https://id.other.example' })],
    ['of a provider that the server invented', byStrangeKey(withStrangeKey)],
    ['signed by another key than the line names', byStrangeKey(undefined)],
    [
      'of a key that is declared no more',
      by({
        redeclared: (one) => [{ ...one, keys: [jwkThumbprint(STRANGE_KEY.jwk)] }],
      }),
    ],
    [
      'whose public key served as an HMAC secret',
      confused('HS256', (signed) => createHmac('sha256', PROVIDER_KEY.pem).update(signed).digest()),
    ],
    ['without a signature', confused('none', () => new Uint8Array())],
    ['of an algorithm that was not declared', headed({ alg: 'RS512' })],
    ['with a critical extension', headed({ crit: ['x'], x: 1 })],
    ['for another audience', saying({ aud: 'another-service' })],
    ['for two audiences', saying({ aud: [PROVIDER.aud, 'another-service'] })],
    ['of another binding', saying({ nonce: toBase64Url(sha256(new Uint8Array(1))) })],
    [
      'of a first way, which names an owner only',
      saying({ nonce: toBase64Url(firstWayNonce(new Uint8Array(32))) }),
    ],
    ['without a nonce', saying({ nonce: undefined })],
    ['older than ten minutes', saying({ iat: ISSUED - 50 * 60 })],
    ['made after the entry', saying({ iat: ISSUED + 6 * 60 })],
    ['without a time', saying({ iat: 'now' })],
    ['of another person’s document', saying({ cert_no: '44200019EMEI', name: 'emei' })],
    ['of another person’s number under his name', saying({ cert_no: '44200019EMEI' })],
    ['of a document that means none here', saying({ cert_type: '999' })],
    ['without a document', saying({ cert_no: undefined })],
    [
      'opened by another salt',
      by({ vouched: (evidence) => [{ ...evidence, salt: toBase64Url(new Uint8Array(16)) }] }),
    ],
    ['that is not there', by({ vouched: () => [] })],
  ])('%s', async (_name, forge) => {
    expect(await failing(forge)).toEqual(['CRED-01']);
  });

  it('that was altered after it was signed', async () => {
    const altered: ProviderLies = {
      vouched: (evidence) => {
        const [head, , signature] = evidence.token.split('.');
        const [, body] = compactToken({
          header: {},
          payload: { iss: PROVIDER.iss, aud: PROVIDER.aud },
          sign: (x) => x,
        }).split('.');
        return [{ ...evidence, token: `${head}.${body}.${signature}` }];
      },
    };
    expect(await failing(by(altered))).toEqual(['CRED-01']);
  });

  it('beside a letter’s binding vouches for nothing', async () => {
    const beside = {
      token: 'aGVhZA.Ym9keQ.c2lnbg',
      key: PROVIDER_KEY.jwk,
      salt: toBase64Url(new Uint8Array(16)),
    };
    const files: Forge['files'] = (all) =>
      editLines(all, 'bindings.jsonl', (lines) =>
        lines.map((line) =>
          canonicalText({ ...(JSON.parse(line) as { letter: string }), provider: [beside] }),
        ),
      );
    expect(await failing({ keys: {}, files })).toEqual(['CRED-01']);
  });
});

describe('a token that is used twice', () => {
  it('binds its one key once', async () => {
    const files: Forge['files'] = (all) =>
      editLines(all, 'bindings.jsonl', (lines) => [...lines.slice(0, 1), ...lines]);
    expect(await failing({ ...by({}), files })).toEqual(expect.arrayContaining(['CRED-02', 'LOG-01']));
  });
});

describe('a declaration', () => {
  const signedBy = (...names: readonly string[]): Forge => ({
    ...by({}),
    signers: (signers, step) => (step === 'providers' ? names : signers),
  });
  it.each<[string, Forge, readonly string[]]>([
    ['by nobody', signedBy(), ['ACT-01', 'CRED-01']],
    ['by the street office alone', signedBy('street'), ['ACT-01', 'CRED-01']],
    [
      'by committee and street office, without the regulator',
      signedBy('committee', 'street'),
      ['ACT-01', 'CRED-01'],
    ],
    [
      'of other keys than the officers signed',
      {
        ...by({}),
        action: (action, step) =>
          step === 'providers' ? { ...action, subject: toBase64Url(sha256(new Uint8Array(2))) } : action,
      },
      ['ACT-02', 'CRED-01'],
    ],
  ])('%s lets no token vouch', async (_name, forge, failed) => {
    expect([...(await failing(forge))].sort()).toEqual([...failed].sort());
  });
});
