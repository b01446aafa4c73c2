// Goal: the combinators and shared shapes take exactly what their sentences say. Method: the last value within and the first outside of each limit.
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import {
  boolean,
  closed,
  exactly,
  integer,
  list,
  oneOf,
  recordForm,
  type Shape,
  text,
  variants,
} from '../../src/record/schema.ts';
import {
  civilDate,
  civilDateOrNone,
  decimal,
  fixedBytes,
  hash,
  id,
  idOrNone,
  instant,
  label,
  labelOrNone,
  nonce,
  signedDecimal,
  someBytes,
  webOrigin,
} from '../../src/record/shapes.ts';
import { bytesOf, idOf } from './example-values.ts';

function refusalOf(shape: Shape<unknown>, value: unknown): unknown {
  const checked = recordForm(shape, 'it').check(value);
  return checked.ok ? undefined : checked.refusal;
}
const takes = (shape: Shape<unknown>, value: unknown): boolean => refusalOf(shape, value) === undefined;

const table: readonly (readonly [string, Shape<unknown>, readonly unknown[], readonly unknown[]])[] = [
  ['a text', text(3), ['', 'abc', '业主会'], ['abcd', 'e\u0301', '\ud800', 1, undefined]],
  ['a text of a pattern', text(3, /^[a-z]+$/), ['abc'], ['', 'A', 'abcd']],
  ['an integer', integer(0, 9), [0, 9], [-1, 10, 1.5, Number.NaN, '1', 1n]],
  ['a boolean', boolean, [true, false], [0, 'true', null]],
  ['one of some texts', oneOf('a', 'b'), ['a', 'b'], ['c', 'A', '', 1, ['a']]],
  ['exactly one integer', exactly(1), [1], [2, '1', true]],
  ['a list', list(boolean, 2, 1), [[true], [true, false]], [[], [true, true, true], [1], true, { 0: true }]],
  [
    'an id',
    id,
    [idOf(1)],
    ['', idOf(1).toUpperCase(), idOf(1).slice(1), `${idOf(1)}a`, `${'a'.repeat(25)}b`, 1],
  ],
  ['an id or none', idOrNone, ['', idOf(1)], [' ', 'a', null]],
  ['a hash', hash, [bytesOf(32, 1)], ['', bytesOf(31, 1), bytesOf(33, 1), `${bytesOf(32, 1)}=`, 1]],
  ['a nonce', nonce, [bytesOf(16, 1)], [bytesOf(15, 1), bytesOf(32, 1)]],
  ['bytes of one size', fixedBytes(1), ['AQ'], ['AR', 'AQ==', '', 'AQE', 1]],
  ['bytes up to a size', someBytes(2), ['', 'AQ', 'AQE'], ['AQEB', 'A', '+/', 1]],
  ['a decimal', decimal, ['0', '9'.repeat(18)], ['', '-1', '01', '1.0', '9'.repeat(19), 1]],
  ['a signed decimal', signedDecimal, ['0', '-1', '1'], ['-0', '--1', '+1', '-', '', '-01', 1]],
  ['an instant', instant, ['2026-12-10T10:00:00Z'], ['2026-12-10', '2026-02-30T00:00:00Z', 1]],
  ['a date', civilDate, ['2026-12-10'], ['2026-02-30', '', 1]],
  ['a date or none', civilDateOrNone, ['', '2026-12-10'], [' ', '2026-13-01', 1]],
  ['a label', label, ['1号楼', 'a'.repeat(200)], ['', 'a\nb', 'a\u007f', '\u0000', 'a'.repeat(201)]],
  ['a label or none', labelOrNone, ['', 'A座'], ['a\tb', 'a'.repeat(201)]],
  [
    'a web origin',
    webOrigin,
    ['https://vote.example', 'http://localhost:8080'],
    [
      'https://vote.example/',
      'https://Vote.example',
      'ftp://a',
      'https://a:b@c',
      'https://a:123456',
      'https://a b',
    ],
  ],
];

describe.each(table)('%s', (_, shape, good, bad) => {
  it('is taken up to its limit', () => {
    for (const value of good) expect(takes(shape, value), String(value)).toBe(true);
  });

  it('is refused beyond it', () => {
    for (const value of bad) expect(takes(shape, value), String(value)).toBe(false);
  });
});

