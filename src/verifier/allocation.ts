/** Shares by largest remainder, written a second time (SPEC 8.3, 9.4): exact to the fen, ties to the lower unit. */
import { compareText } from '../base/bytes.ts';

export type Bearer = { readonly unit: string; readonly areaDm2: bigint };
export type BorneShare = Bearer & { readonly amountFen: bigint; readonly remainder: bigint };

/** Splits an amount over units in proportion to their areas; the sum of the areas is positive. */
export function allocate(totalFen: bigint, bearers: readonly Bearer[]): ReadonlyMap<string, BorneShare> {
  const whole = bearers.reduce((sum, { areaDm2 }) => sum + areaDm2, 0n);
  const shares = bearers.map((bearer) => {
    const product = totalFen * bearer.areaDm2;
    return { ...bearer, amountFen: product / whole, remainder: product % whole };
  });
  let left = totalFen - shares.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  const order = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? compareText(a.unit, b.unit) : a.remainder > b.remainder ? -1 : 1,
  );
  for (const share of order) {
    if (left === 0n) break;
    share.amountFen += 1n;
    left -= 1n;
  }
  return new Map(shares.map((share) => [share.unit, share]));
}
