// How a case of the corpus is put into an honest statement, signature or token; where a case has fixed bytes it is only copied.
import { createHmac } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { present } from '../../src/base/assert.ts';
import { concat, fromBase64Url, fromHex, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { keyId } from '../../src/record/jws.ts';
import type { Base64Case, TextCase, TokenCase } from './read-corpus.ts';

export const hex = (text: string): Uint8Array => present(fromHex(text), `hex: ${text}`);
const bytesOf = (text: string): Uint8Array => present(fromBase64Url(text), `base64url: ${text}`);

/** ℓ of RFC 8032 §5.1. */
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
const TORSION = ed25519.Point.fromBytes(
  hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
);
const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** R = rB + T and S = r + ha: good with the cofactor, and never without it. */
function mixedSignature(seed: Uint8Array, message: Uint8Array): Uint8Array {
  const { scalar } = ed25519.utils.getExtendedPublicKey(seed);
  const r = numberOf(sha512(concat(seed, message))) % ORDER;
  const R = ed25519.Point.BASE.multiply(r).add(TORSION).toBytes();
  const h = numberOf(sha512(concat(R, publicKeyOf(seed), message))) % ORDER;
  return concat(R, littleEndian((r + h * scalar) % ORDER));
}

/** A signature bent by its owner or on its way. */
export function bentSignature(bend: string, seed: Uint8Array, message: Uint8Array): Uint8Array {
  const honest = sign(seed, message);
  const [R, S] = [honest.subarray(0, 32), honest.subarray(32)];
  if (bend === 'S+order') return concat(R, littleEndian(numberOf(S) + ORDER));
  if (bend === 'R+torsion') return concat(ed25519.Point.fromBytes(R).add(TORSION).toBytes(), S);
  if (bend === 'mixed R') return mixedSignature(seed, message);
  if (bend === 'negative R') return honest.with(31, (honest[31] as number) ^ 0x80);
  if (bend === 'truncated') return honest.subarray(0, 63);
  if (bend === 'doubled') return concat(honest, honest);
  throw new RangeError(`no such bend: ${bend}`);
}

/** The canonical text of a statement with the edit of a case. */
export function bentText({ name, find, put, putEnd, hex: stands }: TextCase, honest: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(honest);
  let bent = find === '*' ? put : text.replace(find, () => put);
  if (putEnd !== undefined) bent = bent.slice(0, -1) + putEnd;
  if (bent === text) throw new RangeError(`${name} changes nothing`);
  if (stands === undefined) return utf8(bent);
  const [head = '', tail = ''] = bent.split('\u0001');
  return concat(utf8(head), hex(stands), utf8(tail));
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The same bytes in another spelling, or what a careless reader takes for them. */
export function respell(text: string, how: string, alphabet: string = BASE64URL): string {
  if (how === 'pad')
    return `${text}${'='.repeat(alphabet === BASE32 ? 6 : (4 - (text.length % 4)) % 4 || 4)}`;
  if (how === 'newline') return `${text.slice(0, 8)}\n${text.slice(8)}`;
  if (how === 'space') return `${text} `;
  if (how === 'cut') return text.slice(0, -1);
  if (how === 'upper') return text.toUpperCase();
  if (how === 'standard') {
    const spelt = text.replaceAll('-', '+').replaceAll('_', '/');
    return spelt === text ? `${text.slice(0, -2)}+${text.slice(-1)}` : spelt;
  }
  // Spare bits: a group that is not full leaves some of its last character's unused.
  if (how !== 'tail' || (alphabet === BASE64URL && text.length % 4 === 0))
    throw new RangeError(`${how} of ${text.length} characters`);
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) ^ 1);
}

/** A statement in which the text of one member is spelt otherwise. */
export function respeltMember({ place, how }: Base64Case, honest: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(honest);
  const [, value = ''] = new RegExp(`"${place}":"([^"]*)"`).exec(text) ?? [];
  const spelt = respell(value, how, place === 'entitlement' ? BASE32 : BASE64URL);
  return utf8(text.replace(`"${place}":"${value}"`, () => `"${place}":${JSON.stringify(spelt)}`));
}

const strangerSeed = new Uint8Array(32).fill(0x5e);

function signatureBy(signed: string, seed: Uint8Array, input: Uint8Array, old: string): string {
  if (signed === 'again') return toBase64Url(sign(seed, input));
  if (signed === 'stranger') return toBase64Url(sign(strangerSeed, input));
  if (signed === 'hmac') return createHmac('sha256', publicKeyOf(seed)).update(input).digest('base64url');
  if (signed === 'kept') return old;
  if (signed === 'not') return '';
  throw new RangeError(`signed by ${signed}`);
}

function spelt(spell: string, [header, payload, signature]: readonly [string, string, string]): string {
  const token = `${header}.${payload}.${signature}`;
  const forms: Readonly<Record<string, () => string>> = {
    pad: () => `${header}.${payload}=.${signature}`,
    standard: () => `${header}.${payload}.${respell(signature, 'standard')}`,
    tail: () => `${header}.${payload}.${respell(signature, 'tail')}`,
    before: () => ` ${token}`,
    behind: () => `${token}\n`,
    within: () => `${header}.${respell(payload, 'newline')}.${signature}`,
    four: () => `${token}.`,
    two: () => `${header}.${payload}`,
    empty: () => `${header}.${payload}.`,
    order: () => {
      const bytes = bytesOf(signature);
      const larger = concat(bytes.subarray(0, 32), littleEndian(numberOf(bytes.subarray(32)) + ORDER));
      return `${header}.${payload}.${toBase64Url(larger)}`;
    },
    flattened: () => JSON.stringify({ payload, protected: header, signature }),
    general: () => JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
    unprotected: () => JSON.stringify({ header: { kid: 'other' }, payload, protected: header, signature }),
  };
  return present(forms[spell], `spelling ${spell}`)();
}

/** The spelling of an honest token that a case describes; `seed` is the key that signed it. */
export function bentToken(
  { fixed, header = '', payload, signed, spell }: TokenCase,
  honest: string,
  seed: Uint8Array,
): string {
  if (fixed !== undefined) return fixed;
  const [head = '', claims = '', old = ''] = honest.split('.');
  if (spell !== undefined) return spelt(spell, [head, claims, old]);
  const stranger = publicKeyOf(strangerSeed);
  const headerText = header
    .replace('$kid', keyId(publicKeyOf(seed)))
    .replace('$strangerKid', keyId(stranger))
    .replace('$stranger', toBase64Url(stranger));
  const [find, put] = payload ?? ['', ''];
  const claimsText = new TextDecoder().decode(bytesOf(claims)).replace(find, () => put);
  const input = `${toBase64Url(utf8(headerText))}.${toBase64Url(utf8(claimsText))}`;
  return `${input}.${signatureBy(signed ?? '', seed, utf8(input), old)}`;
}
