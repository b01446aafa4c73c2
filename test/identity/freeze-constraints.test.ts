// Goal: each named constraint and trigger of freezes and key shares refuses what it must, for the application and the owner. Method:
// one good row of each, one change for each case; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf, issue, makeFor } from '../support/letters.ts';
import { seededRandom } from '../support/random.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
const random = seededRandom('ids of the freezes');
const id = (): string => newId(random);
const hash = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0').repeat(32)}`;

beforeAll(async () => {
  fresh = await freshDatabase();
  const the = await newCommunity(fresh, 'freeze constraints');
  const file = registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
  await bringIntoForce(the, file);
  const made = await makeFor(the, file);
  await issue(the, made);
  const chen = codeOf(made, '陈大文');
  const community_id = the.community;
  await fresh.db
    .insertInto('voting_freeze')
    .values({
      community_id,
      freeze_hash: Buffer.alloc(32, 1),
      person_id: chen.person,
      by_credential_id: chen.letter,
      record: Buffer.of(1),
      signature: '{}',
      frozen_at_ms: 1n,
      entry_id: 5n,
      lifted_entry_id: null,
    })
    .execute();
  await fresh.db
    .insertInto('key_share')
    .values({
      community_id,
      credential_id: chen.letter,
      handle_hash: Buffer.alloc(32, 1),
      proof_hash: 'x',
      share: Buffer.of(1),
      tries: 0,
      last_at_ms: 1n,
    })
    .execute();
});
afterAll(async () => fresh.close());

const lifted = () => ({ freeze_hash: hash(2), lifted_entry_id: 6 });

const CASES: readonly ConstraintCase[] = [
  ['voting_freeze', 'voting_freeze_pk', { lifted_entry_id: 6 }],
  ['voting_freeze', 'voting_freeze_in_force_key', { freeze_hash: hash(2) }],
  ['voting_freeze', 'voting_freeze_person_fk', { ...lifted(), person_id: id() }],
  ['voting_freeze', 'voting_freeze_by_fk', { ...lifted(), by_credential_id: id() }],
  ['voting_freeze', 'voting_freeze_order_check', { ...lifted(), lifted_entry_id: 5 }],
  ['key_share', 'key_share_pk', { handle_hash: hash(2) }],
  ['key_share', 'key_share_handle_key', { credential_id: id() }],
  ['key_share', 'key_share_credential_fk', { credential_id: id(), handle_hash: hash(2) }],
  ['key_share', 'key_share_tries_check', { tries: 6 }],
];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['voting_freeze_frozen', `update voting_freeze set record = '\\x00'`],
  ['voting_freeze_frozen', 'delete from voting_freeze'],
  ['voting_freeze_append_only', 'truncate voting_freeze'],
  ['key_share_frozen', `update key_share set proof_hash = 'y'`],
  ['key_share_frozen', 'delete from key_share'],
  ['key_share_append_only', 'truncate key_share'],
];

describe('a constraint of freezes and key shares', () => {
  it.each(CASES)('%s refuses by %s', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(fresh.db, statement));
  });

  it('lets a good copy in, so that the cases fail for their own reason', async () => {
    expect(await refusedBy(fresh.db, ['voting_freeze', '', lifted()])).toBe('accepted');
  });

  it('is in this list', async () => {
    const listed = [...CASES.map(([, name]) => name), ...TRIGGERS.map(([name]) => name)];

    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, ['voting_freeze', 'key_share']));
  });
});
