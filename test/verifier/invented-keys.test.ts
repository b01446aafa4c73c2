// Goal: no key that a server invented, no letter past its date and no letter of other units speaks for an owner in a bundle that verifies.
// Method: lies of an operator in the story of bundle-builder.ts.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { seededRandom } from '../support/random.ts';
import type { Forge } from './bundle-builder.ts';
import { addManifest, buildBundle } from './bundle-builder.ts';
import { failing, failuresOf } from './failing-checks.ts';

const random = seededRandom('binding attacks');
/** The owners of the honest casts, by the place of the cast, as lines of credentials.jsonl. */
const VOTERS = [0, 1, 2, 1, 3, 4];

/** Every vote is signed by a key of the server; no letter was ever issued in the log. */
function stuffed(letters: (files: Map<string, Uint8Array>) => void): Forge {
  const seeds = VOTERS.map(() => random(32));
  const seedOf = (line: number): Uint8Array => seeds[line] ?? random(32);
  return {
    entry: (entry) =>
      entry.kind === 'letters.issued'
        ? { v: 1, kind: 'letters.revoked', community: entry.community, letter: newId(random) }
        : entry,
    castSignature: (_honest, place, { hash }) => ({
      alg: 'Ed25519',
      signature: toBase64Url(sign(seedOf(VOTERS[place] ?? 0), hash)),
    }),
    credentials: (lines) =>
      lines.map((line, at) => ({ ...line, publicKey: toBase64Url(publicKeyOf(seedOf(at))) })),
    files: letters,
  };
}

const endingOn =
  (until: string): NonNullable<Forge['entry']> =>
  (entry) =>
    entry.kind === 'letters.issued' ? { ...entry, until } : entry;

describe('a server that invents every key', () => {
  it('is found where letters.jsonl is empty', async () => {
    const lie = stuffed((files) => files.set('letters.jsonl', new Uint8Array()));
    expect(await failing(lie)).toContain('CRED-01');
  });

  it('is found where letters.jsonl is left out', async () => {
    const lie = stuffed((files) => files.delete('letters.jsonl'));
    expect(await failing(lie)).toEqual(['BND-01']);
  });
});

it('a bundle that calls itself public holds nothing that only auditors get', async () => {
  const built = buildBundle({ files: (files) => files.delete('letters.jsonl') });
  const files = new Map(built.files);
  addManifest(files, built.world.meeting, 'public');
  expect(await failuresOf({ ...built, files })).toContain('BND-01');
});

describe('a letter past its date', () => {
  it('vouches for no key', async () => {
    const lie = await failing({ keys: {}, entry: endingOn('2026-10-01') });
    expect(lie).toContain('CRED-01');
  });

  it('takes no key back', async () => {
    expect(await failing({ keys: {}, entry: endingOn('2026-11-23') })).toEqual(['REV-01']);
  });
});

it('a letter that does not name the units of the leaf votes for them by no key that it bound', async () => {
  const letters: NonNullable<Forge['letters']> = (items) =>
    items.map((item, at) => (at === 3 ? { ...item, units: [newId(random)] } : item));
  expect(await failing({ keys: {}, letters })).toEqual(['LET-02']);
});
