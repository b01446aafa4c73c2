// Goal: the officers who may sign an act are given what opens its hashes, it stands in the record of accesses, and the console's own reading
// notices every byte that is not what the act says (SPEC 2.4, 3.1, 3.4). Method: a register, keys at the counter and a reissue on a real
// database; honest answers are bent one at a time as a dishonest service would.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { openingsOfAct } from '../../src/identity/act-openings.ts';
import type { ActOpeningsAnswer } from '../../src/identity/act-openings-contract.ts';
import { applyCounterBinding, claimKey, offerKey, showKey } from '../../src/identity/counter.ts';
import { findPerson } from '../../src/identity/counter-desk.ts';
import { revokeForOwner } from '../../src/identity/counter-revoking.ts';
import type { BindingDeps } from '../../src/identity/identity-deps.ts';
import { issueLetters } from '../../src/identity/issuing.ts';
import { readAct } from '../../src/officers/acts.ts';
import { bindHash, bindingForm } from '../../src/record/binding.ts';
import type { Entry } from '../../src/record/entry.ts';
import { DOCUMENT_KINDS, identityHash } from '../../src/record/identity.ts';
import type { Opened, Opener } from '../../src/web/console/opened-act.ts';
import { isOpenedBy } from '../../src/web/console/opened-act.ts';
import { openBinding, openRevocation } from '../../src/web/console/opened-keys.ts';
import { openReissue } from '../../src/web/console/opened-roll.ts';
import type { TestOfficer } from '../support/acts.ts';
import { appoint, executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf, issue, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

const REGISTER = registerFile([
  `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
  `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
]);
const CHEN = { number: NUMBERS.chen, name: '陈大文' };
const LI = { number: NUMBERS.li, name: '李小明' };

let fresh: FreshDatabase;
let the: TestCommunity;
let deps: BindingDeps;
let clerk: TestOfficer;
beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'openings');
  deps = { ...the.deps, deployment: { origin: 'vote.example/log' } };
  clerk = await appoint(deps, 'clerk', the.community);
  await bringIntoForce(the, REGISTER);
});
afterAll(async () => fresh.close());

const value = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
};
const ask = (officer: TestOfficer, act: string, community = the.community) =>
  openingsOfAct(deps, officer, { community, act });
const codeFor = async (officer: TestOfficer, act: string, community?: string): Promise<string> => {
  const answer = await ask(officer, act, community);
  return answer.ok ? 'ok' : answer.refusal.code;
};
const entryOf = async (act: string): Promise<Entry> =>
  JSON.parse(present(fromUtf8(present(await readAct(deps, act), 'drafted').act.entry), 'own text')) as Entry;

/** A phone's key for the owner of 101: an act that waits for officers. */
async function shownKey(): Promise<{ readonly act: string; readonly credential: string }> {
  const seed = deps.random(32);
  const credential = newId(deps.random);
  const offered = {
    credential,
    nonce: toBase64Url(deps.random(16)),
    credentialKind: 'device',
    alg: 'Ed25519',
    publicKey: toBase64Url(publicKeyOf(seed)),
    webauthnId: '',
  } as const;
  const document = { community: the.community, building: '1栋', stair: '', room: '101', name: CHEN.name };
  const { person } = value(await findPerson(deps, clerk, { ...document, numberTail: CHEN.number.slice(-6) }));
  const { request, code } = value(await offerKey(deps, offered));
  const claim = { community: the.community, code, person, vouchedBy: 'counter' } as const;
  const { binding } = value(await claimKey(deps, clerk, claim));
  const hash = bindHash(present(fromBase64Url(binding), 'served'));
  const signature = { alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) } as const;
  return { act: value(await showKey(deps, request, signature)).act, credential };
}

/** Whose document opens the only person of what was opened. */
const whoOpens = (opened: Opened | undefined): readonly string[] =>
  [CHEN, LI]
    .filter((typed) => opened?.parties[0] !== undefined && isOpenedBy(opened.parties[0], typed))
    .map(({ name }) => name);
const bent = (open: Opener, entry: Entry, given: ActOpeningsAnswer, change: Partial<ActOpeningsAnswer>) =>
  open(entry, { ...given, ...change });

