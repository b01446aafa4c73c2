/** Who stands behind a requisition, by the register in force: its heads, and which of their holders have joined (SPEC 5.4). */

import { present } from '../../base/assert.ts';
import { compareText } from '../../base/bytes.ts';
import type { RequisitionCount } from '../../record/requisition.ts';
import { SPECIAL_KINDS } from '../../record/roll.ts';
import { groupHeads } from '../../registry/domain/head.ts';
import type { RegistryUnit } from '../../registry/domain/roll-leaves.ts';

/**
 * Every head with those of its holders who joined: one of several is enough, as any of them may vote. Parking and storage carry no
 * weight, since no meeting's rules say otherwise yet (DESIGN §7).
 */
export function countedHeads(
  units: readonly RegistryUnit[],
  supporters: ReadonlySet<string>,
): RequisitionCount['heads'] {
  const byId = new Map(units.map((unit) => [unit.unit, unit]));
  return groupHeads(units.map(({ unit, owners, state }) => ({ unit, holders: owners, state }))).map(
    ({ holders, units: ids }) => ({
      units: ids.map((each) => {
        const { unit, areaDm2, kind } = present(byId.get(each), 'heads name their units');
        return { unit, areaDm2: areaDm2.toString(), counts: !SPECIAL_KINDS.includes(kind) };
      }),
      supporters: holders.filter((person) => supporters.has(person)).toSorted(compareText),
    }),
  );
}

/** Days within which a requisition that reached a fifth is to be answered; after them it is shown as unanswered. */
export const ANSWER_DAYS = 30;
