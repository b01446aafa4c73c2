// Goal: under `coOwners` `designated` nothing counts for a head of several holders but what the one casts whom all the others designated.
// Method: a dishonest operator tells one lie while the meeting of bundle-builder.ts runs, in which bao's house is emei's too.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import type { Designation } from '../../src/record/designation.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { CoHeldWish, Forge } from './forge.ts';
import { DAY_MS, plus } from './story.ts';
import { HONEST_CASTS } from './story-casts.ts';
import { OPENS } from './story-meeting.ts';

const random = seededRandom('tampered designations');
const lying = (coHeld: CoHeldWish, more: Forge = {}) => failing({ coHeld, ...more });
/** Emei casts for the common house, as bao did. */
const BY_EMEI = HONEST_CASTS.map((each) => (each.owner === 'bao' ? { ...each, by: 'emei' } : each));

describe('a designation', () => {
  it.each<[string, CoHeldWish, Forge]>([
    ['that the other holder signed', {}, {}],
    ['that two officers entered over a paper', { paper: true }, {}],
    ['of the other holder', { to: 'emei' }, { casts: BY_EMEI }],
    ['in the place of an earlier one', { to: 'emei', later: {} }, {}],
  ])('%s passes', async (_name, coHeld, more) => {
    const built = buildBundle({ coHeld, ...more });
    expect(await failuresOf(built)).toEqual([]);
    const outcomes = new Map((await checksOf(built)).map(({ id, outcome }) => [id, outcome]));
    for (const id of ['CAST-02', 'LOG-01'] as const) expect([id, outcomes.get(id)]).toEqual([id, 'pass']);
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });

  it('is not asked for where one holder is alone, or the profile says that any may cast', async () => {
    const silent = HONEST_CASTS.filter(({ owner }) => owner !== 'bao');
    const checks = await checksOf(buildBundle({ coHeld: { undesignated: true }, casts: silent }));
    expect(checks.find(({ id }) => id === 'CAST-02')?.outcome).toBe('pass');
  });
});

describe('CAST-02: a cast for a head of two', () => {
  it('for which nobody is designated, or the other one', async () => {
    expect(await lying({ undesignated: true })).toEqual(['CAST-02']);
    expect(await lying({ to: 'emei' })).toEqual(['CAST-02']);
    expect(await lying({ later: { to: 'emei' } })).toEqual(['CAST-02']);
  });

  it('under a mandate of the holder who is not designated', async () => {
    const casts = HONEST_CASTS.map((each) =>
      each.owner === 'bao' ? { ...each, by: 'deng', mandated: true as const } : each,
    );
    const mandates = [{ of: 'bao', to: 'deng' }];
    expect(await failing({ casts, mandates, coHeld: {} })).toEqual([]);
    expect(await failing({ casts, mandates, coHeld: { to: 'emei' } })).toEqual(['CAST-02']);
    expect(await failing({ casts, mandates, coHeld: { undesignated: true } })).toEqual(['CAST-02']);
  });
});

// Bao casts between the checkpoints of 21 and 22 November, and again between those of 23 and 24, each at nine in the morning in China.
describe('CAST-02: the last day of a designation', () => {
  const ending = (until: string): CoHeldWish => ({ record: (record) => ({ ...record, until }) });

  it('is any day of the bracket that witnesses give, and none before it', async () => {
    expect(await lying(ending('2026-11-23'))).toEqual([]);
    expect(await lying(ending('2026-11-22'))).toEqual(['CAST-02']);
  });

  it('of a later one: who was designated before may cast again from the day after, where the bracket reaches it', async () => {
    expect(await lying({ later: { to: 'emei', ...ending('2026-11-21') } })).toEqual([]);
    expect(await lying({ later: { to: 'emei', ...ending('2026-11-22') } })).toEqual(['CAST-02']);
  });

  it.each([
    ['16:00:30', []],
    ['16:01:30', ['CAST-02']],
  ])(
    'is over where a quorum dated the log before the cast at %s, a minute apart from midnight',
    async (clock, failed) => {
      const third = plus(OPENS, 3 * DAY_MS);
      const time: Forge['time'] = (at) => (at === third ? `2026-11-22T${clock}Z` : at);
      expect(await lying(ending('2026-11-22'), { time })).toEqual(failed);
    },
  );

  it('is not established where no witness dates the log', async () => {
    const remarkOf = async (cosigners: number) => {
      const checks = await checksOf(buildBundle({ coHeld: {}, cosigners: () => cosigners }));
      return checks.find(({ id }) => id === 'CAST-02');
    };
    expect((await remarkOf(0))?.remark?.en).toContain('is not established');
    expect((await remarkOf(3))?.remark).toBeUndefined();
    expect((await remarkOf(0))?.findings).toEqual([]);
  });
});

describe('CAST-02: a designation', () => {
  const seed = random(32);
  it('that nobody signed, or a stranger', async () => {
    expect(await lying({ signed: () => [] })).toEqual(['CAST-02']);
    const forged = (hash: Uint8Array) =>
      ({ alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) }) as const;
    const stranger: CoHeldWish = {
      signed: (own, hash) => own.map(({ by }) => ({ by, signature: forged(hash) })),
    };
    expect(await lying(stranger)).toEqual(['CAST-02']);
  });

  it.each<[string, (record: Designation) => Designation]>([
    [
      'that leaves out whoever did not sign',
      (record) => ({ ...record, by: [{ ...record.by[0], person: newId(random) } as Designation['to']] }),
    ],
    [
      'of a holder under another identity',
      (record) => ({ ...record, to: { ...record.to, identity: toBase64Url(random(32)) } }),
    ],
    ['that the designated signed for himself', (record) => ({ ...record, by: [record.to], to: record.to })],
    ['for other units', (record) => ({ ...record, units: [newId(random)] })],
    ['for another meeting', (record) => ({ ...record, meeting: newId(random) })],
    ['that was over before the vote', (record) => ({ ...record, until: '2026-10-31' })],
    ['of another community', (record) => ({ ...record, community: newId(random) })],
    [
      'that names a paper which no officer saw',
      (record) => ({ ...record, scanHash: toBase64Url(random(32)) }),
    ],
  ])('%s', async (_name, record) => {
    expect(await lying({ record })).toEqual(['CAST-02']);
  });

  it('of a holder who had frozen his electronic vote; over a paper it is good', async () => {
    // Emei's own vote is left out, so the story's result is not what was cast.
    const casts = HONEST_CASTS.filter(({ owner }) => owner !== 'emei');
    const freeze = { of: 'emei', at: 'open' as const };
    expect(await lying({}, { casts, freeze })).toEqual(['CAST-02', 'TALLY-02']);
    expect(await lying({ paper: true }, { casts, freeze })).toEqual(['TALLY-02']);
  });

  it('that one officer alone entered, or nobody', async () => {
    const signers = (signed: readonly string[]) => (all: readonly string[], step: string) =>
      step === 'designation' ? signed : all;
    expect(await lying({ paper: true }, { signers: signers(['committee']) })).toEqual(['ACT-01']);
    expect(await lying({ paper: true }, { signers: signers([]) })).toEqual(['ACT-01']);
  });

  it('that the bundle leaves out', async () => {
    const files = (all: Map<string, Uint8Array>) => editLines(all, 'designations.jsonl', () => []);
    expect(await lying({}, { files })).toEqual(['LOG-01', 'CAST-02']);
  });
});
