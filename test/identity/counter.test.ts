// Goal: at the counter a key is bound only by two officers of the right roles and its own signature, for the person of the document, within
// half an hour; officers take a key back with a reason. Method: real keys and a software authenticator against the real database.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { bindKey } from '../../src/identity/binding.ts';
import { applyCounterBinding, claimKey, offerKey, showKey } from '../../src/identity/counter.ts';
import { findPerson, listRequests, ownRequest } from '../../src/identity/counter-desk.ts';
import {
  applyCounterRevocation,
  listRevocations,
  revokeForOwner,
} from '../../src/identity/counter-revoking.ts';
import { areInForce } from '../../src/identity/credentials.ts';
import type { OfferedKey } from '../../src/identity/domain/counter-request.ts';
import { COUNTER_LIFE_MS } from '../../src/identity/domain/counter-request.ts';
import type { BindingDeps } from '../../src/identity/identity-deps.ts';
import { drawOwnerChallenge, signInByPasskey } from '../../src/identity/signing-in.ts';
import { bindHash, bindingForm } from '../../src/record/binding.ts';
import { loginHash } from '../../src/record/login.ts';
import type { Assertion, Signature } from '../../src/record/signature.ts';
import type { TestOfficer } from '../support/acts.ts';
import { appoint, executeAct, signBy } from '../support/acts.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { emailsOf, putEmail } from '../support/emails.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, ORIGIN, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
let the: TestCommunity;
let deps: BindingDeps;
let clerk: TestOfficer;
let chen: string;
let round = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());
beforeEach(async () => {
  round += 1;
  the = await newCommunity(fresh, `counter ${round}`);
  deps = { ...the.deps, deployment: { origin: 'vote.example/log' } };
  clerk = await appoint(deps, 'clerk', the.community);
  await bringIntoForce(
    the,
    registerFile([
      `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
      `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
    ]),
  );
  chen = await found();
});

const document = (change: Partial<Parameters<typeof findPerson>[2]> = {}) => ({
  community: the.community,
  building: '1栋',
  stair: '',
  room: '101',
  name: '陈大文',
  numberTail: '31002x',
  ...change,
});
async function found(): Promise<string> {
  const answer = await findPerson(deps, clerk, document());
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer.value.person;
}

type Phone = { readonly offered: OfferedKey; readonly sign: (hash: Uint8Array) => Signature };
const names = () => ({ credential: newId(deps.random), nonce: toBase64Url(deps.random(16)) });
function passkey(): Phone {
  const { publicKey, sign: signIt } = softwareAuthenticator('vote.example', ORIGIN, deps.random);
  const { publicKey: key, webauthnId } = publicKey;
  const offered = { credentialKind: 'passkey', alg: 'webauthn', publicKey: key, webauthnId } as const;
  return { offered: { ...names(), ...offered }, sign: signIt };
}
function device(): Phone {
  const seed = deps.random(32);
  const publicKey = toBase64Url(publicKeyOf(seed));
  return {
    offered: { ...names(), credentialKind: 'device', alg: 'Ed25519', publicKey, webauthnId: '' },
    sign: (hash) => ({ alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) }),
  };
}

const value = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
};
const code = (result: { readonly ok: boolean; readonly refusal?: { readonly code: string } }): string =>
  result.ok ? 'ok' : (result.refusal?.code ?? '');
const logged = async (): Promise<readonly string[]> =>
  (
    await fresh.db
      .selectFrom('log_entry')
      .select('kind')
      .where('community_id', '=', the.community)
      .where('kind', 'like', 'credential.%')
      .orderBy('id')
      .execute()
  ).map(({ kind }) => kind);
const inForce = (credential: string): Promise<readonly boolean[]> =>
  inTransaction(fresh.db, (tx) =>
    areInForce(tx, [{ community: the.community, credential, at: deps.clock() }]),
  );

/** The phone offers its key, the clerk names the person, the phone signs: an act that waits for officers. */
async function shown(
  phone: Phone,
  person = chen,
): Promise<{ readonly request: string; readonly act: string }> {
  const { request, code: digits } = value(await offerKey(deps, phone.offered));
  const claim = { community: the.community, code: digits, person, vouchedBy: 'counter' } as const;
  const { binding } = value(await claimKey(deps, clerk, claim));
  const hash = bindHash(present(fromBase64Url(binding), 'served'));
  return { request, act: value(await showKey(deps, request, phone.sign(hash))).act };
}
async function bound(phone: Phone): Promise<void> {
  const { act } = await shown(phone);
  await signBy(deps, act, [clerk, the.street]);
  value(await executeAct(deps, act, applyCounterBinding));
}

