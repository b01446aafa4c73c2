/** A roll as it is shown before the freeze: units, areas and head groups by building, without ids and without names (SPEC 4.4). */

import { parseDecimal } from '../../base/area.ts';
import { present } from '../../base/assert.ts';
import { compareText } from '../../base/bytes.ts';
import type { RollLeaf, RollUnit } from '../../record/roll.ts';
import { weightOf } from '../../record/roll.ts';
import { byPlace } from './roll-leaves.ts';

/** A unit with the number of the head that it belongs to; head groups are numbered from 1 in the order of their first place. Area in dm². */
export type SheetUnit = Pick<RollUnit, 'stair' | 'room' | 'kind' | 'areaDm2'> & { readonly head: number };

/** What carries weight: area in dm², and heads; in a building the heads with such a unit there. */
export type SheetTotals = { readonly units: number; readonly areaDm2: string; readonly heads: number };

export type RollSheet = {
  readonly buildings: readonly (SheetTotals & {
    readonly building: string;
    readonly list: readonly SheetUnit[];
  })[];
  readonly total: SheetTotals;
};

const placeOf = ({ units }: RollLeaf): RollUnit => present(units[0], 'a leaf has a unit');

const totalsOf = (leaves: readonly RollLeaf[], countSpecialSpaces: boolean): SheetTotals => {
  const weights = leaves.map((leaf) =>
    weightOf(leaf, { kind: 'community', members: [] }, countSpecialSpaces),
  );
  return {
    units: leaves.reduce((sum, { units }) => sum + units.length, 0),
    areaDm2: String(weights.reduce((sum, { areaDm2 }) => sum + areaDm2, 0n)),
    heads: weights.filter(({ heads }) => heads > 0).length,
  };
};

/** The sheet of a roll's leaves, in whatever order they come. */
export function rollSheetOf(leaves: readonly RollLeaf[], countSpecialSpaces: boolean): RollSheet {
  // The units of a leaf stand in the order of their places.
  const placed = leaves.toSorted((a, b) => byPlace(placeOf(a), placeOf(b)));
  const shown = placed.flatMap((leaf, at) => leaf.units.map((unit) => ({ unit, head: at + 1, leaf })));
  shown.sort((a, b) => byPlace(a.unit, b.unit) || compareText(a.unit.unit, b.unit.unit));
  const buildings = new Map<string, typeof shown>();
  for (const each of shown) {
    const list = buildings.get(each.unit.building);
    if (list === undefined) buildings.set(each.unit.building, [each]);
    else list.push(each);
  }
  return {
    buildings: [...buildings].map(([building, list]) => {
      const here = new Set(list.map(({ leaf }) => leaf));
      const parts = [...here].map((leaf) => ({
        ...leaf,
        units: leaf.units.filter((unit) => unit.building === building),
      }));
      return {
        building,
        ...totalsOf(parts, countSpecialSpaces),
        list: list.map(({ unit: { stair, room, kind, areaDm2 }, head }) => ({
          stair,
          room,
          kind,
          areaDm2: String(parseDecimal(areaDm2) ?? 0n),
          head,
        })),
      };
    }),
    total: totalsOf(leaves, countSpecialSpaces),
  };
}
