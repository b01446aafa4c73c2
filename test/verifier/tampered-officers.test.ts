// Goal: each check of roots, officers and meeting fails when its lie is told. Method: a dishonest operator tells one lie while
// the meeting of bundle-builder.ts runs, so that everything after it is consistent; the exact list of failing checks is asserted.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import type { Signature } from '../../src/record/signature.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import { seededRandom } from '../support/random.ts';
import type { Forge, World } from './bundle-builder.ts';
import { buildBundle } from './bundle-builder.ts';
import { failing, failuresOf } from './failing-checks.ts';

const random = seededRandom('tampered officers');
const forgedSignature: Signature = { alg: 'Ed25519', signature: toBase64Url(random(64)) };

/** An officer whom nobody appointed, with a key of his own. */
function impostor(world: World, as: string, role: 'committee' | 'street' | 'regulator' | 'registrar'): void {
  const seed = world.random(32);
  const publicKey = {
    v: 1,
    alg: 'Ed25519',
    publicKey: toBase64Url(publicKeyOf(seed)),
    webauthnId: '',
  } as const;
  const key = {
    publicKey,
    sign: (hash: Uint8Array): Signature => ({ alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) }),
  };
  world.officers.set(as, { id: newId(world.random), role, identity: toBase64Url(world.random(32)), key });
}

/** Replaces one signer of a step. */
const instead =
  (step: string, from: string, to: string): NonNullable<Forge['signers']> =>
  (names, at) =>
    at === step ? names.map((name) => (name === from ? to : name)) : names;

describe('trust and root', () => {
  const built = buildBundle();
  it('TRUST-01: other roots, thresholds, witnesses and origins than the trust file names', async () => {
    const lies = [
      { roots: [...built.trust.roots.slice(1), toBase64Url(publicKeyOf(random(32)))] },
      { threshold: 1 },
      { witnesses: built.trust.witnesses.slice(1) },
      { origin: 'other.example/log' },
      { demo: true },
    ];
    for (const lie of lies) {
      expect(await failuresOf(built, { trust: { ...built.trust, ...lie } })).toEqual(['TRUST-01']);
    }
  });
  it('ROOT-01: one root signature where two are needed', async () => {
    const lie = await failing({ signers: (names, step) => (step === 'root' ? names.slice(1) : names) });
    expect(lie).toEqual(['ACT-01', 'ROOT-01']);
  });
  it('ROOT-01: a forged root signature', async () => {
    const lie = await failing({
      signature: (signature, step) => (step === 'root' ? forgedSignature : signature),
    });
    expect(lie).toEqual(expect.arrayContaining(['ROOT-01', 'ACT-02']));
  });
  it('ROOT-01: the definition names another relying party than the root', async () => {
    expect(await failing({ definition: (one) => ({ ...one, rpId: 'other.example' }) })).toEqual(['ROOT-01']);
  });
  it('ROOT-01: a demo root in a definition that hides it', async () => {
    const lie = await failing({
      entry: (entry) => (entry.kind === 'root.declared' ? { ...entry, demo: 'demo' } : entry),
    });
    expect(lie).toEqual(['TRUST-01', 'ROOT-01']);
  });
});

