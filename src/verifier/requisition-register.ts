/**
 * REQ-01, what a count was made of: all units of the register in force, and unit by unit, head by head what the meeting's frozen roll has
 * where that was made from the same register (SPEC 5.4). No other register's units are in a bundle, so only its sums are compared.
 */
import { parseDecimal, sumAreas } from '../base/area.ts';
import type { RequisitionCount } from '../record/requisition.ts';
import { SPECIAL_KINDS } from '../record/roll.ts';
import type { Words } from './check-catalogue.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

/** The import that was in force for an entry at a log index. */
const importedBefore = ({ definition, log }: Verification, index: number) =>
  entriesOf(log, 'register.imported', { community: definition.community })
    .filter((each) => each.index < index)
    .at(-1)?.entry;

/** The count at `where` is of all units of the register that was in force at log `index`, so that no total is made smaller; gives what was not compared. */
export function checkRegister(
  the: Verification,
  where: string,
  index: number,
  count: RequisitionCount,
): Words | undefined {
  const { notebook } = the;
  const inForce = importedBefore(the, index);
  notebook.same('REQ-01', `${where} register in force`, inForce?.register ?? 'none', count.register);
  if (inForce === undefined) return undefined;
  const units = count.heads.flatMap((head) => head.units);
  const ids = new Set(units.map(({ unit }) => unit));
  notebook.same('REQ-01', `${where} units`, `${inForce.units} units`, `${ids.size} units`);
  notebook.holds('REQ-01', where, ids.size === units.length, 'each unit once', `${units.length} units`);
  const area = sumAreas(units.map(({ areaDm2 }) => parseDecimal(areaDm2) ?? 0n));
  notebook.same('REQ-01', `${where} areaDm2`, inForce.areaDm2, String(area));
  return compareWithRoll(the, where, index, count);
}

/** A roll is frozen only while the register that it was drawn from is in force (SPEC 4.4), so the last import before it is its own. */
function compareWithRoll(
  the: Verification,
  where: string,
  index: number,
  count: RequisitionCount,
): Words | undefined {
  const { contents, definition, log } = the;
  const frozen = entriesOf(log, 'roll.frozen', { meeting: definition.meeting })[0];
  const isSame = frozen !== undefined && importedBefore(the, frozen.index)?.register === count.register;
  if (!isSame || contents.roll === undefined) return OTHER_REGISTER;
  compareUnits(the, where, count);
  const [from, to] = [Math.min(index, frozen.index), Math.max(index, frozen.index)];
  const community = { community: definition.community };
  const moves = [
    ...entriesOf(log, 'persons.merged', community),
    ...entriesOf(log, 'persons.separated', community),
  ];
  if (moves.some((move) => move.index > from && move.index < to)) return OTHER_HEADS;
  compareHeads(the, where, count);
  return undefined;
}

/** Each unit has the area that the roll has, and counts as its kind does. */
function compareUnits(
  { contents, notebook }: Verification,
  where: string,
  { heads }: RequisitionCount,
): void {
  const weights = new Map(
    (contents.roll ?? []).flatMap(({ value }) =>
      value.units.map(({ unit, areaDm2, kind }): [string, string] => [
        unit,
        weightWords(areaDm2, !SPECIAL_KINDS.includes(kind)),
      ]),
    ),
  );
  for (const { unit, areaDm2, counts } of heads.flatMap((head) => head.units))
    notebook.same(
      'REQ-01',
      `${where} unit ${unit}`,
      weights.get(unit) ?? 'none on the roll',
      weightWords(areaDm2, counts),
    );
}

const weightWords = (areaDm2: string, counts: boolean): string =>
  `${areaDm2} dm², ${counts ? 'counts' : 'does not count'}`;

const unitsOf = (units: readonly { readonly unit: string }[]): string =>
  units
    .map(({ unit }) => unit)
    .sort()
    .join(' ');

/** Units are one head where they are one on the roll, and whoever is said to stand behind a head holds it. */
function compareHeads(
  { contents, notebook }: Verification,
  where: string,
  { heads }: RequisitionCount,
): void {
  const entitlements = new Map(
    (contents.roll ?? []).map(({ value }) => [unitsOf(value.units), value.entitlement]),
  );
  const holders = new Map(
    (contents.openings ?? []).map(({ value }) => [
      value.entitlement,
      new Set(value.holders.map(({ person }) => person)),
    ]),
  );
  for (const { units, supporters } of heads) {
    const own = unitsOf(units);
    const entitlement = entitlements.get(own);
    notebook.holds('REQ-01', where, entitlement !== undefined, 'one head of the roll', own);
    const known = entitlement === undefined ? undefined : holders.get(entitlement);
    if (known === undefined) continue;
    for (const person of supporters)
      notebook.holds('REQ-01', where, known.has(person), `a holder of ${entitlement}`, person);
  }
}

const OTHER_REGISTER: Words = {
  zh: '有一次计数所依据的登记簿不是本次会议名册的登记簿，只核对了房屋套数和总面积；哪些房屋计入、哪些房屋算一人、加入的人是否这些房屋的业主，没有核对',
  en: 'a count was made against a register that is not the one of this meeting’s roll: the number of its units and their area were compared; which units count, which are one head, and whether supporters own them was not',
};

const OTHER_HEADS: Words = {
  zh: '计数与名册之间有业主合并或撤销合并，只逐套核对了面积和是否计入；哪些房屋算一人、加入的人是否这些房屋的业主，没有核对',
  en: 'persons were merged or separated between a count and the roll: its units were compared one by one; which are one head, and whether supporters own them, was not',
};
