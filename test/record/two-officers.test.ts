// Goal: which officers an act needs is one table, in the code as in the specification (SPEC 2.4). Method: the rules against the column "signed by" of
// docs/spec/00-records.md, and every list of up to three roles against a rule.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { ROLES, type Role } from '../../src/record/action.ts';
import { ENTRY_KIND_NAMES, type EntryKind } from '../../src/record/entry.ts';
import { ENTRY_KINDS } from '../../src/record/fund.ts';
import {
  ACTION_RULES,
  type ActionRule,
  actionRuleOf,
  ruleVariantOf,
  satisfies,
} from '../../src/record/two-officers.ts';
import { ENTRY_EXAMPLES } from './entry-examples.ts';

const officerRoles = ROLES.filter((role) => role !== 'root');
const pair: ActionRule = [
  ['committee', 'street'],
  ['street', 'regulator'],
];

/** The alternatives that a cell of the specification names: `a + b` or `c`. */
function specified(kind: EntryKind): readonly string[] {
  const spec = readFileSync(join(packageRoot(), 'docs', 'spec', '00-records.md'), 'utf8');
  const row = spec.split('\n').find((line) => line.startsWith(`| \`${kind}\` |`)) ?? expect.fail(kind);
  const cell = row.split('|')[3] ?? '';
  if (kind === 'cast.accepted' || /^ ?nobody/.test(cell)) return [];
  const quoted = [...cell.matchAll(/`([a-z]+(?: \+ [a-z]+)?)`/g)].map((match) => match[1] ?? '');
  return quoted.map((text) => text.split(' + ').sort().join(' + ')).sort();
}

const written = (rule: ActionRule | undefined): readonly string[] =>
  (rule ?? []).map((roles) => [...roles].sort().join(' + ')).sort();

describe('the rule of a kind', () => {
  it.each(ENTRY_KIND_NAMES.filter((kind) => kind !== 'fund.entry'))(
    '%s is that of the specification',
    (kind) => {
      expect(written(actionRuleOf(kind))).toEqual(specified(kind));
      expect(actionRuleOf(kind, 'pay')).toBe(ACTION_RULES[kind]);
    },
  );

  it('fund.entry is two officers for what moves money, and nobody for the rest', () => {
    const moving = ['pay', 'deposit_reversed', 'deposit_identified', 'bank_moved'];
    for (const kind of moving)
      expect(written(actionRuleOf('fund.entry', kind))).toEqual(specified('fund.entry'));
    for (const kind of ENTRY_KINDS.filter((each) => !moving.includes(each)))
      expect(actionRuleOf('fund.entry', kind)).toBeUndefined();
    expect(actionRuleOf('fund.entry')).toBeUndefined();
  });

  it('letters.issued is two officers where a page made them', () => {
    const outside: ActionRule = [
      ['registrar', 'street'],
      ['registrar', 'regulator'],
    ];
    expect(actionRuleOf('letters.issued', 'browser')).toEqual(outside);
    expect(actionRuleOf('letters.issued', 'command')).toEqual([['registrar']]);
    expect(ruleVariantOf(ENTRY_EXAMPLES['letters.issued'])).toBe('command');
    // Two others sign a reissue, wherever it was made.
    expect(actionRuleOf('letters.reissued', ruleVariantOf(ENTRY_EXAMPLES['letters.reissued']))).toEqual(pair);
  });

  it('of the two-officer acts of 2.4 that this version writes is the pair', () => {
    for (const kind of [
      'register.imported',
      'letters.reissued',
      'roll.frozen',
      'roll.corrected',
      'meeting.noticed',
      'meeting.opened',
      'meeting.extended',
      'meeting.cancelled',
      'tally.final',
    ] as const)
      expect(ACTION_RULES[kind]).toEqual(pair);
  });
});

describe('signatures', () => {
  it('satisfy a pair only as exactly one of its alternatives, in any order', () => {
    const lists: (readonly Role[])[] = [[]];
    for (const a of ROLES) {
      lists.push([a]);
      for (const b of ROLES) {
        lists.push([a, b]);
        for (const c of ROLES) lists.push([a, b, c]);
      }
    }
    const taken = lists.filter((roles) => satisfies(pair, roles, 1)).map((roles) => roles.join(' + '));
    expect(taken.sort()).toEqual([
      'committee + street',
      'regulator + street',
      'street + committee',
      'street + regulator',
    ]);
  });

  it('of one role satisfy a rule of single roles, one at a time', () => {
    const rule: ActionRule = [['street'], ['regulator']];
    expect(officerRoles.filter((role) => satisfies(rule, [role], 1))).toEqual(['street', 'regulator']);
    expect(satisfies(rule, ['street', 'regulator'], 1)).toBe(false);
    expect(satisfies(rule, ['street', 'street'], 1)).toBe(false);
    expect(satisfies(rule, [], 1)).toBe(false);
  });

  it('of the roots satisfy from the threshold on, and never with an officer among them', () => {
    const rule = ACTION_RULES['officer.appointed'] ?? [];
    const roots = (count: number): Role[] => Array.from({ length: count }, () => 'root');
    expect([0, 1, 2, 3, 4].map((count) => satisfies(rule, roots(count), 3))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(satisfies(rule, [...roots(3), 'regulator'], 3)).toBe(false);
    expect(satisfies(rule, ['regulator', 'street'], 3)).toBe(true);
    expect(satisfies(rule, ['root', 'street'], 1)).toBe(false);
  });

  it('satisfy no empty rule', () => {
    expect(satisfies([], [], 1)).toBe(false);
    expect(satisfies([], ['street'], 1)).toBe(false);
  });
});