describe('a key at the counter', () => {
  it('is bound by its own signature and by two officers, and signs in without any letter', async () => {
    const phone = passkey();
    const { request, act } = await shown(phone);
    expect(value(await ownRequest(deps, request))).toMatchObject({
      state: 'shown',
      name: '陈*',
      units: ['1栋 101'],
    });
    expect(await inForce(phone.offered.credential)).toEqual([false]);
    await signBy(deps, act, [clerk, the.street]);
    value(await executeAct(deps, act, applyCounterBinding));
    expect(value(await ownRequest(deps, request)).state).toBe('bound');
    expect(await logged()).toEqual(['credential.bound']);
    expect(await inForce(phone.offered.credential)).toEqual([true]);
    const [serverNonce, pageNonce] = [await drawOwnerChallenge(deps), deps.random(32)];
    const signature = phone.sign(loginHash(ORIGIN, serverNonce, pageNonce)) as Assertion;
    const opened = value(await signInByPasskey(deps, { serverNonce, pageNonce, signature }));
    expect(opened.session).toMatchObject({ person: chen, credential: phone.offered.credential });
  });

  it('names the way in which the document was shown, and the person’s own commitment', async () => {
    const phone = device();
    const { code: digits } = value(await offerKey(deps, phone.offered));
    const claim = { community: the.community, code: digits, person: chen, vouchedBy: 'video' } as const;
    const { binding } = value(await claimKey(deps, clerk, claim));
    const parsed = bindingForm.own(present(fromBase64Url(binding), 'served'));
    expect(parsed).toMatchObject({ vouchedBy: 'video', person: chen, ...phone.offered });
  });

  it.each<[string, () => TestOfficer[]]>([
    ['the same role twice', () => [clerk, { ...clerk }]],
    ['the committee, which has a part in the outcome', () => [clerk, the.committee]],
    ['two who both stand at the counter', () => [clerk, the.registrar]],
  ])('is not bound by %s', async (_name, officers) => {
    const { act } = await shown(passkey());
    await expect(signBy(deps, act, officers())).rejects.toThrow('ACTION_ROLE');
    expect(await logged()).toEqual([]);
  });

  it('is not bound after its half hour, though both have signed', async () => {
    const phone = passkey();
    const { request, act } = await shown(phone);
    the.time.advance(COUNTER_LIFE_MS - 1000);
    await signBy(deps, act, [clerk, the.street]);
    the.time.advance(1000);
    expect(code(await executeAct(deps, act, applyCounterBinding))).toBe('COUNTER_UNKNOWN');
    expect(value(await ownRequest(deps, request)).state).toBe('ended');
    expect([await logged(), await inForce(phone.offered.credential)]).toEqual([[], [false]]);
  });

  it('is not bound where another key signed, and not before an officer named the person', async () => {
    const phone = passkey();
    const { request, code: digits } = value(await offerKey(deps, phone.offered));
    expect(code(await showKey(deps, request, phone.sign(new Uint8Array(32))))).toBe('COUNTER_NOT_SHOWN');
    const claim = { community: the.community, code: digits, person: chen, vouchedBy: 'counter' } as const;
    const { binding } = value(await claimKey(deps, clerk, claim));
    const hash = bindHash(present(fromBase64Url(binding), 'served'));
    expect(code(await showKey(deps, request, device().sign(hash)))).toBe('BINDING_EVIDENCE');
    expect(code(await claimKey(deps, clerk, claim))).toBe('COUNTER_TAKEN');
    expect(value(await ownRequest(deps, request)).state).toBe('claimed');
  });

  it('is not bound to one whose name has changed meanwhile, nor twice', async () => {
    const phone = device();
    const { act } = await shown(phone);
    const again = await shown({ ...phone, offered: { ...phone.offered, ...names() } });
    await signBy(deps, act, [clerk, the.street]);
    value(await executeAct(deps, act, applyCounterBinding));
    await signBy(deps, again.act, [the.registrar, the.street]);
    await expect(executeAct(deps, again.act, applyCounterBinding)).rejects.toThrow(
      'credential_public_key_key',
    );
    const late = await shown(passkey());
    await bringIntoForce(the, registerFile([`1栋,101,80.00,陈大武,${NUMBERS.chen},已交付,,`]));
    await signBy(deps, late.act, [clerk, the.street]);
    expect(code(await executeAct(deps, late.act, applyCounterBinding))).toBe('BINDING_PERSON');
    expect(await logged()).toEqual(['credential.bound']);
  });

  it('of small order is not even kept', async () => {
    const { offered } = device();
    const publicKey = toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)));
    expect(code(await offerKey(deps, { ...offered, publicKey }))).toBe('BINDING_KEY');
  });

  it('does not come in by the way of letters', async () => {
    const phone = device();
    const { code: digits } = value(await offerKey(deps, phone.offered));
    const claim = { community: the.community, code: digits, person: chen, vouchedBy: 'counter' } as const;
    const bytes = present(fromBase64Url(value(await claimKey(deps, clerk, claim)).binding), 'served');
    const byKey = phone.sign(bindHash(bytes));
    const owner = { community: the.community, person: chen, credential: phone.offered.credential };
    const refused = await bindKey(deps, owner, { binding: bytes, evidence: [byKey, byKey] });
    expect(code(refused)).toBe('BINDING_MALFORMED');
  });
});

