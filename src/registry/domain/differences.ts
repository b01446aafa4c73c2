/**
 * What a new register changes against the one in force: units that disappear, areas, owners, and whether that is more than a
 * correction (DESIGN §7 "Register import"; REG-D601 … D604). Findings name places, and persons masked.
 */
import { showSquareMetres } from '../../base/area.ts';
import { present } from '../../base/assert.ts';
import { compareText } from '../../base/bytes.ts';
import type { Finding } from './findings.ts';
import { finding } from './findings.ts';
import { maskName, maskValue } from './masking.ts';

/** A unit as it is compared. `key` is that of its place; owners are keys of persons. */
export type ComparedUnit = {
  readonly key: string;
  readonly building: string;
  readonly stair: string;
  readonly room: string;
  readonly areaDm2: bigint;
  readonly owners: readonly string[];
  /** Row of the file; undefined in a register that was stored. */
  readonly row?: number;
};

/** A register as it is compared: its units, and its owners' names by the keys of the persons. */
export type ComparedRegister = {
  readonly units: readonly ComparedUnit[];
  readonly names: ReadonlyMap<string, string>;
};

/** Counts of units, and of persons; a unit whose area and owners both change counts under both. */
export type DifferenceCounts = {
  readonly unitsBefore: number;
  readonly appeared: number;
  readonly disappeared: number;
  readonly areaChanged: number;
  readonly ownersChanged: number;
  readonly personsAppeared: number;
  readonly personsDisappeared: number;
};

export type Differences = { readonly counts: DifferenceCounts; readonly findings: readonly Finding[] };

/** More than 5 % of the units in force: 20 changes for each of them, in whole numbers. */
const isMoreThanACorrection = (changed: number, unitsBefore: number): boolean => 20 * changed > unitsBefore;

const placeOf = ({ building, stair, room }: ComparedUnit): string =>
  maskValue('building', [building, stair, room].filter((part) => part !== '').join(' '));

/** Names in a finding are few and masked. */
const SHOWN_NAMES = 3;

function shownNames(register: ComparedRegister, owners: readonly string[]): string {
  const names = owners
    .slice(0, SHOWN_NAMES)
    .map((owner) => maskName(present(register.names.get(owner), 'every owner has a name')));
  return names.join('、') + (owners.length > SHOWN_NAMES ? ` 等 ${owners.length} 人` : '');
}

/** How the owners of one unit differ, in words; undefined where they are the same persons under the same names. */
function ownersDetail(
  before: ComparedRegister,
  after: ComparedRegister,
  was: ComparedUnit,
  is: ComparedUnit,
): string | undefined {
  const [former, current] = [new Set(was.owners), new Set(is.owners)];
  const gone = [...former].filter((owner) => !current.has(owner));
  const come = [...current].filter((owner) => !former.has(owner));
  const renamed = [...current].filter(
    (owner) => former.has(owner) && before.names.get(owner) !== after.names.get(owner),
  );
  const parts = [
    gone.length === 0 ? '' : `原 ${shownNames(before, gone)}`,
    come.length === 0 ? '' : `新 ${shownNames(after, come)}`,
    renamed.length === 0 ? '' : `同一证件改了姓名 ${shownNames(after, renamed)}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join('，');
}

const countOf = (from: ReadonlySet<string>, without: ReadonlySet<string>): number =>
  [...from].filter((key) => !without.has(key)).length;

const personsOf = (register: ComparedRegister): ReadonlySet<string> =>
  new Set(register.units.flatMap(({ owners }) => owners));

/** The differences of `after` against `before`; areas exact, in m². D604 stands first, the units in the order of the file. */
export function differencesOf(before: ComparedRegister, after: ComparedRegister): Differences {
  const steps = differenceSteps(before, after);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same one unit a step, so that whoever serves others too can pause in between. */
export function* differenceSteps(
  before: ComparedRegister,
  after: ComparedRegister,
): Generator<undefined, Differences> {
  const former = new Map(before.units.map((unit) => [unit.key, unit]));
  const kept = new Set<string>();
  const findings: Finding[] = [];
  let [areaChanged, ownersChanged, changed] = [0, 0, 0];
  for (const unit of after.units) {
    yield;
    const was = former.get(unit.key);
    if (was === undefined) continue;
    kept.add(unit.key);
    const at = { ...(unit.row === undefined ? {} : { row: unit.row }), value: placeOf(unit) };
    const isResized = was.areaDm2 !== unit.areaDm2;
    if (isResized) {
      areaChanged += 1;
      const detail = `原 ${showSquareMetres(was.areaDm2)} ㎡，新 ${showSquareMetres(unit.areaDm2)} ㎡`;
      findings.push(finding('REG-D602', { ...at, detail }));
    }
    const detail = ownersDetail(before, after, was, unit);
    if (detail !== undefined) {
      ownersChanged += 1;
      findings.push(finding('REG-D603', { ...at, detail }));
    }
    if (isResized || detail !== undefined) changed += 1;
  }
  const gone = before.units.filter(({ key }) => !kept.has(key)).sort((a, b) => compareText(a.key, b.key));
  for (const unit of gone) {
    yield;
    findings.push(finding('REG-D601', { value: placeOf(unit) }));
  }
  const [appeared, unitsBefore] = [after.units.length - kept.size, before.units.length];
  const all = changed + appeared + gone.length;
  if (isMoreThanACorrection(all, unitsBefore))
    findings.unshift(finding('REG-D604', { detail: `${all} 处，现有房屋 ${unitsBefore} 套` }));
  const [personsBefore, personsAfter] = [personsOf(before), personsOf(after)];
  return {
    counts: {
      unitsBefore,
      appeared,
      disappeared: gone.length,
      areaChanged,
      ownersChanged,
      personsAppeared: countOf(personsAfter, personsBefore),
      personsDisappeared: countOf(personsBefore, personsAfter),
    },
    findings,
  };
}
