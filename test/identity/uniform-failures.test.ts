// Goal: whoever holds no genuine letter or officer's key cannot tell why he was refused: not by the answer, the number of statements,
// the signatures that are checked, or the time (SPEC 3.5). Method: pairs of causes against the real database, counted at the pool.
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import * as ed25519 from '../../src/crypto/ed25519.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import * as p256 from '../../src/crypto/p256.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { applyRevocation, revokeLetter } from '../../src/identity/issuing.ts';
import type { OwnerLogin } from '../../src/identity/signing-in.ts';
import { drawOwnerChallenge, signInByPasskey, signInOwner } from '../../src/identity/signing-in.ts';
import { unlockLetter } from '../../src/identity/unlocking.ts';
import { drawChallenge, signIn } from '../../src/officers/signing-in.ts';
import { loginHash } from '../../src/record/login.ts';
import type { Assertion, Signature } from '../../src/record/signature.ts';
import type { TestOfficer } from '../support/acts.ts';
import { appoint, executeAct, signBy } from '../support/acts.ts';
import type { Authenticator } from '../support/authenticator.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf, issue, loginBy, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, ORIGIN, registerFile } from '../support/registry.ts';

// The real functions, watched: how often each is called is a part of what must be equal.
vi.mock('../../src/crypto/ed25519.ts', { spy: true });
vi.mock('../../src/crypto/p256.ts', { spy: true });

let fresh: FreshDatabase;
let the: TestCommunity;
let letter: LetterCode;
let revoked: LetterCode;
let officer: TestOfficer;
let gone: TestOfficer;
const passkeys = {} as { owner: Authenticator; officer: Authenticator; stranger: Authenticator };
const STRANGER = new Uint8Array(32).fill(5);

beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'uniform failures');
  const file = registerFile([
    `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
    `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
  ]);
  await bringIntoForce(the, file);
  const made = await makeFor(the, file);
  await issue(the, made);
  [letter, revoked] = [codeOf(made, '陈大文'), codeOf(made, '李小明')];
  await revoke(revoked);
  officer = await appoint(the.deps, 'committee', the.community);
  gone = await appoint(the.deps, 'street', the.community);
  await fresh.owner
    .updateTable('officer')
    .set({ until_on: '2020-01-01' })
    .where('officer_id', '=', gone.officer)
    .execute();
  for (const name of ['owner', 'officer', 'stranger'] as const)
    passkeys[name] = softwareAuthenticator(the.deps.rpId, ORIGIN, the.deps.random);
  await enrolPasskeys();
});
afterAll(async () => fresh.close());

async function revoke({ letter: id }: LetterCode): Promise<void> {
  const draft = await revokeLetter(the.deps, the.registrar, { community: the.community, letter: id });
  if (!draft.ok) throw new Error(draft.refusal.code);
  await signBy(the.deps, draft.value.act, [the.registrar]);
  expect((await executeAct(the.deps, draft.value.act, applyRevocation)).ok).toBe(true);
}

const rawKey = ({ publicKey }: Authenticator) => ({
  public_key: Buffer.from(publicKey.publicKey, 'base64url'),
  webauthn_id: Buffer.from(publicKey.webauthnId, 'base64url'),
});

/** By their rows alone; how keys are bound and officers enrolled is tested elsewhere. */
async function enrolPasskeys(): Promise<void> {
  await fresh.db
    .insertInto('officer_key')
    .values({
      credential_id: newId(the.deps.random),
      officer_id: officer.officer,
      alg: 'webauthn',
      ...rawKey(passkeys.officer),
    })
    .execute();
  const own = await fresh.owner
    .selectFrom('credential')
    .selectAll()
    .where('credential_id', '=', letter.letter)
    .executeTakeFirstOrThrow();
  await fresh.owner
    .insertInto('credential')
    .values({
      ...own,
      credential_id: newId(the.deps.random),
      kind: 'passkey',
      alg: 'webauthn',
      ...rawKey(passkeys.owner),
    })
    .execute();
}

/** A way to be refused; it prepares, so that only the attempt itself is measured. */
type Cause = () => Promise<() => Promise<unknown>>;

const byLetter =
  (of: () => LetterCode, change: Partial<OwnerLogin> & { readonly seed?: Uint8Array } = {}): Cause =>
  async () => {
    const login = await loginBy(the, of(), change);
    return () => signInOwner(the.deps, login);
  };

const byStranger: Cause = () =>
  byLetter(() => letter, { seed: STRANGER, publicKey: publicKeyOf(STRANGER) })();

async function officerNonces() {
  return { serverNonce: await drawChallenge(the.deps, 'officer'), pageNonce: the.deps.random(32) };
}

/** An officer's login whose signature is by `seed` under the key of `claimed`. */
const byKeyFile =
  (claimed: () => Uint8Array, seed: () => Uint8Array): Cause =>
  async () => {
    const nonces = await officerNonces();
    const hash = loginHash(ORIGIN, nonces.serverNonce, nonces.pageNonce);
    const signature = { alg: 'Ed25519', signature: toBase64Url(sign(seed(), hash)) } as const;
    const login = { origin: ORIGIN, ...nonces, publicKey: publicKeyOf(claimed()), signature };
    return () => signIn(the.deps, login);
  };

/** A stranger's assertion, under his own credential id or another. */
function assertionAs(challenge: Uint8Array, claimed: Authenticator): Assertion {
  const made = passkeys.stranger.sign(challenge) as Assertion;
  return { ...made, credentialId: claimed.publicKey.webauthnId };
}