describe('what opens a binding at the counter', () => {
  it('is given to the roles that sign it while it waits, and each time written down', async () => {
    const { act } = await shownKey();
    expect(await codeFor(clerk, act)).toBe('ok');
    expect(await codeFor(the.committee, act)).toBe('NOT_ALLOWED');
    const stranger = await newCommunity(fresh, 'elsewhere');
    expect(await codeFor(stranger.registrar, act)).toBe('ACT_UNKNOWN');
    expect(await codeFor(stranger.registrar, act, stranger.community)).toBe('ACT_UNKNOWN');
    const rows = await fresh.db
      .selectFrom('personal_access')
      .selectAll()
      .where('subject_id', '=', act)
      .execute();
    expect(rows.map(({ kind, officer_id, reason }) => [kind, officer_id, reason])).toEqual([
      ['act.openings', clerk.officer, 'credential.bound'],
    ]);
    await signBy(deps, act, [clerk, the.street]);
    expect(await codeFor(clerk, act)).toBe('ACT_NOT_OPEN');
  });

  it('shows no name and no number, and opens by the owner’s document alone', async () => {
    const { act } = await shownKey();
    const [entry, given] = [await entryOf(act), value(await ask(the.street, act))];
    expect(given.persons.map(({ docKind, number, name }) => [docKind, number, name])).toEqual([['', '', '']]);
    const opened = openBinding(entry, given);
    expect(whoOpens(opened)).toEqual(['陈大文']);
    const [party] = present(opened, 'honest').parties;
    const isOpened = (typed: { number: string; name: string }) => isOpenedBy(present(party, 'one'), typed);
    expect(isOpened({ number: ` ${CHEN.number.toLowerCase()} `, name: ' 陈大文 ' })).toBe(true);
    expect(isOpened({ ...CHEN, name: '陈大' })).toBe(false);
    expect(isOpened({ number: '', name: '' })).toBe(false);
  });

  it('is not opened where the service gives another record, another salt, or nobody', async () => {
    const [{ act }, other] = [await shownKey(), await shownKey()];
    const [entry, given] = [await entryOf(act), value(await ask(the.street, act))];
    const stray = value(await ask(the.street, other.act));
    expect(bent(openBinding, entry, given, { record: stray.record })).toBeUndefined();
    expect(bent(openBinding, entry, given, { persons: [] })).toBeUndefined();
    const [person] = given.persons;
    const salted = { ...present(person, 'one'), salt: toBase64Url(deps.random(16)) };
    expect(whoOpens(bent(openBinding, entry, given, { persons: [salted] }))).toEqual([]);
    // The service names another identity beside the record: the record's counts.
    const renamed = { ...present(person, 'one'), identity: toBase64Url(deps.random(32)) };
    expect(whoOpens(bent(openBinding, entry, given, { persons: [renamed] }))).toEqual(['陈大文']);
    expect(openRevocation(entry, given)).toBeUndefined();
  });

  it('is not opened by the honest document where the record is made for somebody else', async () => {
    const { act } = await shownKey();
    const given = value(await ask(the.street, act));
    const honest = bindingForm.own(present(fromBase64Url(given.record), 'bytes'));
    const salt = present(given.persons[0], 'one').salt;
    const identity = identityHash(salt, { docKind: 'resident-id', ...LI });
    const record = bindingForm.bytes({ ...honest, identity });
    const entry = { ...(await entryOf(act)), bindHash: toBase64Url(bindHash(record)) } as Entry;
    expect(whoOpens(openBinding(entry, { ...given, record: toBase64Url(record) }))).toEqual(['李小明']);
  });
});

describe('what opens a key that is taken back', () => {
  it('is the revocation and the binding of the very key', async () => {
    const keys = [await shownKey(), await shownKey()];
    for (const { act } of keys) {
      await signBy(deps, act, [clerk, the.street]);
      value(await executeAct(deps, act, applyCounterBinding));
    }
    const revoke = (credential: string) =>
      revokeForOwner(deps, clerk, { community: the.community, credential, reason: '手机遗失' });
    const [first, second] = keys.map(({ credential }) => credential);
    const act = value(await revoke(present(first, 'one'))).act;
    const stray = value(await ask(the.street, value(await revoke(present(second, 'two'))).act));
    const [entry, given] = [await entryOf(act), value(await ask(the.street, act))];
    const opened = openRevocation(entry, given);
    expect(opened?.facts.join()).toContain('手机遗失');
    expect(whoOpens(opened)).toEqual(['陈大文']);
    expect(bent(openRevocation, entry, given, { record: stray.record })).toBeUndefined();
    expect(bent(openRevocation, entry, given, { binding: stray.binding })).toBeUndefined();
    expect(bent(openRevocation, entry, given, { binding: '' })).toBeUndefined();
  });
});

describe('what opens a reissue', () => {
  it('names who gets another letter, under the root and the count of the entry', async () => {
    const made = await makeFor(the, REGISTER);
    await issue(the, made);
    const again = await makeFor(the, REGISTER, [codeOf(made, CHEN.name).person]);
    const { batch, items } = again;
    const upload = {
      community: the.community,
      batch,
      madeIn: 'command' as const,
      until: '',
      items,
      reason: '信函丢失',
    };
    const { act } = value(await issueLetters(the.deps, the.registrar, upload));
    const [entry, given] = [await entryOf(act), value(await ask(the.street, act))];
    // A committee that knows a neighbour's name is not given what his number could be guessed by.
    const kept = value(await ask(the.committee, act));
    expect(kept).toEqual({ ...given, withheld: true, persons: [] });
    const unnamed = present(openReissue(entry, kept), 'compared but for the persons');
    expect([unnamed.isWithheld, unnamed.facts.join().includes('陈大文')]).toEqual([true, false]);
    const facts = present(openReissue(entry, given), 'honest').facts.join();
    expect(facts).toContain('信函丢失');
    expect(facts).toContain('陈大文');
    const [person] = given.persons;
    const renamed = { ...present(person, 'one'), name: '李小明' };
    expect(bent(openReissue, entry, given, { persons: [renamed] })).toBeUndefined();
    expect(bent(openReissue, entry, given, { items: [...given.items, ...given.items] })).toBeUndefined();
    expect(bent(openReissue, entry, given, { items: [] })).toBeUndefined();
    expect(bent(openReissue, entry, given, { record: '' })).toBeUndefined();
    expect(DOCUMENT_KINDS).toContain(present(person, 'one').docKind);
  });
});
