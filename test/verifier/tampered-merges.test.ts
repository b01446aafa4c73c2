// Goal: what a server accepts of persons who were merged – a cast, a letter, a key, a mandate, a second head –, and merges without right
// or at the wrong time, are found from the bundle alone. Method: whole bundles, each with one lie (SPEC 3.8).
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { withEvidence } from '../../src/record/entry.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, failing, failuresOf } from './failing-checks.ts';
import type { MergeWish } from './forge.ts';

const random = seededRandom('tampered merges');

describe('a merge', () => {
  it('before the roll, after the vote, or undone again is explained', async () => {
    const built = buildBundle({
      merges: [
        { to: 'ada' },
        { to: 'bao', separated: (hash) => [hash] },
        { to: 'deng', of: 'emei', at: 'counted' },
      ],
    });
    expect(await failuresOf(built)).toEqual([]);
    const outcomes = new Map((await checksOf(built)).map(({ id, outcome }) => [id, outcome]));
    for (const id of ['MERGE-01', 'LOG-01', 'ACT-03', 'CRED-03'] as const)
      expect([id, outcomes.get(id)]).toEqual([id, 'pass']);
  });

  it('leaves the public bundle without a finding', async () => {
    const built = publicBundle(buildBundle({ merges: [{ to: 'ada' }] }));
    expect(await failuresOf(built)).toEqual([]);
    const merge = (await checksOf(built)).find(({ id }) => id === 'MERGE-01');
    expect(merge?.outcome).not.toBe('pass');
  });
});

describe('CRED-03 and MERGE-01: a head that is merged away', () => {
  it('stands on the roll and casts all the same', async () => {
    expect(await failing({ merges: [{ of: 'ada', to: 'bao' }] })).toEqual(['CRED-03', 'MERGE-01']);
  });

  it('stands on the roll and is silent', async () => {
    const casts = [{ owner: 'bao', answers: [[0, 'for']] }] as const;
    const silent = await failing({ merges: [{ of: 'deng', to: 'bao' }], casts });
    expect(silent).toContain('MERGE-01');
    expect(silent).not.toContain('CRED-03');
  });

  it('is granted a mandate, and given a letter', async () => {
    const wish = { agent: {}, mandates: [{ of: 'deng', to: 'gu', paper: true }] } as const;
    expect(await failing(wish)).toEqual([]);
    expect(await failing({ ...wish, merges: [{ of: 'gu', to: 'bao' }] })).toEqual(['MERGE-01']);
    const failed = await failing({
      ...wish,
      merges: [{ of: 'gu', to: 'bao', at: 'open' }],
      casts: [{ owner: 'deng', by: 'gu', mandated: true, answers: [[0, 'for']] }],
    });
    expect(failed).toContain('MERGE-01');
  });

  it('gets a key', async () => {
    const failed = await failing({ keys: {}, merges: [{ of: 'emei', to: 'bao' }] });
    expect(failed).toContain('MERGE-01');
    expect(failed).toContain('CRED-01');
  });
});

describe('MERGE-01: a merge', () => {
  it.each<[string, readonly MergeWish[]]>([
    ['while the vote runs', [{ to: 'ada', at: 'open' }]],
    ['of a person with himself', [{ to: 'ada', record: (r) => ({ ...r, merged: r.keeps }) }]],
    ['of another community', [{ to: 'ada', record: (r) => ({ ...r, community: newId(random) }) }]],
    ['that is undone twice', [{ to: 'ada', separated: (hash) => [hash, hash] }]],
    ['that never was, undone', [{ to: 'ada', separated: () => [toBase64Url(random(32))] }]],
    [
      'of a person who is merged already',
      [
        { to: 'ada', at: 'counted', of: 'bao' },
        { to: 'deng', at: 'counted', of: 'bao' },
      ],
    ],
    [
      'of a person who keeps another',
      [
        { to: 'ada', at: 'counted', of: 'bao' },
        { to: 'deng', at: 'counted', of: 'ada' },
      ],
    ],
    [
      'into a person who is merged',
      [
        { to: 'ada', at: 'counted', of: 'bao' },
        { to: 'bao', at: 'counted', of: 'deng' },
      ],
    ],
  ])('%s', async (_name, merges) => {
    expect(await failing({ merges })).toContain('MERGE-01');
  });

  it('of an owner who has frozen his vote', async () => {
    const merges = [{ of: 'ada', to: 'bao', at: 'counted' }] as const;
    expect(await failing({ freeze: { of: 'ada' }, merges })).toEqual(['MERGE-01']);
  });
});

describe('a mandate', () => {
  const casts = [{ owner: 'deng', by: 'ada', mandated: true, answers: [[0, 'for']] }] as const;

  it('CAST-02: is used after its agent was merged away', async () => {
    const merges = [{ of: 'ada', to: 'bao', at: 'open' }] as const;
    const failed = await failing({ mandates: [{ of: 'deng', to: 'ada' }], merges, casts });
    expect(failed).toContain('MERGE-01');
    expect(failed).toContain('CRED-03');
  });
});

it.each([
  ['ACT-01', ['registrar']],
  ['ACT-01', ['committee', 'street']],
  ['ACT-01', ['registrar', 'regulator']],
])('%s: a merge that %s signed', async (check, by) => {
  expect(await failing({ merges: [{ to: 'ada', by }] })).toEqual([check]);
});

describe('LOG-01: a merge', () => {
  it('that the bundle leaves out', async () => {
    const built = buildBundle({
      merges: [{ to: 'ada' }],
      files: (files) => files.set('merges.jsonl', new Uint8Array()),
    });
    expect(await failuresOf(built)).toEqual(['LOG-01']);
  });

  it('that nothing in the bundle explains', async () => {
    const built = buildBundle({
      merges: [{ to: 'ada' }],
      before: (world, step) => {
        if (step !== 'notice') return;
        const entry = {
          v: 1,
          kind: 'persons.merged',
          community: world.community,
          mergeHash: toBase64Url(random(32)),
        } as const;
        world.log.append(withEvidence(entry, [toBase64Url(random(32)), toBase64Url(random(32))]));
      },
    });
    expect(await failuresOf(built)).toContain('LOG-01');
  });
});
