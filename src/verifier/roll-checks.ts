/** ROLL-01, ROLL-02 and ROLL-04: the frozen roll, its weights and its root (SPEC 4). */
import { parseDecimal } from '../base/area.ts';
import { compareText, toBase64Url } from '../base/bytes.ts';
import { holdersHash, type RollOpening, voterHash } from '../record/identity.ts';
import type { Scope } from '../record/meeting.ts';
import { leafHash, rootOfHashes } from '../record/merkle.ts';
import type { RollLeaf, RollUnit } from '../record/roll.ts';
import { SPECIAL_KINDS } from '../record/roll.ts';
import type { HoldersAt } from './correction-checks.ts';
import { holdersThrough } from './correction-checks.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

/** What the other checks ask of the roll. */
export type Roll = {
  readonly leaves: ReadonlyMap<string, RollLeaf>;
  /** Absent in a public bundle. */
  readonly openings: ReadonlyMap<string, RollOpening> | undefined;
  /** Who holds an entitlement, and who is designated for it, for an entry at a log index (SPEC 4.4). */
  readonly holdersAt: HoldersAt;
};

/** Area of a leaf in a scope; written again here, since counting is verified by a second program (SPEC 9.4). */
export function areaIn(leaf: RollLeaf, scope: Scope, countSpecialSpaces: boolean): bigint {
  const members = new Set(scope.members);
  let areaDm2 = 0n;
  for (const unit of leaf.units) {
    if (carriesWeight(unit, scope, members, countSpecialSpaces)) areaDm2 += parseDecimal(unit.areaDm2) ?? 0n;
  }
  return areaDm2;
}

/** Whether a unit stands in a scope and counts there (SPEC 4.3). */
export function carriesWeight(
  unit: RollUnit,
  scope: Scope,
  members: ReadonlySet<string>,
  countSpecialSpaces: boolean,
): boolean {
  if (SPECIAL_KINDS.includes(unit.kind) && !countSpecialSpaces) return false;
  if (scope.kind === 'community') return true;
  return members.has(scope.kind === 'units' ? unit.unit : unit.building);
}

/** Makes the checks of the roll; undefined where the bundle's leaves cannot be read. */
export function checkRoll(the: Verification): Roll | undefined {
  const { contents, notebook } = the;
  if (contents.roll === undefined) {
    const why = contents.whyNot('roll.jsonl');
    for (const id of ['ROLL-01', 'ROLL-02', 'ROLL-04'] as const) notebook.cannot(id, why);
    return undefined;
  }
  notebook.made('ROLL-01', 'ROLL-02', 'ROLL-04');
  checkSize(the);
  checkTotals(the);
  checkRoot(the);
  checkOpenings(the);
  return {
    leaves: new Map(contents.roll.map(({ value }) => [value.entitlement, value])),
    openings: contents.openings && new Map(contents.openings.map(({ value }) => [value.entitlement, value])),
    holdersAt: holdersThrough(the),
  };
}

/** ROLL-01: as many leaves as frozen, in order, of this meeting; each unit once. */
function checkSize({ contents, definition, log, notebook }: Verification): void {
  const leaves = contents.roll ?? [];
  for (const { index, entry } of entriesOf(log, 'roll.frozen', { meeting: definition.meeting })) {
    notebook.same('ROLL-01', `log ${index} size`, String(entry.size), String(leaves.length));
  }
  notebook.same('ROLL-01', 'meeting.json rollSize', String(leaves.length), String(definition.rollSize));
  const units = new Map<string, string>();
  let before = '';
  for (const { where, value: leaf } of leaves) {
    notebook.same('ROLL-01', `${where} meeting`, definition.meeting, leaf.meeting);
    const isNext = compareText(leaf.entitlement, before) > 0;
    notebook.holds('ROLL-01', where, isNext, `an entitlement after ${before}`, leaf.entitlement);
    before = leaf.entitlement;
    for (const { unit, areaDm2 } of leaf.units) {
      const other = units.get(unit);
      notebook.holds('ROLL-01', where, other === undefined, `unit ${unit} once`, `also at ${other}`);
      notebook.holds('ROLL-01', where, areaDm2 !== '0', `area of unit ${unit}`, 'none');
      units.set(unit, where);
    }
  }
}

