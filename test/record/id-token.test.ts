// Goal: a token vouches only as SPEC 3.4 (c) says, each condition refused by its own code, in its order. Method: a real token under each
// algorithm, and one thing changed.
import { generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import type { Jwk } from '../../src/crypto/jwk.ts';
import {
  ID_TOKEN_LIFE_MS,
  idTokenHash,
  isForBinding,
  keyNameOf,
  opensIdentity,
  readIdToken,
  wasFresh,
} from '../../src/record/id-token.ts';
import { identityHash } from '../../src/record/identity.ts';
import type { Provider } from '../../src/record/provider.ts';
import { isProvider } from '../../src/record/provider.ts';
import { jwkThumbprint, readJwk } from '../../src/record/thumbprint.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('id tokens');
type Alg = Provider['alg'];
const PAIRS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const jwkOf = (alg: Alg): Jwk => readJwk(PAIRS[alg].publicKey.export({ format: 'jwk' })) as Jwk;
const signBy =
  (alg: Alg) =>
  (bytes: Uint8Array): Uint8Array =>
    alg === 'EdDSA'
      ? nodeSign(null, bytes, PAIRS.EdDSA.privateKey)
      : nodeSign('sha256', bytes, { key: PAIRS[alg].privateKey, dsaEncoding: 'ieee-p1363' });

const providerOf = (alg: Alg, change: Partial<Provider> = {}): Provider => ({
  iss: 'https://id.example',
  name: '身份平台',
  aud: 'owners-vote',
  alg,
  keys: [jwkThumbprint(jwkOf(alg))],
  claims: { docKind: 'cert_type', number: 'cert_no', name: 'name' },
  docKinds: [{ value: '111', docKind: 'resident-id' }],
  ...change,
});
const bound = random(32);
const HEADER = { kid: 'k1', typ: 'JWT' };
const PAYLOAD = {
  iss: 'https://id.example',
  aud: 'owners-vote',
  nonce: toBase64Url(bound),
  iat: 1_790_000_000,
  cert_type: '111',
  cert_no: '4420 0019-abc',
  name: '陈大文',
};
const part = (value: unknown): string => toBase64Url(utf8(JSON.stringify(value)));
function tokenBy(alg: Alg, header: object = {}, payload: object = {}): string {
  const signed = `${part({ alg, ...HEADER, ...header })}.${part({ ...PAYLOAD, ...payload })}`;
  return `${signed}.${toBase64Url(signBy(alg)(utf8(signed)))}`;
}
const codeOf = (token: string, provider = providerOf('ES256'), key = jwkOf('ES256')): string => {
  const read = readIdToken({ token, key }, [provider]);
  return read.ok ? 'ok' : read.refusal.code;
};
const es = (header: object = {}, payload: object = {}): string => tokenBy('ES256', header, payload);

describe('a token', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as const)('under %s tells nonce, time and document', (alg) => {
    const read = readIdToken({ token: tokenBy(alg), key: jwkOf(alg) }, [providerOf(alg)]);
    if (!read.ok) throw new Error(read.refusal.code);
    const opening = { docKind: 'resident-id', number: '44200019ABC', name: '陈大文' };
    expect(read.value).toMatchObject({ nonce: PAYLOAD.nonce, issuedAt: PAYLOAD.iat * 1000, opening });
    expect(isForBinding(read.value, bound)).toBe(true);
    expect(isForBinding(read.value, random(32))).toBe(false);
    const salt = toBase64Url(random(16));
    expect(opensIdentity(read.value, salt, identityHash(salt, opening))).toBe(true);
    expect(opensIdentity(read.value, toBase64Url(random(16)), identityHash(salt, opening))).toBe(false);
  });

  const [head = '', body = '', signature = ''] = es().split('.');
  const other = (bytes: string): string => toBase64Url(utf8(bytes));
  it.each<[string, string, string]>([
    ['of two parts', `${head}.${body}`, 'PROVIDER_SIGNATURE'],
    ['of four parts', `${es()}.${signature}`, 'PROVIDER_TOKEN'],
    ['whose header is a list', `${other('[]')}.${body}.${signature}`, 'PROVIDER_TOKEN'],
    ['whose header is null', `${other('null')}.${body}.${signature}`, 'PROVIDER_TOKEN'],
    ['whose payload is no JSON', `${head}.${other('{')}.${signature}`, 'PROVIDER_TOKEN'],
    [
      'whose payload is no UTF-8',
      `${head}.${toBase64Url(Uint8Array.of(0xff))}.${signature}`,
      'PROVIDER_TOKEN',
    ],
    ['whose signature is no base64url', `${head}.${body}.?`, 'PROVIDER_TOKEN'],
    ['of a provider that nobody declared', es({}, { iss: 'https://else.example' }), 'PROVIDER_UNKNOWN'],
    ['of another algorithm', es({ alg: 'RS256' }), 'PROVIDER_ALG'],
    ['of none', es({ alg: 'none' }), 'PROVIDER_ALG'],
    ['with a critical extension', es({ crit: ['exp'] }), 'PROVIDER_ALG'],
    ['whose signature is cut', `${head}.${body}.`, 'PROVIDER_SIGNATURE'],
    [
      'that was changed after',
      `${head}.${part({ ...PAYLOAD, name: '李小明' })}.${signature}`,
      'PROVIDER_SIGNATURE',
    ],
    ['for another audience', es({}, { aud: 'else' }), 'PROVIDER_AUDIENCE'],
    ['for two', es({}, { aud: ['owners-vote', 'else'] }), 'PROVIDER_AUDIENCE'],
    ['for none', es({}, { aud: [] }), 'PROVIDER_AUDIENCE'],
    ['for one in a list', es({}, { aud: ['owners-vote'] }), 'ok'],
    ['without a nonce', es({}, { nonce: undefined }), 'PROVIDER_NONCE'],
    ['with a nonce that is no text of ours', es({}, { nonce: '\ud800' }), 'PROVIDER_NONCE'],
    ['without a time', es({}, { iat: undefined }), 'PROVIDER_STALE'],
    ['of half a second', es({}, { iat: 1.5 }), 'PROVIDER_STALE'],
  ])('%s', (_name, token, code) => {
    expect(codeOf(token)).toBe(code);
  });

  it('by a key that was not declared, or of another type', () => {
    expect(codeOf(es(), providerOf('ES256', { keys: [jwkThumbprint(jwkOf('RS256'))] }))).toBe('PROVIDER_KEY');
    const confused = providerOf('ES256', { keys: [jwkThumbprint(jwkOf('RS256'))] });
    expect(codeOf(es(), confused, jwkOf('RS256'))).toBe('PROVIDER_KEY');
  });

  it.each<[string, object]>([
    ['a kind that means none here', { cert_type: '999' }],
    ['no number', { cert_no: undefined }],
    ['a number that is a number', { cert_no: 442 }],
    ['no name', { name: undefined }],
    ['a name with a lone surrogate', { name: '\ud800' }],
  ])('that shows %s opens no identity', (_name, payload) => {
    const read = readIdToken({ token: es({}, payload), key: jwkOf('ES256') }, [providerOf('ES256')]);
    expect(read.ok && read.value.opening).toBeUndefined();
    expect(read.ok && opensIdentity(read.value, toBase64Url(random(16)), toBase64Url(random(32)))).toBe(
      false,
    );
  });
});