const byOfficerPasskey =
  (claimed: () => Authenticator): Cause =>
  async () => {
    const nonces = await officerNonces();
    const hash = loginHash(ORIGIN, nonces.serverNonce, nonces.pageNonce);
    const signature: Signature = assertionAs(hash, claimed());
    return () => signIn(the.deps, { origin: ORIGIN, ...nonces, publicKey: new Uint8Array(), signature });
  };

const byOwnerPasskey =
  (claimed: () => Authenticator): Cause =>
  async () => {
    const [serverNonce, pageNonce] = [await drawOwnerChallenge(the.deps), the.deps.random(32)];
    const signature = assertionAs(loginHash(ORIGIN, serverNonce, pageNonce), claimed());
    return () => signInByPasskey(the.deps, { serverNonce, pageNonce, signature });
  };

/** By the genuine letter, which keeps its five tries: even its holder learns of a wrong number only that it is wrong. */
const byWrongNumber =
  (numberTail: string): Cause =>
  async () => {
    const request = { community: the.community, letter: letter.letter };
    // A registrar gives tries back three times a day only, and this asks for hundreds.
    await sql`delete from day_count`.execute(fresh.owner);
    expect((await unlockLetter(the.deps, the.registrar, request)).ok).toBe(true);
    return byLetter(() => letter, { numberTail })();
  };

type Pair = readonly [name: string, one: Cause, other: Cause];
const PAIRS: readonly Pair[] = [
  ['an owner’s letter: unknown, or revoked', byStranger, byLetter(() => revoked)],
  [
    'an owner’s letter: a forged signature under a genuine one, or under an unknown one',
    byLetter(() => letter, { seed: STRANGER }),
    byLetter(() => letter, { seed: new Uint8Array(32).fill(6), publicKey: publicKeyOf(STRANGER) }),
  ],
  [
    'an owner’s letter that is forged: with the right number, or a wrong one',
    byLetter(() => letter, { seed: STRANGER }),
    byLetter(() => letter, { seed: STRANGER, numberTail: '000000' }),
  ],
  [
    'an officer’s key file: unknown, or known and signed by another',
    byKeyFile(
      () => STRANGER,
      () => STRANGER,
    ),
    byKeyFile(
      () => officer.seed,
      () => STRANGER,
    ),
  ],
  [
    'an officer’s key file: of nobody, or of one whose term is over',
    byKeyFile(
      () => STRANGER,
      () => STRANGER,
    ),
    byKeyFile(
      () => gone.seed,
      () => gone.seed,
    ),
  ],
  [
    'an officer’s passkey: unknown, or known and signed by another',
    byOfficerPasskey(() => passkeys.stranger),
    byOfficerPasskey(() => passkeys.officer),
  ],
  [
    'an owner’s passkey: unknown, or known and signed by another',
    byOwnerPasskey(() => passkeys.stranger),
    byOwnerPasskey(() => passkeys.owner),
  ],
  ['a wrong number: all of it, or one character', byWrongNumber('000000'), byWrongNumber('310021')],
];

/** The answer of an attempt, and what it cost: statements at the pool, and signatures checked. */
async function seen(cause: Cause) {
  const attempt = await cause();
  const statements = countStatements();
  const checks = [vi.mocked(ed25519.verify), vi.mocked(p256.verifyP256)];
  const before = checks.map(({ mock }) => mock.calls.length);
  const answer = JSON.stringify(await attempt());
  const verified = checks.map(({ mock }, at) => mock.calls.length - present(before[at], 'counted'));
  return { answer, statements: statements.stop(), verified };
}

/** Every statement goes through the driver's client. */
function countStatements() {
  const watched = vi.spyOn(pg.Client.prototype, 'query');
  return {
    stop: (): number => {
      const { length } = watched.mock.calls;
      watched.mockRestore();
      return length;
    },
  };
}

async function timeOf(cause: Cause): Promise<number> {
  const attempt = await cause();
  const start = performance.now();
  await attempt();
  return performance.now() - start;
}

const median = (times: readonly number[]): number =>
  present([...times].sort((a, b) => a - b)[Math.floor(times.length / 2)], 'times');

const ROUNDS = 200;
const MAX_APART = 0.25;

/** How far apart the medians of interleaved attempts are, as a share of the larger; which goes first alternates. */
async function apart([, one, other]: Pair): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const at of order) times[at].push(await timeOf(at === 0 ? one : other));
  }
  const [a, b] = [median(times[0]), median(times[1])];
  return Math.abs(a - b) / Math.max(a, b);
}

describe('the counters', () => {
  it('see the statements and the signature of a sign-in that is let in, and more of them than of a refused one', async () => {
    const [open, refused] = [await seen(byLetter(() => letter)), await seen(byStranger)];
    expect(open.answer).toContain('"ok":true');
    expect(refused.statements).toBeGreaterThan(0);
    expect(open.statements).toBeGreaterThan(refused.statements);
    expect(open.verified).toEqual([1, 0]);
  });
});

describe('two causes that a stranger must not tell apart', () => {
  it.each(PAIRS)('have one answer and cost the same: %s', async (_, one, other) => {
    const [a, b] = [await seen(one), await seen(other)];
    expect(a.answer).toMatch(/"(?:IDENTITY_REFUSED|LOGIN_REFUSED)"/);
    expect(a.verified.some((count) => count > 0)).toBe(true);
    expect(b).toEqual(a);
  });

  it.each(PAIRS)(
    'take the same time, by the medians of 200 pairs: %s',
    async (...pair) => {
      const found: number[] = [];
      // A busy machine may spoil a series; three in a row are no accident.
      for (let series = 0; series < 3 && !found.some((each) => each <= MAX_APART); series += 1)
        found.push(await apart(pair));
      expect(Math.min(...found)).toBeLessThanOrEqual(MAX_APART);
    },
    120_000,
  );
});
