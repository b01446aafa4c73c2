/**
 * From rows to units and persons: copies are dropped, rows of one unit with one owner each are co-owners,
 * everything else that repeats a unit is a contradiction (DESIGN §7 "Register import"; X501, X502, X503,
 * R402–R404).
 */
import { present } from '../../base/assert.ts';
import type { Report } from './findings.ts';
import type { HeadUnit } from './head.ts';
import type { Owner } from './owner-cells.ts';
import { sharesMakeOne } from './shares.ts';
import type { Entry, UnitPart } from './unit-rows.ts';

/** A person of the register, once, whatever number of units he owns. */
export type RegisterPerson = Pick<Owner, 'docKind' | 'number' | 'name' | 'phones' | 'mailingAddress'>;

/** A unit ready to be stored. `owners` are positions in the list of persons. */
export type RegisterUnit = Pick<
  UnitPart,
  'building' | 'stair' | 'room' | 'kind' | 'state' | 'areaDm2' | 'areaSource' | 'titleNo' | 'sinceOn'
> & {
  readonly owners: readonly number[];
  /** First row of the file that speaks of it, from 1. */
  readonly row: number;
};

export type Register = {
  readonly persons: readonly RegisterPerson[];
  readonly units: readonly RegisterUnit[];
};

/** A unit with every row that speaks of it; the first row decides. */
export type UnitRows = { readonly unit: UnitPart; readonly entries: readonly [Entry, ...Entry[]] };

type Draft = { readonly unit: UnitPart; readonly entries: [Entry, ...Entry[]] };

/** The column in which two rows of one unit contradict each other, if any. */
const contradiction = (a: UnitPart, b: UnitPart): UnitPart['areaField'] | 'use' | 'state' | undefined => {
  if (a.areaDm2 !== b.areaDm2) return b.areaField;
  if (a.kind !== b.kind) return 'use';
  return a.state === b.state ? undefined : 'state';
};

/** Puts the rows of each unit together, in the order of their first row. */
export function groupRows(entries: readonly (Entry | undefined)[], report: Report): readonly UnitRows[] {
  const drafts = new Map<string, Draft>();
  let above: Draft | undefined;
  for (const entry of entries) {
    if (entry?.unit === undefined) {
      if (entry === undefined) above = undefined;
      else above?.entries.push(entry);
      continue;
    }
    const { unit, view } = entry;
    const draft = drafts.get(unit.key);
    if (draft === undefined) {
      const created: Draft = { unit, entries: [entry] };
      drafts.set(unit.key, created);
      if (!unit.isBesideUnit) above = created;
      continue;
    }
    if (!unit.isBesideUnit) above = draft;
    const detail = `与第 ${draft.entries[0].view.row} 行`;
    if (draft.entries.some((other) => other.view.everything() === view.everything())) {
      if (!unit.isBesideUnit) report('REG-X501', view.at('room', { detail }));
      continue;
    }
    const field = contradiction(draft.unit, unit);
    if (field === undefined) draft.entries.push(entry);
    else report('REG-X502', view.at(field, { detail }));
  }
  return [...drafts.values()];
}

/** Owners of a unit, each once; reports an owner that is named twice, and missing or wrong shares. */
function ownersOf({ unit, entries }: UnitRows, report: Report): readonly Owner[] {
  const owners = new Map<string, Owner>();
  for (const { view, owners: named } of entries) {
    for (const owner of named) {
      if (owners.has(owner.key) && !unit.isBesideUnit)
        report('REG-R404', view.at('ownerName', { value: owner.name }));
      owners.set(owner.key, owner);
    }
  }
  const [first, second] = entries;
  const detail = `与第 ${first.view.row} 行，共 ${entries.length} 行`;
  if (second !== undefined && !unit.isBesideUnit) report('REG-N703', second.view.at('room', { detail }));
  const shares = entries.flatMap(({ coOwnership }) => coOwnership.shares);
  const byShares = entries.find(({ coOwnership }) => coOwnership.byShares);
  if (shares.length === 0 && byShares !== undefined) report('REG-R403', byShares.view.at('coOwn'));
  const last = entries.findLast(({ coOwnership }) => coOwnership.shares.length > 0);
  if (last !== undefined && (shares.length !== owners.size || !sharesMakeOne(shares)))
    report('REG-R402', last.view.at(last.view.text('share') === '' ? 'coOwn' : 'share'));
  return [...owners.values()];
}

type PersonDraft = {
  readonly owner: Owner;
  phones: readonly string[];
  mailingAddress: string;
  row: number;
};

/** The persons behind all rows; reports one number under two names. */
function gatherPersons(groups: readonly UnitRows[], report: Report): ReadonlyMap<string, PersonDraft> {
  const persons = new Map<string, PersonDraft>();
  for (const { view, owners } of groups.flatMap(({ entries }) => entries)) {
    for (const owner of owners) {
      const known = persons.get(owner.key);
      if (known === undefined) {
        const { phones, mailingAddress } = owner;
        persons.set(owner.key, { owner, phones, mailingAddress, row: view.row });
        continue;
      }
      if (known.owner.foldedName !== owner.foldedName)
        report('REG-X503', view.at('ownerName', { value: owner.name, detail: `与第 ${known.row} 行` }));
      const more = owner.phones.filter((phone) => !known.phones.includes(phone));
      if (more.length > 0) known.phones = [...known.phones, ...more];
      known.mailingAddress ||= owner.mailingAddress;
    }
  }
  return persons;
}

/** The register that the rows state. Variants of a building's name take the spelling of the first row. */
export function buildRegister(groups: readonly UnitRows[], report: Report): Register {
  const persons = gatherPersons(groups, report);
  const positions = new Map([...persons.keys()].map((key, at) => [key, at]));
  const spellings = new Map<string, string>();
  const units = groups.map((group): RegisterUnit => {
    const { unit } = group;
    const building = spellings.get(unit.buildingKey) ?? unit.building;
    spellings.set(unit.buildingKey, building);
    const owners = ownersOf(group, report).map((owner) =>
      present(positions.get(owner.key), 'every owner is a person'),
    );
    const { row } = group.entries[0].view;
    const { stair, room, kind, state, areaDm2, areaSource, titleNo, sinceOn } = unit;
    return { building, stair, room, kind, state, areaDm2, areaSource, titleNo, sinceOn, owners, row };
  });
  return {
    persons: [...persons.values()].map(({ owner, phones, mailingAddress }) => ({
      docKind: owner.docKind,
      number: owner.number,
      name: owner.name,
      phones,
      mailingAddress,
    })),
    units,
  };
}

/** The register's units as the head rule takes them: ids are positions. */
export const headUnitsOf = (register: Register): readonly HeadUnit[] =>
  register.units.map((unit, at) => ({
    unit: String(at),
    holders: unit.owners.map(String),
    state: unit.state,
  }));
