// Goal: an invitation gives exactly one person one chance to bring one good key. Method: real registrations of a software passkey
// and key files, each bent in one place; codes typed wrongly until the invitation is dead.

import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { parseCanonical } from '../../src/base/canonical.ts';
import { newId } from '../../src/base/clock.ts';
import { taken } from '../../src/base/result.ts';
import { softwareAuthenticator } from '../../src/cli/demo/authenticator.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { readAct } from '../../src/officers/acts.ts';
import { applyAppointment } from '../../src/officers/appointing.ts';
import type { NewKey } from '../../src/officers/enrolling.ts';
import { enrol, invite } from '../../src/officers/enrolling.ts';
import { CHALLENGE_LIFE_MS, drawChallenge } from '../../src/officers/signing-in.ts';
import { loginHash } from '../../src/record/login.ts';
import { executeAct } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { OfficersWorld } from './officers-world.ts';
import { codeOf, declare, ORIGIN, officersWorld, put, rootHand } from './officers-world.ts';

let fresh: FreshDatabase;
let world: OfficersWorld;
const root = new Uint8Array(32).fill(1);
const UNTIL = '2030-12-31';

beforeAll(async () => {
  fresh = await freshDatabase();
  world = officersWorld(fresh, 'enrolling');
  await declare(world, [root], 1);
});
afterAll(async () => fresh.close());

const invitation = async (number: string) =>
  taken(
    await invite(world.deps, { community: '', role: 'street', name: '某人', docKind: 'resident-id', number }),
  );

const keyFile = (): NewKey => ({ kind: 'key-file', publicKey: publicKeyOf(world.deps.random(32)) });

/** A registration over a challenge, with what the test bends. */
async function passkey(
  change: { readonly origin?: string; readonly shown?: string; readonly challenge?: Uint8Array } = {},
): Promise<NewKey & { readonly kind: 'passkey' }> {
  const { deps } = world;
  const origin = change.origin ?? ORIGIN;
  const serverNonce = await drawChallenge(deps, 'enrolment');
  const pageNonce = deps.random(32);
  const challenge = change.challenge ?? loginHash(origin, serverNonce, pageNonce);
  const authenticator = softwareAuthenticator(deps.rpId, change.shown ?? origin, deps.random);
  const response: RegistrationResponseJSON = authenticator.register(challenge);
  return { kind: 'passkey', origin, serverNonce, pageNonce, response };
}

const tries = async (enrolment: string): Promise<number> =>
  (
    await fresh.db
      .selectFrom('enrolment')
      .select('tries')
      .where('enrolment_id', '=', enrolment)
      .executeTakeFirstOrThrow()
  ).tries;

describe('an invitation', () => {
  it('keeps no code that could be read, and shows one that is easy to type', async () => {
    const { enrolment, code } = await invitation('a1');
    expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{12}$/);
    const row = await fresh.db
      .selectFrom('enrolment')
      .selectAll()
      .where('enrolment_id', '=', enrolment)
      .executeTakeFirstOrThrow();
    expect(row.code_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(Object.values(row).map(String))).not.toContain(code);
  });

  it('drafts the appointment of its person and role with the key that he brought', async () => {
    const { enrolment, code } = await invitation('a2');
    const key = keyFile();
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
    const enrolled = await enrol(world.deps, enrolment, typed, key, UNTIL);
    if (!enrolled.ok) throw new Error(enrolled.refusal.code);
    const { act } = present(await readAct(world.deps, enrolled.value.act), 'drafted');
    expect(parseCanonical(act.entry)).toMatchObject({
      kind: 'officer.appointed',
      officer: enrolled.value.officer,
      role: 'street',
      until: UNTIL,
      keys: [{ key: { alg: 'Ed25519' } }],
    });
  });

  it('is used once', async () => {
    const { enrolment, code } = await invitation('a3');
    expect(codeOf(await enrol(world.deps, enrolment, code, keyFile(), UNTIL))).toBe('');
    expect(codeOf(await enrol(world.deps, enrolment, code, keyFile(), UNTIL))).toBe('ENROLMENT_REFUSED');
  });

  it('is dead after five wrong codes, even for the right one', async () => {
    const { enrolment, code } = await invitation('a4');
    for (let wrong = 1; wrong <= 5; wrong += 1) {
      expect(codeOf(await enrol(world.deps, enrolment, 'AAAAAAAAAAAA', keyFile(), UNTIL))).toBe(
        'ENROLMENT_REFUSED',
      );
      expect(await tries(enrolment)).toBe(wrong);
    }
    expect(codeOf(await enrol(world.deps, enrolment, code, keyFile(), UNTIL))).toBe('ENROLMENT_REFUSED');
    expect(await tries(enrolment)).toBe(5);
  });

  it('lives seven days', async () => {
    const own = officersWorld(fresh, 'late');
    const [early, late] = [await invitation('a5'), await invitation('a6')];
    own.time.advance(7 * 86_400_000 - 1);
    expect(codeOf(await enrol(own.deps, early.enrolment, early.code, keyFile(), UNTIL))).toBe('');
    own.time.advance(1);
    expect(codeOf(await enrol(own.deps, late.enrolment, late.code, keyFile(), UNTIL))).toBe(
      'ENROLMENT_REFUSED',
    );
  });

  it('that does not exist is refused like a wrong code', async () => {
    const enrolled = await enrol(world.deps, newId(world.deps.random), 'AAAAAAAAAAAA', keyFile(), UNTIL);
    expect(codeOf(enrolled)).toBe('ENROLMENT_REFUSED');
  });

  it('redeemed twice at once appoints one', async () => {
    const { enrolment, code } = await invitation('a7');
    const both = await Promise.all(
      [keyFile(), keyFile()].map((key) => enrol(world.deps, enrolment, code, key, UNTIL)),
    );
    expect(both.map(codeOf).sort()).toEqual(['', 'ENROLMENT_REFUSED']);
  });
});

