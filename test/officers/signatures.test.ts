// Goal: an action counts for one entry and for its life only, and roles complete an act exactly where the rule says so. Method: one
// member changed at a time, the table of the rules, and instants around each limit.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { showInstant } from '../../src/base/instant.ts';
import { ABSOLUTE_LIMIT_MS, actsIn, IDLE_LIMIT_MS, sessionHolds } from '../../src/officers/domain/session.ts';
import { canLeadTo, fits, isComplete, missingRoles } from '../../src/officers/domain/signatures.ts';
import type { Action, Role } from '../../src/record/action.ts';
import type { ActionRule } from '../../src/record/two-officers.ts';
import { TEST_NOW } from '../support/clock.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('signatures');
const HOUR_MS = 3_600_000;

const facts = {
  kind: 'roll.frozen',
  subject: toBase64Url(random(32)),
  community: newId(random),
  meeting: newId(random),
};

const action = (change: Partial<Action> = {}): Action => ({
  v: 1,
  kind: 'action',
  action: facts.kind,
  subject: facts.subject,
  community: facts.community,
  meeting: facts.meeting,
  officer: newId(random),
  role: 'committee',
  size: 0,
  root: toBase64Url(random(32)),
  expires: showInstant(TEST_NOW + HOUR_MS),
  nonce: toBase64Url(random(16)),
  ...change,
});

const codeOf = (change: Partial<Action>): string => {
  const fit = fits(action(change), facts, TEST_NOW);
  return fit.ok ? '' : fit.refusal.code;
};

describe('an action', () => {
  it.each<readonly [string, Partial<Action>]>([
    ['kind', { action: 'meeting.noticed' }],
    ['subject', { subject: toBase64Url(random(32)) }],
    ['community', { community: newId(random) }],
    ['meeting', { meeting: '' }],
  ])('about another %s does not fit', (_, change) => {
    expect(codeOf(change)).toBe('ACTION_SUBJECT');
  });

  it('of a root is for the whole deployment, and for nothing less', () => {
    expect(codeOf({ role: 'root' })).toBe('ACTION_SUBJECT');
    expect(codeOf({ role: 'root', community: '' })).toBe('ACTION_SUBJECT');
    expect(codeOf({ role: 'root', community: '', meeting: '' })).toBe('');
  });

  it.each([
    [-1000, 'ACTION_EXPIRED'],
    [0, 'ACTION_EXPIRED'],
    [1000, ''],
    [72 * HOUR_MS, ''],
    [72 * HOUR_MS + 1000, 'ACTION_TOO_LONG'],
  ])('that expires in %i ms gets %s', (leftMs, code) => {
    expect(codeOf({ expires: showInstant(TEST_NOW + leftMs) })).toBe(code);
  });
});

const TWO: ActionRule = [
  ['committee', 'street'],
  ['street', 'regulator'],
];
const HIGH: ActionRule = [['root']];

describe('roles', () => {
  it.each<readonly [readonly Role[], boolean, boolean, readonly (readonly Role[])[]]>([
    [[], true, false, TWO],
    [['street'], true, false, [['committee'], ['regulator']]],
    [['committee'], true, false, [['street']]],
    [['street', 'committee'], true, true, [[]]],
    [['regulator', 'street'], true, true, [[]]],
    [['committee', 'regulator'], false, false, []],
    [['street', 'street'], false, false, []],
    [['registrar'], false, false, []],
    [['root'], false, false, []],
    [['committee', 'street', 'regulator'], false, false, []],
  ])('%j can lead to two officers: %s, are enough: %s', (roles, can, enough, missing) => {
    expect(canLeadTo(TWO, roles)).toBe(can);
    expect(isComplete(TWO, roles, 1)).toBe(enough);
    expect(missingRoles(TWO, roles)).toEqual(missing);
  });

  it.each<readonly [readonly Role[], number, boolean, boolean]>([
    [[], 1, true, false],
    [['root'], 1, true, true],
    [['root'], 2, true, false],
    [['root', 'root'], 2, true, true],
    [['root', 'street'], 2, false, false],
  ])('%j of a threshold of %i can lead to the roots: %s, are enough: %s', (roles, threshold, can, enough) => {
    expect(canLeadTo(HIGH, roles)).toBe(can);
    expect(isComplete(HIGH, roles, threshold)).toBe(enough);
  });
});

describe('what is missing of roots', () => {
  it('is shown as one more root at first, then as nothing', () => {
    expect(missingRoles(HIGH, [])).toEqual([['root']]);
    expect(missingRoles(HIGH, ['root', 'root'])).toEqual([[]]);
  });
});

describe('a session', () => {
  const seen = TEST_NOW;
  const expires = TEST_NOW + ABSOLUTE_LIMIT_MS;
  it.each([
    [0, true],
    [IDLE_LIMIT_MS - 1, true],
    [IDLE_LIMIT_MS, false],
  ])('that was seen %i ms ago holds: %s', (idleMs, holds) => {
    expect(sessionHolds(seen + idleMs, seen, expires)).toBe(holds);
  });

  it('ends at its absolute limit, however busy', () => {
    expect(sessionHolds(expires - 1, expires - 1, expires)).toBe(true);
    expect(sessionHolds(expires, expires - 1, expires)).toBe(false);
  });

  it('of the deployment acts everywhere, of a community only there', () => {
    const [here, there] = [newId(random), newId(random)];
    expect(actsIn({ community: '' }, here)).toBe(true);
    expect(actsIn({ community: here }, here)).toBe(true);
    expect(actsIn({ community: here }, there)).toBe(false);
    expect(actsIn({ community: here }, '')).toBe(false);
  });
});
