// Goal: an office that was taken away and a key that was replaced open nothing and sign nothing any more, and what waited on them
// is told so at once. Method: officers by key files on a real database, acts half signed, then removals and new appointments.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { parseCanonical } from '../../src/base/canonical.ts';
import { newId } from '../../src/base/clock.ts';
import { taken } from '../../src/base/result.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { readAct, stillSigned } from '../../src/officers/acts.ts';
import { applyAppointment } from '../../src/officers/appointing.ts';
import { draftKeyChange, openRecovery } from '../../src/officers/changing-keys.ts';
import type { OfficerSession } from '../../src/officers/domain/session.ts';
import type { NewKey } from '../../src/officers/enrolling.ts';
import { enrol, invite } from '../../src/officers/enrolling.ts';
import { drawRecoveryCode } from '../../src/officers/recovery-code.ts';
import { applyRemoval, draftRemoval } from '../../src/officers/removing.ts';
import { readOfficerSession } from '../../src/officers/signing-in.ts';
import { insertSession } from '../../src/officers/store/sessions.ts';
import type { TestOfficer } from '../support/acts.ts';
import { appoint, executeAct } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { OfficersWorld } from './officers-world.ts';
import { codeOf, declare, draftNotice, officersWorld, put } from './officers-world.ts';

let fresh: FreshDatabase;
let world: OfficersWorld;
let regulator: TestOfficer;
let street: TestOfficer;
const UNTIL = '2030-12-31';

beforeAll(async () => {
  fresh = await freshDatabase();
  world = officersWorld(fresh, 'ending offices');
  await declare(world, [new Uint8Array(32).fill(1)], 1);
  regulator = await appoint(world.deps, 'regulator', '');
  street = await appoint(world.deps, 'street', '');
});
afterAll(async () => fresh.close());

const sessionOf = ({ officer, role, community }: TestOfficer): OfficerSession => ({
  officer,
  role,
  community,
  name: '某人',
});

const actOf = <T extends { readonly act: string }>(
  drafted: { ok: true; value: T } | { ok: false },
): string => {
  if (!drafted.ok) throw new Error('nothing was drafted');
  return drafted.value.act;
};

const stateOf = async (act: string): Promise<string> => {
  const found = present(await readAct(world.deps, act), 'drafted').act;
  return `${found.state} ${found.refusal_code ?? ''}`.trim();
};

const keyFile = (seed: Uint8Array): NewKey => ({ kind: 'key-file', publicKey: publicKeyOf(seed) });

/** An officer of a community of his own, with a session. */
async function seated(role: TestOfficer['role'] = 'committee') {
  const { deps } = world;
  const officer = await appoint(deps, role, newId(deps.random));
  const token = deps.random(32);
  const now = deps.clock();
  await insertSession(deps.db, {
    tokenHash: sha256(token),
    session: newId(deps.random),
    officer: officer.officer,
    agent: '',
    now,
    expiresAt: now + 3_600_000,
  });
  return { officer, hasSession: async () => (await readOfficerSession(deps, sha256(token))) !== undefined };
}

/** Both sign, and the act is executed. */
async function complete(act: string, apply: typeof applyRemoval): Promise<string> {
  for (const hand of [regulator, street]) expect(codeOf(await put(world, act, hand))).toBe('');
  return codeOf(await executeAct(world.deps, act, apply));
}

const remove = async (officer: string): Promise<string> =>
  complete(actOf(await draftRemoval(world.deps, sessionOf(regulator), officer)), applyRemoval);

const liveKeys = async (officer: string): Promise<readonly string[]> =>
  (
    await fresh.db
      .selectFrom('officer_key')
      .select('credential_id')
      .where('officer_id', '=', officer)
      .where('ended_entry_id', 'is', null)
      .execute()
  ).map((row) => row.credential_id);

