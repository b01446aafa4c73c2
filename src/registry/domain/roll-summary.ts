/** A roll in sums, building by building, as it is posted and filed: units, heads, areas, special spaces, and nobody's name (SPEC 4.4). */
import { parseDecimal, sumAreas } from '../../base/area.ts';
import { present } from '../../base/assert.ts';
import type { RollLeaf, RollUnit } from '../../record/roll.ts';
import { SPECIAL_KINDS, weightOf } from '../../record/roll.ts';
import { byPlace } from './roll-leaves.ts';

/** Areas in dm². `heads` and `countedAreaDm2` are what carries weight; the rest is all that stands there. */
export type RollSums = {
  readonly units: number;
  readonly areaDm2: string;
  readonly specialUnits: number;
  readonly specialAreaDm2: string;
  readonly heads: number;
  readonly countedAreaDm2: string;
};

export type RollSummary = {
  readonly buildings: readonly (RollSums & { readonly building: string })[];
  /** Its heads may be fewer than the buildings' together: who owns in two counts in both, and here once. */
  readonly total: RollSums;
};

const areaOf = (units: readonly RollUnit[]): string =>
  String(sumAreas(units.map(({ areaDm2 }) => present(parseDecimal(areaDm2), 'checked decimal'))));

function sumsOf(leaves: readonly RollLeaf[], countSpecialSpaces: boolean): RollSums {
  const units = leaves.flatMap((leaf) => leaf.units);
  const special = units.filter(({ kind }) => SPECIAL_KINDS.includes(kind));
  const weights = leaves.map((leaf) =>
    weightOf(leaf, { kind: 'community', members: [] }, countSpecialSpaces),
  );
  return {
    units: units.length,
    areaDm2: areaOf(units),
    specialUnits: special.length,
    specialAreaDm2: areaOf(special),
    heads: weights.filter(({ heads }) => heads > 0).length,
    countedAreaDm2: String(sumAreas(weights.map(({ areaDm2 }) => areaDm2))),
  };
}

/** The sums of a roll's leaves, in whatever order they come. */
export function rollSummaryOf(leaves: readonly RollLeaf[], countSpecialSpaces: boolean): RollSummary {
  const buildings = new Map<string, RollLeaf[]>();
  for (const leaf of leaves) {
    const parts = new Map<string, RollUnit[]>();
    for (const unit of leaf.units) {
      const part = parts.get(unit.building);
      if (part === undefined) parts.set(unit.building, [unit]);
      else part.push(unit);
    }
    for (const [building, units] of parts) {
      const part = { ...leaf, units };
      const known = buildings.get(building);
      if (known === undefined) buildings.set(building, [part]);
      else known.push(part);
    }
  }
  return {
    buildings: [...buildings]
      .map(([building, parts]) => ({ building, ...sumsOf(parts, countSpecialSpaces) }))
      .sort((a, b) => byPlace({ ...a, stair: '', room: '' }, { ...b, stair: '', room: '' })),
    total: sumsOf(leaves, countSpecialSpaces),
  };
}
