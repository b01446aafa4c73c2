// Goal: the registrar sees how far the letters came, to the last owner, and finds the letters of a place; others see numbers, owners
// nothing (SPEC 3.2, 3.5). Method: the counts on invented states; then a real register with letters that are used, locked and ended.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LetterState } from '../../src/identity/domain/letter-counts.ts';
import {
  countsOfBatches,
  countsOfBuildings,
  isGood,
  withoutLetter,
} from '../../src/identity/domain/letter-counts.ts';
import { applyRevocation, issueLetters, revokeLetter } from '../../src/identity/issuing.ts';
import { letterOverview, lettersAt } from '../../src/identity/letter-overview.ts';
import { signInOwner } from '../../src/identity/signing-in.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf, issue, loginBy, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

const today = '2026-11-28';
const state = (letter: string, more: Partial<LetterState> = {}): LetterState => ({
  letter,
  person: letter,
  batch: 'b1',
  isEnded: false,
  isUsed: false,
  isLocked: false,
  until: '',
  ...more,
});

describe('the counts of letters', () => {
  const letters = [
    state('a', { isUsed: true }),
    state('b', { isLocked: true }),
    state('c', { isEnded: true, isLocked: true }),
    state('d', { batch: 'b2', until: '2026-11-27' }),
    state('e', { batch: 'b2', until: today, isUsed: true }),
  ];
  const units = [
    { building: '2栋', place: '2栋 201', owners: ['d', 'e'] },
    { building: '1栋', place: '1栋 101', owners: ['a', 'b'] },
    { building: '1栋', place: '1栋 102', owners: ['a', 'c'] },
    { building: '1栋', place: '1栋 103', owners: ['c'] },
  ];
  it('by batch tell used, ended and locked; a letter that ended is no longer locked', () => {
    expect([...countsOfBatches(letters)]).toEqual([
      ['b1', { letters: 3, used: 1, ended: 1, locked: 1 }],
      ['b2', { letters: 2, used: 1, ended: 0, locked: 0 }],
    ]);
  });
  it('by building count owners once and letters that are good today', () => {
    expect(countsOfBuildings(units, letters, today)).toEqual([
      { building: '1栋', persons: 3, letters: 2, used: 1, locked: 1 },
      { building: '2栋', persons: 2, letters: 1, used: 1, locked: 0 },
    ]);
  });
  it('name who has none, with all his places', () => {
    expect([...withoutLetter(units, letters, today)]).toEqual([
      ['d', ['2栋 201']],
      ['c', ['1栋 102', '1栋 103']],
    ]);
    expect(isGood(state('x', { until: today }), today)).toBe(true);
  });
});

let fresh: FreshDatabase;
let the: TestCommunity;
beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'letter overview');
  await bringIntoForce(the, file);
});
afterAll(async () => fresh.close());

const file = registerFile([
  `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
  `1栋,102,90.00,陈大文、李小明,${NUMBERS.chen}、${NUMBERS.li},已交付,,`,
  `2栋,201,70.00,王五,${NUMBERS.wang},已交付,,`,
]);

const overview = async () => {
  const found = await letterOverview(the.deps, the.registrar, the.community);
  if (!found.ok) throw new Error(found.refusal.code);
  return found.value;
};

describe('the overview of a community', () => {
  it('goes from nobody to everybody, and follows what happens to letters', async () => {
    expect(await overview()).toMatchObject({ batches: [], withoutCount: 3 });
    const made = await makeFor(the, file);
    const upload = {
      community: the.community,
      batch: made.batch,
      madeIn: 'command',
      until: '',
      items: made.items,
    } as const;
    expect((await issueLetters(the.deps, the.registrar, upload)).ok).toBe(true);
    expect(await overview()).toMatchObject({
      batches: [{ batch: made.batch, state: 'open', made: 3, letters: 0, reissue: '' }],
      withoutCount: 3,
    });
    const again = await makeFor(the, file);
    await issue(the, again);
    const login = await loginBy(the, codeOf(again, '王五'));
    expect((await signInOwner(the.deps, login)).ok).toBe(true);
    expect((await signInOwner(the.deps, await loginBy(the, codeOf(again, '王五')))).ok).toBe(true);
    for (let at = 0; at < 5; at += 1) {
      const wrong = await loginBy(the, codeOf(again, '李小明'), { numberTail: '000000' });
      expect((await signInOwner(the.deps, wrong)).ok).toBe(false);
    }
    const now = await overview();
    expect(now.batches.find(({ batch }) => batch === again.batch)).toMatchObject({
      state: 'done',
      letters: 3,
      used: 1,
      ended: 0,
      locked: 1,
    });
    expect(now.buildings).toEqual([
      { building: '1栋', persons: 2, letters: 2, used: 0, locked: 1 },
      { building: '2栋', persons: 1, letters: 1, used: 1, locked: 0 },
    ]);
    expect([now.without, now.withoutCount]).toEqual([[], 0]);
    const { letter } = codeOf(again, '陈大文');
    const drafted = await revokeLetter(the.deps, the.registrar, { community: the.community, letter });
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    await signBy(the.deps, drafted.value.act, [the.registrar]);
    expect((await executeAct(the.deps, drafted.value.act, applyRevocation)).ok).toBe(true);
    expect(await overview()).toMatchObject({
      without: [{ name: '陈*', places: ['1栋 101', '1栋 102'] }],
      withoutCount: 1,
    });
  });

  it('finds the letters of a place, however it is spaced', async () => {
    const found = await lettersAt(the.deps, the.registrar, the.community, '1栋102');
    if (!found.ok) throw new Error(found.refusal.code);
    expect(found.value).toMatchObject([{ places: ['1栋 102'], isLocked: true, until: '' }]);
    expect(await lettersAt(the.deps, the.registrar, the.community, '9栋 999')).toEqual({
      ok: true,
      value: [],
    });
  });

  it('is in numbers for those who sign, in letters for the registrar alone', async () => {
    const other = await newCommunity(fresh, 'another overview');
    expect((await letterOverview(the.deps, the.committee, the.community)).ok).toBe(true);
    const refused = { ok: false, refusal: { code: 'NOT_ALLOWED' } };
    expect(await lettersAt(the.deps, the.committee, the.community, '1栋 101')).toEqual(refused);
    expect(await lettersAt(the.deps, other.registrar, the.community, '1栋 101')).toEqual(refused);
    expect(await letterOverview(the.deps, other.registrar, the.community)).toEqual(refused);
  });
});
