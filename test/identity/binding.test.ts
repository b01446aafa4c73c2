// Goal: a key speaks for an owner only by his letter's signature and its own, is logged, and ends by itself or by his letter; each other
// try is refused by its code and leaves nothing. Method: real keys and a software authenticator against the real database.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { NewBinding } from '../../src/identity/binding.ts';
import {
  bindingLines,
  bindKey,
  MAX_BOUND,
  ownKeys,
  revocationLines,
  revokeKey,
} from '../../src/identity/binding.ts';
import { areInForce } from '../../src/identity/credentials.ts';
import type { LetterCode, MadeLetters } from '../../src/identity/domain/letter-making.ts';
import type { OwnerSession } from '../../src/identity/domain/owner-session.ts';
import type { BindingDeps } from '../../src/identity/identity-deps.ts';
import { applyRevocation, revokeLetter } from '../../src/identity/issuing.ts';
import {
  drawOwnerChallenge,
  ownerSessionOf,
  signInByPasskey,
  signInOwner,
} from '../../src/identity/signing-in.ts';
import { unlockLetter } from '../../src/identity/unlocking.ts';
import type { Binding, Revocation } from '../../src/record/binding.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from '../../src/record/binding.ts';
import { letterSeed } from '../../src/record/letter.ts';
import { loginHash } from '../../src/record/login.ts';
import type { Assertion, Signature } from '../../src/record/signature.ts';
import { executeAct, signBy } from '../support/acts.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { emailsOf, putEmail } from '../support/emails.ts';
import { codeOf, issue, loginBy, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, ORIGIN, registerFile } from '../support/registry.ts';

const LOG = 'vote.example/log';
let fresh: FreshDatabase;
let the: TestCommunity;
let deps: BindingDeps;
let made: MadeLetters;
let chen: LetterCode;
let li: LetterCode;
let round = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());
beforeEach(async () => {
  round += 1;
  the = await newCommunity(fresh, `binding ${round}`);
  deps = { ...the.deps, deployment: { origin: LOG } };
  const file = registerFile([
    `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
    `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
  ]);
  await bringIntoForce(the, file);
  made = await makeFor(the, file);
  await issue(the, made, '2027-06-30');
  [chen, li] = [codeOf(made, '陈大文'), codeOf(made, '李小明')];
});

type Key = {
  readonly publicKey: {
    readonly alg: 'Ed25519' | 'webauthn';
    readonly publicKey: string;
    readonly webauthnId: string;
  };
  sign(hash: Uint8Array): Signature;
};

const ed25519 = (seed: Uint8Array, hash: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(seed, hash)),
});
const deviceKey = (): Key => {
  const seed = deps.random(32);
  return {
    publicKey: { alg: 'Ed25519', publicKey: toBase64Url(publicKeyOf(seed)), webauthnId: '' },
    sign: (hash) => ed25519(seed, hash),
  };
};
const passkey = (): Key => softwareAuthenticator('vote.example', ORIGIN, deps.random);
const byLetter = (letter: LetterCode) => (hash: Uint8Array) => ed25519(letterSeed(letter.code), hash);

const sessionOf = (letter: LetterCode): OwnerSession => ({
  person: letter.person,
  community: the.community,
  credential: letter.letter,
});

/** An honest binding of a key by a letter, with one thing changed. */
function bindingOf(
  letter: LetterCode,
  key: Key,
  change: Partial<Binding> = {},
  signers: {
    readonly letter?: (hash: Uint8Array) => Signature;
    readonly key?: (hash: Uint8Array) => Signature;
  } = {},
): NewBinding & { readonly credential: string } {
  const item = made.items.find((each) => each.letter === letter.letter);
  const binding: Binding = {
    v: 1,
    kind: 'bind',
    vouchedBy: 'letter',
    origin: LOG,
    community: the.community,
    person: letter.person,
    identity: item?.identity ?? '',
    credential: newId(deps.random),
    credentialKind: key.publicKey.alg === 'webauthn' ? 'passkey' : 'device',
    alg: key.publicKey.alg,
    publicKey: key.publicKey.publicKey,
    webauthnId: key.publicKey.webauthnId,
    rpId: 'vote.example',
    nonce: toBase64Url(deps.random(16)),
    ...change,
  };
  const bytes = bindingForm.bytes(binding);
  const hash = bindHash(bytes);
  const evidence = [(signers.letter ?? byLetter(letter))(hash), (signers.key ?? key.sign)(hash)] as const;
  return { binding: bytes, evidence, credential: binding.credential };
}

