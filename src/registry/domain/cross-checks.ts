/**
 * What only shows when all rows are seen together: variants, near-equal persons, shared phones, totals
 * (DESIGN §7).
 */
import { showSquareMetres, sumAreas } from '../../base/area.ts';
import type { DocumentKind } from './document-number.ts';
import type { Report } from './findings.ts';
import { mainAreaField } from './headers.ts';
import { maskValue } from './masking.ts';
import type { Owner } from './owner-cells.ts';
import type { UnitRows } from './register-units.ts';
import type { RowView } from './row-view.ts';

type Seen = { readonly owner: Owner; readonly view: RowView };

/** More units than this under one phone looks like an agent (C322). */
const UNITS_PER_PHONE = 3;

/** X505: one building under several names. */
export function checkBuildingNames(groups: readonly UnitRows[], report: Report): void {
  const spellings = new Map<string, string[]>();
  for (const { unit, entries } of groups) {
    const known = spellings.get(unit.buildingKey) ?? [];
    const [first] = known;
    if (known.includes(unit.building)) continue;
    if (first !== undefined)
      report('REG-X505', entries[0].view.at('building', { detail: `与“${maskValue('building', first)}”` }));
    spellings.set(unit.buildingKey, [...known, unit.building]);
  }
}

/** X504: the same name under two numbers that differ in one place; the check character follows the rest. */
export function checkNearPersons(groups: readonly UnitRows[], report: Report): void {
  const persons = new Map<string, Seen>();
  const namesakes = new Map<string, number>();
  for (const { view, owners } of groups.flatMap(({ entries }) => entries)) {
    for (const owner of owners) {
      if (persons.has(owner.key)) continue;
      persons.set(owner.key, { owner, view });
      namesakes.set(owner.foldedName, (namesakes.get(owner.foldedName) ?? 0) + 1);
    }
  }
  const patterns = new Map<string, Seen>();
  for (const seen of persons.values()) {
    const { owner, view } = seen;
    if (namesakes.get(owner.foldedName) === 1) continue;
    const body = owner.number.length === 18 ? owner.number.slice(0, 17) : owner.number;
    // Numbers that differ in one place share the pattern with that place left open; no pair is compared
    // twice.
    const open = [...body].map((_, at) =>
      JSON.stringify([owner.docKind, owner.foldedName, at, body.slice(0, at), body.slice(at + 1)]),
    );
    const near = open.map((pattern) => patterns.get(pattern)).find((other) => other !== undefined);
    if (near !== undefined)
      report('REG-X504', view.at('idNo', { value: owner.number, detail: `与第 ${near.view.row} 行` }));
    for (const pattern of open) if (!patterns.has(pattern)) patterns.set(pattern, seen);
  }
}

/** C322: one phone under more than three units of different persons. */
export function checkSharedPhones(groups: readonly UnitRows[], report: Report): void {
  const uses = new Map<string, { units: Set<string>; persons: Set<string>; told: boolean }>();
  for (const { unit, entries } of groups) {
    for (const { view, owners } of entries) {
      for (const owner of owners) {
        for (const phone of owner.phones) {
          const use = uses.get(phone) ?? { units: new Set(), persons: new Set(), told: false };
          uses.set(phone, use);
          use.units.add(unit.key);
          use.persons.add(owner.key);
          if (use.told || use.units.size <= UNITS_PER_PHONE || use.persons.size < 2) continue;
          use.told = true;
          report('REG-C322', view.phoneAt(0, { value: phone }));
        }
      }
    }
  }
}

/** X509: one title number under two units. */
export function checkTitleNumbers(groups: readonly UnitRows[], report: Report): void {
  const first = new Map<string, { key: string; row: number }>();
  for (const { unit, entries } of groups) {
    const [entry] = entries;
    if (!/\d/.test(unit.titleNo)) continue;
    const known = first.get(unit.titleNo);
    if (known === undefined) first.set(unit.titleNo, { key: unit.key, row: entry.view.row });
    else report('REG-X509', entry.view.at('titleNo', { detail: `与第 ${known.row} 行` }));
  }
}

/** X506: the file's own grand total against the sum of its units, where all areas come from the column that it stands under. */
export function checkTotal(
  groups: readonly UnitRows[],
  view: RowView,
  statedDm2: bigint,
  report: Report,
): void {
  const field = mainAreaField((each) => view.has(each));
  const units = groups.map(({ unit }) => unit).filter(({ isBesideUnit }) => !isBesideUnit);
  const sum = sumAreas(units.map(({ areaDm2 }) => areaDm2));
  if (sum === statedDm2 || units.some(({ areaField }) => areaField !== field)) return;
  const detail = `各户之和 ${showSquareMetres(sum)}，表内合计 ${showSquareMetres(statedDm2)}`;
  report('REG-X506', view.at(field, { detail }));
}

/** Documents that only a natural person has, who is never the developer (Judicial Interpretation art. 9 and 17). */
const PERSONAL_DOCUMENTS: readonly DocumentKind[] = [
  'resident-id',
  'residence-permit',
  'foreign-permanent-card',
  'passport',
  'hk-macau-permit',
  'taiwan-permit',
  'officer-card',
];

/**
 * N705: undelivered units vote through the developer, so the register must say who that is. R405: whoever owns an unsold unit is taken
 * for him, so a person who has his own flat for sale must not be. N708: several of them are one head, which is told, since a company
 * may have a flat for sale as well.
 */
export function checkDeveloper(groups: readonly UnitRows[], report: Report): void {
  const unsold = groups.filter(({ unit }) => unit.state === 'unsold' && !unit.isBesideUnit);
  const sellers = unsold.flatMap(({ entries }) =>
    entries.flatMap(({ view, owners }) => owners.map((owner) => ({ view, owner }))),
  );
  for (const { view, owner } of sellers)
    if (PERSONAL_DOCUMENTS.includes(owner.docKind))
      report('REG-R405', view.at('ownerName', { value: owner.name }));
  const other = sellers.find(({ owner }) => owner.key !== sellers[0]?.owner.key);
  if (other !== undefined) report('REG-N708', other.view.at('ownerName', { value: other.owner.name }));
  const undelivered = groups.find(({ unit }) => unit.state === 'undelivered');
  if (undelivered === undefined || groups.some(({ unit }) => unit.state === 'unsold')) return;
  report('REG-N705', undelivered.entries[0].view.at('state'));
}