/** ROLL-02: the totals that were frozen for each proposal, added up again. */
function checkTotals({ contents, definition, log, notebook, rules }: Verification): void {
  if (rules === undefined) {
    notebook.cannot('ROLL-02', { zh: '规则参数不全', en: 'the parameters are not complete' });
    return;
  }
  for (const { index, entry } of entriesOf(log, 'roll.frozen', { meeting: definition.meeting })) {
    const where = `log ${index} totals`;
    const order = definition.proposals.map(({ proposal }) => proposal).join(', ');
    notebook.same('ROLL-02', where, order, entry.totals.map(({ proposal }) => proposal).join(', '));
    for (const { proposal, scope } of definition.proposals) {
      let [areaDm2, heads] = [0n, 0];
      for (const { value: leaf } of contents.roll ?? []) {
        const area = areaIn(leaf, scope, rules.countSpecialSpaces);
        areaDm2 += area;
        heads += area > 0n ? 1 : 0;
      }
      const stated = entry.totals.find((total) => total.proposal === proposal);
      notebook.same('ROLL-02', `${where} ${proposal} areaDm2`, String(areaDm2), stated?.areaDm2 ?? 'absent');
      notebook.same(
        'ROLL-02',
        `${where} ${proposal} heads`,
        String(heads),
        String(stated?.heads ?? 'absent'),
      );
    }
  }
}

/** ROLL-04: the root over the leaves' bytes is the frozen one and the definition's. */
function checkRoot({ contents, definition, log, notebook }: Verification): void {
  const root = toBase64Url(rootOfHashes((contents.roll ?? []).map(({ bytes }) => leafHash(bytes))));
  notebook.same('ROLL-04', 'meeting.json rollRoot', root, definition.rollRoot);
  for (const { index, entry } of entriesOf(log, 'roll.frozen', { meeting: definition.meeting })) {
    notebook.same('ROLL-04', `log ${index} root`, root, entry.root);
  }
}

/** ROLL-04: the openings give the commitments. ROLL-01: a set of holders occurs once. */
function checkOpenings({ contents, notebook }: Verification): void {
  const { openings, roll = [] } = contents;
  if (openings === undefined) {
    notebook.cannot('ROLL-01', contents.whyNot('holders.jsonl'));
    notebook.cannot('ROLL-04', contents.whyNot('holders.jsonl'));
    return;
  }
  const byEntitlement = new Map(openings.map((opening) => [opening.value.entitlement, opening]));
  notebook.same('ROLL-04', 'holders.jsonl', `${roll.length} openings`, `${openings.length} openings`);
  if (contents.persons === undefined) notebook.cannot('ROLL-04', contents.whyNot('persons.jsonl'));
  const identities = new Map((contents.persons ?? []).map(({ value }) => [value.person, value.identity]));
  const sets = new Map<string, string>();
  for (const { where, value: leaf } of roll) {
    const opening = byEntitlement.get(leaf.entitlement);
    if (opening === undefined) {
      notebook.finding('ROLL-04', where, 'an opening in holders.jsonl', 'none');
      continue;
    }
    const { holders, holdersSalt, voter, voterSalt } = opening.value;
    notebook.same('ROLL-04', `${opening.where} holders`, leaf.holders, holdersHash(holdersSalt, holders));
    notebook.same('ROLL-04', `${opening.where} voter`, leaf.voter, voterHash(voterSalt, voter));
    const isHolder = voter === '' || holders.some(({ person }) => person === voter);
    notebook.holds('ROLL-04', `${opening.where} voter`, isHolder, 'a holder, or nobody', voter);
    for (const { person, identity } of holders) {
      if (contents.persons === undefined) continue;
      notebook.same(
        'ROLL-04',
        `${opening.where} ${person}`,
        identities.get(person) ?? 'not listed',
        identity,
      );
    }
    const set = holders
      .map(({ person }) => person)
      .sort()
      .join(' ');
    const other = sets.get(set);
    notebook.holds(
      'ROLL-01',
      opening.where,
      other === undefined,
      'this set of holders once',
      `also ${other}`,
    );
    sets.set(set, opening.where);
  }
}
