// Goal: a key of the counter votes only where it signed its binding and two officers of a right pair signed its entry, and officers take a
// key back only so and with a reason. Method: a dishonest operator tells one lie while the meeting of bundle-builder.ts runs.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import type { Signature } from '../../src/record/signature.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, failing, failuresOf } from './failing-checks.ts';
import type { Forge, KeyLies } from './forge.ts';

const random = seededRandom('tampered counter');
const strange = random(32);
const byStranger = (hash: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(strange, hash)),
});
const counter: KeyLies = { counter: true };
/** Who signs at the counter. */
const signedBy = (...names: readonly string[]): Forge => ({
  keys: counter,
  signers: (signers, step) => (step === 'counter' ? names : signers),
});

describe('a key of the counter', () => {
  it('votes, and another is taken back by officers', async () => {
    const built = buildBundle({ keys: counter });
    expect(await failuresOf(built)).toEqual([]);
    const outcomes = new Map((await checksOf(built)).map(({ id, outcome }) => [id, outcome]));
    for (const id of ['CRED-01', 'CRED-02', 'CRED-03', 'REV-01', 'ACT-01', 'ACT-03', 'LET-02'] as const)
      expect([id, outcomes.get(id)]).toEqual([id, 'pass']);
  });

  it('leaves the public bundle without a finding, where anybody counts its entry', async () => {
    const built = publicBundle(buildBundle({ keys: counter }));
    expect(await failuresOf(built)).toEqual([]);
    const outcomes = new Map((await checksOf(built)).map(({ id, outcome }) => [id, outcome]));
    expect([outcomes.get('ACT-01'), outcomes.get('ACT-03')]).toEqual(['pass', 'pass']);
  });
});

describe('CRED-01: a binding at the counter', () => {
  it.each<[string, Forge, readonly string[]]>([
    ['by nobody', signedBy(), ['ACT-01', 'CRED-01']],
    ['by one officer', signedBy('street'), ['ACT-01', 'CRED-01']],
    ['by one officer twice', signedBy('street', 'street'), ['ACT-01', 'ACT-03', 'CRED-01']],
    ['by the committee and the street office', signedBy('committee', 'street'), ['ACT-01', 'CRED-01']],
    ['by two of the supervising offices', signedBy('street', 'regulator'), ['ACT-01', 'CRED-01']],
    [
      'that the officers signed for another key',
      {
        keys: counter,
        action: (action, step) =>
          step === 'counter' ? { ...action, subject: toBase64Url(random(32)) } : action,
      },
      ['ACT-02', 'CRED-01'],
    ],
    [
      'that somebody else signed in an officer’s place',
      {
        keys: counter,
        signature: (signature, step, role) =>
          step === 'counter' && role === 'registrar' ? byStranger(random(32)) : signature,
      },
      ['ACT-02', 'CRED-01'],
    ],
    [
      'of a key that nobody showed',
      {
        keys: {
          ...counter,
          evidence: ({ letter, evidence }, hash) =>
            letter === '' ? { letter, evidence: [byStranger(hash)] } : { letter, evidence },
        },
      },
      ['CRED-01'],
    ],
    [
      'that names a letter besides',
      {
        keys: {
          ...counter,
          evidence: (vouched) => ({ ...vouched, letter: vouched.letter || newId(random) }),
        },
      },
      ['CRED-01'],
    ],
    [
      'that says a letter vouched',
      { keys: { ...counter, binding: (binding) => ({ ...binding, vouchedBy: 'letter' }) } },
      ['CRED-01'],
    ],
    [
      'of another person',
      {
        keys: {
          ...counter,
          binding: (binding) =>
            binding.credentialKind === 'passkey' ? { ...binding, person: newId(random) } : binding,
        },
      },
      ['CRED-01'],
    ],
  ])('%s', async (_name, forge, failed) => {
    expect([...(await failing(forge))].sort()).toEqual([...failed].sort());
  });

  it('that a letter of the owner vouched for, said to be the counter’s', async () => {
    const keys: KeyLies = {
      binding: (binding) =>
        binding.credentialKind === 'passkey' ? { ...binding, vouchedBy: 'counter' } : binding,
    };
    expect(await failing({ keys })).toEqual(['CRED-01']);
  });
});

describe('REV-01: a revocation by officers', () => {
  it.each<[string, Forge, readonly string[]]>([
    ['without a reason', { keys: { ...counter, reason: '' } }, ['REV-01']],
    [
      'by one of them',
      {
        keys: counter,
        signers: (signers, step) => (step === 'taking-back' ? ['registrar'] : signers),
      },
      ['ACT-01', 'REV-01'],
    ],
    [
      'for another key',
      {
        keys: counter,
        action: (action, step) =>
          step === 'taking-back' ? { ...action, subject: toBase64Url(random(32)) } : action,
      },
      ['ACT-02', 'REV-01'],
    ],
    [
      'with a stranger’s signature besides',
      { keys: { ...counter, revocation: ({ by }, hash) => ({ by, evidence: [byStranger(hash)] }) } },
      ['REV-01'],
    ],
  ])('%s', async (_name, forge, failed) => {
    expect([...(await failing(forge))].sort()).toEqual([...failed].sort());
  });
});
