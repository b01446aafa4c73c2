// Goal: amounts in capitals are those of the central bank's rules for payment papers. Method: the examples of 支付结算办法, annex 1, the edges of every
// unit, and a reader of capitals written the other way round as the property.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capitalYuan } from '../../src/base/capital-yuan.ts';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const SIZES: Readonly<Record<string, bigint>> = { 拾: 10n, 佰: 100n, 仟: 1000n };

/** Reads digits and units from the left: a section is added up and multiplied by 万 and 亿 where they come. */
function wholeOf(text: string): bigint {
  let [total, section, digit] = [0n, 0n, 0n];
  for (const sign of text) {
    const size = SIZES[sign];
    if (size !== undefined) [section, digit] = [section + digit * size, 0n];
    else if (sign === '万') [total, section, digit] = [total + (section + digit) * 10_000n, 0n, 0n];
    else if (sign === '亿') [total, section, digit] = [(total + section + digit) * 100_000_000n, 0n, 0n];
    else digit = BigInt(DIGITS.indexOf(sign));
  }
  return total + section + digit;
}

function fenOf(text: string): bigint {
  const match = /^(?:(.+)元)?零?(?:(.)角)?(?:(.)分)?整?$/.exec(text);
  const small = (sign: string | undefined): bigint => BigInt(sign === undefined ? 0 : DIGITS.indexOf(sign));
  return wholeOf(match?.[1] ?? '零') * 100n + small(match?.[2]) * 10n + small(match?.[3]);
}

describe('an amount in capitals', () => {
  it.each([
    // The annex's own.
    [140_950n, '壹仟肆佰零玖元伍角整'],
    [600_714n, '陆仟零柒元壹角肆分'],
    [168_032n, '壹仟陆佰捌拾元叁角贰分'],
    [10_700_053n, '壹拾万柒仟元伍角叁分'],
    [1_640_902n, '壹万陆仟肆佰零玖元零贰分'],
    [32_504n, '叁佰贰拾伍元零肆分'],
    // Edges.
    [0n, '零元整'],
    [1n, '壹分'],
    [10n, '壹角整'],
    [11n, '壹角壹分'],
    [100n, '壹元整'],
    [1000n, '壹拾元整'],
    [101_000n, '壹仟零壹拾元整'],
    [1_000_100n, '壹万零壹元整'],
    [1_000_000_000n, '壹仟万元整'],
    [10_000_000_000n, '壹亿元整'],
    [10_000_000_100n, '壹亿零壹元整'],
    [10_010_000_000n, '壹亿零壹拾万元整'],
    [100_000_000_000_000n, '壹万亿元整'],
    [100_020_000_000_000n, '壹万零贰亿元整'],
    [100_000_000_000_005n, '壹万亿元零伍分'],
  ])('%s fen is %s', (fen, text) => {
    expect(capitalYuan(fen)).toBe(text);
  });

  it('reads back as the same amount, never has two zeros in a row, and says 整 where no fen are left', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), (fen) => {
        const text = capitalYuan(fen);
        expect(fenOf(text)).toBe(fen);
        expect(text).not.toMatch(/零零/);
        expect(text.endsWith('整')).toBe(fen % 10n === 0n);
      }),
    );
  });
});
