// Goal: an act is executed only when the right hands have signed this very entry, each once, in time, having seen our log. Method:
// officers with key files and real signatures on a real database; each case bends one thing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { showInstant } from '../../src/base/instant.ts';
import { ok } from '../../src/base/result.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { readAct, signAct, stillSigned, withdrawAct } from '../../src/officers/acts.ts';
import { applyAppointment } from '../../src/officers/appointing.ts';
import { actionHash } from '../../src/record/action.ts';
import type { TestOfficer } from '../support/acts.ts';
import { appoint, executeAct } from '../support/acts.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { OfficersWorld } from './officers-world.ts';
import {
  actionBytes,
  codeOf,
  declare,
  draftAppointment,
  draftNotice,
  ORIGIN,
  officersWorld,
  put,
  rootHand,
  signatureOf,
} from './officers-world.ts';

let fresh: FreshDatabase;
let world: OfficersWorld;
let community: string;
let committee: TestOfficer;
let street: TestOfficer;
let regulator: TestOfficer;
let registrar: TestOfficer;
const roots = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const root = (at: number) => rootHand(present(roots[at], 'a root'));

const HOUR_MS = 3_600_000;

beforeAll(async () => {
  fresh = await freshDatabase();
  world = officersWorld(fresh, 'acts');
  community = newId(world.deps.random);
  await declare(world, roots, 2);
  committee = await appoint(world.deps, 'committee', community);
  street = await appoint(world.deps, 'street', '');
  regulator = await appoint(world.deps, 'regulator', '');
  registrar = await appoint(world.deps, 'registrar', community);
});
afterAll(async () => fresh.close());

const signatures = async (act: string): Promise<number> =>
  present(await readAct(world.deps, act), 'drafted').signatures.length;