describe('a person at the counter', () => {
  it.each<[string, Parameters<typeof document>[0]]>([
    ['another room', { room: '102' }],
    ['another name', { name: '陈小文' }],
    ['another number', { numberTail: '310020' }],
  ])('is not found by %s', async (_name, change) => {
    expect(code(await findPerson(deps, clerk, document(change)))).toBe('COUNTER_PERSON');
  });

  it('is found for a clerk or a registrar of the community alone', async () => {
    const other = await newCommunity(fresh, `other ${round}`);
    for (const officer of [the.committee, the.street, other.registrar])
      expect(code(await findPerson(deps, officer, document()))).toBe('NOT_ALLOWED');
    expect(code(await findPerson(deps, the.registrar, document({ name: ' 陈 大文' })))).toBe('ok');
  });

  it('is seen, masked, by those who may sign for the key', async () => {
    const { request } = await shown(passkey());
    const seen = value(await listRequests(deps, the.street, the.community));
    expect(seen.map((one) => [one.request, one.name, one.state])).toEqual([[request, '陈*', 'shown']]);
    expect(code(await listRequests(deps, the.committee, the.community))).toBe('NOT_ALLOWED');
  });
});

describe('officers', () => {
  it('take a key back with a reason, once', async () => {
    const phone = passkey();
    await bound(phone);
    const named = { community: the.community, credential: phone.offered.credential };
    expect(code(await revokeForOwner(deps, clerk, { ...named, reason: ' ' }))).toBe('REVOCATION_REASON');
    expect(code(await revokeForOwner(deps, the.committee, { ...named, reason: '手机遗失' }))).toBe(
      'NOT_ALLOWED',
    );
    const { act } = value(await revokeForOwner(deps, clerk, { ...named, reason: '手机遗失' }));
    const waiting = value(await listRevocations(deps, the.street, the.community));
    expect(waiting.map((one) => [one.act, one.kind, one.name])).toEqual([[act, 'passkey', '陈*']]);
    await signBy(deps, act, [clerk, the.street]);
    const { person_id: person } = await fresh.db
      .selectFrom('credential')
      .select('person_id')
      .where('credential_id', '=', named.credential)
      .executeTakeFirstOrThrow();
    await putEmail(fresh.db, the.community, person);
    value(await executeAct(deps, act, applyCounterRevocation));
    expect(await emailsOf(fresh.db, the.community)).toEqual({ addresses: [], codes: [] });
    expect(await inForce(phone.offered.credential)).toEqual([false]);
    expect(await logged()).toEqual(['credential.bound', 'credential.revoked']);
    expect(code(await revokeForOwner(deps, clerk, { ...named, reason: '手机遗失' }))).toBe(
      'CREDENTIAL_ENDED',
    );
  });

  it('take back no key that is not there', async () => {
    const named = { community: the.community, credential: newId(deps.random), reason: '手机遗失' };
    expect(code(await revokeForOwner(deps, clerk, named))).toBe('CREDENTIAL_UNKNOWN');
  });
});
