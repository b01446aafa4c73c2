/**
 * The unpaid rest of what was annulled: what was paid is split anew over what was accrued of each unit, and each gets back what was
 * accrued of it above that (SPEC 8.3 "After an annulment nothing more goes out"). All amounts in fen.
 */
import { assert } from '../../base/assert.ts';
import { sumFen } from '../../base/fen.ts';
import { allocate } from './allocation.ts';

/** A unit and fen of it. */
export type UnitFen = { readonly unit: string; readonly amountFen: bigint };

/**
 * What each unit gets back of `unpaidFen`, units without a part left out, in the order of the unit ids. `accrued` is what was accrued of
 * each less what was cancelled; it is at least what is unpaid. Nobody gets back more than was accrued of him: a share of a part is at
 * most the whole, also when it is rounded up.
 */
export function unpaidParts(accrued: readonly UnitFen[], unpaidFen: bigint): readonly UnitFen[] {
  const accruedFen = sumFen(accrued.map(({ amountFen }) => amountFen));
  assert(unpaidFen > 0n && unpaidFen <= accruedFen, 'what is unpaid was accrued');
  const borne = allocate(
    accruedFen - unpaidFen,
    accrued.map(({ unit, amountFen }) => ({ unit, weight: amountFen })),
  );
  return borne
    .map(({ unit, weight, amountFen }) => ({ unit, amountFen: weight - amountFen }))
    .filter(({ amountFen }) => amountFen > 0n);
}
