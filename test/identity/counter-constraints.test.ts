// Goal: each named constraint and trigger of the counter's tables refuses what it must, for the application and the owner. Method: a key
// that was claimed and shown and a drafted revocation, one change for each case; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
const random = seededRandom('ids of the counter');
const id = (): string => newId(random);

beforeAll(async () => {
  fresh = await freshDatabase();
  const { db } = fresh;
  const the = await newCommunity(fresh, 'counter constraints');
  await bringIntoForce(the, registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]));
  const { community } = the;
  const [act] = await db.selectFrom('act').select('act_id').execute();
  const [person] = await db.selectFrom('person').select('person_id').execute();
  const names = { community_id: community, act_id: act?.act_id ?? '' };
  const [credential_id, person_id] = [id(), person?.person_id ?? ''];
  const key = { public_key: Buffer.alloc(32, 7), webauthn_id: Buffer.alloc(0), alg: 'Ed25519' };
  await db
    .insertInto('credential')
    .values({
      community_id: community,
      credential_id,
      person_id,
      identity: Buffer.alloc(32, 1),
      kind: 'device',
      ...key,
      until_on: null,
      entry_id: 1n,
      ended_entry_id: null,
    })
    .execute();
  await db
    .insertInto('revocation_draft')
    .values({ ...names, credential_id, revocation: Buffer.of(1) })
    .execute();
  await db
    .insertInto('counter_request')
    .values({
      ...names,
      ...key,
      request_id: id(),
      code: '00000000',
      credential_id: id(),
      credential_kind: 'device',
      nonce: Buffer.alloc(16, 1),
      expires_at_ms: 1n,
      person_id,
      claimed_by: the.registrar.officer,
      binding: Buffer.of(1),
      key_signature: '{}',
    })
    .execute();
});
afterAll(async () => fresh.close());

const newRequest = (code: string) => ({ request_id: id(), code });
const unclaimed = { community_id: null, person_id: null, claimed_by: null, binding: null };

const CASES: readonly ConstraintCase[] = [
  ['counter_request', 'counter_request_pk', { code: '00000001' }],
  ['counter_request', 'counter_request_code_key', { request_id: id() }],
  ['counter_request', 'counter_request_code_check', newRequest('1234567')],
  ['counter_request', 'counter_request_claim_check', { ...newRequest('00000002'), person_id: null }],
  ['counter_request', 'counter_request_shown_check', { ...newRequest('00000003'), ...unclaimed }],
  ['counter_request', 'counter_request_act_check', { ...newRequest('00000004'), act_id: null }],
  ['counter_request', 'counter_request_act_fk', { ...newRequest('00000005'), act_id: id() }],
  ['revocation_draft', 'revocation_draft_pk', {}],
  ['revocation_draft', 'revocation_draft_act_fk', { act_id: id() }],
  ['revocation_draft', 'revocation_draft_credential_fk', { community_id: id() }],
];

describe('a constraint of the counter', () => {
  it.each(CASES)('%s refuses by %s', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it('refuses to change a drafted revocation', async () => {
    const trigger = 'revocation_draft_append_only';
    expect(await refusalOf(fresh.owner, 'delete from revocation_draft')).toBe(trigger);
    expect(await refusalOf(fresh.db, 'delete from revocation_draft')).toBe('42501');
  });

  it('lets a good copy in, so that the cases fail for their own reason', async () => {
    const good = { ...newRequest('99999999'), ...unclaimed, act_id: null, key_signature: null };
    expect(await refusedBy(fresh.db, ['counter_request', '', good])).toBe('accepted');
  });

  it('is in this list', async () => {
    const listed = [...CASES.map(([, name]) => name), 'revocation_draft_append_only'];
    const tables = ['counter_request', 'revocation_draft'];
    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, tables));
  });
});