describe('an action on an act', () => {
  it.each([
    ['another subject', { subject: toBase64Url(new Uint8Array(32).fill(9)) }, 'ACTION_SUBJECT'],
    ['another kind', { action: 'roll.frozen' }, 'ACTION_SUBJECT'],
    ['another meeting', { meeting: '' }, 'ACTION_SUBJECT'],
    ['a checkpoint that was never signed', { size: 5 }, 'ACTION_CHECKPOINT'],
    ['a false root of the empty log', { root: toBase64Url(new Uint8Array(32).fill(9)) }, 'ACTION_CHECKPOINT'],
    ['an officer who is none', { officer: 'a'.repeat(26) }, 'ACTION_OFFICER'],
    ['a role that is not his', { role: 'street' as const }, 'ACTION_OFFICER'],
  ])('that names %s is refused and leaves nothing', async (_, change, code) => {
    const act = await draftNotice(world, community);
    expect(codeOf(await put(world, act, committee, change))).toBe(code);
    expect(await signatures(act)).toBe(0);
  });

  it('that has expired, or would live beyond 72 hours, is refused', async () => {
    const act = await draftNotice(world, community);
    const now = world.deps.clock();
    const expiring = (ms: number) => put(world, act, committee, { expires: showInstant(now + ms) });
    expect(codeOf(await expiring(-1000))).toBe('ACTION_EXPIRED');
    expect(codeOf(await expiring(0))).toBe('ACTION_EXPIRED');
    expect(codeOf(await expiring(72 * HOUR_MS + 1000))).toBe('ACTION_TOO_LONG');
    expect(codeOf(await expiring(72 * HOUR_MS))).toBe('');
  });

  it('of a role that the rule does not name is refused', async () => {
    const act = await draftNotice(world, community);
    expect(codeOf(await put(world, act, registrar))).toBe('ACTION_ROLE');
    expect(codeOf(await put(world, act, root(0)))).toBe('ACTION_ROLE');
  });

  it('under another officer’s key is refused', async () => {
    const act = await draftNotice(world, community);
    expect(codeOf(await put(world, act, { ...committee, seed: street.seed }))).toBe('ACTION_SIGNATURE');
  });

  it('over bytes that are not canonical, or of nothing, is refused', async () => {
    const act = await draftNotice(world, community);
    const bytes = new TextEncoder().encode('{"kind":"action"}');
    const signed = await signAct(world.deps, act, bytes, signatureOf(committee.seed, bytes));
    expect(codeOf(signed)).toBe('ACTION_MALFORMED');
  });

  it('on an act that does not exist is refused', async () => {
    const facts = {
      action: 'meeting.noticed',
      subject: toBase64Url(new Uint8Array(32)),
      community,
      meeting: '',
    };
    const bytes = actionBytes(world, facts, committee);
    const signed = await signAct(world.deps, 'a'.repeat(26), bytes, signatureOf(committee.seed, bytes));
    expect(codeOf(signed)).toBe('ACT_UNKNOWN');
  });

  it('of an officer of another community is refused', async () => {
    const stranger = await appoint(world.deps, 'committee', newId(world.deps.random));
    const act = await draftNotice(world, community);
    expect(codeOf(await put(world, act, stranger))).toBe('ACTION_OFFICER');
  });

  it('of a removed officer is refused', async () => {
    const gone = await appoint(world.deps, 'committee', community);
    await fresh.owner
      .updateTable('officer')
      .set({ removed_entry_id: 1n })
      .where('officer_id', '=', gone.officer)
      .execute();
    expect(codeOf(await put(world, await draftNotice(world, community), gone))).toBe('ACTION_OFFICER');
  });

  it('on the last day of a term counts, on the next day it is refused', async () => {
    const own = officersWorld(fresh, 'terms');
    const ending = await appoint(own.deps, 'committee', community);
    await fresh.owner
      .updateTable('officer')
      .set({ until_on: '2026-12-10' })
      .where('officer_id', '=', ending.officer)
      .execute();
    own.time.set(Date.parse('2026-12-10T23:59:59+08:00'));
    expect(codeOf(await put(own, await draftNotice(own, community), ending))).toBe('');
    own.time.set(Date.parse('2026-12-11T00:00:00+08:00'));
    expect(codeOf(await put(own, await draftNotice(own, community), ending))).toBe('ACTION_OFFICER');
  });

  it('by a passkey counts where the assertion is over the action, and over nothing else', async () => {
    const { deps } = world;
    const officer = await appoint(deps, 'committee', community);
    const passkey = softwareAuthenticator(deps.rpId, ORIGIN, deps.random);
    await fresh.db
      .insertInto('officer_key')
      .values({
        credential_id: newId(deps.random),
        officer_id: officer.officer,
        alg: 'webauthn',
        public_key: Buffer.from(passkey.publicKey.publicKey, 'base64url'),
        webauthn_id: Buffer.from(passkey.publicKey.webauthnId, 'base64url'),
      })
      .execute();
    const act = await draftNotice(world, community);
    const { act: row } = present(await readAct(deps, act), 'drafted');
    const facts = {
      action: row.kind,
      subject: toBase64Url(row.subject),
      community,
      meeting: row.meeting_id ?? '',
    };
    const bytes = actionBytes(world, facts, officer);
    const over = (challenge: Uint8Array) => signAct(deps, act, bytes, passkey.sign(challenge));
    expect(codeOf(await over(deps.random(32)))).toBe('ASSERTION_CHALLENGE');
    const elsewhere = softwareAuthenticator(deps.rpId, ORIGIN, deps.random);
    expect(codeOf(await signAct(deps, act, bytes, elsewhere.sign(actionHash(bytes))))).toBe(
      'ASSERTION_CREDENTIAL',
    );
    expect(codeOf(await over(actionHash(bytes)))).toBe('');
  });
});