describe('a removal', () => {
  it('is an entry that names the officer and his community, and nothing of his person', async () => {
    const { officer } = await seated();
    const act = actOf(await draftRemoval(world.deps, sessionOf(street), officer.officer));
    expect(parseCanonical(present(await readAct(world.deps, act), 'drafted').act.entry)).toEqual({
      v: 1,
      kind: 'officer.removed',
      officer: officer.officer,
      community: officer.community,
    });
  });

  it('ends his sessions and his keys, and refuses what waits with his signature', async () => {
    const { officer, hasSession } = await seated();
    const notice = await draftNotice(world, officer.community, 'committee');
    expect(codeOf(await put(world, notice, officer))).toBe('');
    expect(await hasSession()).toBe(true);
    expect(await remove(officer.officer)).toBe('');
    expect(await hasSession()).toBe(false);
    expect(await liveKeys(officer.officer)).toEqual([]);
    expect(await stateOf(notice)).toBe('refused ACTION_OFFICER');
    const other = await draftNotice(world, officer.community, 'committee');
    expect(codeOf(await put(world, other, officer))).toBe('ACTION_OFFICER');
  });

  it('has a complete act that waits for its time looked at again, and it no longer holds', async () => {
    const { officer } = await seated();
    const notice = await draftNotice(world, officer.community, 'committee');
    for (const hand of [officer, street]) expect(codeOf(await put(world, notice, hand))).toBe('');
    expect(await inTransaction(fresh.db, (tx) => stillSigned(tx, world.deps, notice))).toBe(true);
    expect(await remove(officer.officer)).toBe('');
    expect(await inTransaction(fresh.db, (tx) => stillSigned(tx, world.deps, notice))).toBe(false);
    const jobs = await fresh.db
      .selectFrom('job')
      .select('payload')
      .where('kind', '=', 'act.execute')
      .execute();
    expect(jobs.filter(({ payload }) => JSON.stringify(payload).includes(notice))).toHaveLength(2);
  });

  it('leaves others’ signatures and acts alone', async () => {
    const [one, two] = [await seated(), await seated()];
    const notice = await draftNotice(world, two.officer.community, 'committee');
    expect(codeOf(await put(world, notice, two.officer))).toBe('');
    expect(await remove(one.officer.officer)).toBe('');
    expect([await stateOf(notice), await two.hasSession()]).toEqual(['open', true]);
  });

  it('comes once, and of nobody who is none', async () => {
    const { officer } = await seated();
    expect(await remove(officer.officer)).toBe('');
    const by = sessionOf(regulator);
    for (const none of [officer.officer, newId(world.deps.random)])
      expect(codeOf(await draftRemoval(world.deps, by, none))).toBe('OFFICER_UNKNOWN');
  });

  it('is drafted by the regulator or the street office, within their reach', async () => {
    const { officer } = await seated();
    const elsewhere = sessionOf({ ...street, community: newId(world.deps.random) });
    expect(codeOf(await draftRemoval(world.deps, elsewhere, officer.officer))).toBe('OFFICER_UNKNOWN');
    const committee = sessionOf(officer);
    expect(codeOf(await draftRemoval(world.deps, committee, officer.officer))).toBe('NOT_ALLOWED');
  });

  it('lets the same person be appointed anew, as another officer', async () => {
    const { deps } = world;
    const community = newId(deps.random);
    const person = {
      community,
      role: 'clerk',
      name: '某人',
      docKind: 'resident-id',
      number: 'again',
    } as const;
    const enrolled = async () => {
      const { enrolment, code } = taken(await invite(deps, person));
      const made = await enrol(deps, enrolment, code, keyFile(deps.random(32)), UNTIL);
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value;
    };
    const first = await enrolled();
    expect(await complete(first.act, applyAppointment)).toBe('');
    expect(await remove(first.officer)).toBe('');
    const second = await enrolled();
    expect(await complete(second.act, applyAppointment)).toBe('');
    expect(second.officer).not.toBe(first.officer);
  });
});

describe('an officer with a key', () => {
  it('adds a second one, which holds when the two have signed, and keeps his sessions', async () => {
    const { officer, hasSession } = await seated();
    const kept = await liveKeys(officer.officer);
    const seed = world.deps.random(32);
    const act = actOf(await draftKeyChange(world.deps, sessionOf(officer), kept, [keyFile(seed)]));
    const notice = await draftNotice(world, officer.community, 'committee');
    expect(codeOf(await put(world, notice, { ...officer, seed }))).toBe('ACTION_SIGNATURE');
    expect(await complete(act, applyAppointment)).toBe('');
    expect(codeOf(await put(world, notice, { ...officer, seed }))).toBe('');
    expect([(await liveKeys(officer.officer)).length, await hasSession()]).toEqual([2, true]);
  });

  it('drops one: it signs nothing, and his sessions end', async () => {
    const { officer, hasSession } = await seated();
    const seed = world.deps.random(32);
    const notice = await draftNotice(world, officer.community, 'committee');
    expect(codeOf(await put(world, notice, officer))).toBe('');
    const act = actOf(await draftKeyChange(world.deps, sessionOf(officer), [], [keyFile(seed)]));
    expect(await complete(act, applyAppointment)).toBe('');
    expect([await stateOf(notice), await hasSession()]).toEqual(['refused ACTION_OFFICER', false]);
    const other = await draftNotice(world, officer.community, 'committee');
    expect(codeOf(await put(world, other, officer))).toBe('ACTION_SIGNATURE');
    expect(codeOf(await put(world, other, { ...officer, seed }))).toBe('');
  });

  it('is never left without a key, nor has nine, nor keeps one that is not his, nor changes nothing', async () => {
    const { officer } = await seated();
    const kept = await liveKeys(officer.officer);
    const nine = Array.from({ length: 8 }, () => keyFile(world.deps.random(32)));
    const one = keyFile(world.deps.random(32));
    const wishes: readonly (readonly [readonly string[], readonly NewKey[]])[] = [
      [[], []],
      [kept, nine],
      [[newId(world.deps.random)], [one]],
      [kept, []],
      [kept, [one, one]],
    ];
    for (const [keep, add] of wishes)
      expect(codeOf(await draftKeyChange(world.deps, sessionOf(officer), keep, add))).toBe('OFFICER_KEYS');
  });

  it('cannot bring back a key that ended, by a draft of before', async () => {
    const { officer } = await seated();
    const kept = await liveKeys(officer.officer);
    const by = sessionOf(officer);
    const stale = actOf(await draftKeyChange(world.deps, by, kept, [keyFile(world.deps.random(32))]));
    const swap = actOf(await draftKeyChange(world.deps, by, [], [keyFile(world.deps.random(32))]));
    expect(await complete(swap, applyAppointment)).toBe('');
    expect(await stateOf(stale)).toBe('refused ACT_OVERTAKEN');
  });
});