it('a token was fresh where some instant of the bracket is at most ten minutes after it, and not before', () => {
  const at = { issuedAt: 1_000_000 };
  const late = at.issuedAt + ID_TOKEN_LIFE_MS;
  expect([wasFresh(at, late, late), wasFresh(at, late + 1, late + 1)]).toEqual([true, false]);
  expect([wasFresh(at, 0, 1_000_000), wasFresh(at, 0, 999_999)]).toEqual([true, false]);
  expect([wasFresh(at, undefined, undefined), wasFresh(at, late, undefined)]).toEqual([true, true]);
});

it('the name of a token’s key is told, where it names one', () => {
  expect(keyNameOf(es())).toBe('k1');
  expect(keyNameOf(es({ kid: 7 }))).toBeUndefined();
  expect(keyNameOf('no token')).toBeUndefined();
});

it('two tokens have two hashes', () => {
  expect(idTokenHash('a.b.c')).not.toBe(idTokenHash('a.b.d'));
});

describe('a key in JSON', () => {
  it('has exactly the members of its type', () => {
    const { kty, crv, x } = PAIRS.EdDSA.publicKey.export({ format: 'jwk' });
    expect(readJwk({ kty, crv, x })).toEqual({ kty, crv, x });
    for (const wrong of [
      { kty, crv, x, use: 'sig' },
      { kty, crv },
      { kty, crv: 'Ed448', x },
      { kty: 'oct', k: 'AA' },
      'key',
    ])
      expect(readJwk(wrong)).toBeUndefined();
  });
});

describe('a provider', () => {
  const good = providerOf('ES256');
  it.each<[string, boolean, object]>([
    ['as it should be', true, {}],
    ['on this very computer, for a trial', true, { iss: 'http://127.0.0.1:4000/id' }],
    ['over plain http', false, { iss: 'http://id.example' }],
    ['with a query', false, { iss: 'https://id.example/?a=b' }],
    ['without keys', false, { keys: [] }],
    ['with a key that is no hash', false, { keys: ['AAAA'] }],
    ['with symmetric signatures', false, { alg: 'HS256' }],
    ['with a blank in its audience', false, { aud: 'a b' }],
    ['without kinds of documents', false, { docKinds: [] }],
    ['with a member more', false, { secret: 'x' }],
  ])('%s may be declared: %s', (_name, may, change) => {
    expect(isProvider({ ...good, ...change })).toBe(may);
  });
});
