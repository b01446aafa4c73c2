// Goal: what is good until a day is good on every day that the witnesses leave open, and a minute longer, since an entry may have waited so
// long for its index. Method: the story of bundle-builder.ts, with dates at both edges of a bracket.
import { describe, expect, it } from 'vitest';
import { failing } from './failing-checks.ts';
import type { Forge } from './forge.ts';
import { DAY_MS, plus } from './story.ts';
import { HONEST_CASTS } from './story-casts.ts';
import { OPENS } from './story-meeting.ts';
import { ISSUED } from './story-providers.ts';

// The last cast, emei's, stands between the checkpoints of 25 and 26 November, each at nine in the morning in China.
const lettersUntil = (until: string): Forge => ({
  entry: (entry) => (entry.kind === 'letters.issued' ? { ...entry, until } : entry),
});
/** Bao's last cast, between 23 and 24 November, is his agent's. */
const mandateUntil = (until: string): Forge => ({
  casts: HONEST_CASTS.map((each) => (each.owner === 'bao' ? { ...each, by: 'deng', mandated: true } : each)),
  mandates: [{ of: 'bao', to: 'deng', record: (record) => ({ ...record, until }) }],
});
/** The checkpoint before a cast, by its place, is dated anew. */
const before = (place: number, at: string): NonNullable<Forge['time']> => {
  const honest = plus(OPENS, place * DAY_MS);
  return (stated) => (stated === honest ? at : stated);
};

describe.each<[string, string, (until: string) => Forge, string, string, number]>([
  ['a letter', 'CRED-03', lettersUntil, '2026-11-25', '2026-11-24', 5],
  ['a mandate', 'CAST-02', mandateUntil, '2026-11-23', '2026-11-22', 3],
])('%s', (_name, check, until, first, eve, place) => {
  it('counts on the first day of the bracket and not when it was over on the day before', async () => {
    expect(await failing(until(first))).toEqual([]);
    expect(await failing(until(eve))).toEqual([check]);
  });

  it('counts a minute into the next day', async () => {
    const dated = (clock: string): Forge => ({ ...until(eve), time: before(place, `${eve}T${clock}Z`) });
    expect(await failing(dated('16:00:30'))).toEqual([]);
    expect(await failing(dated('16:01:30'))).toEqual([check]);
  });
});

describe('an ID token', () => {
  const at = (seconds: number): string =>
    new Date((ISSUED + seconds) * 1000).toISOString().replace('.000', '');
  const dated = (from: number, to: number): Forge => ({
    keys: { provider: {} },
    time: (stated, step) =>
      step === 'providers' ? at(from) : stated === '2026-10-13T02:00:00Z' ? at(to) : stated,
  });
  it.each<[number, number, readonly string[]]>([
    [10 * 60 + 50, 20 * 60, []],
    [11 * 60 + 10, 20 * 60, ['CRED-01']],
    [-3600, 5, []],
    [-3600, -60, ['CRED-01']],
  ])(
    'issued %d s before the log was seen without it and %d s before it was seen with it',
    async (from, to, failed) => {
      expect(await failing(dated(from, to))).toEqual(failed);
    },
  );
});
