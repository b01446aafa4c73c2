// Goal: each named constraint and trigger of letters, credentials and sessions refuses what it must, for the application and the
// owner. Method: good rows from real letters and a sign-in, one change for each; the list is compared with the catalogue.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import { issueLetters } from '../../src/identity/issuing.ts';
import { signInOwner } from '../../src/identity/signing-in.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf, issue, loginBy, makeFor } from '../support/letters.ts';
import { seededRandom } from '../support/random.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
const random = seededRandom('ids of the cases');

beforeAll(async () => {
  fresh = await freshDatabase();
  const the = await newCommunity(fresh, 'identity constraints');
  const file = registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
  await bringIntoForce(the, file);
  const made = await makeFor(the, file);
  await issue(the, made);
  const chen = codeOf(made, '陈大文');
  await signInOwner(the.deps, await loginBy(the, chen));
  await addBoundKeys(the.community, chen.letter, chen.person);
});
afterAll(async () => fresh.close());

const id = (): string => newId(random);
const hash = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0').repeat(32)}`;
/** A bound and revoked passkey, and a credential that nothing names yet. */
const bare = id();
async function addBoundKeys(community: string, letter: string, person: string): Promise<void> {
  const passkey = id();
  const credential = (credential_id: string, byte: number, webauthnId: Buffer) => ({
    community_id: community,
    credential_id,
    person_id: person,
    identity: Buffer.alloc(32, 1),
    kind: 'passkey',
    alg: 'webauthn',
    public_key: Buffer.alloc(32, byte),
    webauthn_id: webauthnId,
    until_on: null,
    entry_id: 1n,
    ended_entry_id: null,
  });
  await fresh.db
    .insertInto('credential')
    .values([credential(passkey, 7, Buffer.alloc(32, 9)), credential(bare, 8, Buffer.alloc(32, 10))])
    .execute();
  const row = { community_id: community, credential_id: passkey, entry_id: 1n };
  const binding = { binding: Buffer.of(1), letter_signature: '{}', key_signature: '{}' };
  await fresh.db
    .insertInto('credential_binding')
    .values({ ...row, ...binding, letter_id: letter, bound_at_ms: 1n })
    .execute();
  const revocation = { by_credential_id: letter, revocation: Buffer.of(1), signature: '{}' };
  await fresh.db
    .insertInto('credential_revocation')
    .values({ ...row, ...revocation, revoked_at_ms: 1n })
    .execute();
}
const phone = () => ({ kind: 'passkey', alg: 'webauthn' });
const newLetter = () => ({ letter_id: id(), position: 7, ended_entry_id: 999 });
const newCredential = () => ({ credential_id: id(), public_key: hash(3) });

const CASES: readonly ConstraintCase[] = [
  ['letter_batch', 'letter_batch_pk', {}],
  ['letter_batch', 'letter_batch_community_fk', { community_id: id() }],
  ['letter_batch', 'letter_batch_count_check', { batch_id: id(), count: 0 }],
  ['letter_batch', 'letter_batch_items_check', { batch_id: id(), items: '\\x00' }],
  ['letter_batch', 'letter_batch_reissue_check', { batch_id: id(), count: 11, reissue: '\\x00' }],
  ['letter', 'letter_pk', { position: 7, ended_entry_id: 999 }],
  ['letter', 'letter_in_force_key', { letter_id: id(), position: 7 }],
  ['letter', 'letter_position_key', { letter_id: id(), ended_entry_id: 999 }],
  ['letter', 'letter_position_check', { ...newLetter(), position: -1 }],
  ['letter', 'letter_batch_fk', { ...newLetter(), batch_id: id() }],
  ['letter', 'letter_person_fk', { ...newLetter(), person_id: id() }],
  ['letter_use', 'letter_use_pk', {}],
  ['letter_use', 'letter_use_letter_fk', { letter_id: id() }],
  ['credential', 'credential_pk', { public_key: hash(3) }],
  ['credential', 'credential_public_key_key', { credential_id: id() }],
  ['credential', 'credential_person_fk', { ...newCredential(), person_id: id() }],
  ['credential', 'credential_kind_check', { ...newCredential(), kind: 'password' }],
  ['credential', 'credential_alg_check', { ...newCredential(), alg: 'RS256' }],
  ['credential', 'credential_order_check', { ...newCredential(), ended_entry_id: 0 }],
  ['credential', 'credential_webauthn_id_key', { ...newCredential(), ...phone(), webauthn_id: hash(9) }],
  ['credential_binding', 'credential_binding_pk', {}],
  ['credential_binding', 'credential_binding_credential_fk', { credential_id: id() }],
  ['credential_binding', 'credential_binding_letter_fk', { credential_id: bare, letter_id: id() }],
  ['credential_binding', 'credential_binding_letter_check', { credential_id: bare, letter_id: null }],
  ['credential_binding', 'credential_binding_token_check', { credential_id: bare, id_token: hash(1) }],
  ['credential_revocation', 'credential_revocation_pk', {}],
  ['credential_revocation', 'credential_revocation_by_check', { credential_id: bare, signature: null }],
  ['credential_revocation', 'credential_revocation_credential_fk', { credential_id: id() }],
  ['credential_revocation', 'credential_revocation_by_fk', { credential_id: bare, by_credential_id: id() }],
  ['owner_session', 'owner_session_pk', {}],
  ['owner_session', 'owner_session_token_key', { community_id: id() }],
  ['owner_session', 'owner_session_credential_fk', { token_hash: hash(4), credential_id: id() }],
  ['identity_try', 'identity_try_pk', {}],
  ['identity_try', 'identity_try_credential_fk', { credential_id: id() }],
  ['identity_try', 'identity_try_failures_check', { failures: 6 }],
];

