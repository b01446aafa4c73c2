// Goal: the inequalities are exact and inclusive or strict as Civil Code §278 says. Method: one dm² and one head
// on each side of every threshold, areas beyond 2^53, and the case in which doubles go wrong.
import { describe, expect, it } from 'vitest';
import {
  bothHold,
  compare,
  passTest,
  passThreshold,
  quorumTest,
  quorumThreshold,
} from '../../src/tally/domain/majority-rule.ts';
import { CN, counts } from './entries.ts';

describe('thresholds of CN-2021', () => {
  it('are two thirds and three quarters inclusive, and more than half', () => {
    expect(quorumThreshold(CN)).toEqual({ num: 2n, den: 3n, test: 'GE' });
    expect(passThreshold('MAJOR', CN)).toEqual({ num: 3n, den: 4n, test: 'GE' });
    expect(passThreshold('ORDINARY', CN)).toEqual({ num: 1n, den: 2n, test: 'GT' });
  });
});

describe('compare', () => {
  const rows = [
    ['two thirds exactly', 200n, 300n, quorumThreshold(CN), true],
    ['one below two thirds', 199n, 300n, quorumThreshold(CN), false],
    ['three quarters exactly', 150n, 200n, passThreshold('MAJOR', CN), true],
    ['one below three quarters', 149n, 200n, passThreshold('MAJOR', CN), false],
    ['half exactly', 100n, 200n, passThreshold('ORDINARY', CN), false],
    ['one above half', 101n, 200n, passThreshold('ORDINARY', CN), true],
    ['three quarters of nobody', 0n, 0n, passThreshold('MAJOR', CN), false],
    ['nobody of somebody', 0n, 7n, passThreshold('MAJOR', CN), false],
    ['two thirds of 667.92 m², which doubles miss', 44528n, 66792n, quorumThreshold(CN), true],
    ['two thirds of 3·10^30', 2n * 10n ** 30n, 3n * 10n ** 30n, quorumThreshold(CN), true],
    ['one dm² below it', 2n * 10n ** 30n - 1n, 3n * 10n ** 30n, quorumThreshold(CN), false],
  ] as const;
  it.each(rows)('%s', (_name, part, base, threshold, holds) => {
    const found = compare(part, base, threshold);
    expect(found).toEqual({
      left: threshold.den * part,
      right: threshold.num * base,
      test: threshold.test,
      holds,
    });
  });
});

describe('dual tests', () => {
  it('the quorum compares participants with the base, the pass consent with participants', () => {
    const found = counts([3000, 30], [2000, 21], [1500, 15]);
    expect(quorumTest(found, CN)).toEqual({
      area: { left: 6000n, test: 'GE', right: 6000n, holds: true },
      heads: { left: 63n, test: 'GE', right: 60n, holds: true },
    });
    expect(passTest(found, 'MAJOR', CN)).toEqual({
      area: { left: 6000n, test: 'GE', right: 6000n, holds: true },
      heads: { left: 60n, test: 'GE', right: 63n, holds: false },
    });
  });

  it('hold only where area and heads do', () => {
    expect(bothHold(quorumTest(counts([3, 3], [2, 2], [0, 0]), CN))).toBe(true);
    expect(bothHold(quorumTest(counts([3, 3], [1, 2], [0, 0]), CN))).toBe(false);
    expect(bothHold(quorumTest(counts([3, 3], [2, 1], [0, 0]), CN))).toBe(false);
  });
});
