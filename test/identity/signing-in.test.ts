// Goal: only a genuine letter with its owner's document number opens a session; a stranger learns nothing, and five errors lock.
// Method: one thing wrong in each login, against the real database and clock.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { LetterCode, MadeLetters } from '../../src/identity/domain/letter-making.ts';
import { applyRevocation, revokeLetter } from '../../src/identity/issuing.ts';
import { meOf } from '../../src/identity/routes.ts';
import type { OwnerLogin } from '../../src/identity/signing-in.ts';
import {
  drawOwnerChallenge,
  ownerSessionOf,
  signInOwner,
  signOutOwner,
} from '../../src/identity/signing-in.ts';
import { listLocked, unlockLetter } from '../../src/identity/unlocking.ts';
import { drawChallenge } from '../../src/officers/signing-in.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf, issue, loginBy, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
let the: TestCommunity;
let made: MadeLetters;
let chen: LetterCode;
let round = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());
beforeEach(async () => {
  round += 1;
  the = await newCommunity(fresh, `signing in ${round}`);
  const file = registerFile([
    `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
    `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
  ]);
  await bringIntoForce(the, file);
  made = await makeFor(the, file);
  await issue(the, made, '2027-06-30');
  chen = codeOf(made, '陈大文');
});

type Change = Parameters<typeof loginBy>[2];
const attempt = async (change: Change = {}): Promise<string> => {
  const done = await signInOwner(the.deps, await loginBy(the, chen, change));
  return done.ok ? 'ok' : JSON.stringify(done.refusal);
};
const REFUSED = JSON.stringify({ code: 'IDENTITY_REFUSED' });
const LOCKED = JSON.stringify({ code: 'IDENTITY_LOCKED' });

const openSession = async () => {
  const opened = await signInOwner(the.deps, await loginBy(the, chen));
  if (!opened.ok) throw new Error(opened.refusal.code);
  return { ...opened.value, tokenHash: sha256(opened.value.token) };
};

describe('a sign-in', () => {
  it('opens a session for the person, his community and his letter', async () => {
    const { session, token, tokenHash, expiresAt } = await openSession();
    expect(session).toEqual({ person: chen.person, community: the.community, credential: chen.letter });
    expect(token).toHaveLength(32);
    expect(expiresAt - the.deps.clock()).toBe(4 * 3_600_000);
    expect(await ownerSessionOf(the.deps, tokenHash)).toEqual(session);
    expect(await ownerSessionOf(the.deps, token)).toBeUndefined();
    expect(await meOf(the.deps, session)).toEqual({
      ...session,
      communityName: '测试花园',
      name: '陈*',
      units: [expect.objectContaining({ building: '1栋', room: '101', areaDm2: '8000' })],
    });
  });

  it.each(['31002x', ' 3100 2X ', '３１００２Ｘ'])(
    'forgives how the number is typed: %s',
    async (numberTail) => {
      expect(await attempt({ numberTail })).toBe('ok');
    },
  );

  it('is refused in one and the same way, whatever is wrong', async () => {
    const stranger = new Uint8Array(32).fill(5);
    const used = await drawOwnerChallenge(the.deps);
    expect(await attempt({ serverNonce: used })).toBe('ok');
    const officers = await drawChallenge(the.deps, 'officer');
    const answers = [
      await attempt({ numberTail: '310021' }),
      await attempt({ numberTail: '' }),
      await attempt({ numberTail: NUMBERS.li.slice(-6) }),
      await attempt({ numberTail: NUMBERS.chen }),
      await attempt({ seed: stranger }),
      await attempt({ seed: stranger, publicKey: publicKeyOf(stranger) }),
      await attempt({ signature: new Uint8Array(64) }),
      await attempt({ signature: new Uint8Array() }),
      await attempt({ publicKey: new Uint8Array() }),
      await attempt({ serverNonce: used }),
      await attempt({ serverNonce: new Uint8Array(32).fill(1) }),
      await attempt({ serverNonce: new Uint8Array(16) }),
      await attempt({ serverNonce: officers }),
      await attempt({ pageNonce: new Uint8Array(31) }),
      await attempt({ origin: 'https://vote.example.evil' }),
    ];
    expect(new Set(answers)).toEqual(new Set([REFUSED]));
    expect(answers).toHaveLength(15);
  });

  it('is refused when the nonce is older than five minutes', async () => {
    const login = await loginBy(the, chen);
    the.time.advance(5 * 60_000);
    const late = await signInOwner(the.deps, login);
    expect(late.ok).toBe(false);
  });

  it('is refused with a letter that was revoked, or whose last day is over', async () => {
    const draft = await revokeLetter(the.deps, the.registrar, {
      community: the.community,
      letter: chen.letter,
    });
    if (!draft.ok) throw new Error(draft.refusal.code);
    const before = await openSession();
    await signBy(the.deps, draft.value.act, [the.registrar]);
    expect((await executeAct(the.deps, draft.value.act, applyRevocation)).ok).toBe(true);
    expect(await attempt()).toBe(REFUSED);
    expect(await ownerSessionOf(the.deps, before.tokenHash)).toBeUndefined();
    const li = codeOf(made, '李小明');
    the.time.set(Date.parse('2027-07-01T00:00:00+08:00'));
    const late = await signInOwner(the.deps, await loginBy(the, li));
    expect(late.ok).toBe(false);
  });
});