const TRIGGERS: readonly (readonly [trigger: string, statement: string])[] = [
  ['letter_batch_frozen', 'update letter_batch set count = count + 1'],
  ['letter_batch_frozen', 'delete from letter_batch'],
  ['letter_batch_append_only', 'truncate letter_batch cascade'],
  ['letter_frozen', `update letter set item = '\\x00'`],
  ['letter_frozen', 'delete from letter'],
  ['letter_append_only', 'truncate letter cascade'],
  ['letter_use_append_only', 'delete from letter_use'],
  ['credential_frozen', `update credential set public_key = '\\x00'`],
  ['credential_frozen', 'delete from credential'],
  ['credential_append_only', 'truncate credential cascade'],
  ['credential_binding_resealed', `update credential_binding set id_token = '\\x00'`],
  ['credential_binding_frozen', 'delete from credential_binding'],
  ['credential_binding_append_only', 'truncate credential_binding'],
  ['credential_revocation_append_only', 'delete from credential_revocation'],
];

describe('a constraint of identity', () => {
  it.each(CASES)('%s refuses by %s', async (...each) => {
    expect(await refusedBy(fresh.db, each)).toBe(each[1]);
    expect(await refusedBy(fresh.owner, each)).toBe(each[1]);
  });

  it.each(TRIGGERS)('%s refuses: %s', async (trigger, statement) => {
    expect(await refusalOf(fresh.owner, statement)).toBe(trigger);
    expect(['42501', trigger]).toContain(await refusalOf(fresh.db, statement));
  });

  it('lets good copies in, so that the cases fail for their own reason', async () => {
    expect(await refusedBy(fresh.db, ['credential', '', newCredential()])).toBe('accepted');
    expect(await refusedBy(fresh.db, ['letter', '', newLetter()])).toBe('accepted');
  });

  it('is in this list', async () => {
    const tables = [...new Set(CASES.map(([table]) => table))];
    const listed = [...CASES.map(([, name]) => name), ...TRIGGERS.map(([name]) => name)];
    expect([...new Set(listed)].sort()).toEqual(await namesOn(fresh.owner, tables));
  });
});

describe('an upload', () => {
  it('with the id of a letter that exists is refused', async () => {
    const the = await newCommunity(fresh, 'used id');
    const file = registerFile([
      `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
      `1栋,102,80.00,李小明,${NUMBERS.li},已交付,,`,
    ]);
    await bringIntoForce(the, file);
    const made = await makeFor(the, file);
    await issue(the, made);
    const [chen, li] = [codeOf(made, '陈大文'), codeOf(made, '李小明')];
    const { batch, items } = await makeFor(the, file, [chen.person]);
    const wrong = items.map((item) => ({ ...item, letter: li.letter }));
    const refused = await issueLetters(the.deps, the.registrar, {
      community: the.community,
      batch,
      madeIn: 'command',
      until: '',
      items: wrong,
    });
    expect(refused.ok ? '' : refused.refusal.code).toBe('LETTER_ID_USED');
  });
});
