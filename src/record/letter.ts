/** Sealed letters: the code on paper, the key that it is the seed of, and the items of a batch (SPEC 3.2). */
import { toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { publicKeyOf } from '../crypto/ed25519.ts';
import { h256 } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm } from './schema.ts';
import { hash, id, idOrNone } from './shapes.ts';

/** Crockford's alphabet: no I, L, O, U, so that no letter reads as a digit. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 128 bits are 26 characters of 5 bits, the last with two zero bits. */
const CODE_LENGTH = 26;
/** The check character is Σ i·dᵢ mod 31, so it uses the first 31 characters. */
const CHECK_MODULUS = 31;

function checkCharacter(values: readonly number[]): string {
  const sum = values.reduce((total, value, index) => total + (index + 1) * value, 0);
  return CROCKFORD.charAt(sum % CHECK_MODULUS);
}

/** The letter code of 16 secret bytes: 26 characters and a check character in groups of five. */
export function printLetterCode(code: Uint8Array): string {
  let bits = 0n;
  for (const byte of code) bits = (bits << 8n) | BigInt(byte);
  bits <<= 2n;
  const values: number[] = [];
  for (let i = CODE_LENGTH - 1; i >= 0; i -= 1) values.push(Number((bits >> BigInt(5 * i)) & 31n));
  const text = values.map((value) => CROCKFORD.charAt(value)).join('') + checkCharacter(values);
  return text.replace(/.{5}(?=.)/g, '$&-');
}

export type LetterCodeRefusal = Refusal<'LETTER_CODE_LENGTH' | 'LETTER_CODE_CHARACTER' | 'LETTER_CODE_CHECK'>;

/** The 16 secret bytes of a typed or scanned code; look-alikes, spaces, hyphens and case are forgiven, errors are not. */
export function parseLetterCode(typed: string): Result<Uint8Array, LetterCodeRefusal> {
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u002d\u2010-\u2015]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  if (text.length !== CODE_LENGTH + 1) return refuse('LETTER_CODE_LENGTH');
  const values = [...text].map((letter) => CROCKFORD.indexOf(letter));
  const odd = values.indexOf(-1);
  if (odd >= 0) return refuse('LETTER_CODE_CHARACTER', undefined, { position: odd + 1 });
  const code = values.slice(0, CODE_LENGTH);
  if (checkCharacter(code) !== text.charAt(CODE_LENGTH)) return refuse('LETTER_CODE_CHECK');
  let bits = 0n;
  for (const value of code) bits = (bits << 5n) | BigInt(value);
  if ((bits & 3n) !== 0n) return refuse('LETTER_CODE_CHECK');
  bits >>= 2n;
  const bytes = new Uint8Array(16);
  for (let i = 15; i >= 0; i -= 1) {
    bytes[i] = Number(bits & 255n);
    bits >>= 8n;
  }
  return ok(bytes);
}

/** Ed25519 seed of the letter key. */
export const letterSeed = (code: Uint8Array): Uint8Array => h256('letter-seed', code);

/** Public key of a letter code, as records hold it. */
export const letterPublicKey = (code: Uint8Array): string => toBase64Url(publicKeyOf(letterSeed(code)));

/** Where the letters of a batch were made: by the command, off the network, or in a page that the service sent (SPEC 3.2). */
export const MADE_IN = ['command', 'browser'] as const;
export type MadeIn = (typeof MADE_IN)[number];

export const letterItem = closed({
  v: exactly(1),
  kind: oneOf('letter'),
  letter: id,
  person: id,
  /** `H256("identity", …)` of the person that the letter was made for. */
  identity: hash,
  units: list(id, 20_000),
  publicKey: hash,
  replaces: idOrNone,
});

export type LetterItem = Of<typeof letterItem>;
/** The developer's letter names all units of his stock, so an item may be larger than a log entry. */
export const letterItemForm = recordForm(letterItem, 'letter', 1024 * 1024);
