// Goal: each named constraint and trigger of designations refuses what it must, for the application and the owner. Method: good rows of
// two persons with letters, one change for each; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { issue, makeFor } from '../support/letters.ts';
import { seededRandom } from '../support/random.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
const random = seededRandom('ids of the cases');
const id = (): string => newId(random);

beforeAll(async () => {
  fresh = await freshDatabase();
  const the = await newCommunity(fresh, 'designation constraints');
  const file = registerFile([`1栋,101,80.00,陈大文、李小明,${NUMBERS.chen}、${NUMBERS.li},已交付,,`]);
  await bringIntoForce(the, file);
  await issue(the, await makeFor(the, file));
  const letters = await fresh.db.selectFrom('credential').select(['person_id', 'credential_id']).execute();
  const [signer, designee] = [present(letters[0], 'one'), present(letters[1], 'the other')];
  const place = { community_id: the.community, designation_id: id() };
  await fresh.db
    .insertInto('designation')
    .values({
      ...place,
      meeting_id: null,
      designee_id: designee.person_id,
      until_on: '2030-01-01',
      designation: Buffer.of(1),
      needed: 1,
      proposed_at_ms: 1n,
      entry_id: null,
    })
    .execute();
  await fresh.db
    .insertInto('designation_signature')
    .values({ ...place, ...signer, signature: '{}', signed_at_ms: 1n })
    .execute();
  const sealed = { sealed_file: Buffer.of(1), sealed_salt: Buffer.of(1) };
  await fresh.db
    .insertInto('designation_paper')
    .values({ ...place, ...sealed, drafted_by: the.street.officer, drafted_at_ms: 1n })
    .execute();
});
afterAll(async () => fresh.close());

const another = () => ({ designation_id: id() });

const CASES: readonly ConstraintCase[] = [
  ['designation', 'designation_pk', {}],
  ['designation', 'designation_designee_fk', { ...another(), designee_id: id() }],
  ['designation', 'designation_needed_check', { ...another(), needed: 200 }],
  ['designation_signature', 'designation_signature_pk', {}],
  ['designation_signature', 'designation_signature_designation_fk', another()],
  ['designation_signature', 'designation_signature_credential_fk', { person_id: id(), credential_id: id() }],
  ['designation_paper', 'designation_paper_pk', {}],
  ['designation_paper', 'designation_paper_community_fk', { community_id: id() }],
];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['designation_frozen', 'update designation set needed = 0'],
  ['designation_frozen', 'delete from designation'],
  ['designation_append_only', 'truncate designation cascade'],
  ['designation_signature_append_only', 'update designation_signature set signed_at_ms = 2'],
  ['designation_signature_append_only', 'delete from designation_signature'],
  ['designation_signature_append_only', 'truncate designation_signature'],
  ['designation_paper_resealed', `update designation_paper set sealed_file = '\\x0000'`],
  ['designation_paper_frozen', 'update designation_paper set drafted_at_ms = 2'],
  ['designation_paper_frozen', 'delete from designation_paper'],
  ['designation_paper_append_only', 'truncate designation_paper'],
];

describe('a constraint', () => {
  it.each(CASES)('of %s: %s refuses', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it('lets a good copy in, so that the cases fail for their own reason', async () => {
    expect(await refusedBy(fresh.db, ['designation', '', another()])).toBe('accepted');
  });
});

describe('what stands', () => {
  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(fresh.db, statement));
  });

  it('is listed in full', async () => {
    const listed = [...CASES.map(([, name]) => name), ...TRIGGERS.map(([name]) => name)];
    const tables = [...new Set(CASES.map(([table]) => table))];
    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, tables));
  });
});
