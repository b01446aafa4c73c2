// Goal: each named constraint and trigger of merges refuses what it must, for the application and the owner. Method: one good row, one
// change for each case; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
const random = seededRandom('ids of the merges');
const id = (): string => newId(random);
let keeps = '';

beforeAll(async () => {
  fresh = await freshDatabase();
  const the = await newCommunity(fresh, 'merge constraints');
  const file = registerFile([
    `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
    `1栋,102,80.00,陈大文,${NUMBERS.wang},已交付,,`,
  ]);
  await bringIntoForce(the, file);
  const community_id = the.community;
  const [kept, merged] = await fresh.db.selectFrom('person').select('person_id').execute();
  keeps = present(kept, 'a person').person_id;
  await fresh.db
    .insertInto('person_merge')
    .values({
      community_id,
      merge_id: id(),
      keeps_id: keeps,
      merged_id: present(merged, 'another person').person_id,
      record: Buffer.of(1),
      drafted_by: id(),
      drafted_at_ms: 1n,
      entry_id: 5n,
      ended_entry_id: null,
    })
    .execute();
});
afterAll(async () => fresh.close());

const drafted = () => ({ merge_id: id(), entry_id: null });

const CASES: readonly (() => ConstraintCase)[] = [
  () => ['person_merge', 'person_merge_pk', { entry_id: null }],
  () => ['person_merge', 'person_merge_in_force_key', { merge_id: id() }],
  () => ['person_merge', 'person_merge_keeps_fk', { ...drafted(), keeps_id: id() }],
  () => ['person_merge', 'person_merge_merged_fk', { ...drafted(), merged_id: id() }],
  () => ['person_merge', 'person_merge_two_check', { ...drafted(), merged_id: keeps }],
  () => ['person_merge', 'person_merge_order_check', { ...drafted(), ended_entry_id: 6 }],
  () => ['person_merge', 'person_merge_order_check', { merge_id: id(), ended_entry_id: 5 }],
];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['person_merge_frozen', `update person_merge set record = '\\x00'`],
  ['person_merge_frozen', 'delete from person_merge'],
  ['person_merge_append_only', 'truncate person_merge'],
];

describe('a constraint of merges', () => {
  it.each(CASES)('refuses its case, number %#', async (made) => {
    const each = made();
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(fresh.db, statement));
  });

  it('lets a good copy in, so that the cases fail for their own reason', async () => {
    expect(await refusedBy(fresh.db, ['person_merge', '', drafted()])).toBe('accepted');
  });

  it('is in this list', async () => {
    const listed = [...CASES.map((made) => made()[1]), ...TRIGGERS.map(([name]) => name)];

    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, ['person_merge']));
  });
});