const codeOfBinding = async (letter: LetterCode, binding: NewBinding): Promise<string> => {
  const done = await bindKey(deps, sessionOf(letter), binding);
  return done.ok ? 'ok' : done.refusal.code;
};

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

async function bound(letter: LetterCode, key: Key): Promise<string> {
  const binding = bindingOf(letter, key);
  expect(await codeOfBinding(letter, binding)).toBe('ok');
  return binding.credential;
}

describe('a binding', () => {
  it.each([
    ['passkey', passkey],
    ['device', deviceKey],
  ] as const)('makes a %s a credential of its person, in the log', async (kind, make) => {
    const credential = await bound(chen, make());
    expect(await logged()).toEqual(['credential.bound']);
    expect(await inForce(credential)).toEqual([true]);
    const { keys } = await ownKeys(deps, sessionOf(chen));
    expect(keys.map((key) => [key.kind, key.isInForce])).toEqual([
      ['letter', true],
      [kind, true],
    ]);
    // Nothing is sequenced here, so no bundle has it yet.
    expect(await bindingLines(deps, the.community, 1_000_000)).toEqual([]);
  });

  it.each<[string, string, (key: Key) => NewBinding]>([
    ['BINDING_ELSEWHERE', 'for another log', (key) => bindingOf(chen, key, { origin: 'other.example/log' })],
    ['BINDING_ELSEWHERE', 'for another site', (key) => bindingOf(chen, key, { rpId: 'other.example' })],
    ['BINDING_PERSON', 'for another person', (key) => bindingOf(chen, key, { person: li.person })],
    [
      'BINDING_PERSON',
      'for another community',
      (key) => bindingOf(chen, key, { community: newId(deps.random) }),
    ],
    [
      'BINDING_PERSON',
      'of another identity',
      (key) => bindingOf(chen, key, { identity: toBase64Url(deps.random(32)) }),
    ],
    [
      'BINDING_KEY',
      'of a device key said to be a passkey',
      (key) => bindingOf(chen, key, { credentialKind: 'passkey' }),
    ],
    [
      'BINDING_KEY',
      'of a key of small order',
      (key) => bindingOf(chen, key, { publicKey: toBase64Url(Uint8Array.of(1, ...new Uint8Array(31))) }),
    ],
    ['BINDING_EVIDENCE', 'by another letter', (key) => bindingOf(chen, key, {}, { letter: byLetter(li) })],
    [
      'BINDING_EVIDENCE',
      'of a key that did not sign',
      (key) => bindingOf(chen, key, {}, { key: deviceKey().sign }),
    ],
    [
      'BINDING_MALFORMED',
      'in another spelling',
      (key) => ({ ...bindingOf(chen, key), binding: new Uint8Array([0x7b, 0x20, 0x7d]) }),
    ],
  ])('is refused with %s %s, and nothing is written', async (code, _name, make) => {
    expect(await codeOfBinding(chen, make(deviceKey()))).toBe(code);
    expect(await logged()).toEqual([]);
    expect((await ownKeys(deps, sessionOf(chen))).keys).toHaveLength(1);
  });

  it('is refused for a key that is bound already, also by another owner', async () => {
    const [device, phone] = [deviceKey(), passkey()];
    await bound(chen, device);
    await bound(chen, phone);
    expect(await codeOfBinding(li, bindingOf(li, device))).toBe('BINDING_KEY_USED');
    expect(await codeOfBinding(li, bindingOf(li, phone))).toBe('BINDING_KEY_USED');
  });

  it('is made once, however often it is sent at the same moment', async () => {
    const binding = bindingOf(chen, deviceKey());
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOfBinding(chen, binding)));
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
    expect(await logged()).toEqual(['credential.bound']);
  });

  it('needs a letter that is in force, and no other key', async () => {
    const device = deviceKey();
    const credential = await bound(chen, device);
    const session = { ...sessionOf(chen), credential };
    const by = bindingOf(chen, deviceKey(), {}, { letter: device.sign });
    expect(await bindKey(deps, session, by)).toMatchObject({ refusal: { code: 'BINDING_LETTER' } });
    const drafted = await revokeLetter(the.deps, the.registrar, {
      community: the.community,
      letter: chen.letter,
    });
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    await signBy(the.deps, drafted.value.act, [the.registrar]);
    await executeAct(the.deps, drafted.value.act, applyRevocation);
    expect(await codeOfBinding(chen, bindingOf(chen, deviceKey()))).toBe('BINDING_LETTER');
    // What it vouched for stays in force: only its owner takes it back.
    expect(await inForce(credential)).toEqual([true]);
  });

  it('is one of ten at most', async () => {
    for (let at = 0; at < MAX_BOUND; at += 1) await bound(chen, deviceKey());
    expect(await codeOfBinding(chen, bindingOf(chen, deviceKey()))).toBe('BINDING_TOO_MANY');
  });
});

