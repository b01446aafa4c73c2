// Goal: a fifth is a fifth by heads and by area, the number included, whatever the numbers (SPEC 5.4). Method: the edges by hand, and for
// any numbers a recount by fractions written as remainders.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnswerSound, reachesFifth, supportSumsOf } from '../../src/record/requisition.ts';

const sums = (heads: number, areaDm2: bigint, totalHeads: number, totalAreaDm2: bigint) => ({
  heads,
  areaDm2,
  totalHeads,
  totalAreaDm2,
});

describe('a fifth', () => {
  it.each([
    [sums(1, 200n, 5, 1000n), true],
    [sums(1, 199n, 5, 1000n), false],
    [sums(1, 200n, 6, 1000n), false],
    [sums(2, 200n, 6, 1000n), true],
    [sums(0, 0n, 0, 0n), false],
  ])('of %o is %s', (given, expected) => {
    expect(reachesFifth(given)).toBe(expected);
  });

  it('is reached exactly where no head and no hundredth of a square metre is missing', () => {
    const whole = fc.integer({ min: 1, max: 100_000 });
    const area = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(whole, area, fc.boolean(), fc.boolean(), (total, areas, lessHeads, lessArea) => {
        const least = Math.ceil(total / 5);
        const leastArea = areas / 5n + (areas % 5n === 0n ? 0n : 1n);
        const given = sums(least - (lessHeads ? 1 : 0), leastArea - (lessArea ? 1n : 0n), total, areas);
        expect(reachesFifth(given)).toBe(!lessHeads && !lessArea);
      }),
    );
  });

  it('is counted of heads that have a home which counts, and of those of whom anybody joined', () => {
    const home = (areaDm2: string, counts = true) => ({ unit: 'u', areaDm2, counts });
    const heads = [
      { units: [home('8000'), home('1250', false)], supporters: ['a', 'b'] },
      { units: [home('900', false)], supporters: ['c'] },
      { units: [home('7000')], supporters: [] },
    ];
    expect(supportSumsOf({ heads })).toEqual(sums(1, 8000n, 2, 15_000n));
  });
});

it('an answer convenes exactly where it names a meeting', () => {
  const answer = {
    v: 1,
    kind: 'requisition-answer',
    community: '',
    requisition: '',
    reason: '',
    nonce: '',
  } as const;
  expect(isAnswerSound({ ...answer, answer: 'convened', meeting: 'm' })).toBe(true);
  expect(isAnswerSound({ ...answer, answer: 'convened', meeting: '' })).toBe(false);
  expect(isAnswerSound({ ...answer, answer: 'refused', meeting: 'm' })).toBe(false);
  expect(isAnswerSound({ ...answer, answer: 'refused', meeting: '' })).toBe(true);
});
