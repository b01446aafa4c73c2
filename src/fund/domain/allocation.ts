/**
 * How a cost is shared: floor(T·aᵢ/A) each, the left-over fen to the largest remainders, ties to the lower unit id; exact to
 * the fen (住宅专项维修资金管理办法 §20, SPEC 8.3). A resolution is allocated once and its shares are kept: one fen more in T
 * could lower somebody's share.
 */
import { assert } from '../../base/assert.ts';
import { compareText } from '../../base/bytes.ts';
import { sumFen } from '../../base/fen.ts';

/** A unit and what its share is in proportion to: its area in dm², or what is still held for it in fen. */
export type Weight = { readonly unit: string; readonly weight: bigint };

/** A unit's share in fen. `remainder` is T·aᵢ mod A, which decided whether it bears a left-over fen. */
export type Allocated = Weight & { readonly amountFen: bigint; readonly remainder: bigint };

/**
 * Shares of `totalFen`, in the order of the unit ids; they sum to `totalFen`. Weights are not negative, not all zero,
 * and each unit occurs once.
 */
export function allocate(totalFen: bigint, weights: readonly Weight[]): readonly Allocated[] {
  const total = sumFen(weights.map(({ weight }) => weight));
  assert(totalFen >= 0n && total > 0n, 'a cost is shared among units that have a weight');
  assert(
    weights.every(({ weight }) => weight >= 0n),
    'a weight is not negative',
  );
  const floors = weights.map(({ unit, weight }) => ({
    unit,
    weight,
    amountFen: (totalFen * weight) / total,
    remainder: (totalFen * weight) % total,
  }));
  floors.sort((a, b) => compareText(a.unit, b.unit));
  assert(
    floors.every(({ unit }, at) => unit !== floors[at - 1]?.unit),
    'a unit bears one share',
  );
  const left = totalFen - sumFen(floors.map(({ amountFen }) => amountFen));
  const bearers = new Set(
    [...floors]
      .sort((a, b) => (a.remainder === b.remainder ? 0 : a.remainder > b.remainder ? -1 : 1))
      .filter((_, at) => BigInt(at) < left)
      .map(({ unit }) => unit),
  );
  return floors.map((share) =>
    bearers.has(share.unit) ? { ...share, amountFen: share.amountFen + 1n } : share,
  );
}

/** What a household can bear of its share now, and what it must pay in first; both in fen, neither negative. */
export type Cover = {
  readonly unit: string;
  readonly shareFen: bigint;
  readonly coveredFen: bigint;
  readonly shortfallFen: bigint;
};

/** Each share against the household's available balance; the pool never lends to anybody. */
export function coverOf(
  shares: readonly { readonly unit: string; readonly amountFen: bigint }[],
  availableFen: (unit: string) => bigint,
): readonly Cover[] {
  return shares.map(({ unit, amountFen }) => {
    const lacking = amountFen - availableFen(unit);
    const shortfallFen = lacking > 0n ? lacking : 0n;
    return { unit, shareFen: amountFen, coveredFen: amountFen - shortfallFen, shortfallFen };
  });
}

/** Whether a cost exceeds what was resolved by 10 % or more, so that the excess goes back to a vote (Hangzhou, art. 72). */
export const overruns = (costFen: bigint, capFen: bigint): boolean => costFen * 10n >= capFen * 11n;
