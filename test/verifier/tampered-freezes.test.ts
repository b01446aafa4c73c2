// Goal: what a server accepts of an owner who has frozen his vote, or freezes and lifts without right, is found from the bundle alone.
// Method: whole bundles, each with one lie told while the meeting runs (SPEC 3.5).
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { Forge, FreezeWish } from './forge.ts';
import { HONEST_CASTS } from './story-casts.ts';

const random = seededRandom('tampered freezes');
const strange = random(32);
const WITHOUT_ADA = HONEST_CASTS.filter(({ owner }) => owner !== 'ada');

describe('a freeze', () => {
  it('after the vote is explained, and so is one that was lifted before it', async () => {
    const late = buildBundle({ freeze: { of: 'ada' } });
    expect(await failuresOf(late)).toEqual([]);
    const outcomes = new Map((await checksOf(late)).map(({ id, outcome }) => [id, outcome]));
    for (const id of ['REV-01', 'CRED-03', 'LOG-01', 'ACT-03'] as const)
      expect([id, outcomes.get(id)]).toEqual([id, 'pass']);
    const lifted = { of: 'ada', at: 'keys', lifted: (freeze: string) => [freeze] } as const;
    expect(await failing({ freeze: lifted })).toEqual([]);
  });

  it('leaves the public bundle without a finding', async () => {
    expect(await failuresOf(publicBundle(buildBundle({ freeze: { of: 'ada' } })))).toEqual([]);
  });
});

describe('CRED-03: a cast', () => {
  it('of an owner who had frozen his vote', async () => {
    expect(await failing({ freeze: { of: 'ada', at: 'open' } })).toEqual(['CRED-03']);
  });

  it('by another key of the same owner', async () => {
    const freeze = { of: 'emei', at: 'open' } as const;
    expect(await failing({ keys: {}, freeze })).toEqual(['CRED-03']);
  });
});

it('CRED-01: a key that was bound while its owner was frozen', async () => {
  const freeze = { of: 'emei', at: 'keys' } as const;
  expect(await failing({ keys: {}, freeze })).toEqual(['CRED-01', 'CRED-03']);
});

describe('REV-01: a freeze', () => {
  it.each<[string, Omit<FreezeWish, 'of'>]>([
    [
      'that a stranger signed',
      {
        signed: ({ by }, hash) => ({
          by,
          signature: { alg: 'Ed25519', signature: toBase64Url(sign(strange, hash)) },
        }),
      },
    ],
    ['by a credential that nobody has', { signed: (signed) => ({ ...signed, by: newId(random) }) }],
    ['of another person', { record: (record) => ({ ...record, person: newId(random) }) }],
    ['of another community', { record: (record) => ({ ...record, community: newId(random) }) }],
    ['that is lifted twice', { lifted: (freeze) => [freeze, freeze] }],
    ['that never was, lifted', { lifted: () => [toBase64Url(random(32))] }],
  ])('%s', async (_name, lie) => {
    expect(await failing({ freeze: { of: 'ada', ...lie } })).toEqual(['REV-01']);
  });
});

describe('an owner who froze his vote and stands in the bundle twice', () => {
  it('LET-01: with a letter of another person under his identity', async () => {
    const again = {
      person: newId(random),
      letter: newId(random),
      publicKey: toBase64Url(publicKeyOf(strange)),
    };
    const letters: Forge['letters'] = (items) => [...items, { ...present(items[0], 'ada'), ...again }];
    expect(await failing({ freeze: { of: 'ada', at: 'open' }, letters, casts: WITHOUT_ADA })).toEqual([
      'LET-01',
      'TALLY-02',
    ]);
    expect(await failing({ letters })).toEqual(['LET-01']);
  });

  it('ROLL-04: or as another person of the register', async () => {
    const lie = await failing({
      files: (files) =>
        editLines(files, 'persons.jsonl', (lines) => [
          ...lines,
          present(lines[0], 'ada').replace(/"person":"[a-z2-7]{26}"/, `"person":"${newId(random)}"`),
        ]),
    });
    expect(lie).toEqual(['ROLL-04']);
  });
});

it.each([
  ['ACT-01', ['registrar']],
  ['ACT-01', ['committee', 'street']],
])('%s: a freeze that %s lifted', async (check, liftedBy) => {
  const freeze = { of: 'ada', lifted: (each: string) => [each], liftedBy };
  expect(await failing({ freeze })).toEqual([check]);
});

it('LOG-01: a freeze that the bundle leaves out', async () => {
  const built = buildBundle({
    freeze: { of: 'ada' },
    files: (files) => files.set('freezes.jsonl', new Uint8Array()),
  });
  expect(await failuresOf(built)).toEqual(['LOG-01']);
});
