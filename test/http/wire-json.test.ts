// Goal: a body has one reading, or it is refused before any schema sees it. Method: bodies on which readers of JSON are known to
// disagree, and generated objects, on which our reader must agree with the language's own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import { MAX_DEPTH, parseWireJson } from '../../src/http/wire-json.ts';

const reasonOf = (body: string | Uint8Array): unknown => {
  const read = parseWireJson(typeof body === 'string' ? utf8(body) : body);
  return read.ok ? 'taken' : read.refusal.facts?.['reason'];
};
const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

describe('a body', () => {
  it.each([
    ['{"a":1,"a":1}', 'member twice'],
    ['{"a":1,"\\u0061":2}', 'member twice'],
    ['{"x":[{"b":1,"c":{"d":"}"},"b":2}]}', 'member twice'],
    ['{"":0,"":0}', 'member twice'],
    ['{"a\\"":1,"a\\u0022":2}', 'member twice'],
    ['{"__proto__":{}}', 'reserved name'],
    ['{"a":{"\\u005f_proto__":{}}}', 'reserved name'],
    ['{"a":"\\u0000"}', 'forbidden character'],
    ['{"\\u0000":1}', 'forbidden character'],
    ['{"a":"\\ud800"}', 'forbidden character'],
    ['{"a":"\\uDC00\\uD800"}', 'forbidden character'],
    ['{"a":["x\\ud83dx"]}', 'forbidden character'],
    ['[]', 'no object'],
    ['null', 'no object'],
    ['"text"', 'no object'],
    ['1e999', 'no object'],
    ['', 'syntax'],
    ['{"a":1,}', 'syntax'],
    ['{"a":01}', 'syntax'],
    ['{"a":NaN}', 'syntax'],
    ['{"a":+1}', 'syntax'],
    ["{'a':1}", 'syntax'],
    ['{"a":1} {}', 'syntax'],
    ['{"a":"\n"}', 'syntax'],
    ['{/* */}', 'syntax'],
    ['{"a":"\\x41"}', 'syntax'],
    ['{"a":"', 'syntax'],
  ])('%s is refused: %s', (body, reason) => {
    expect(reasonOf(body)).toBe(reason);
  });

  it.each([
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d], 'syntax'],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0, 0x7d, 0], 'encoding'],
    ['an overlong character', [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d], 'encoding'],
    ['a surrogate as bytes', [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d], 'encoding'],
    ['half a character', [0x7b, 0x22, 0xe4, 0xb8], 'encoding'],
  ])('with %s is refused', (_, bytes, reason) => {
    expect(reasonOf(new Uint8Array(bytes))).toBe(reason);
  });

  it.each([
    '{}',
    ' {"a" : [ ] }\r\n',
    '{"a":{"a":{"a":[{"a":1},{"a":1}]}}}',
    '{"a":"\\\\u0000 \\\\ud800 {\\"a\\":1,\\"a\\":1}"}',
    '{"a":"\\ud83d\\ude00","b":"\\u0001"}',
    '{"constructor":1,"toString":2}',
  ])('%s is taken as it is', (body) => {
    const read = parseWireJson(utf8(body));
    expect(read).toEqual({ ok: true, value: JSON.parse(body) });
  });

  it('of any depth is read or refused without falling over', () => {
    const list = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(reasonOf(nested(MAX_DEPTH))).toBe('taken');
    expect(reasonOf(nested(MAX_DEPTH + 1))).toBe('too deep');
    expect(reasonOf(list(MAX_DEPTH - 1))).toBe('taken');
    expect(reasonOf(list(MAX_DEPTH))).toBe('too deep');
    expect(reasonOf(list(500_000))).toBe('too deep');
    expect(reasonOf('['.repeat(1_000_000))).toBe('syntax');
    expect(reasonOf('{"a":'.repeat(200_000))).toBe('syntax');
    expect(reasonOf('{"a":1}\0')).toBe('syntax');
  });

  it('with a number that no integer holds is left to the schema, which sees what the language sees', () => {
    const read = parseWireJson(utf8('{"a":1e999,"b":18446744073709551616,"c":-0}'));
    expect(read).toEqual({ ok: true, value: { a: Number.POSITIVE_INFINITY, b: 2 ** 64, c: -0 } });
  });
});

const isHarmless = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text) && !text.includes('__proto__');
const tame = fc.string({ unit: 'binary', maxLength: 8 }).filter(isHarmless);
const anyObject = fc.dictionary(
  tame,
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      tame,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(tame, tie('value'), { maxKeys: 4 }),
    ),
  })).value,
  { maxKeys: 5 },
);

describe('any object', () => {
  it('as the language writes it is read as the language reads it', () => {
    fc.assert(
      fc.property(anyObject, fc.constantFrom(0, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseWireJson(utf8(text))).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { numRuns: 500 },
    );
  });

  it('with one member doubled anywhere is refused', () => {
    fc.assert(
      fc.property(anyObject, tame, fc.nat(3), (value, name, depth) => {
        const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
        const inner = `{${member},${member}}`;
        expect(reasonOf(`${'{"a":['.repeat(depth + 1)}${inner}${']}'.repeat(depth + 1)}`)).toBe(
          'member twice',
        );
      }),
      { numRuns: 200 },
    );
  });

  it('and any bytes at all break nothing', () => {
    const json = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', '1', 'u0000', '\\ud800', ' '),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          json.map((parts) => utf8(parts.join(''))),
        ),
        (bytes) => {
          expect(typeof parseWireJson(bytes).ok).toBe('boolean');
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
