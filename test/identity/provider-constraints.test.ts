// Goal: each named constraint and trigger of the providers' tables refuses what it must, for the application and the owner. Method: a
// declaration and a sign-in, one change for each case; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { newCommunity } from '../support/registry.ts';

let fresh: FreshDatabase;
const random = seededRandom('ids of providers');
const id = (): string => newId(random);

beforeAll(async () => {
  fresh = await freshDatabase();
  const { community } = await newCommunity(fresh, 'provider constraints');
  await fresh.db
    .insertInto('provider_declaration')
    .values({ community_id: community, entry_id: 1n, declaration: '{}' })
    .execute();
  await fresh.db
    .insertInto('provider_sign_in')
    .values({
      request_id: id(),
      community_id: community,
      iss: 'https://id.example',
      state: Buffer.alloc(32, 1),
      code_verifier: Buffer.alloc(32, 2),
      expected_nonce: Buffer.alloc(32, 3),
      credential_id: id(),
      credential_kind: 'device',
      alg: 'Ed25519',
      public_key: Buffer.alloc(32, 7),
      webauthn_id: Buffer.alloc(0),
      nonce: Buffer.alloc(16, 1),
      binding: Buffer.of(1),
      key_signature: '{}',
      expires_at_ms: 1n,
    })
    .execute();
});
afterAll(async () => fresh.close());

const CASES: readonly ConstraintCase[] = [
  ['provider_declaration', 'provider_declaration_pk', {}],
  ['provider_declaration', 'provider_declaration_community_fk', { community_id: id() }],
  ['provider_sign_in', 'provider_sign_in_pk', {}],
  ['provider_sign_in', 'provider_sign_in_request_key', { community_id: id() }],
  ['provider_sign_in', 'provider_sign_in_community_fk', { request_id: id(), community_id: id() }],
  ['provider_sign_in', 'provider_sign_in_shown_check', { request_id: id(), binding: null }],
];

describe('a constraint of providers', () => {
  it.each(CASES)('%s refuses by %s', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it('refuses to change a declaration', async () => {
    const trigger = 'provider_declaration_append_only';
    expect(await refusalOf(fresh.owner, 'delete from provider_declaration')).toBe(trigger);
    expect(await refusalOf(fresh.db, 'delete from provider_declaration')).toBe('42501');
  });

  it('lets a good copy in, so that the cases fail for their own reason', async () => {
    const good = { request_id: id() };
    expect(await refusedBy(fresh.db, ['provider_sign_in', '', good])).toBe('accepted');
  });

  it('is in this list', async () => {
    const listed = [...CASES.map(([, name]) => name), 'provider_declaration_append_only'];
    const tables = ['provider_declaration', 'provider_sign_in'];
    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, tables));
  });
});
