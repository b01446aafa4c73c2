/** Who stands behind a requisition, by the register in force: its heads, and which of their holders have joined (SPEC 5.4). */

import { sumAreas } from '../../base/area.ts';
import { present } from '../../base/assert.ts';
import { compareText } from '../../base/bytes.ts';
import type { RequisitionCount, SupportSums } from '../../record/requisition.ts';
import { supportSumsOf } from '../../record/requisition.ts';
import { SPECIAL_KINDS } from '../../record/roll.ts';
import { groupHeads } from '../../registry/domain/head.ts';
import type { RegistryUnit } from '../../registry/domain/roll-leaves.ts';

type HeadUnits = {
  readonly holders: readonly string[];
  readonly units: RequisitionCount['heads'][number]['units'];
};

/** Parking and storage carry no weight, since no meeting's rules say otherwise yet (DESIGN §7). */
function headUnits(units: readonly RegistryUnit[]): readonly HeadUnits[] {
  const byId = new Map(units.map((unit) => [unit.unit, unit]));
  return groupHeads(units.map(({ unit, owners, state }) => ({ unit, holders: owners, state }))).map(
    ({ holders, units: ids }) => ({
      holders,
      units: ids.map((each) => {
        const { unit, areaDm2, kind } = present(byId.get(each), 'heads name their units');
        return { unit, areaDm2: areaDm2.toString(), counts: !SPECIAL_KINDS.includes(kind) };
      }),
    }),
  );
}

/** Every head with those of its holders who joined: one of several is enough, as any of them may vote. */
export const countedHeads = (
  units: readonly RegistryUnit[],
  joined: ReadonlySet<string>,
): RequisitionCount['heads'] =>
  headUnits(units).map(({ holders, units: own }) => ({
    units: own,
    supporters: holders.filter((person) => joined.has(person)).toSorted(compareText),
  }));

/** A head with the area that counts, in dm²; who has none of it is no head here. */
export type WeighedHead = { readonly holders: readonly string[]; readonly areaDm2: bigint };

export const weighedHeads = (units: readonly RegistryUnit[]): readonly WeighedHead[] =>
  headUnits(units)
    .map(({ holders, units: own }) => ({
      holders,
      areaDm2: supportSumsOf({ heads: [{ units: own, supporters: [] }] }).totalAreaDm2,
    }))
    .filter(({ areaDm2 }) => areaDm2 > 0n);

/** The same sums as those of a count (`supportSumsOf`), of heads that were weighed once for many requisitions. */
export function sumsOfHeads(heads: readonly WeighedHead[], joined: ReadonlySet<string>): SupportSums {
  const behind = heads.filter(({ holders }) => holders.some((person) => joined.has(person)));
  return {
    heads: behind.length,
    areaDm2: sumAreas(behind.map(({ areaDm2 }) => areaDm2)),
    totalHeads: heads.length,
    totalAreaDm2: sumAreas(heads.map(({ areaDm2 }) => areaDm2)),
  };
}
