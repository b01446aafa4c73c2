// Goal: a key speaks for a person only where it and whatever vouches signed exactly the binding; a PIN unwraps a seed only with its salt and
// share. Method: real keys of each sort, and one thing changed.
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import type { Binding } from '../../src/record/binding.ts';
import { bindHash, bindingForm, revocationHash } from '../../src/record/binding.ts';
import { isShown, isSignedBy, isVouched } from '../../src/record/binding-evidence.ts';
import { correctionHash, documentHash, onlyHoldersDiffer } from '../../src/record/correction.ts';
import { decoyPasskey } from '../../src/record/decoy-passkey.ts';
import { freezeHash } from '../../src/record/freeze.ts';
import { foldNumber } from '../../src/record/identity.ts';
import { isPin, pinProof, wrapSeed } from '../../src/record/pin.ts';
import { reissueHash } from '../../src/record/reissue.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import type { Signature } from '../../src/record/signature.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import { seededRandom } from '../support/random.ts';
import { RECORD_EXAMPLES } from './record-examples.ts';

const random = seededRandom('owners keys');
const place = { rpId: 'vote.example', origins: ['https://vote.example'] };
const passkey = softwareAuthenticator(place.rpId, 'https://vote.example', random);
const [letterSeed, deviceSeed, strange] = [random(32), random(32), random(32)];
const bySeed = (seed: Uint8Array, hash: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(seed, hash)),
});

describe.each<[string, Partial<Binding>, (hash: Uint8Array) => Signature]>([
  [
    'a device key',
    {
      credentialKind: 'device',
      alg: 'Ed25519',
      publicKey: toBase64Url(publicKeyOf(deviceSeed)),
      webauthnId: '',
    },
    (hash) => bySeed(deviceSeed, hash),
  ],
  [
    'a passkey',
    {
      credentialKind: 'passkey',
      alg: 'webauthn',
      publicKey: passkey.publicKey.publicKey,
      webauthnId: passkey.publicKey.webauthnId,
    },
    (hash) => passkey.sign(hash),
  ],
])('%s', (_name, members, byKey) => {
  const [example] = RECORD_EXAMPLES['bindingForm'] as readonly [Binding];
  const bound: Binding = { ...example, ...members };
  const bytes = bindingForm.bytes(bound);
  const hash = bindHash(bytes);
  const letter = publicKeyOf(letterSeed);
  const byLetter = bySeed(letterSeed, hash);

  it('is bound by its letter and itself, each over the very binding', () => {
    expect(isVouched(bound, bytes, letter, [byLetter, byKey(hash)], place)).toBe(true);
    expect(isVouched(bound, bytes, letter, [bySeed(strange, hash), byKey(hash)], place)).toBe(false);
    expect(isVouched(bound, bytes, letter, [byLetter, bySeed(strange, hash)], place)).toBe(false);
    expect(isVouched(bound, bytes, letter, [byLetter, byKey(random(32))], place)).toBe(false);
    expect(isVouched(bound, bytes, publicKeyOf(strange), [byLetter, byKey(hash)], place)).toBe(false);
    const another = bindingForm.bytes({ ...bound, rpId: 'else.example' });
    expect(isShown(bound, another, byKey(hash), place)).toBe(false);
  });

  it('does not sign in the way of another algorithm', () => {
    const key = present(fromBase64Url(bound.publicKey), 'key');
    const alg = bound.alg === 'Ed25519' ? 'webauthn' : 'Ed25519';
    expect(isSignedBy({ alg, publicKey: key, webauthnId: new Uint8Array() }, hash, byKey(hash), place)).toBe(
      false,
    );
  });
});

it('the passkey that stands in for none accepts nothing that another signed', () => {
  const { publicKey, webauthnId } = decoyPasskey(present(fromBase64Url(passkey.publicKey.webauthnId), 'id'));
  const hash = random(32);
  expect(isSignedBy({ alg: 'webauthn', publicKey, webauthnId }, hash, passkey.sign(hash), place)).toBe(false);
});

describe('a PIN', () => {
  const [salt, share, seed] = [random(16), random(32), random(32)];
  it.each([
    ['123456', true],
    ['12345', false],
    ['1234567', false],
    ['12345a', false],
    ['１２３４５６', false],
    ['123456\n', false],
  ])('%j is one: %s', (typed, is) => {
    expect(isPin(typed)).toBe(is);
  });

  it('unwraps what it wrapped, with the same salt and share only', () => {
    const wrapped = wrapSeed(seed, salt, '123456', share);
    expect(wrapSeed(wrapped, salt, '123456', share)).toEqual(seed);
    for (const [otherSalt, pin, otherShare] of [
      [random(16), '123456', share],
      [salt, '123457', share],
      [salt, '123456', random(32)],
    ] as const)
      expect(wrapSeed(wrapped, otherSalt, pin, otherShare)).not.toEqual(seed);
  });

  it('proves nothing without its salt, and is not its own wrapping', () => {
    expect(pinProof(salt, '123456')).not.toEqual(pinProof(random(16), '123456'));
    expect(pinProof(salt, '123456')).not.toEqual(pinProof(salt, '123457'));
    expect(pinProof(salt, '123456')).not.toEqual(
      wrapSeed(new Uint8Array(32), salt, '123456', new Uint8Array()),
    );
  });
});

it('a correction changes holders and voter, and nothing else', () => {
  const [leaf] = RECORD_EXAMPLES['rollLeafForm'] as readonly [RollLeaf];
  const other = toBase64Url(random(32));
  expect(onlyHoldersDiffer(leaf, { ...leaf, holders: other, voter: other })).toBe(true);
  expect(
    onlyHoldersDiffer(leaf, { ...leaf, units: leaf.units.map((unit) => ({ ...unit, areaDm2: '1' })) }),
  ).toBe(false);
  expect(
    onlyHoldersDiffer(leaf, { ...leaf, basis: leaf.basis === 'owner-set' ? 'developer-stock' : 'owner-set' }),
  ).toBe(false);
});

it('the same bytes have another hash in each place', () => {
  const bytes = random(64);
  const hashes = [bindHash, revocationHash, freezeHash].map((hash) => toBase64Url(hash(bytes)));
  const all = [
    ...hashes,
    correctionHash(bytes),
    reissueHash(bytes),
    documentHash(bytes.subarray(0, 16), 'x'),
  ];
  expect(new Set(all).size).toBe(all.length);
});

it('a number is folded as it is compared', () => {
  expect(foldNumber('44200019ABC')).toBe('44200019ABC');
  expect(foldNumber('４４20 0019‑abc\u200b')).toBe('44200019ABC');
});
