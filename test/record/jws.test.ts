// Goal: a token has one spelling, one type and one key (SPEC 6.1). Method: tokens that jose signs, respelt in every way that JWS readers
// commonly forgive; and tokens of ours that jose verifies.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { CompactSign, compactVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { canonicalBytes } from '../../src/base/canonical.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { ballotForm, ballotHash } from '../../src/record/ballot.ts';
import type { TokenTyp } from '../../src/record/jws.ts';
import { jwsHeader, keyId, verifyJws } from '../../src/record/jws.ts';
import { ballotClaims } from './record-examples.ts';

const TYP = 'owners-vote-ballot+jws';
const seed = new Uint8Array(32).fill(1);
const publicKey = publicKeyOf(seed);
const payload = ballotForm.bytes(ballotClaims);
const joseKey = createPrivateKey({
  key: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(publicKey), d: toBase64Url(seed) },
  format: 'jwk',
});

const signedByJose = (header: Record<string, unknown>, body = payload): Promise<string> =>
  new CompactSign(body).setProtectedHeader(header as { alg: string }).sign(joseKey);

/** A token whose header and payload are signed as they stand. */
function signedAs(header: Uint8Array, body: Uint8Array): string {
  const input = `${toBase64Url(header)}.${toBase64Url(body)}`;
  return `${input}.${toBase64Url(sign(seed, utf8(input)))}`;
}

const token = await signedByJose(jwsHeader(TYP, publicKey));
const [head = '', body = '', signature = ''] = token.split('.');
const read = (text: string, typ: TokenTyp = TYP, key = publicKey) => verifyJws(text, typ, key, ballotForm);
const codeOf = (text: string, typ?: TokenTyp, key?: Uint8Array): string => {
  const verdict = read(text, typ, key);
  return verdict.ok ? 'taken' : verdict.refusal.code;
};

describe('a token', () => {
  it('that jose signs is verified here', () => {
    expect(read(token)).toEqual({ ok: true, value: ballotClaims });
  });

  it('that is signed by our own code has the same bytes, and jose verifies it', async () => {
    const own = signedAs(canonicalBytes(jwsHeader(TYP, publicKey)), payload);
    expect(own).toBe(token);
    const { protectedHeader, payload: found } = await compactVerify(own, createPublicKey(joseKey), {
      algorithms: ['Ed25519'],
    });
    expect(protectedHeader).toEqual({ alg: 'Ed25519', kid: keyId(publicKey), typ: TYP });
    expect(new Uint8Array(found)).toEqual(payload);
  });

  it('names its key by the RFC 7638 thumbprint', () => {
    // RFC 8037 §A.3.
    const key = fromBase64Url('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo') ?? expect.fail();
    expect(keyId(key)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('has the hash of its compact form, so that a changed signature is another ballot', () => {
    expect(ballotHash(token)).toHaveLength(43);
    expect(ballotHash(token)).not.toBe(ballotHash(`${head}.${body}.${toBase64Url(new Uint8Array(64))}`));
  });
});

const text = new TextDecoder().decode(payload);
const headerText = new TextDecoder().decode(canonicalBytes(jwsHeader(TYP, publicKey)));
/** The last letter of 64 bytes in base64url holds four left-over bits. */
const leftOver = signature.slice(0, -1) + String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1);

const spellings: readonly (readonly [string, string])[] = [
  ['a space in front', ` ${token}`],
  ['a line feed behind', `${token}\n`],
  ['padding on the signature', `${token}==`],
  ['padding on the payload', `${head}.${body}=.${signature}`],
  ['left-over bits in the signature', `${head}.${body}.${leftOver}`],
  ['the standard alphabet', `${head}.${body}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`],
  ['a fourth part', `${token}.`],
  ['an empty part in front', `.${token}`],
  ['the JSON form', JSON.stringify({ protected: head, payload: body, signature })],
  [
    'a header in another order',
    signedAs(utf8(JSON.stringify({ typ: TYP, kid: keyId(publicKey), alg: 'Ed25519' })), payload),
  ],
  ['a space in the header', signedAs(utf8(headerText.replace(':', ': ')), payload)],
  ['a further header member', signedAs(utf8(headerText.replace('}', ',"x":1}')), payload)],
  ['a detached payload', `${head}..${signature}`],
  ['a space in the payload', signedAs(utf8(headerText), utf8(text.replace(':', ': ')))],
  ['a payload in another order', signedAs(utf8(headerText), utf8(JSON.stringify({ v: 1, ...ballotClaims })))],
  ['a duplicate claim', signedAs(utf8(headerText), utf8(text.replace('{', '{"areaDm2":"1",')))],
  ['an escaped claim', signedAs(utf8(headerText), utf8(text.replace('open', '\\u006fpen')))],
  ['a byte order mark', signedAs(utf8(headerText), utf8(`\ufeff${text}`))],
  ['half of it', token.slice(0, token.length / 2)],
  ['nothing', ''],
];

describe('another spelling of a token', () => {
  it.each(spellings)('with %s is refused', (_, spelled) => {
    expect(spelled).not.toBe(token);
    expect(read(spelled).ok).toBe(false);
  });

  it('is named by what is wrong', () => {
    expect(codeOf(`${token}.`)).toBe('JWS_MALFORMED');
    expect(codeOf(`${head}.${body}.!`)).toBe('JWS_MALFORMED');
    expect(codeOf(`${head}.!.${signature}`)).toBe('JWS_MALFORMED');
    expect(codeOf(signedAs(utf8('{}'), payload))).toBe('JWS_HEADER');
    expect(codeOf(`${head}.${body}.${toBase64Url(new Uint8Array(64))}`)).toBe('JWS_SIGNATURE');
    expect(codeOf(`${head}.${body}.`)).toBe('JWS_SIGNATURE');
    expect(codeOf(signedAs(utf8(headerText), utf8('{}')))).toBe('JWS_PAYLOAD');
  });
});

describe('a token of another kind', () => {
  it.each(['owners-vote-ack+jws', 'owners-vote-refusal+jws', 'owners-vote-result+jws'] as const)(
    'is not taken for a %s',
    (typ) => expect(codeOf(token, typ)).toBe('JWS_HEADER'),
  );

  it('under another key is refused, also where its header names ours', () => {
    expect(codeOf(token, TYP, publicKeyOf(new Uint8Array(32)))).toBe('JWS_HEADER');
    const input = `${head}.${body}`;
    const forged = `${input}.${toBase64Url(sign(new Uint8Array(32), utf8(input)))}`;
    expect(codeOf(forged)).toBe('JWS_SIGNATURE');
  });

  it.each([
    ['none', { alg: 'none' }],
    ['EdDSA', { alg: 'EdDSA' }],
    ['HS256', { alg: 'HS256' }],
    ['a critical extension', { crit: ['b64'], b64: false }],
    ['a key of its own', { jwk: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(publicKey) } }],
    ['no typ', { typ: undefined }],
  ])('with %s in its header is refused', (_, change) => {
    const header = utf8(JSON.stringify({ ...jwsHeader(TYP, publicKey), ...change }));
    expect(codeOf(signedAs(header, payload))).toBe('JWS_HEADER');
  });
});
