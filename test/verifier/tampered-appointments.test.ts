// Goal: an office ends at its removal and an old key at the appointment that replaces it, for the verifier too. Method: the story of
// bundle-builder.ts with an honest or a forged removal or second appointment before one step; the failing checks are asserted.
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import type { PublicKey } from '../../src/record/signature.ts';
import { failing } from './failing-checks.ts';
import type { Forge, StepName, World } from './forge.ts';
import { ed25519Key } from './story-keys.ts';

const AT: Readonly<Partial<Record<StepName, string>>> = {
  open: '2026-11-19T03:00:00Z',
  pay: '2026-12-09T01:00:00Z',
};
const BY_BOTH = ['regulator', 'street'] as const;

/** Slips entries in before a step. */
const preceding = (at: 'open' | 'pay', slip: (world: World, append: Append) => void): Forge => ({
  before: (world, step) => {
    if (step !== at) return;
    slip(world, (entry, signers) => void world.append(step, entry, signers, present(AT[at], 'a time')));
  },
});
type Append = (entry: UnsignedEntry, signers: readonly string[]) => void;

const committeeOf = (world: World) => present(world.officers.get('committee'), 'appointed');

const removal = (world: World): UnsignedEntry<'officer.removed'> => ({
  v: 1,
  kind: 'officer.removed',
  officer: committeeOf(world).id,
  community: world.community,
});

/** The committee's officer appointed again with this key. */
const again = (
  world: World,
  key: PublicKey,
  change: Partial<UnsignedEntry<'officer.appointed'>> = {},
): UnsignedEntry<'officer.appointed'> => ({
  v: 1,
  kind: 'officer.appointed',
  officer: committeeOf(world).id,
  identity: committeeOf(world).identity,
  role: 'committee',
  community: world.community,
  keys: [{ credential: newId(world.random), key }],
  until: '2027-12-31',
  ...change,
});

/** A new key, with which the committee's officer signs from here on. */
function newKey(world: World): PublicKey {
  const key = ed25519Key(world.random(32));
  world.officers.set('committee', { ...committeeOf(world), key });
  return key.publicKey;
}

describe('a removal', () => {
  it('of an officer who does nothing more leaves everything valid', async () => {
    const forge = preceding('pay', (world, append) => {
      const registrar = present(world.officers.get('registrar'), 'appointed').id;
      append({ ...removal(world), officer: registrar }, BY_BOTH);
    });
    expect(await failing(forge)).toEqual([]);
  });

  it('by two roots is one too', async () => {
    const forge = preceding('pay', (world, append) => {
      const registrar = present(world.officers.get('registrar'), 'appointed').id;
      append({ ...removal(world), officer: registrar }, ['root0', 'root1']);
    });
    expect(await failing(forge)).toEqual([]);
  });

  it('OFF-01: ends what the officer signs afterwards', async () => {
    expect(await failing(preceding('open', (world, append) => append(removal(world), BY_BOTH)))).toEqual([
      'OFF-01',
      'FUND-02',
    ]);
  });

  it('OFF-01: signed by others than those who may removes nobody', async () => {
    const forge = preceding('pay', (world, append) => append(removal(world), ['committee', 'street']));
    expect(await failing(forge)).toEqual(['ACT-01', 'OFF-01']);
  });

  it('OFF-01: is not undone by another appointment of the same officer', async () => {
    const forge = preceding('open', (world, append) => {
      append(removal(world), BY_BOTH);
      append(again(world, newKey(world)), BY_BOTH);
    });
    expect(await failing(forge)).toEqual(['OFF-01', 'FUND-02']);
  });
});

describe('a second appointment of an officer', () => {
  it('gives him the keys that it names', async () => {
    const forge = preceding('open', (world, append) => append(again(world, newKey(world)), BY_BOTH));
    expect(await failing(forge)).toEqual([]);
  });

  it('may keep his old key beside a new one', async () => {
    const forge = preceding('open', (world, append) => {
      const extra = ed25519Key(world.random(32)).publicKey;
      const keys = [committeeOf(world).key.publicKey, extra].map((key) => ({
        credential: newId(world.random),
        key,
      }));
      append({ ...again(world, extra), keys }, BY_BOTH);
    });
    expect(await failing(forge)).toEqual([]);
  });

  it('ACT-02: ends the key that it leaves out', async () => {
    const forge = preceding('pay', (world, append) =>
      append(again(world, ed25519Key(world.random(32)).publicKey), BY_BOTH),
    );
    expect(await failing(forge)).toEqual(['ACT-02', 'FUND-02']);
  });

  it('OFF-01: may not bring back a key that ended', async () => {
    const forge = preceding('pay', (world, append) => {
      const old = committeeOf(world).key.publicKey;
      append(again(world, newKey(world)), BY_BOTH);
      append(again(world, old), BY_BOTH);
    });
    expect(await failing(forge)).toEqual(['OFF-01']);
  });

  it.each([
    ['another identity', { identity: toBase64Url(new Uint8Array(32).fill(5)) }],
    ['another role', { role: 'clerk' }],
  ] as const)('OFF-01: may not give the office %s', async (_, change) => {
    const forge = preceding('pay', (world, append) =>
      append(again(world, ed25519Key(world.random(32)).publicKey, change), BY_BOTH),
    );
    expect(await failing(forge)).toEqual(['OFF-01']);
  });

  it('OFF-01: signed by the officer himself gives no key', async () => {
    const forge = preceding('pay', (world, append) =>
      append(again(world, ed25519Key(world.random(32)).publicKey), ['committee', 'street']),
    );
    expect(await failing(forge)).toEqual(['ACT-01', 'OFF-01']);
  });
});
