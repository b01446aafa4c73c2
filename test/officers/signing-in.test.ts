// Goal: a login counts once, for this site, by a key of an officer in force; a session ends when it must. Method: real logins with
// key files and a software passkey, one part bent in each; the clock moved around the limits.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { ABSOLUTE_LIMIT_MS, IDLE_LIMIT_MS } from '../../src/officers/domain/session.ts';
import type { OfficerLogin } from '../../src/officers/signing-in.ts';
import {
  CHALLENGE_LIFE_MS,
  drawChallenge,
  readOfficerSession,
  signIn,
  signOut,
} from '../../src/officers/signing-in.ts';
import { loginHash } from '../../src/record/login.ts';
import type { TestOfficer } from '../support/acts.ts';
import { appoint } from '../support/acts.ts';
import type { Authenticator } from '../support/authenticator.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { OfficersWorld } from './officers-world.ts';
import { codeOf, ORIGIN, officersWorld } from './officers-world.ts';

let fresh: FreshDatabase;
let world: OfficersWorld;
let officer: TestOfficer;

beforeAll(async () => {
  fresh = await freshDatabase();
  world = officersWorld(fresh, 'signing in');
  officer = await appoint(world.deps, 'committee', newId(world.deps.random));
});
afterAll(async () => fresh.close());

/** A login by a key file, as the command makes it. */
async function login(
  own: OfficersWorld = world,
  change: Partial<OfficerLogin> & { readonly signedOrigin?: string } = {},
): Promise<OfficerLogin> {
  const { signedOrigin = ORIGIN, ...parts } = change;
  const serverNonce = parts.serverNonce ?? (await drawChallenge(own.deps, 'officer'));
  const pageNonce = own.deps.random(32);
  const challenge = loginHash(signedOrigin, serverNonce, pageNonce);
  return {
    origin: ORIGIN,
    serverNonce,
    pageNonce,
    publicKey: publicKeyOf(officer.seed),
    signature: { alg: 'Ed25519', signature: toBase64Url(sign(officer.seed, challenge)) },
    ...parts,
  };
}

/** A fresh passkey of the officer. */
async function givePasskey(): Promise<Authenticator> {
  const { deps } = world;
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
  return passkey;
}

describe('a login', () => {
  it('by a key file opens a session for its officer', async () => {
    const opened = await signIn(world.deps, await login());
    if (!opened.ok) throw new Error(opened.refusal.code);
    expect(opened.value.session).toMatchObject({ officer: officer.officer, role: 'committee' });
    const read = await readOfficerSession(world.deps, sha256(opened.value.token));
    expect(read).toEqual({ ...opened.value.session, provedAt: world.deps.clock() });
  });

  it('by a passkey opens one too', async () => {
    const passkey = await givePasskey();
    const serverNonce = await drawChallenge(world.deps, 'officer');
    const pageNonce = world.deps.random(32);
    const signature = passkey.sign(loginHash(ORIGIN, serverNonce, pageNonce));
    const passkeyLogin = { origin: ORIGIN, serverNonce, pageNonce, publicKey: new Uint8Array(), signature };
    expect(codeOf(await signIn(world.deps, passkeyLogin))).toBe('');
  });

  it('counts once: the same request again is refused', async () => {
    const once = await login();
    expect(codeOf(await signIn(world.deps, once))).toBe('');
    expect(codeOf(await signIn(world.deps, once))).toBe('LOGIN_CHALLENGE');
  });

  it('twice at once opens one session', async () => {
    const once = await login();
    const both = await Promise.all([signIn(world.deps, once), signIn(world.deps, once)]);
    expect(both.map(codeOf).sort()).toEqual(['', 'LOGIN_CHALLENGE']);
  });

  it.each<readonly [string, Parameters<typeof login>[1], string]>([
    [
      'from another site',
      { origin: 'https://evil.example', signedOrigin: 'https://evil.example' },
      'LOGIN_REFUSED',
    ],
    ['signed for another site', { signedOrigin: 'https://evil.example' }, 'LOGIN_REFUSED'],
    ['with a nonce that was never drawn', { serverNonce: new Uint8Array(32) }, 'LOGIN_CHALLENGE'],
    ['by an unknown key', { publicKey: publicKeyOf(new Uint8Array(32).fill(8)) }, 'LOGIN_REFUSED'],
    [
      'with a false signature',
      { signature: { alg: 'Ed25519', signature: toBase64Url(new Uint8Array(64)) } },
      'LOGIN_REFUSED',
    ],
    ['without a key', { publicKey: new Uint8Array() }, 'LOGIN_REFUSED'],
  ])('%s is refused', async (_, change, code) => {
    expect(codeOf(await signIn(world.deps, await login(world, change)))).toBe(code);
  });

  it('with a nonce for something else, or too late, is refused', async () => {
    const own = officersWorld(fresh, 'slow');
    const owner = await login(own, { serverNonce: await drawChallenge(own.deps, 'owner') });
    expect(codeOf(await signIn(own.deps, owner))).toBe('LOGIN_CHALLENGE');
    const late = await login(own);
    own.time.advance(CHALLENGE_LIFE_MS);
    expect(codeOf(await signIn(own.deps, late))).toBe('LOGIN_CHALLENGE');
  });

  it('of an officer past his term, or removed, is refused', async () => {
    const own = officersWorld(fresh, 'gone');
    own.time.set(Date.parse('2100-01-01T12:00:00+08:00'));
    expect(codeOf(await signIn(own.deps, await login(own)))).toBe('LOGIN_REFUSED');
    await fresh.owner
      .updateTable('officer')
      .set({ removed_entry_id: 9n })
      .where('officer_id', '=', officer.officer)
      .execute();
    expect(codeOf(await signIn(world.deps, await login()))).toBe('LOGIN_REFUSED');
    await fresh.owner
      .updateTable('officer')
      .set({ removed_entry_id: null })
      .where('officer_id', '=', officer.officer)
      .execute();
  });
});

