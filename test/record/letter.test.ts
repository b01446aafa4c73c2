// Goal: a letter's code is typed and scanned safely: every code comes back, every single error is caught. Method: properties over all codes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url, toHex } from '../../src/base/bytes.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { isEnrollableKey } from '../../src/crypto/ed25519-key.ts';
import {
  letterItemForm,
  letterPublicKey,
  letterSeed,
  parseLetterCode,
  printLetterCode,
} from '../../src/record/letter.ts';

const code = fc.uint8Array({ minLength: 16, maxLength: 16 });
const hexOf = (typed: string): string => {
  const read = parseLetterCode(typed);
  return read.ok ? toHex(read.value) : read.refusal.code;
};

describe('a letter code', () => {
  it('comes back as it was, in six groups', () => {
    fc.assert(
      fc.property(code, (bytes) => {
        const printed = printLetterCode(bytes);
        expect(printed).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{2}$/);
        expect(hexOf(printed)).toBe(toHex(bytes));
      }),
    );
  });

  it('forgives case, spaces, hyphens, full width, and letters that look like digits', () => {
    fc.assert(
      fc.property(code, (bytes) => {
        const printed = printLetterCode(bytes);
        const bare = printed.replaceAll('-', '');
        const wide = [...bare]
          .map((letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0))
          .join('');
        const typed = [
          bare,
          bare.toLowerCase(),
          ` ${printed.replaceAll('-', '  ')}\n`,
          printed.replaceAll('-', '–'),
          bare.replaceAll('0', 'O').replaceAll('1', 'l'),
          bare.replaceAll('1', 'I'),
          wide,
        ];
        for (const text of typed) expect(hexOf(text)).toBe(toHex(bytes));
      }),
    );
  });

  it('is refused when one character is wrong, unless only its check character’s own value could not tell', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    fc.assert(
      fc.property(code, fc.nat(26), fc.nat(30), (bytes, at, step) => {
        const bare = printLetterCode(bytes).replaceAll('-', '');
        const value = alphabet.indexOf(bare.charAt(at));
        const other = (value + 1 + step) % 32;
        // The check is modulo 31, so that of 32 values the first and the last are alike to it.
        if (Math.abs(other - value) === 31) return;
        const wrong = bare.slice(0, at) + alphabet.charAt(other) + bare.slice(at + 1);
        expect(hexOf(wrong)).toBe('LETTER_CODE_CHECK');
      }),
    );
  });

  it('is refused when two neighbours that differ were exchanged', () => {
    fc.assert(
      fc.property(code, fc.nat(24), (bytes, at) => {
        const bare = printLetterCode(bytes).replaceAll('-', '');
        const [a, b] = [bare.charAt(at), bare.charAt(at + 1)];
        const alike = new Set([a, b]);
        if (a === b || (alike.has('0') && alike.has('Z'))) return;
        expect(hexOf(bare.slice(0, at) + b + a + bare.slice(at + 2))).toBe('LETTER_CODE_CHECK');
      }),
    );
  });

  it('is refused when a character is missing, added or foreign', () => {
    const bare = printLetterCode(new Uint8Array(16)).replaceAll('-', '');
    expect(hexOf(bare.slice(1))).toBe('LETTER_CODE_LENGTH');
    expect(hexOf(`${bare}0`)).toBe('LETTER_CODE_LENGTH');
    expect(hexOf('')).toBe('LETTER_CODE_LENGTH');
    expect(hexOf(`U${bare.slice(1)}`)).toBe('LETTER_CODE_CHARACTER');
    expect(hexOf(`码${bare.slice(1)}`)).toBe('LETTER_CODE_CHARACTER');
  });

  it('has one spelling: bits beyond the 128th are refused', () => {
    // 26 characters hold 130 bits. The last two of all-zero are set, and the check character is made to fit.
    const wrong = `${'0'.repeat(25)}1${'0123456789ABCDEFGHJKMNPQRSTVWXY'.charAt(26)}`;
    expect(hexOf(wrong)).toBe('LETTER_CODE_CHECK');
  });
});

describe('a letter key', () => {
  it('follows from the code alone and may be enrolled', () => {
    fc.assert(
      fc.property(code, (bytes) => {
        const key = letterPublicKey(bytes);
        expect(key).toBe(toBase64Url(publicKeyOf(letterSeed(bytes))));
        expect(isEnrollableKey(fromBase64Url(key) ?? new Uint8Array())).toBe(true);
      }),
      { numRuns: 20 },
    );
    // Computed by hand with another implementation of SHA-256 and of the frame.
    expect(toHex(letterSeed(new Uint8Array(16)))).toBe(
      '7c09f79c7176430ca1841fd8ed92f4f0c5f190a6f20adfa7f65dd1d59964f8c9',
    );
  });
});

describe('a letter item', () => {
  const item = {
    v: 1,
    kind: 'letter',
    letter: 'a'.repeat(26),
    person: 'a'.repeat(26),
    identity: toBase64Url(new Uint8Array(32)),
    units: ['a'.repeat(26)],
    publicKey: toBase64Url(new Uint8Array(32)),
    replaces: '',
  } as const;

  it('is read from its own bytes only, with every member', () => {
    const bytes = letterItemForm.bytes(item);
    expect(letterItemForm.parse(bytes)).toEqual({ ok: true, value: item });
    for (const name of Object.keys(item)) {
      const { [name as keyof typeof item]: _, ...rest } = item;
      expect(letterItemForm.check(rest).ok).toBe(false);
    }
    expect(letterItemForm.check({ ...item, code: 'x' }).ok).toBe(false);
  });
});
