// Goal: numbers are not tried out by an officer: agents and unlocking are counted for a day, races included, and a known number under another
// name answers as an unknown one does. Method: the shells over a real database, and each constraint of the table as both roles.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { identitySalt as saltUnder } from '../../src/crypto/at-rest.ts';
import { agentByCode, registerAgent } from '../../src/identity/agents.ts';
import { unlockLetter } from '../../src/identity/unlocking.ts';
import { maskName } from '../../src/registry/domain/masking.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { issue, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

const FILE = registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
const DAY_MS = 86_400_000;
const identitySalt = (docKind: string, number: string): Uint8Array =>
  saltUnder(new Uint8Array(32).fill(3), docKind, number);
let fresh: FreshDatabase;
let the: TestCommunity;
let letter: string;
let now: number;
const later = () => ({ ...the.deps, clock: () => now });

beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'day limits');
  await bringIntoForce(the, FILE);
  const made = await makeFor(the, FILE);
  await issue(the, made, '2027-06-30');
  letter = present(made.items[0], 'a letter').letter;
  now = the.deps.clock();
});
afterAll(async () => fresh?.close());

const codeOf = (result: { ok: boolean; refusal?: { code: string } }): string =>
  result.ok ? 'ok' : (result.refusal?.code ?? '');
const register = (number: string, name: string, officer = the.committee) =>
  registerAgent({ ...later(), identitySalt }, officer, the.community, { number, name });

describe('an agent', () => {
  it('of a number that is known under another name looks as one that was written down, the same each time', async () => {
    now += DAY_MS;
    const known = await register(NUMBERS.chen, '陈某某');
    const again = await register(NUMBERS.chen, '陈某某');
    const unknown = await register('442000198001010084', '郑代理');
    if (!known.ok || !again.ok || !unknown.ok) throw new Error('refused');
    expect(known.value).toEqual(again.value);
    expect(known.value.name).toBe(maskName('陈某某'));
    for (const each of [known, unknown]) {
      expect(each.value.person).toMatch(/^[a-z2-7]{26}$/);
      expect(each.value.identity).toMatch(/^[\w-]{43}$/);
    }
    const owners = await the.deps.db.selectFrom('person').select('person_id').execute();
    expect(owners.map((row) => row.person_id)).not.toContain(known.value.person);
    expect(codeOf(await agentByCode(the.deps, the.community, known.value.person))).toBe(
      'MANDATE_AGENT_UNKNOWN',
    );
    const right = await register(NUMBERS.chen, '陈大文');
    expect(right.ok && owners.some((row) => row.person_id === right.value.person)).toBe(true);
  });

  it('is written down or looked for twenty times a day by one officer, however many ask at once', async () => {
    now += DAY_MS;
    const all = await Promise.all(Array.from({ length: 25 }, () => register(NUMBERS.chen, '陈大文')));
    expect(all.filter((each) => each.ok)).toHaveLength(20);
    expect(new Set(all.filter((each) => !each.ok).map(codeOf))).toEqual(new Set(['AGENT_LIMITED']));
    expect(codeOf(await register(NUMBERS.chen, '陈大文', the.street))).toBe('ok');
    now += DAY_MS;
    expect(codeOf(await register(NUMBERS.chen, '陈大文'))).toBe('ok');
  });
});

it('a letter is opened three times a day', async () => {
  now += DAY_MS;
  const wanted = { community: the.community, letter };
  const open = async () => codeOf(await unlockLetter(later(), the.registrar, wanted));
  expect([await open(), await open(), await open(), await open()]).toEqual([
    'ok',
    'ok',
    'ok',
    'UNLOCK_LIMITED',
  ]);
  now += DAY_MS;
  expect(await open()).toBe('ok');
});

describe('a constraint of the counts', () => {
  const CASES: readonly ConstraintCase[] = [
    ['day_count', 'day_count_pk', {}],
    ['day_count', 'day_count_community_fk', { community_id: 'a'.repeat(26) }],
    ['day_count', 'day_count_deed_check', { deed: 'other' }],
    ['day_count', 'day_count_counted_check', { day: 1, counted: 0 }],
  ];
  it.each(CASES)('%s refuses by %s', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });
  it('lets a good copy in, and is in this list', async () => {
    expect(await refusedBy(fresh.db, ['day_count', '', { day: 2 }])).toBe('accepted');
    expect(CASES.map(([, name]) => name).sort()).toEqual(await namesOn(fresh.owner, ['day_count']));
  });
});