describe('two officers', () => {
  it('complete an act, and a third comes too late', async () => {
    const act = await draftNotice(world, community);
    expect(await put(world, act, committee)).toEqual(ok({ act, state: 'open' }));
    expect(await put(world, act, street)).toEqual(ok({ act, state: 'signed' }));
    expect(codeOf(await put(world, act, regulator))).toBe('ACT_NOT_OPEN');
    const jobs = await fresh.db.selectFrom('job').select('payload').where('once_key', '=', act).execute();
    expect(jobs).toHaveLength(1);
  });

  it('must be two: the same officer twice is refused', async () => {
    const act = await draftNotice(world, community);
    await put(world, act, committee);
    expect(codeOf(await put(world, act, committee))).toBe('ACTION_ROLE');
    expect(await signatures(act)).toBe(1);
  });

  it('must be two persons: the same identity in two roles is refused', async () => {
    const { deps } = world;
    const twin = await appoint(deps, 'street', '');
    const original = await appoint(deps, 'committee', community);
    const { identity } = await fresh.db
      .selectFrom('officer')
      .select('identity')
      .where('officer_id', '=', original.officer)
      .executeTakeFirstOrThrow();
    await fresh.owner
      .updateTable('officer')
      .set({ identity })
      .where('officer_id', '=', twin.officer)
      .execute();
    const act = await draftNotice(world, community);
    expect(codeOf(await put(world, act, original))).toBe('');
    expect(codeOf(await put(world, act, twin))).toBe('ACTION_SAME_IDENTITY');
    expect(await signatures(act)).toBe(1);
  });

  it('sign once: an action that stands in another act is refused there', async () => {
    const act = await draftNotice(world, community);
    const { act: row } = present(await readAct(world.deps, act), 'drafted');
    const facts = {
      action: row.kind,
      subject: toBase64Url(row.subject),
      community,
      meeting: row.meeting_id ?? '',
    };
    const bytes = actionBytes(world, facts, committee);
    const signature = signatureOf(committee.seed, bytes);
    expect(codeOf(await signAct(world.deps, act, bytes, signature))).toBe('');
    const other = await draftNotice(world, community);
    expect(codeOf(await signAct(world.deps, other, bytes, signature))).toBe('ACTION_SUBJECT');
  });

  it.each([
    ['committee', ['committee', 'street'], ''],
    ['committee', ['regulator'], 'ACTION_ROLE'],
    ['street', ['street', 'regulator'], ''],
    ['street', ['committee'], 'ACTION_ROLE'],
  ] as const)('where the %s convenes: %j end with %s', async (convener, hands, code) => {
    const by = { committee, street, regulator };
    const act = await draftNotice(world, community, convener);
    let last = '';
    for (const hand of hands) last = codeOf(await put(world, act, by[hand]));
    expect(last).toBe(code);
  });

  it('where the committee convenes are never street and regulator', async () => {
    const act = await draftNotice(world, community, 'committee');
    expect(codeOf(await put(world, act, street))).toBe('');
    expect(codeOf(await put(world, act, regulator))).toBe('ACTION_ROLE');
  });

  it('at once, the same role twice: one of them is let in', async () => {
    const second = await appoint(world.deps, 'committee', community);
    const act = await draftNotice(world, community);
    const both = await Promise.all([put(world, act, committee), put(world, act, second)]);
    expect(both.map(codeOf).sort()).toEqual(['', 'ACTION_ROLE']);
  });
});

describe('roots', () => {
  it('appoint together: one root of a threshold of two is not enough, and not enough twice', async () => {
    const act = await draftAppointment(world, 'regulator', '');
    expect(await put(world, act, root(0))).toEqual(ok({ act, state: 'open' }));
    expect(codeOf(await put(world, act, root(0)))).toBe('ACTION_REPEATED');
    expect(await put(world, act, root(2))).toEqual(ok({ act, state: 'signed' }));
  });

  it('that were never declared are refused', async () => {
    const act = await draftAppointment(world, 'street', '');
    expect(codeOf(await put(world, act, rootHand(new Uint8Array(32).fill(7))))).toBe('ACTION_SIGNATURE');
  });

  it('do not mix with officers', async () => {
    const act = await draftAppointment(world, 'registrar', community);
    await put(world, act, root(0));
    expect(codeOf(await put(world, act, street))).toBe('ACTION_ROLE');
  });
});

