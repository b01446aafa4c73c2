// Goal: each named constraint and trigger of mandates refuses what it must, for the application and the owner. Method: good rows of two
// persons of a register, one change for each; the list is compared with the catalogue.
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
const random = seededRandom('ids of the cases');
const id = (): string => newId(random);
/** A mandate that nothing has ended. */
const bare = id();

beforeAll(async () => {
  fresh = await freshDatabase();
  const the = await newCommunity(fresh, 'mandate constraints');
  const rows = [
    `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
    `1栋,102,80.00,李小明,${NUMBERS.li},已交付,,`,
  ];
  await bringIntoForce(the, registerFile(rows));
  const persons = await fresh.db.selectFrom('person').select('person_id').execute();
  const [principal, agent] = persons.map((row) => row.person_id);
  const ended = id();
  const place = { community_id: the.community, signature: null, credential_id: null };
  const mandate = (mandate_id: string, ended_entry_id: bigint | null) => ({
    ...place,
    mandate_id,
    meeting_id: null,
    basis: 'guardian',
    principal_id: present(principal, 'a person'),
    agent_id: present(agent, 'another'),
    until_on: '2030-01-01',
    mandate: Buffer.of(1),
    granted_at_ms: 1n,
    entry_id: 1n,
    ended_entry_id,
  });
  await fresh.db
    .insertInto('mandate')
    .values([mandate(ended, 2n), mandate(bare, null)])
    .execute();
  const revocation = { ...place, mandate_id: ended, revoked_at_ms: 1n, entry_id: 2n };
  await fresh.db.insertInto('mandate_revocation').values(revocation).execute();
  const drafted = { drafted_by: the.street.officer, drafted_at_ms: 1n };
  const sealed = { sealed_file: Buffer.of(1), sealed_salt: Buffer.of(1) };
  const { community_id } = place;
  await fresh.db
    .insertInto('mandate_paper')
    .values({ community_id, mandate_id: ended, ...sealed, ...drafted })
    .execute();
  const staff = {
    community_id,
    staff_id: id(),
    doc_kind: 'passport',
    number_index: Buffer.alloc(37, 1),
    sealed_number: Buffer.alloc(50, 1),
    listed_by: the.street.officer,
  };
  await fresh.db
    .insertInto('property_staff')
    .values({ ...staff, listed_at_ms: 1n })
    .execute();
});
afterAll(async () => fresh.close());

const newStaff = () => ({ staff_id: id(), number_index: `\\x${'02'.repeat(37)}` });
const another = () => ({ mandate_id: id() });

const CASES: readonly ConstraintCase[] = [
  ['mandate', 'mandate_pk', {}],
  ['mandate', 'mandate_principal_fk', { ...another(), principal_id: id() }],
  ['mandate', 'mandate_agent_fk', { ...another(), agent_id: id() }],
  [
    'mandate',
    'mandate_credential_fk',
    { ...another(), basis: 'mandate', credential_id: id(), signature: '{}' },
  ],
  ['mandate', 'mandate_basis_check', { ...another(), basis: 'friend' }],
  ['mandate', 'mandate_signature_check', { ...another(), signature: '{}' }],
  ['mandate', 'mandate_owner_check', { ...another(), credential_id: id(), signature: '{}' }],
  ['mandate', 'mandate_order_check', { ...another(), ended_entry_id: 1 }],
  ['mandate_revocation', 'mandate_revocation_pk', {}],
  ['mandate_revocation', 'mandate_revocation_mandate_fk', another()],
  [
    'mandate_revocation',
    'mandate_revocation_credential_fk',
    { mandate_id: bare, credential_id: id(), signature: '{}' },
  ],
  ['mandate_revocation', 'mandate_revocation_signature_check', { mandate_id: bare, signature: '{}' }],
  ['mandate_paper', 'mandate_paper_pk', {}],
  ['mandate_paper', 'mandate_paper_community_fk', { community_id: id() }],
  ['property_staff', 'property_staff_pk', {}],
  ['property_staff', 'property_staff_number_key', { staff_id: id() }],
  ['property_staff', 'property_staff_doc_kind_check', { ...newStaff(), doc_kind: 'Passport 1' }],
  ['property_staff', 'property_staff_community_fk', { ...newStaff(), community_id: id() }],
  ['property_staff', 'property_staff_officer_fk', { ...newStaff(), listed_by: id() }],
];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['mandate_frozen', `update mandate set agent_id = principal_id`],
  ['mandate_frozen', 'delete from mandate'],
  ['mandate_append_only', 'truncate mandate cascade'],
  ['property_staff_frozen', `update property_staff set doc_kind = 'other'`],
  ['property_staff_resealed', `update property_staff set number_index = set_byte(number_index, 36, 9)`],
  ['property_staff_append_only', 'truncate property_staff'],
  ['property_staff_resealed', `update property_staff set sealed_number = '\\x00'`],
  ['mandate_revocation_append_only', 'update mandate_revocation set revoked_at_ms = 2'],
  ['mandate_revocation_append_only', 'delete from mandate_revocation'],
  ['mandate_revocation_append_only', 'truncate mandate_revocation'],
  ['mandate_paper_resealed', `update mandate_paper set sealed_file = '\\x0000'`],
  ['mandate_paper_resealed', `update mandate_paper set sealed_salt = '\\x'`],
  ['mandate_paper_frozen', 'update mandate_paper set drafted_at_ms = 2'],
  ['mandate_paper_frozen', 'delete from mandate_paper'],
  ['mandate_paper_append_only', 'truncate mandate_paper'],
];

describe('a constraint', () => {
  it.each(CASES)('of %s: %s refuses', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it('keeps principal and agent apart', async () => {
    const [row] = await fresh.db.selectFrom('mandate').select('principal_id').limit(1).execute();
    const same = { ...another(), agent_id: row?.principal_id };
    for (const db of [fresh.db, fresh.owner])
      expect(await refusedBy(db, ['mandate', '', same])).toBe('mandate_parties_check');
  });

  it('lets a good copy in, so that the cases fail for their own reason', async () => {
    expect(await refusedBy(fresh.db, ['mandate', '', another()])).toBe('accepted');
  });
});

describe('what stands', () => {
  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(fresh.db, statement));
  });

  it('is listed in full', async () => {
    const listed = [
      ...CASES.map(([, name]) => name),
      ...TRIGGERS.map(([name]) => name),
      'mandate_parties_check',
    ];
    const tables = [...new Set(CASES.map(([table]) => table))];
    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, tables));
  });
});