describe('a passkey', () => {
  it('whose counter runs backwards is refused: it was copied', async () => {
    const passkey = await givePasskey();
    if (passkey.publicKey.alg !== 'webauthn') throw new Error('a passkey');
    await fresh.owner
      .updateTable('officer_key')
      .set({ sign_count: 5n })
      .where('webauthn_id', '=', Buffer.from(passkey.publicKey.webauthnId, 'base64url'))
      .execute();
    const serverNonce = await drawChallenge(world.deps, 'officer');
    const pageNonce = world.deps.random(32);
    const signature = passkey.sign(loginHash(ORIGIN, serverNonce, pageNonce));
    const copied = { origin: ORIGIN, serverNonce, pageNonce, publicKey: new Uint8Array(), signature };
    expect(codeOf(await signIn(world.deps, copied))).toBe('LOGIN_REFUSED');
  });
});

describe('a session', () => {
  const open = async (own: OfficersWorld): Promise<Uint8Array> => {
    const opened = await signIn(own.deps, await login(own));
    if (!opened.ok) throw new Error(opened.refusal.code);
    return sha256(opened.value.token);
  };

  it('ends when it is idle, and lives on while it is used', async () => {
    const own = officersWorld(fresh, 'idle');
    const hash = await open(own);
    own.time.advance(IDLE_LIMIT_MS - 1);
    expect(await readOfficerSession(own.deps, hash)).toBeDefined();
    own.time.advance(IDLE_LIMIT_MS - 1);
    expect(await readOfficerSession(own.deps, hash)).toBeDefined();
    own.time.advance(IDLE_LIMIT_MS);
    expect(await readOfficerSession(own.deps, hash)).toBeUndefined();
  });

  it('ends after twelve hours, however busy', async () => {
    const own = officersWorld(fresh, 'busy');
    const hash = await open(own);
    const step = IDLE_LIMIT_MS / 2;
    for (let at = step; at < ABSOLUTE_LIMIT_MS; at += step) {
      own.time.advance(step);
      expect(await readOfficerSession(own.deps, hash)).toBeDefined();
    }
    own.time.advance(step);
    expect(await readOfficerSession(own.deps, hash)).toBeUndefined();
  });

  it('ends with the officer’s term', async () => {
    const own = officersWorld(fresh, 'term');
    const hash = await open(own);
    const set = (until_on: string) =>
      fresh.owner
        .updateTable('officer')
        .set({ until_on })
        .where('officer_id', '=', officer.officer)
        .execute();
    await set('2026-12-09');
    expect(await readOfficerSession(own.deps, hash)).toBeUndefined();
    await set('2099-12-31');
  });

  it('ends when he signs out, and an unknown one never was', async () => {
    const hash = await open(world);
    await signOut(world.deps, hash);
    expect(await readOfficerSession(world.deps, hash)).toBeUndefined();
    expect(await readOfficerSession(world.deps, new Uint8Array(32))).toBeUndefined();
  });
});