describe('officers and their actions', () => {
  it('OFF-01: an officer appointed by nobody signs the opening', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step === 'open') impostor(world, 'impostor', 'street');
      },
      signers: instead('open', 'street', 'impostor'),
    });
    // His name in officers.jsonl has no entry either.
    expect(lie).toEqual(['LOG-01', 'OFF-01']);
  });
  it('OFF-01: an appointment that nobody signed appoints nobody', async () => {
    const lie = await failing({ signers: (names, step) => (step === 'registrar' ? [] : names) });
    expect(lie).toEqual(['ACT-01', 'OFF-01']);
  });
  it('OFF-01: a street officer appointed by officers instead of roots', async () => {
    const lie = await failing({
      signers: (names, step) => (step === 'street' ? ['regulator'] : names),
    });
    expect(lie).toEqual(expect.arrayContaining(['ACT-01', 'OFF-01']));
  });
  it('OFF-01: an appointment that had run out', async () => {
    const lie = await failing({
      entry: (entry, step) =>
        step === 'registrar' && entry.kind === 'officer.appointed'
          ? { ...entry, until: '2026-10-05' }
          : entry,
    });
    expect(lie).toEqual(['OFF-01']);
  });
  it('OFF-01: one identity in two roles', async () => {
    let identity = '';
    const lie = await failing({
      entry: (entry, step) => {
        if (entry.kind !== 'officer.appointed') return entry;
        if (step === 'committee') identity = entry.identity;
        return step === 'registrar' ? { ...entry, identity } : entry;
      },
    });
    expect(lie).toEqual(['OFF-01']);
  });
  it('ACT-01: a payment that one officer signed', async () => {
    const lie = await failing({ signers: (names, step) => (step === 'pay' ? names.slice(1) : names) });
    expect(lie).toEqual(['ACT-01', 'FUND-02']);
  });
  it('ACT-02: a batch of letters under a forged signature', async () => {
    const lie = await failing({
      signature: (signature, step) => (step === 'letters' ? forgedSignature : signature),
    });
    expect(lie).toEqual(['ACT-02']);
  });
  it('ACT-02: an action over another subject', async () => {
    const lie = await failing({
      action: (action, step) => (step === 'open' ? { ...action, subject: toBase64Url(random(32)) } : action),
    });
    expect(lie).toEqual(['ACT-02']);
  });
  it('ACT-02: an assertion of another passkey', async () => {
    const other = softwareAuthenticator('vote.example', 'https://vote.example', random);
    const lie = await failing({
      signature: (signature, step, role) =>
        step === 'final' && role === 'street' ? other.sign(random(32)) : signature,
    });
    expect(lie).toEqual(['ACT-02']);
  });
  it('ACT-03: two actions of one and the same officer', async () => {
    const lie = await failing({ signers: instead('roll', 'street', 'committee') });
    expect(lie).toEqual(['ACT-01', 'ACT-03']);
  });
  it('ACT-03: street and regulator sign where the committee convenes', async () => {
    const lie = await failing({ signers: instead('open', 'committee', 'regulator') });
    expect(lie).toEqual(['ACT-03']);
  });
  it('ACT-04: an action that was used twice', async () => {
    const lie = await failing({
      before: ({ log }, step) => {
        // The registrar's one action, and so his batch of letters, stands in the log a second time.
        if (step === 'deposit') log.appendBytes(log.entries[6] ?? new Uint8Array());
      },
    });
    expect(lie).toEqual(['ACT-04', 'LET-01']);
  });
  it('ACT-04: an action that had expired, and one that lives too long', async () => {
    for (const expires of ['2026-11-20T01:00:00Z', '2026-11-29T00:00:00Z']) {
      const lie = await failing({
        action: (action, step) => (step === 'open' ? { ...action, expires } : action),
      });
      expect(lie).toEqual(['ACT-04']);
    }
  });
  it('ACT-04 and SEEN-01: an action that saw a log of the future', async () => {
    const lie = await failing({
      action: (action, step) => (step === 'open' ? { ...action, size: 99 } : action),
    });
    expect(lie).toEqual(['ACT-04', 'SEEN-01']);
  });
  it('SEEN-01: an officer was shown another history', async () => {
    const lie = await failing({
      action: (action, step) => (step === 'open' ? { ...action, root: toBase64Url(random(32)) } : action),
    });
    expect(lie).toEqual(['SEEN-01']);
  });
  it('REV-01: the removal of an officer who was never appointed', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'notice') return;
        const removed = { v: 1, kind: 'officer.removed', officer: newId(random), community: '' } as const;
        world.append('committee', removed, ['root0', 'root1'], '2026-10-30T00:00:00Z');
      },
    });
    expect(lie).toEqual(['REV-01']);
  });
  it('REV-01: a revocation that nobody signed', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'notice') return;
        const { community } = world;
        const revoked = { v: 1, kind: 'letters.revoked', community, letter: newId(random) } as const;
        world.append('letters', revoked, [], '2026-10-30T00:00:00Z');
      },
    });
    expect(lie).toEqual(['ACT-01', 'REV-01']);
  });
  it('an officer who was removed may no longer sign', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'box') return;
        const officer = world.officers.get('street')?.id ?? '';
        const removed = { v: 1, kind: 'officer.removed', officer, community: '' } as const;
        world.append('committee', removed, ['root0', 'root1'], '2026-11-30T01:10:00Z');
      },
    });
    expect(lie).toEqual(['OFF-01', 'FUND-02']);
  });
});