describe('wrong numbers', () => {
  const wrong = (): Promise<string> => attempt({ numberTail: '000000' });

  it('lock a letter after five, even for the right number, until the registrar opens it', async () => {
    expect(await Promise.all([wrong(), wrong(), wrong(), wrong(), wrong()])).toEqual(Array(5).fill(REFUSED));
    expect(await wrong()).toBe(LOCKED);
    expect(await attempt()).toBe(LOCKED);
    const locked = await listLocked(the.deps, the.registrar, the.community);
    expect(locked.ok && locked.value.map(({ letter }) => letter)).toEqual([chen.letter]);
    const request = { community: the.community, letter: chen.letter };
    expect((await unlockLetter(the.deps, the.committee, request)).ok).toBe(false);
    expect((await listLocked(the.deps, the.street, the.community)).ok).toBe(false);
    expect(await attempt()).toBe(LOCKED);
    expect((await unlockLetter(the.deps, the.registrar, { ...request, letter: 'a'.repeat(26) })).ok).toBe(
      false,
    );
    expect((await unlockLetter(the.deps, the.registrar, request)).ok).toBe(true);
    expect(await attempt()).toBe('ok');
  });

  it('are compared five times at most, however many come at once', async () => {
    const logins: OwnerLogin[] = [];
    for (let at = 0; at < 12; at += 1)
      logins.push(await loginBy(the, chen, { numberTail: `00000${at % 10}` }));
    const answers = await Promise.all(logins.map((login) => signInOwner(the.deps, login)));
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.refusal.code));
    expect(codes.filter((code) => code === 'IDENTITY_REFUSED')).toHaveLength(5);
    expect(codes.filter((code) => code === 'IDENTITY_LOCKED')).toHaveLength(7);
  });

  it('are forgotten after a right one', async () => {
    for (let at = 0; at < 4; at += 1) expect(await wrong()).toBe(REFUSED);
    expect(await attempt()).toBe('ok');
    for (let at = 0; at < 4; at += 1) expect(await wrong()).toBe(REFUSED);
    expect(await attempt()).toBe('ok');
  });

  it('of those who do not hold the letter use up no try', async () => {
    for (let at = 0; at < 8; at += 1)
      expect(await attempt({ numberTail: '000000', seed: new Uint8Array(32).fill(at) })).toBe(REFUSED);
    expect(await attempt()).toBe('ok');
  });

  it('under one letter do not lock another', async () => {
    for (let at = 0; at < 6; at += 1) await wrong();
    expect(await attempt()).toBe(LOCKED);
    expect((await signInOwner(the.deps, await loginBy(the, codeOf(made, '李小明')))).ok).toBe(true);
  });
});

describe('a session', () => {
  it('ends when nobody uses it for half an hour, and lives on while it is used', async () => {
    const { tokenHash } = await openSession();
    for (let at = 0; at < 3; at += 1) {
      the.time.advance(29 * 60_000);
      expect(await ownerSessionOf(the.deps, tokenHash)).toBeDefined();
    }
    the.time.advance(30 * 60_000);
    expect(await ownerSessionOf(the.deps, tokenHash)).toBeUndefined();
  });

  it('ends after four hours at the latest', async () => {
    const { tokenHash, expiresAt } = await openSession();
    while (the.deps.clock() + 20 * 60_000 < expiresAt) {
      the.time.advance(20 * 60_000);
      expect(await ownerSessionOf(the.deps, tokenHash)).toBeDefined();
    }
    the.time.set(expiresAt);
    expect(await ownerSessionOf(the.deps, tokenHash)).toBeUndefined();
  });

  it('ends when its owner signs out, and only his', async () => {
    const [a, b] = [await openSession(), await openSession()];
    await signOutOwner(the.deps, a.tokenHash);
    expect(await ownerSessionOf(the.deps, a.tokenHash)).toBeUndefined();
    expect(await ownerSessionOf(the.deps, b.tokenHash)).toBeDefined();
    const rows = await fresh.db
      .selectFrom('owner_session')
      .select('token_hash')
      .where('token_hash', '=', b.token)
      .execute();
    expect(rows).toEqual([]);
    expect(present(b.token, 'token')).toHaveLength(32);
  });
});