it('a key that is bound and taken back again and again does not fill the log', async () => {
  for (let at = 0; at < 50; at += 1) expect(await takeBack(chen, await bound(chen, deviceKey()))).toBe('ok');
  expect(await codeOfBinding(chen, bindingOf(chen, deviceKey()))).toBe('BINDING_TOO_MANY');
});

describe('signing in', () => {
  it('with a device key that wrong numbers locked waits for the registrar, as a letter does', async () => {
    const device = deviceKey();
    const credential = await bound(chen, device);
    const attempt = async (numberTail: string): Promise<string> => {
      const login = await loginBy(the, chen);
      const { signature } = device.sign(loginHash(ORIGIN, login.serverNonce, login.pageNonce)) as {
        signature: string;
      };
      const opened = await signInOwner(deps, {
        ...login,
        publicKey: Buffer.from(device.publicKey.publicKey, 'base64url'),
        signature: Buffer.from(signature, 'base64url'),
        numberTail,
      });
      return opened.ok ? 'ok' : opened.refusal.code;
    };
    for (let at = 0; at < 5; at += 1) expect(await attempt('000000')).toBe('IDENTITY_REFUSED');
    const right = chen.owner.number.slice(-6);
    expect(await attempt(right)).toBe('IDENTITY_LOCKED');
    const locked = { community: the.community, letter: credential };
    expect(await unlockLetter(deps, the.registrar, locked)).toMatchObject({ ok: true });
    expect(await attempt(right)).toBe('ok');
  });

  it('with a device key asks for the number as a letter does', async () => {
    const device = deviceKey();
    const credential = await bound(chen, device);
    const login = await loginBy(the, chen);
    const hash = loginHash(ORIGIN, login.serverNonce, login.pageNonce);
    const signed = { ...login, publicKey: Buffer.from(device.publicKey.publicKey, 'base64url') };
    const { signature } = device.sign(hash) as { signature: string };
    const own = { ...signed, signature: Buffer.from(signature, 'base64url') };
    expect(await signInOwner(deps, { ...own, numberTail: '000000' })).toMatchObject({ ok: false });
    const again = await loginBy(the, chen);
    const second = device.sign(loginHash(ORIGIN, again.serverNonce, again.pageNonce)) as {
      signature: string;
    };
    const opened = await signInOwner(deps, {
      ...again,
      publicKey: own.publicKey,
      signature: Buffer.from(second.signature, 'base64url'),
    });
    expect(opened).toMatchObject({ ok: true, value: { session: { credential, person: chen.person } } });
  });

  const passkeyLogin = async (key: Key, origin = ORIGIN) => {
    const [serverNonce, pageNonce] = [await drawOwnerChallenge(deps), deps.random(32)];
    const signature = key.sign(loginHash(origin, serverNonce, pageNonce)) as Assertion;
    return { serverNonce, pageNonce, signature };
  };

  it('with a passkey opens the same session, once for each challenge', async () => {
    const phone = passkey();
    const credential = await bound(chen, phone);
    const login = await passkeyLogin(phone);
    const opened = await signInByPasskey(deps, login);
    expect(opened).toMatchObject({ ok: true, value: { session: { credential, person: chen.person } } });
    if (opened.ok)
      expect(await ownerSessionOf(deps, sha256(opened.value.token))).toMatchObject({ credential });
    expect(await signInByPasskey(deps, login)).toEqual({ ok: false, refusal: { code: 'IDENTITY_REFUSED' } });
  });

  it('with a passkey of nobody, for another site, or taken back is refused alike', async () => {
    const [phone, stranger] = [passkey(), passkey()];
    const credential = await bound(chen, phone);
    const refused = { ok: false, refusal: { code: 'IDENTITY_REFUSED' } };
    expect(await signInByPasskey(deps, await passkeyLogin(stranger))).toEqual(refused);
    expect(await signInByPasskey(deps, await passkeyLogin(phone, 'https://other.example'))).toEqual(refused);
    await takeBack(chen, credential);
    expect(await signInByPasskey(deps, await passkeyLogin(phone))).toEqual(refused);
  });
});