describe('an officer who lost his keys', () => {
  const lost = async () => {
    const { officer, hasSession } = await seated();
    const { code: recoveryCode } = taken(await drawRecoveryCode(world.deps, officer.officer));
    const opened = await openRecovery(world.deps, sessionOf(street), officer.officer);
    if (!opened.ok) throw new Error(opened.refusal.code);
    return { officer, hasSession, recoveryCode, ...opened.value };
  };
  type Lost = Awaited<ReturnType<typeof lost>>;
  const redeem = ({ enrolment, code, recoveryCode }: Lost, seed: Uint8Array) =>
    enrol(world.deps, enrolment, code, keyFile(seed), UNTIL, { recoveryCode });
  const triesOf = async ({ officer: { officer } }: Lost) =>
    (
      await fresh.db
        .selectFrom('officer_recovery')
        .select('tries')
        .where('officer_id', '=', officer)
        .executeTakeFirst()
    )?.tries;

  it('comes back by his code, a second officer and an act of two, and his old keys end', async () => {
    const his = await lost();
    const seed = world.deps.random(32);
    const notice = await draftNotice(world, his.officer.community, 'committee');
    const act = actOf(await redeem(his, seed));
    expect(codeOf(await put(world, notice, { ...his.officer, seed }))).toBe('ACTION_SIGNATURE');
    expect(await his.hasSession()).toBe(true);
    expect(await complete(act, applyAppointment)).toBe('');
    expect(await his.hasSession()).toBe(false);
    expect(codeOf(await put(world, notice, his.officer))).toBe('ACTION_SIGNATURE');
    expect(codeOf(await put(world, notice, { ...his.officer, seed }))).toBe('');
    expect(await triesOf(his)).toBeUndefined();
  });

  it('is told the same whatever was wrong, and only his own wrong code counts against it', async () => {
    const his = await lost();
    const seed = world.deps.random(32);
    const wrong = [{ code: 'AAAAAAAAAAAA' }, { recoveryCode: 'AAAAAAAAAAAA' }, { recoveryCode: '' }];
    for (const change of wrong)
      expect(codeOf(await redeem({ ...his, ...change }, seed))).toBe('ENROLMENT_REFUSED');
    expect(await triesOf(his)).toBe(2);
  });

  it('is locked after five wrong codes, also under another invitation', async () => {
    const his = await lost();
    for (let n = 0; n < 5; n += 1)
      expect(codeOf(await redeem({ ...his, recoveryCode: 'AAAAAAAAAAAA' }, world.deps.random(32)))).not.toBe(
        '',
      );
    expect(await triesOf(his)).toBe(5);
    const again = await openRecovery(world.deps, sessionOf(street), his.officer.officer);
    expect(codeOf(again)).toBe('RECOVERY_NO_CODE');
  });

  it('needs a second officer of another role, who may appoint', async () => {
    const { officer } = await seated('registrar');
    await drawRecoveryCode(world.deps, officer.officer);
    const registrar = await appoint(world.deps, 'registrar', officer.community);
    expect(codeOf(await openRecovery(world.deps, sessionOf(registrar), officer.officer))).toBe('NOT_ALLOWED');
    await drawRecoveryCode(world.deps, street.officer);
    const second = await appoint(world.deps, 'street', '');
    expect(codeOf(await openRecovery(world.deps, sessionOf(second), street.officer))).toBe('RECOVERY_ROLE');
    expect(codeOf(await openRecovery(world.deps, sessionOf(regulator), regulator.officer))).toBe(
      'RECOVERY_ROLE',
    );
  });

  it('has nothing to recover once he was removed', async () => {
    const his = await lost();
    expect(await remove(his.officer.officer)).toBe('');
    expect(codeOf(await redeem(his, world.deps.random(32)))).toBe('ENROLMENT_REFUSED');
  });

  it('leaves only a hash of his code', async () => {
    const his = await lost();
    const row = await fresh.db
      .selectFrom('officer_recovery')
      .selectAll()
      .where('officer_id', '=', his.officer.officer)
      .executeTakeFirstOrThrow();
    expect(row.code_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});
