// Goal: areas, money and refusals are exact and have one spelling. Method: print and parse every amount, hostile spellings, sums against BigInt.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal, parseSquareMetres, showSquareMetres, sumAreas } from '../../src/base/area.ts';
import { assert, InvariantError, present, unreachable } from '../../src/base/assert.ts';
import { parseYuan, showYuan, sumFen } from '../../src/base/fen.ts';
import { ok, refuse } from '../../src/base/result.ts';

const MAX_AREA = 99_999_999_999n;
const MAX_FEN = 999_999_999_999_999n;
const spellings = [
  '',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1.',
  '.5',
  '1.234',
  '01',
  '00',
  '1e3',
  '１',
  '1,000',
  '0x10',
  'NaN',
  '1\n',
];

describe('an area', () => {
  it('printed is read again as the same dm²', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_AREA }), (areaDm2) => {
        expect(parseSquareMetres(showSquareMetres(areaDm2))).toEqual(ok(areaDm2));
      }),
    );
  });

  it('with one or no decimal is the same number', () => {
    expect(parseSquareMetres('98')).toEqual(ok(9800n));
    expect(parseSquareMetres('98.7')).toEqual(ok(9870n));
    expect(parseSquareMetres('98.76')).toEqual(ok(9876n));
    expect(parseSquareMetres('0.05')).toEqual(ok(5n));
    expect(showSquareMetres(5n)).toBe('0.05');
  });

  it.each([...spellings, '1000000000'])('spelled %j is refused', (text) => {
    expect(parseSquareMetres(text)).toEqual(refuse('AREA_MALFORMED', undefined, { text }));
  });

  it('is summed exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: MAX_AREA })), (areas) => {
        expect(sumAreas(areas)).toBe(areas.reduce((a, b) => a + b, 0n));
      }),
    );
  });
});

describe('an amount of money', () => {
  it('printed is read again as the same fen, and with a sign is only printed', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_FEN }), (amountFen) => {
        expect(parseYuan(showYuan(amountFen))).toEqual(ok(amountFen));
        if (amountFen > 0n) expect(showYuan(-amountFen)).toBe(`-${showYuan(amountFen)}`);
        expect(parseYuan(showYuan(-amountFen - 1n)).ok).toBe(false);
      }),
    );
    expect(showYuan(-5n)).toBe('-0.05');
    expect(showYuan(0n)).toBe('0.00');
  });

  it('with one or no decimal is the same number', () => {
    expect(parseYuan('1234')).toEqual(ok(123_400n));
    expect(parseYuan('1234.5')).toEqual(ok(123_450n));
  });

  it.each([...spellings, '10000000000000'])('spelled %j is refused', (text) => {
    expect(parseYuan(text)).toEqual(refuse('AMOUNT_MALFORMED', undefined, { text }));
  });

  it('is summed exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt()), (amounts) => {
        expect(sumFen(amounts)).toBe(amounts.reduce((a, b) => a + b, 0n));
      }),
    );
  });
});

describe('a decimal text', () => {
  it('is read exactly where BigInt writes it so', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (value) => {
        expect(parseDecimal(String(value))).toBe(value);
      }),
    );
    for (const text of ['', '-1', '01', '1.0', ' 1', '1\n', '9'.repeat(19), '１'])
      expect(parseDecimal(text)).toBeUndefined();
  });
});

describe('a broken invariant', () => {
  it('throws, and what holds does not', () => {
    expect(() => assert(false, 'no')).toThrow(new InvariantError('no'));
    expect(() => assert(true, 'no')).not.toThrow();
    expect(present(0, 'no')).toBe(0);
    for (const absent of [null, undefined]) expect(() => present(absent, 'gone')).toThrow(InvariantError);
    expect(() => unreachable({ kind: 'x' } as never)).toThrow('unreachable: {"kind":"x"}');
  });
});

describe('a refusal', () => {
  it('holds a code, and place and facts only where there are some', () => {
    expect(refuse('A')).toStrictEqual({ ok: false, refusal: { code: 'A' } });
    expect(refuse('A', 'row 2')).toStrictEqual({ ok: false, refusal: { code: 'A', where: 'row 2' } });
    expect(refuse('A', undefined, { n: 1 })).toStrictEqual({
      ok: false,
      refusal: { code: 'A', facts: { n: 1 } },
    });
  });
});