describe('the meeting', () => {
  it('MEET-01: another definition was noticed than opened', async () => {
    expect(await failing({ noticed: (one) => ({ ...one, title: '另一次会议' }) })).toEqual(['MEET-01']);
  });
  it('MEET-01: a text that people read is not the one that the definition names', async () => {
    const lie = (files: Map<string, Uint8Array>) => {
      for (const path of files.keys())
        if (path.startsWith('notice/')) files.set(path, new TextEncoder().encode('x'));
    };
    expect(await failing({ files: lie })).toEqual(['MEET-01']);
  });
  it('MEET-01: a meeting that opens twice', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'close') return;
        const { community, meeting } = world;
        const again = { v: 1, kind: 'meeting.opened', community, meeting } as const;
        const meetingHash = toBase64Url(random(32));
        world.append('open', { ...again, meetingHash }, ['committee', 'street'], '2026-11-27T02:00:00Z');
      },
    });
    expect(lie).toEqual(['MEET-01']);
  });
  it('MEET-01: the officers of another community close the result', async () => {
    const lie = await failing({
      entry: (entry) => (entry.kind === 'meeting.closed' ? { ...entry, community: newId(random) } : entry),
    });
    expect(lie).toContain('MEET-01');
  });
  it('MEET-01: a result of a meeting that was cancelled', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'final') return;
        const { community, meeting } = world;
        const entry = { v: 1, kind: 'meeting.cancelled', community, meeting } as const;
        const signers = ['committee', 'street'];
        world.append(
          'open',
          { ...entry, reasonHash: toBase64Url(random(32)) },
          signers,
          '2026-12-06T02:00:00Z',
        );
      },
    });
    expect(lie).toEqual(['MEET-01']);
  });
  it('MEET-02: a threshold in the profile that the definition does not have', async () => {
    const text = (bytes: Uint8Array) =>
      new TextDecoder().decode(bytes).replace('"majorNum":3', '"majorNum":2');
    const lie = await failing({ profileFile: (bytes) => new TextEncoder().encode(text(bytes)) });
    expect(lie).toEqual(['MEET-02']);
  });
  it('MEET-02: a threshold below the statute, in profile and definition alike', async () => {
    // The result that was published is then no longer the one that follows either.
    expect(await failing({ parameters: { majorNum: 2, majorDen: 3 } })).toEqual(['MEET-02', 'TALLY-02']);
  });
  it('MEET-02: a profile that the regulator did not publish', async () => {
    expect(await failing({ parameters: { objectionDays: 6 } })).toEqual(['MEET-02']);
  });
  it('MEET-02: a parameter that is missing leaves what needs it "not made"', async () => {
    const lie = await failing({
      definition: (one) => ({
        ...one,
        profile: {
          ...one.profile,
          parameters: one.profile.parameters.filter(({ name }) => name !== 'quorumNum'),
        },
      }),
    });
    expect(lie).toEqual(['MEET-02']);
  });
  it('MEET-02: a motion without abstention, and a profile for demos under a real root', async () => {
    const lie = await failing({
      definition: (one) => ({ ...one, profile: { ...one.profile, id: 'DEMO-CN-2021' } }),
    });
    expect(lie).toEqual(['MEET-02']);
  });
});
