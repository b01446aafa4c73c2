// Goal: every text form of bytes has one spelling only. Method: round trips, node's own codecs as the second opinion, and every left-over bit set.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareBytes,
  compareText,
  concat,
  fromBase32,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  sameBytes,
  toBase32,
  toBase64,
  toBase64Url,
  toHex,
  u32be,
  u64be,
  utf8,
} from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { seededRandom } from '../support/random.ts';

const bytes = fc.uint8Array({ maxLength: 80 });

const codecs = [
  { name: 'hex', encode: toHex, decode: fromHex, alphabet: '0123456789abcdef' },
  {
    name: 'base64url',
    encode: toBase64Url,
    decode: fromBase64Url,
    alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  },
  {
    name: 'base64',
    encode: toBase64,
    decode: fromBase64,
    alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  },
  { name: 'base32', encode: toBase32, decode: fromBase32, alphabet: 'abcdefghijklmnopqrstuvwxyz234567' },
] as const;

describe.each(codecs)('$name', ({ name, encode, decode, alphabet }) => {
  it('gives back the bytes that it took', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
    );
  });

  it('reads a text only where it would write the same text', () => {
    const letters = fc.constantFrom(...alphabet, '=', '+', '/', '-', 'A', '\n', ' ', '\u00e9');
    const text = fc.array(letters, { maxLength: 12 }).map((each) => each.join(''));
    fc.assert(
      fc.property(text, (spelled) => {
        const read = decode(spelled);
        if (read !== undefined) expect(encode(read)).toBe(spelled);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses a foreign letter, a line break and a second padding', () => {
    for (const spelled of ['!', 'AA\n', ' AA', 'AA==AA==', '=', '==', '====', 'AAA==', 'A=', 'é', '𝟘𝟘'])
      expect(decode(spelled)).toBeUndefined();
  });

  it('has no second spelling of one last letter', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 12 }),
        fc.constantFrom(...alphabet),
        (value, letter) => {
          const text = encode(value);
          const end = text.replace(/=+$/, '').length;
          const other = text.slice(0, end - 1) + letter + text.slice(end);
          const read = decode(other);
          if (other !== text) expect(read === undefined || !sameBytes(read, value)).toBe(true);
        },
      ),
    );
  });

  it('is what node writes', () => {
    if (name === 'base32') return expect(toBase32(utf8('foobar'))).toBe('mzxw6ytboi');
    fc.assert(
      fc.property(bytes, (value) => {
        expect(encode(value)).toBe(Buffer.from(value).toString(name));
      }),
    );
  });
});

describe('left-over bits', () => {
  it.each([
    ['base64url', fromBase64Url, ['AB', 'AAB', 'A', 'AAAAA', 'AP', 'A_']],
    ['base64', fromBase64, ['AB==', 'AAB=', 'A===', 'AA=', 'AA', 'AAA', 'AAA=====']],
    ['base32', fromBase32, ['ab', 'aaab', 'aaaab', 'aaaaaab', 'a', 'aaa', 'aaaaaa', 'AA', 'a1']],
    ['hex', fromHex, ['0', '0AF', 'AF', '0g', '0x00']],
  ] as const)('in %s are refused', (_name, decode, spellings) => {
    for (const text of spellings) expect(decode(text), text).toBeUndefined();
  });

  it('that are zero are read', () => {
    expect(fromBase64Url('AA')).toEqual(new Uint8Array(1));
    expect(fromBase64('AAA=')).toEqual(new Uint8Array(2));
    expect(fromBase32('aaaaaaa')).toEqual(new Uint8Array(4));
  });
});

describe('UTF-8', () => {
  it('comes back as it was, also with a byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text);
      }),
    );
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toBe('\ufeff1');
  });

  it.each([
    ['an overlong form', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe4, 0xb8]],
    ['a byte beyond Unicode', [0xf5, 0x80, 0x80, 0x80]],
  ])('with %s is no text', (_, values) => {
    expect(fromUtf8(Uint8Array.from(values))).toBeUndefined();
  });
});

describe('the order of byte strings', () => {
  it('is that of memcmp', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(a, b)));
      }),
    );
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0);
  });

  it('is zero exactly for equal bytes', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(sameBytes(a, b)).toBe(toHex(a) === toHex(b));
        expect(sameBytes(a, a.slice())).toBe(true);
        expect(compareBytes(a, b) === 0).toBe(sameBytes(a, b));
      }),
    );
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  });

  it('of texts goes by UTF-16 units, as RFC 8785 demands', () => {
    expect(['\ufb33', '\u{1f600}', '\u20ac', 'a', 'B', 'B'].sort(compareText)).toEqual([
      'B',
      'B',
      'a',
      '\u20ac',
      '\u{1f600}',
      '\ufb33',
    ]);
  });
});

describe('numbers as bytes', () => {
  it('are big-endian', () => {
    expect(toHex(u32be(0x01020304))).toBe('01020304');
    expect(toHex(u64be(0x0102030405060708n))).toBe('0102030405060708');
    expect(toHex(u64be(2n ** 64n - 1n))).toBe('ffffffffffffffff');
  });

  it('that do not fit are refused, for they would become another number’s bytes', () => {
    for (const value of [-1n, 2n ** 64n]) expect(() => u64be(value)).toThrow(RangeError);
    for (const value of [-1, 2 ** 32, 0.5, Number.NaN]) expect(() => u32be(value)).toThrow(RangeError);
  });
});

describe('concatenation', () => {
  it('keeps every byte in order', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), (parts) => {
        expect(toHex(concat(...parts))).toBe(parts.map(toHex).join(''));
      }),
    );
  });
});

describe('an identifier', () => {
  it('is 128 random bits in 26 characters', () => {
    const random = seededRandom('ids');
    const ids = Array.from({ length: 200 }, () => newId(random));
    for (const id of ids) expect(fromBase32(id)?.length).toBe(16);
    expect(new Set(ids).size).toBe(200);
  });
});
