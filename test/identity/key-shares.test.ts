// Goal: the service gives its half of a PIN for the right proof alone, five tries long, and tells a stranger nothing; the half rests
// sealed. Method: real keys on the real database, tries at the same moment included.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { bindKey, revokeKey } from '../../src/identity/binding.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import type { OwnerSession } from '../../src/identity/domain/owner-session.ts';
import type { BindingDeps } from '../../src/identity/identity-deps.ts';
import { MAX_TRIES, makeShare, releaseShare, unlockShare } from '../../src/identity/key-shares.ts';
import { listLocked, unlockLetter } from '../../src/identity/unlocking.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from '../../src/record/binding.ts';
import { letterSeed } from '../../src/record/letter.ts';
import { pinProof } from '../../src/record/pin.ts';
import type { Signature } from '../../src/record/signature.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf, issue, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
let the: TestCommunity;
let deps: BindingDeps;
let chen: LetterCode;
let li: LetterCode;
let credential: string;
let salt: Uint8Array;
let handle: Uint8Array;
let round = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());
beforeEach(async () => {
  round += 1;
  the = await newCommunity(fresh, `shares ${round}`);
  deps = { ...the.deps, deployment: { origin: 'vote.example/log' } };
  const file = registerFile([
    `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
    `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
  ]);
  await bringIntoForce(the, file);
  const made = await makeFor(the, file);
  await issue(the, made, '2027-06-30');
  [chen, li] = [codeOf(made, '陈大文'), codeOf(made, '李小明')];
  const identity = made.items.find((each) => each.letter === chen.letter)?.identity ?? '';
  credential = await bindDevice(identity);
  [salt, handle] = [deps.random(16), deps.random(32)];
});

const ed25519 = (seed: Uint8Array, hash: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(seed, hash)),
});
const sessionOf = (letter: LetterCode, by = letter.letter): OwnerSession => ({
  person: letter.person,
  community: the.community,
  credential: by,
});

async function bindDevice(identity: string): Promise<string> {
  const seed = deps.random(32);
  const bytes = bindingForm.bytes({
    v: 1,
    kind: 'bind',
    vouchedBy: 'letter',
    origin: 'vote.example/log',
    community: the.community,
    person: chen.person,
    identity,
    credential: newId(deps.random),
    credentialKind: 'device',
    alg: 'Ed25519',
    publicKey: toBase64Url(publicKeyOf(seed)),
    webauthnId: '',
    rpId: 'vote.example',
    nonce: toBase64Url(deps.random(16)),
  });
  const hash = bindHash(bytes);
  const evidence = [ed25519(letterSeed(chen.code), hash), ed25519(seed, hash)] as const;
  const bound = await bindKey(deps, sessionOf(chen), { binding: bytes, evidence });
  if (!bound.ok) throw new Error(bound.refusal.code);
  return bound.value.credential;
}

const proofOf = (pin: string) => ({ handle, proof: pinProof(salt, pin) });
const make = async (owner: OwnerSession, pin = '135790'): Promise<string> => {
  const made = await makeShare(deps, owner, { credential, ...proofOf(pin) });
  return made.ok ? toBase64Url(made.value.share) : made.refusal.code;
};
const release = async (pin: string): Promise<string> => {
  const released = await releaseShare(deps, proofOf(pin));
  return released.ok ? toBase64Url(released.value.share) : released.refusal.code;
};

describe('a share', () => {
  it('is the same each time, for the right PIN alone, and rests neither plain nor beside the PIN', async () => {
    const share = await make(sessionOf(chen));
    expect(share).toHaveLength(43);
    expect(await release('135790')).toBe(share);
    expect(await release('135791')).toBe('SHARE_REFUSED');
    expect(await release('135790')).toBe(share);
    const row = await fresh.db
      .selectFrom('key_share')
      .selectAll()
      .where('credential_id', '=', credential)
      .executeTakeFirstOrThrow();
    expect(toBase64Url(row.share)).not.toContain(share);
    expect(row.share.length).toBeGreaterThan(32);
    expect(row.proof_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(toBase64Url(row.handle_hash)).not.toBe(toBase64Url(handle));
  });

  it('is one for a key, and for a device key of one’s own', async () => {
    expect(await make(sessionOf(li))).toBe('SHARE_KEY');
    expect(await make(sessionOf(chen))).toHaveLength(43);
    expect(await make(sessionOf(chen))).toBe('SHARE_EXISTS');
    const ofLetter = await makeShare(deps, sessionOf(chen), { credential: chen.letter, ...proofOf('1') });
    expect(ofLetter.ok ? '' : ofLetter.refusal.code).toBe('SHARE_KEY');
  });

  it('tells a wrong PIN, an ended key and an unknown handle alike', async () => {
    await make(sessionOf(chen));
    const wrong = await releaseShare(deps, proofOf('000000'));
    const unknown = await releaseShare(deps, { handle: deps.random(32), proof: proofOf('135790').proof });
    const bytes = revocationForm.bytes({
      v: 1,
      kind: 'revocation',
      community: the.community,
      credential,
      reason: '',
      nonce: toBase64Url(deps.random(16)),
    });
    const signature = ed25519(letterSeed(chen.code), revocationHash(bytes));
    expect((await revokeKey(deps, sessionOf(chen), { revocation: bytes, signature })).ok).toBe(true);
    const ended = await releaseShare(deps, proofOf('135790'));
    expect(wrong).toEqual({ ok: false, refusal: { code: 'SHARE_REFUSED' } });
    expect([unknown, ended]).toEqual([wrong, wrong]);
  });

  it('compares five PINs and no more, also at the same moment; letter and counter open it again', async () => {
    const share = await make(sessionOf(chen));
    const told = await Promise.all(Array.from({ length: 12 }, (_, at) => release(`00000${at % 10}`)));
    expect(told.filter((each) => each === 'SHARE_REFUSED').length).toBe(MAX_TRIES);
    expect(told.filter((each) => each === 'SHARE_LOCKED').length).toBe(12 - MAX_TRIES);
    expect(await release('135790')).toBe('SHARE_LOCKED');

    const byKey = await unlockShare(deps, sessionOf(chen, credential), credential);
    expect(byKey.ok ? '' : byKey.refusal.code).toBe('SHARE_LETTER');
    const byOther = await unlockShare(deps, sessionOf(li), credential);
    expect(byOther.ok ? '' : byOther.refusal.code).toBe('CREDENTIAL_UNKNOWN');
    expect((await unlockShare(deps, sessionOf(chen), credential)).ok).toBe(true);
    expect(await release('135790')).toBe(share);

    for (let at = 0; at < MAX_TRIES; at += 1) await release('999999');
    const locked = await listLocked(deps, the.registrar, the.community);
    expect(locked.ok ? locked.value.map(({ letter }) => letter) : []).toEqual([credential]);
    const place = { community: the.community, letter: credential };
    expect((await unlockLetter(deps, the.registrar, place)).ok).toBe(true);
    expect(await release('135790')).toBe(share);
  });
});

describe('the proof of a PIN', () => {
  it('is a hash under the phone’s salt, of another purpose than what unwraps', () => {
    const share = deps.random(32);
    expect(toBase64Url(pinProof(salt, '135790'))).toBe(
      toBase64Url(h256('pin-proof', salt, new TextEncoder().encode('135790'))),
    );
    expect(toBase64Url(pinProof(salt, '135790'))).not.toBe(
      toBase64Url(h256('pin-wrap', salt, new TextEncoder().encode('135790'), share)),
    );
    expect(present(pinProof(deps.random(16), '135790'), 'a hash')).not.toEqual(pinProof(salt, '135790'));
  });
});
