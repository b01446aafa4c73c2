/**
 * Quorum and consent as exact inequalities between integers: cross multiplication, never a division; Civil Code
 * §278 and §1259. Both sides are kept, since the record of a tally stores them (SPEC 8.1).
 */
import type { ThresholdKind } from '../../assembly/domain/matter-class.ts';
import type { Comparison, CountingParameters } from '../../assembly/domain/rule-parameters.ts';
import type { Counts, Measure } from './participation.ts';

/** `left` ≥ or > `right`, where left = den · part and right = num · base; an empty base never holds. */
export type Inequality = {
  readonly left: bigint;
  readonly test: Comparison;
  readonly right: bigint;
  readonly holds: boolean;
};

/** One condition on both measures; all of it holds only where both do. */
export type DualTest = { readonly area: Inequality; readonly heads: Inequality };

/** A fraction of the base that the part must reach (GE) or exceed (GT). */
export type Threshold = { readonly num: bigint; readonly den: bigint; readonly test: Comparison };

/** Two thirds of the whole base, in CN-2021. */
export const quorumThreshold = (parameters: CountingParameters): Threshold => ({
  num: BigInt(parameters.quorumNum),
  den: BigInt(parameters.quorumDen),
  test: parameters.quorumTest,
});

/** More than half, or three quarters, of those taking part, in CN-2021. */
export function passThreshold(kind: ThresholdKind, parameters: CountingParameters): Threshold {
  const { ordinaryNum, ordinaryDen, ordinaryTest, majorNum, majorDen, majorTest } = parameters;
  return kind === 'MAJOR'
    ? { num: BigInt(majorNum), den: BigInt(majorDen), test: majorTest }
    : { num: BigInt(ordinaryNum), den: BigInt(ordinaryDen), test: ordinaryTest };
}

/** The inequality between a part and its base. With nobody taking part `4·0 ≥ 3·0` is true, so the part decides. */
export function compare(part: bigint, base: bigint, { num, den, test }: Threshold): Inequality {
  const left = den * part;
  const right = num * base;
  const reached = test === 'GE' ? left >= right : left > right;
  return { left, test, right, holds: base > 0n && part > 0n && reached };
}

const dual = (part: Measure, base: Measure, threshold: Threshold): DualTest => ({
  area: compare(part.areaDm2, base.areaDm2, threshold),
  heads: compare(part.heads, base.heads, threshold),
});

/** Do enough owners take part? Participants against the whole base. */
export const quorumTest = (counts: Counts, parameters: CountingParameters): DualTest =>
  dual(counts.P, counts.T, quorumThreshold(parameters));

/** Do enough of them consent? Consent against the participants; made also where the quorum failed. */
export const passTest = (counts: Counts, kind: ThresholdKind, parameters: CountingParameters): DualTest =>
  dual(counts.Y, counts.P, passThreshold(kind, parameters));

/** Both measures. */
export const bothHold = (test: DualTest): boolean => test.area.holds && test.heads.holds;
