// Goal: what a motion lacks is the smallest number that suffices, and what would overturn it the largest that does not.
// Method: fast-check draws small bases and any fractions; the model tries every number with the inequalities of the tally.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, type Threshold } from '../../src/tally/domain/majority-rule.ts';
import { motionShortfall, type Part, shortfallOf } from '../../src/tally/domain/shortfall.ts';
import { CN, counts } from './entries.ts';

const part: fc.Arbitrary<Part> = fc
  .tuple(fc.bigInt(0n, 40n), fc.bigInt(0n, 40n), fc.bigInt(0n, 40n))
  .map((three) => {
    const [consenting = 0n, participating = 0n, total = 0n] = [...three].sort((a, b) => Number(a - b));
    return { total, participating, consenting };
  });
const threshold: fc.Arbitrary<Threshold> = fc
  .tuple(fc.bigInt(1n, 9n), fc.bigInt(0n, 9n), fc.constantFrom('GE' as const, 'GT' as const))
  .map(([num, more, test]) => ({ num, den: num + more, test }));

const upTo = (most: bigint): bigint[] => Array.from({ length: Number(most) + 1 }, (_, at) => BigInt(at));

describe('a shortfall', () => {
  it('is the smallest number that suffices', () => {
    fc.assert(
      fc.property(
        part,
        threshold,
        fc.array(threshold, { minLength: 1, maxLength: 3 }),
        (p, quorum, passes) => {
          const { total, participating, consenting } = p;
          const silent = total - participating;
          const quorate = (x: bigint) => compare(participating + x, total, quorum).holds;
          const passed = (yes: bigint, of: bigint) => passes.every((pass) => compare(yes, of, pass).holds);
          const found = shortfallOf(p, quorum, passes);
          expect(found.participants).toBe(upTo(silent).find(quorate));
          expect(found.consents).toBe(
            upTo(silent).find((x) => quorate(x) && passed(consenting + x, participating + x)),
          );
          expect(found.converts).toBe(
            upTo(participating - consenting).find((x) => passed(consenting + x, participating)),
          );
          const stands = quorate(0n) && passed(consenting, participating);
          const slack = upTo(silent).findLast((x) => passed(consenting, participating + x));
          expect(found.slack).toBe(stands ? slack : 0n);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('of two thirds of 300 with 199 taking part is one owner, who may say what he likes', () => {
    const { heads, area } = motionShortfall(counts([30_000, 300], [19_900, 199], [12_000, 120]), ['M5'], CN);
    expect(heads).toEqual({ participants: 1n, consents: 1n, converts: 0n, slack: 0n });
    expect(area).toEqual({ participants: 100n, consents: 100n, converts: 0n, slack: 0n });
  });

  it('of several classes is that of the strictest', () => {
    const { heads } = motionShortfall(counts([300, 300], [200, 200], [120, 120]), ['M5', 'M6'], CN);
    // 3/4 of 200 are 150; with x more consenting, 4·(120 + x) ≥ 3·(200 + x) asks for 120.
    expect(heads).toEqual({ participants: 0n, consents: undefined, converts: 30n, slack: 0n });
  });

  it('of an adopted motion is nothing, and 39 more against would still leave it adopted', () => {
    const { heads } = motionShortfall(counts([300, 300], [200, 200], [120, 120]), ['M5'], CN);
    expect(heads).toEqual({ participants: 0n, consents: 0n, converts: 0n, slack: 39n });
  });
});