describe('an appointment', () => {
  it.each(['regulator', 'street'] as const)('of a %s is the roots’ alone', async (role) => {
    const act = await draftAppointment(world, role, '');
    expect(codeOf(await put(world, act, regulator))).toBe('ACTION_ROLE');
    expect(codeOf(await put(world, act, street))).toBe('ACTION_ROLE');
  });

  it('of a community’s officer is one regulator’s and one street officer’s', async () => {
    const act = await draftAppointment(world, 'clerk', community);
    expect(codeOf(await put(world, act, committee))).toBe('ACTION_ROLE');
    expect(codeOf(await put(world, act, regulator))).toBe('');
    expect(await put(world, act, street)).toEqual(ok({ act, state: 'signed' }));
    const done = await executeAct(world.deps, act, applyAppointment);
    expect(done.ok).toBe(true);
    expect(present(await readAct(world.deps, act), 'drafted').act).toMatchObject({ state: 'done' });
  });

  it('of an identity that holds a role there already ends with the constraint and leaves no entry', async () => {
    const before = await fresh.db.selectFrom('log_entry').select('id').execute();
    const { identity } = await fresh.db
      .selectFrom('officer')
      .select('identity')
      .where('officer_id', '=', committee.officer)
      .executeTakeFirstOrThrow();
    const act = await draftAppointment(world, 'clerk', community, { identity: toBase64Url(identity) });
    await put(world, act, regulator);
    await put(world, act, street);
    await expect(executeAct(world.deps, act, applyAppointment)).rejects.toMatchObject({
      constraint: 'officer_identity_key',
    });
    expect(await fresh.db.selectFrom('log_entry').select('id').execute()).toEqual(before);
  });
});

describe('an act', () => {
  it('can be withdrawn while it is open, and then not signed', async () => {
    const act = await draftNotice(world, community);
    await put(world, act, committee);
    expect(codeOf(await withdrawAct(world.deps, act))).toBe('');
    expect(codeOf(await put(world, act, street))).toBe('ACT_NOT_OPEN');
    expect(codeOf(await withdrawAct(world.deps, act))).toBe('ACT_NOT_OPEN');
    expect(codeOf(await withdrawAct(world.deps, 'a'.repeat(26)))).toBe('ACT_UNKNOWN');
  });

  it('is executed once', async () => {
    const act = await draftAppointment(world, 'scrutineer', community);
    await put(world, act, regulator);
    await put(world, act, street);
    expect((await executeAct(world.deps, act, applyAppointment)).ok).toBe(true);
    await expect(executeAct(world.deps, act, applyAppointment)).rejects.toThrow('the act is signed');
  });
});

describe('signatures', () => {
  const expiring = (ms: number) => ({ expires: showInstant(world.deps.clock() + ms) });

  it('must outlive the execution by a margin, the second one too', async () => {
    const act = await draftNotice(world, community);
    expect(codeOf(await put(world, act, committee, expiring(600_000)))).toBe('ACTION_EXPIRED');
    expect(codeOf(await put(world, act, committee, expiring(601_000)))).toBe('');
    expect(codeOf(await put(world, act, street, expiring(600_000)))).toBe('ACTION_EXPIRED');
    const own = officersWorld(fresh, 'later');
    own.time.advance(2000);
    expect(codeOf(await put(own, act, street))).toBe('ACTION_EXPIRED');
  });

  it('hold at execution only while they live and their officers are in force', async () => {
    const own = officersWorld(fresh, 'execution');
    const ending = await appoint(own.deps, 'committee', community);
    const act = await draftNotice(own, community);
    expect(codeOf(await put(own, act, ending))).toBe('');
    expect(codeOf(await put(own, act, street))).toBe('');
    const holds = () => inTransaction(fresh.db, (tx) => stillSigned(tx, own.deps, act));
    expect(await holds()).toBe(true);
    const remove = (removed_entry_id: bigint | null) =>
      fresh.owner
        .updateTable('officer')
        .set({ removed_entry_id })
        .where('officer_id', '=', ending.officer)
        .execute();
    await remove(1n);
    expect(await holds()).toBe(false);
    await remove(null);
    own.time.advance(HOUR_MS - 1);
    expect(await holds()).toBe(true);
    own.time.advance(1);
    expect(await holds()).toBe(false);
  });
});
