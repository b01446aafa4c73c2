// Goal: one value, one byte form, and every other spelling is refused (SPEC 1.2). Method: round trips and respelt texts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../src/base/bytes.ts';
import {
  type Canonical,
  canonicalBytes,
  canonicalText,
  isCanonicalText,
  parseCanonical,
} from '../../src/base/canonical.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((each) => each.normalize('NFC'));
const canonical: fc.Arbitrary<Canonical> = fc.letrec<{ value: Canonical }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.maxSafeInteger().map((n) => n + 0),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const refused = (spelled: string): void => expect(parseCanonical(utf8(spelled)), spelled).toBeUndefined();

/** One value in a wordy spelling: the members in reverse order, or a space after each comma. */
function reversed(value: Canonical): string {
  if (Array.isArray(value)) return `[${value.map(reversed).join(',')}]`;
  if (typeof value !== 'object') return canonicalText(value);
  const members = Object.entries(value as Record<string, Canonical>);
  members.sort(([a], [b]) => (a < b ? 1 : -1));
  return `{${members.map(([name, member]) => `${canonicalText(name)}:${reversed(member)}`).join(',')}}`;
}

describe('a canonical value', () => {
  it('is read from its own bytes, and written to the same bytes again', () => {
    fc.assert(
      fc.property(canonical, (value) => {
        const bytes = canonicalBytes(value);
        const read = parseCanonical(bytes);
        expect(read).toEqual(value);
        expect(canonicalBytes(read as Canonical)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('is refused in every other order of its members and with any white space', () => {
    fc.assert(
      fc.property(canonical, fc.constantFrom(' ', '\n', '\t', '\r'), (value, space) => {
        const own = canonicalText(value);
        if (reversed(value) !== own) refused(reversed(value));
        refused(own + space);
        refused(space + own);
        const wide = JSON.stringify(value, null, space);
        if (wide !== JSON.stringify(value)) refused(wide);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused with any character escaped that needs no escape', () => {
    fc.assert(
      fc.property(text, fc.nat(11), (word, at) => {
        const own = canonicalText(word);
        const inner = own.slice(1, -1);
        const place = at % Math.max(inner.length, 1);
        const unit = inner.charCodeAt(place);
        const isPlain = inner.length > 0 && !inner.includes('\\');
        if (isPlain)
          refused(
            `"${inner.slice(0, place)}\\u${unit.toString(16).padStart(4, '0')}${inner.slice(place + 1)}"`,
          );
      }),
    );
  });

  it('has the texts of RFC 8785 §3.2.2 and §3.2.3', () => {
    expect(canonicalText('€$\u000f\nA\'B"\\\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
    const names = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      ö: 'Latin Small Letter O With Diaeresis',
    };
    expect(canonicalText(names)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
        '"€":"Euro Sign","😀":"Emoji: Grinning Face"}',
    );
    expect(canonicalText({ b: true, a: [false, -1, {}], c: undefined } as unknown as Canonical)).toBe(
      '{"a":[false,-1,{}],"b":true}',
    );
  });
});

describe('a text that is not canonical', () => {
  it.each([
    ['a fraction', '1.5'],
    ['an integer with a fraction', '1.0'],
    ['an exponent', '1e0'],
    ['a large exponent', '1E400'],
    ['minus zero', '-0'],
    ['a leading zero', '01'],
    ['a plus sign', '+1'],
    ['an unsafe integer', '9007199254740993'],
    ['the first unsafe integer', '9007199254740992'],
    ['null', 'null'],
    ['a member that is null', '{"a":null}'],
    ['an item that is null', '[null]'],
    ['a duplicate key', '{"a":1,"a":1}'],
    ['a duplicate key by escape', '{"a":1,"\\u0061":1}'],
    ['an unordered key', '{"b":1,"a":1}'],
    ['an escaped solidus', '"\\/"'],
    ['an escaped letter', '"\\u0061"'],
    ['an upper-case escape', '"\\u000F"'],
    ['a long escape of a line feed', '"\\u000a"'],
    ['an escaped lone surrogate', '"\\ud800"'],
    ['a lone surrogate as a key', '{"\\udc00":1}'],
    ['a text that is not NFC', '"e\u0301"'],
    ['a key that is not NFC', '{"e\u0301":1}'],
    ['a byte order mark', '\ufeff1'],
    ['a byte order mark within', '[\ufeff1]'],
    ['white space', '[1, 2]'],
    ['a trailing comma', '[1,]'],
    ['a comment', '[1/**/]'],
    ['two values', '1 2'],
    ['single quotes', "'a'"],
    ['NaN', 'NaN'],
    ['nothing', ''],
    ['half a value', '{"a":'],
  ])('because of %s is refused', (_, spelled) => refused(spelled));

  it('because its bytes are not UTF-8 is refused', () => {
    expect(parseCanonical(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined();
    expect(parseCanonical(concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8('1')))).toBeUndefined();
    expect(parseCanonical(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toBeUndefined();
  });

  it('because it is nested too deeply is refused, also where a parser’s stack would end', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseCanonical(utf8(nested(33)))).toBeDefined();
    refused(nested(34));
    refused(nested(200_000));
    refused(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`);
  });

  it('cannot reach the prototype of an object', () => {
    const value = parseCanonical(utf8('{"__proto__":{"admin":true}}'));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
    refused('{"__proto__":1,"__proto__":1}');
  });
});

describe('a value without canonical text', () => {
  it.each([
    ['a fraction', 0.5],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['minus zero', -0],
    ['an unsafe integer', 2 ** 53],
    ['null', null],
    ['undefined in a list', [undefined]],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a lone surrogate', '\ud83d'],
    ['a text that is not NFC', 'e\u0301'],
  ])('such as %s is not written', (_, value) => {
    expect(() => canonicalText(value as Canonical)).toThrow(RangeError);
    expect(() => canonicalText([value] as unknown as Canonical)).toThrow(RangeError);
  });
});

describe('a canonical text', () => {
  it('is NFC without lone surrogate', () => {
    for (const good of ['', '业主', 'é', '👩‍👩‍👧', '\u{1f600}']) expect(isCanonicalText(good)).toBe(true);
    for (const bad of ['e\u0301', '\ud800', '\udc00a', '\u212b', 'a\ud83d'])
      expect(isCanonicalText(bad)).toBe(false);
  });
});