describe('a key', () => {
  it('of a passkey is taken where the browser made it for this challenge and origin', async () => {
    const { enrolment, code } = await invitation('b1');
    expect(codeOf(await enrol(world.deps, enrolment, code, await passkey(), UNTIL))).toBe('');
  });

  it.each<readonly [string, Parameters<typeof passkey>[0]]>([
    ['for another challenge', { challenge: new Uint8Array(32) }],
    ['on another site', { shown: 'https://evil.example' }],
    ['for a page of another site', { origin: 'https://evil.example' }],
  ])('of a passkey made %s is refused', async (_, change) => {
    const { enrolment, code } = await invitation(`b2 ${JSON.stringify(change)}`);
    const enrolled = await enrol(world.deps, enrolment, code, await passkey(change), UNTIL);
    expect(codeOf(enrolled)).toBe('ENROLMENT_REFUSED');
    expect(await tries(enrolment)).toBe(0);
  });

  it('of a passkey whose challenge was used, is too old or was a login’s is refused', async () => {
    const { enrolment, code } = await invitation('b3');
    const used = await passkey();
    const other = await invitation('b4');
    expect(codeOf(await enrol(world.deps, other.enrolment, other.code, used, UNTIL))).toBe('');
    expect(codeOf(await enrol(world.deps, enrolment, code, used, UNTIL))).toBe('LOGIN_CHALLENGE');
    const login = { ...(await passkey()), serverNonce: await drawChallenge(world.deps, 'officer') };
    expect(codeOf(await enrol(world.deps, enrolment, code, login, UNTIL))).toBe('LOGIN_CHALLENGE');
    const old = await passkey();
    const later = officersWorld(fresh, 'old challenge');
    later.time.advance(CHALLENGE_LIFE_MS);
    expect(codeOf(await enrol(later.deps, enrolment, code, old, UNTIL))).toBe('LOGIN_CHALLENGE');
  });

  it('of a key file that is weak or malformed is refused', async () => {
    const { enrolment, code } = await invitation('b5');
    const weak = [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), new Uint8Array(31).fill(9)];
    for (const publicKey of weak) {
      const enrolled = await enrol(world.deps, enrolment, code, { kind: 'key-file', publicKey }, UNTIL);
      expect(codeOf(enrolled)).toBe('ASSERTION_KEY');
    }
  });
});

describe('an appointment that is executed', () => {
  it('gives the officer the key of his enrolment', async () => {
    const { enrolment, code } = await invitation('c1');
    const enrolled = await enrol(world.deps, enrolment, code, await passkey(), UNTIL);
    if (!enrolled.ok) throw new Error(enrolled.refusal.code);
    expect(codeOf(await put(world, enrolled.value.act, rootHand(root)))).toBe('');
    expect((await executeAct(world.deps, enrolled.value.act, applyAppointment)).ok).toBe(true);
    const rows = await fresh.db
      .selectFrom('officer_key')
      .innerJoin('officer', 'officer.officer_id', 'officer_key.officer_id')
      .select(['officer.role', 'officer.name', 'officer_key.alg', 'officer.until_on'])
      .where('officer.officer_id', '=', enrolled.value.officer)
      .execute();
    expect(rows).toEqual([{ role: 'street', name: '某人', alg: 'webauthn', until_on: UNTIL }]);
  });
});
