// Goal: each named constraint and trigger of requisitions refuses what it must, for the application and the owner. Method: one good row of
// each, one change for each case; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf, issue, makeFor } from '../support/letters.ts';
import { seededRandom } from '../support/random.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
const random = seededRandom('ids of the requisitions');
const id = (): string => newId(random);
const hash = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const NO_ENTRY = 999_999;

beforeAll(async () => {
  fresh = await freshDatabase();
  const the = await newCommunity(fresh, 'requisition constraints');
  const file = registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
  await bringIntoForce(the, file);
  const made = await makeFor(the, file);
  await issue(the, made);
  const chen = codeOf(made, '陈大文');
  const community_id = the.community;
  const requisition_id = id();
  const filed = () =>
    inTransaction(fresh.db, (tx) =>
      writeEntry(
        tx,
        {
          v: 1,
          kind: 'requisition.filed',
          community: community_id,
          requisition: requisition_id,
          requisitionHash: toBase64Url(random(32)),
        },
        [],
      ),
    );
  const [first, second, third, fourth] = [
    (await filed()).entryId,
    (await filed()).entryId,
    (await filed()).entryId,
    (await filed()).entryId,
  ];
  await fresh.db
    .insertInto('requisition')
    .values({
      community_id,
      requisition_id,
      record: Buffer.of(1),
      filed_by: chen.person,
      filed_at_ms: 1n,
      entry_id: first,
      reached_at_ms: 2n,
      reached_entry_id: second,
      count_record: Buffer.of(1),
      answered_at_ms: 3n,
      answered_entry_id: third,
      answer: Buffer.of(1),
      answered_by: 'committee',
      street_answered_at_ms: 4n,
      street_answered_entry_id: fourth,
      street_answer: Buffer.of(1),
    })
    .execute();
  await fresh.db
    .insertInto('requisition_support')
    .values({
      community_id,
      requisition_id,
      support_hash: Buffer.alloc(32, 1),
      person_id: chen.person,
      credential_id: chen.letter,
      stands: 'joined',
      record: Buffer.of(1),
      signature: '{}',
      entry_id: first,
    })
    .execute();
});
afterAll(async () => fresh.close());

const another = () => ({ requisition_id: id() });
const again = { support_hash: hash(2) };
const noStreet = { street_answered_at_ms: null, street_answered_entry_id: null, street_answer: null };
const none = {
  answered_at_ms: null,
  answered_entry_id: null,
  answer: null,
  answered_by: null,
  ...noStreet,
};

const CASES: readonly ConstraintCase[] = [
  ['requisition', 'requisition_pk', {}],
  ['requisition', 'requisition_person_fk', { ...another(), filed_by: id() }],
  ['requisition', 'requisition_entry_fk', { ...another(), entry_id: NO_ENTRY }],
  ['requisition', 'requisition_reached_entry_fk', { ...another(), ...none, reached_entry_id: NO_ENTRY }],
  [
    'requisition',
    'requisition_answered_entry_fk',
    { ...another(), ...noStreet, answered_entry_id: NO_ENTRY },
  ],
  ['requisition', 'requisition_street_entry_fk', { ...another(), street_answered_entry_id: NO_ENTRY }],
  ['requisition', 'requisition_street_check', { ...another(), street_answer: null }],
  ['requisition', 'requisition_street_order_check', { ...another(), answered_by: 'street' }],
  ['requisition', 'requisition_answered_by_check', { ...another(), ...noStreet, answered_by: 'clerk' }],
  ['requisition', 'requisition_reached_check', { ...another(), ...none, count_record: null }],
  ['requisition', 'requisition_answered_check', { ...another(), answer: null }],
  ['requisition', 'requisition_answered_check', { ...another(), ...noStreet, answered_by: null }],
  [
    'requisition',
    'requisition_order_check',
    { ...another(), reached_at_ms: null, reached_entry_id: null, count_record: null },
  ],
  ['requisition_support', 'requisition_support_pk', {}],
  ['requisition_support', 'requisition_support_requisition_fk', { ...again, ...another() }],
  ['requisition_support', 'requisition_support_credential_fk', { ...again, credential_id: id() }],
  ['requisition_support', 'requisition_support_person_fk', { ...again, person_id: id() }],
  ['requisition_support', 'requisition_support_entry_fk', { ...again, entry_id: NO_ENTRY }],
  ['requisition_support', 'requisition_support_stands_check', { ...again, stands: 'wavers' }],
];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['requisition_frozen', `update requisition set record = '\\x00'`],
  ['requisition_frozen', 'update requisition set filed_at_ms = 9'],
  ['requisition_frozen', 'delete from requisition'],
  ['requisition_append_only', 'truncate requisition cascade'],
  ['requisition_support_append_only', `update requisition_support set stands = 'left'`],
  ['requisition_support_append_only', 'delete from requisition_support'],
  ['requisition_support_append_only', 'truncate requisition_support'],
];

describe('a constraint of requisitions', () => {
  it.each(CASES)('%s refuses by %s', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(fresh.db, statement));
  });

  it('lets good copies in, so that the cases fail for their own reason', async () => {
    expect(await refusedBy(fresh.db, ['requisition', '', another()])).toBe('accepted');
    expect(await refusedBy(fresh.db, ['requisition_support', '', again])).toBe('accepted');
  });

  it('is in this list', async () => {
    const listed = [...CASES.map(([, name]) => name), ...TRIGGERS.map(([name]) => name)];
    expect([...new Set(listed)].sort()).toEqual(
      await namesOn(fresh.owner, ['requisition', 'requisition_support']),
    );
  });
});