describe('a closed object', () => {
  const shape = closed({ a: exactly(1), b: list(closed({ c: boolean }), 3) });

  it('names the place that is at fault', () => {
    const at = (value: unknown) => refusalOf(shape, value);
    expect(at({ a: 1, b: [] })).toBeUndefined();
    expect(at({ a: 1, b: [{ c: true }, { c: 0 }] })).toEqual({
      code: 'RECORD_MALFORMED',
      where: 'it.b[1].c',
      facts: { wanted: 'boolean' },
    });
    expect(at({ a: 1 })).toMatchObject({ where: 'it.b', facts: { wanted: 'present' } });
    expect(at({ a: 1, b: [], d: 1 })).toMatchObject({ where: 'it.d', facts: { wanted: 'no such member' } });
    expect(at({ a: 2, b: [] })).toMatchObject({ where: 'it.a', facts: { wanted: '1' } });
    for (const value of [null, [], 'x', 1]) expect(at(value)).toMatchObject({ where: 'it' });
  });

  it('does not take a member from a prototype', () => {
    expect(takes(shape, Object.create({ a: 1, b: [] }))).toBe(false);
    expect(takes(closed({ toString: exactly(1) }), {})).toBe(false);
  });
});

describe('variants', () => {
  const shape = variants('kind', {
    a: closed({ kind: oneOf('a') }),
    b: closed({ kind: oneOf('b'), n: exactly(1) }),
  });

  it('are told apart by their member', () => {
    expect(takes(shape, { kind: 'a' })).toBe(true);
    expect(takes(shape, { kind: 'b', n: 1 })).toBe(true);
    for (const value of [
      { kind: 'b' },
      { kind: 'a', n: 1 },
      { kind: 'c' },
      { kind: 'constructor' },
      {},
      null,
      'a',
      1,
    ])
      expect(takes(shape, value)).toBe(false);
  });
});

describe('a record', () => {
  const form = recordForm(closed({ t: text(100) }), 'note', 30);

  it('that is too large is neither read nor written', () => {
    const value = (size: number) => ({ t: 'x'.repeat(size) });
    expect(form.bytes(value(22)).length).toBe(30);
    expect(form.parse(form.bytes(value(22))).ok).toBe(true);
    expect(() => form.bytes(value(23))).toThrow('note is larger than 30 bytes');
    expect(form.parse(utf8(JSON.stringify(value(23))))).toEqual({
      ok: false,
      refusal: { code: 'RECORD_TOO_LARGE', where: 'note' },
    });
  });

  it('that does not fit is not written, and the error names the member', () => {
    expect(() => form.bytes({ t: 1 } as never)).toThrow(new InvariantError('note.t is not text'));
  });

  it('reads its own bytes in any spelling, and throws for what it never wrote', () => {
    const form = recordForm(closed({ n: integer(0, 9) }), 'kept');
    expect(form.own(form.bytes({ n: 4 }))).toEqual({ n: 4 });
    expect(form.own(utf8('{ "n": 4 }'))).toEqual({ n: 4 });
    expect(() => form.own(utf8('{"n":10}'))).toThrow(InvariantError);
    expect(() => form.own(new Uint8Array([0xff]))).toThrow(SyntaxError);
  });

  it('lets an error of our own through', () => {
    const broken = recordForm<never>(() => {
      throw new TypeError('ours');
    }, 'broken');
    expect(() => broken.check({})).toThrow('ours');
  });

  it('has at most 65,535 bytes where nothing else is said', () => {
    const large = recordForm(closed({ t: text(70_000) }), 'large');
    expect(large.bytes({ t: 'x'.repeat(65_527) }).length).toBe(65_535);
    expect(() => large.bytes({ t: 'x'.repeat(65_528) })).toThrow(InvariantError);
  });

  it('is not read from bytes that are no text', () => {
    expect(form.parse(Uint8Array.of(0xff))).toMatchObject({ refusal: { code: 'RECORD_NOT_CANONICAL' } });
    expect(toBase64Url(form.bytes({ t: '业' }))).toBe('eyJ0Ijoi5LiaIn0');
  });
});