function revocationOf(credential: string, signer: (hash: Uint8Array) => Signature) {
  const revocation: Revocation = {
    v: 1,
    kind: 'revocation',
    community: the.community,
    credential,
    reason: '手机遗失',
    nonce: toBase64Url(deps.random(16)),
  };
  const bytes = revocationForm.bytes(revocation);
  return { revocation: bytes, signature: signer(revocationHash(bytes)) };
}

const takeBack = async (letter: LetterCode, credential: string): Promise<string> => {
  const done = await revokeKey(deps, sessionOf(letter), revocationOf(credential, byLetter(letter)));
  return done.ok ? 'ok' : done.refusal.code;
};

describe('a revocation', () => {
  it('by the letter ends a key and its sessions, once, in the log', async () => {
    const phone = passkey();
    const credential = await bound(chen, phone);
    const [serverNonce, pageNonce] = [await drawOwnerChallenge(deps), deps.random(32)];
    const signature = phone.sign(loginHash(ORIGIN, serverNonce, pageNonce)) as Assertion;
    const opened = await signInByPasskey(deps, { serverNonce, pageNonce, signature });
    await putEmail(fresh.db, the.community, chen.person);
    expect(await takeBack(chen, credential)).toBe('ok');
    expect(await emailsOf(fresh.db, the.community)).toEqual({ addresses: [], codes: [] });
    expect(await inForce(credential)).toEqual([false]);
    if (opened.ok) expect(await ownerSessionOf(deps, sha256(opened.value.token))).toBeUndefined();
    expect(await takeBack(chen, credential)).toBe('CREDENTIAL_ENDED');
    expect(await logged()).toEqual(['credential.bound', 'credential.revoked']);
    expect(await revocationLines(fresh.db, the.community, 1_000_000)).toEqual([]);
  });

  it('by the key itself ends it, and by another key does not', async () => {
    const [first, second] = [deviceKey(), deviceKey()];
    const [one, two] = [await bound(chen, first), await bound(chen, second)];
    const by = { ...sessionOf(chen), credential: one };
    const other = await revokeKey(deps, by, revocationOf(two, first.sign));
    expect(other).toMatchObject({ refusal: { code: 'REVOCATION_NOT_BY' } });
    expect(await revokeKey(deps, by, revocationOf(one, first.sign))).toMatchObject({ ok: true });
    expect([await inForce(one), await inForce(two)]).toEqual([[false], [true]]);
  });

  it('of another person’s key, of a letter, or wrongly signed is refused', async () => {
    const credential = await bound(chen, deviceKey());
    expect(await takeBack(li, credential)).toBe('CREDENTIAL_UNKNOWN');
    expect(await takeBack(chen, newId(deps.random))).toBe('CREDENTIAL_UNKNOWN');
    expect(await takeBack(chen, chen.letter)).toBe('REVOCATION_NOT_BY');
    const forged = await revokeKey(deps, sessionOf(chen), revocationOf(credential, byLetter(li)));
    expect(forged).toMatchObject({ refusal: { code: 'BINDING_EVIDENCE' } });
    const odd = { revocation: new Uint8Array([0x7b, 0x7d]), signature: byLetter(chen)(new Uint8Array(32)) };
    expect(await revokeKey(deps, sessionOf(chen), odd)).toMatchObject({
      refusal: { code: 'REVOCATION_MALFORMED' },
    });
    expect(await inForce(credential)).toEqual([true]);
  });
});
