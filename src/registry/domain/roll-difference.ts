/** What differs between two frozen rolls of one community: units, areas, kinds, and which units are one head; nothing of persons (SPEC 4.4). */

import { parseDecimal } from '../../base/area.ts';
import { present } from '../../base/assert.ts';
import { compareText } from '../../base/bytes.ts';
import type { RollLeaf, RollUnit } from '../../record/roll.ts';
import { byPlace } from './roll-leaves.ts';

/** A unit by its place, as both rolls call it. */
export type Place = Pick<RollUnit, 'building' | 'stair' | 'room'>;
/** Area in dm². */
export type PlacedUnit = Place & Pick<RollUnit, 'kind' | 'areaDm2'>;
export type RollTotals = { readonly units: number; readonly heads: number; readonly areaDm2: string };

export type RollDifference = {
  readonly before: RollTotals;
  readonly after: RollTotals;
  readonly added: readonly PlacedUnit[];
  readonly removed: readonly PlacedUnit[];
  /** Units whose area or kind changed. */
  readonly changed: readonly (Place & {
    readonly before: Pick<RollUnit, 'kind' | 'areaDm2'>;
    readonly after: Pick<RollUnit, 'kind' | 'areaDm2'>;
  })[];
  /** Groups of units that were one head and are no more, and that have become one, among the units that both rolls have. */
  readonly headsGone: readonly (readonly Place[])[];
  readonly headsNew: readonly (readonly Place[])[];
};

const placeOf = ({ building, stair, room }: Place): Place => ({ building, stair, room });
const placedOf = (unit: RollUnit): PlacedUnit => ({
  ...placeOf(unit),
  kind: unit.kind,
  areaDm2: unit.areaDm2,
});

const unitsOf = (leaves: readonly RollLeaf[]): ReadonlyMap<string, RollUnit> =>
  new Map(leaves.flatMap(({ units }) => units.map((unit) => [unit.unit, unit] as const)));

/** Heads and area are of all units, whatever a profile counts: parking as well. */
const totalsOf = (leaves: readonly RollLeaf[]): RollTotals => {
  const units = leaves.flatMap((leaf) => leaf.units);
  const areaDm2 = units.reduce((sum, unit) => sum + (parseDecimal(unit.areaDm2) ?? 0n), 0n);
  return { units: units.length, heads: leaves.length, areaDm2: String(areaDm2) };
};

/** Head groups by their unit ids, of those units only that `common` has. */
const groupsOf = (
  leaves: readonly RollLeaf[],
  common: ReadonlySet<string>,
): ReadonlyMap<string, RollUnit[]> =>
  new Map(
    leaves
      .map(({ units }) => units.filter(({ unit }) => common.has(unit)))
      .filter((units) => units.length > 0)
      .map((units) => [
        units
          .map(({ unit }) => unit)
          .sort(compareText)
          .join(' '),
        units.toSorted(byPlace),
      ]),
  );

const onlyIn = (
  groups: ReadonlyMap<string, RollUnit[]>,
  others: ReadonlyMap<string, RollUnit[]>,
): readonly (readonly Place[])[] =>
  [...groups]
    .filter(([key]) => !others.has(key))
    .map(([, units]) => units)
    .sort((a, b) => byPlace(present(a[0], 'not empty'), present(b[0], 'not empty')))
    .map((units) => units.map(placeOf));

/** Compares two rolls; undefined where they have no unit in common, so that they are not of one community. */
export function rollDifference(
  before: readonly RollLeaf[],
  after: readonly RollLeaf[],
): RollDifference | undefined {
  const [old, now] = [unitsOf(before), unitsOf(after)];
  const common = new Set([...old.keys()].filter((unit) => now.has(unit)));
  if (common.size === 0) return undefined;
  const without = (units: ReadonlyMap<string, RollUnit>, others: ReadonlyMap<string, RollUnit>) =>
    [...units.values()].filter(({ unit }) => !others.has(unit)).sort(byPlace);
  const changed = [...common]
    .map((unit) => [present(old.get(unit), 'common'), present(now.get(unit), 'common')] as const)
    .filter(([a, b]) => a.areaDm2 !== b.areaDm2 || a.kind !== b.kind)
    .sort(([, a], [, b]) => byPlace(a, b));
  const [groupsBefore, groupsAfter] = [groupsOf(before, common), groupsOf(after, common)];
  return {
    before: totalsOf(before),
    after: totalsOf(after),
    added: without(now, old).map(placedOf),
    removed: without(old, now).map(placedOf),
    changed: changed.map(([a, b]) => ({
      ...placeOf(b),
      before: { kind: a.kind, areaDm2: a.areaDm2 },
      after: { kind: b.kind, areaDm2: b.areaDm2 },
    })),
    headsGone: onlyIn(groupsBefore, groupsAfter),
    headsNew: onlyIn(groupsAfter, groupsBefore),
  };
}
