// Goal: a restored cast that was not promised for this cast, in time and by the service's key, or was not lost, is named by CAST-06, and a
// count that leaves it out by TALLY-01 and TALLY-02 (SPEC 6.12). Method: the story of bundle-builder.ts with emei's cast lost and restored;
// one lie at a time, and the exact checks that fail.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, failing, failuresOf } from './failing-checks.ts';

const random = seededRandom('tampered restored casts');
const hash = () => toBase64Url(random(32));
const DAY_S = 86_400;

const outcomeOf = async (files: Parameters<typeof checksOf>[0]) => {
  const checks = await checksOf(files);
  expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  return checks.find(({ id }) => id === 'CAST-06')?.outcome;
};

describe('a meeting with a restored cast', () => {
  it('passes every check, counts it, and says so of CAST-06', async () => {
    expect(await outcomeOf(buildBundle({ restored: {} }))).toBe('pass');
  });

  it('passes in its public bundle, which does not claim to know for which signature it was promised', async () => {
    expect(await outcomeOf(publicBundle(buildBundle({ restored: {} })))).toBe('not made');
  });

  it('passes without one too', async () => {
    expect(await outcomeOf(buildBundle({}))).toBe('pass');
  });
});

describe('CAST-06', () => {
  it('another key promised it', async () => {
    expect(await failing({ restored: { seed: random(32) } })).toEqual(['CAST-06']);
  });

  it.each([
    ['another meeting', { meeting: hash() }],
    ['another cast', { castHash: hash() }],
    ['another place of the chain', { seq: 2 }],
    ['another entry, so under another signature', { entry: hash() }],
    ['another platform', { iss: 'https://other.example' }],
  ])('the promise is of %s', async (_of, lie) => {
    const promise = (said: object) => ({ ...said, ...lie }) as never;
    expect(await failing({ restored: { promise } })).toEqual(['CAST-06']);
  });

  it.each([
    ['before the vote', -30 * DAY_S],
    ['after it', 60 * DAY_S],
  ])('it was promised %s', async (_when, shift) => {
    const promise = {
      promise: <T extends { iat: number }>(said: T): T => ({ ...said, iat: said.iat + shift }),
    };
    expect(await failing({ restored: promise })).toContain('CAST-06');
  });

  it('the cast names a checkpoint of after the close', async () => {
    const cast = <T extends { size: number }>(said: T, place: number): T =>
      place === 5 ? { ...said, size: 10_000 } : said;
    expect(await failing({ restored: {}, cast })).toContain('CAST-06');
  });

  it('the log has what was promised', async () => {
    expect(await failing({ restored: { kept: true } })).toContain('CAST-06');
  });

  it('it came before the close, when the owner could send it again', async () => {
    expect(await failing({ restored: { at: 'before-close' } })).toEqual(['CAST-06']);
  });
});

describe('what else a restored cast must keep', () => {
  it('LOG-01: the promise is not in the bundle, or another one is', async () => {
    const files = (all: Map<string, Uint8Array>) => all.delete('promises.jsonl');
    expect(await failing({ restored: {}, files })).toEqual(['LOG-01']);
    expect(await failuresOf(publicBundle(buildBundle({ restored: {}, files })))).toEqual(['LOG-01']);
    const entry = <T extends { promiseHash: string }>(said: T): T => ({ ...said, promiseHash: hash() });
    expect(await failing({ restored: { entry } })).toEqual(['LOG-01']);
  });

  it('CAST-03: it does not continue its chain', async () => {
    const entry = <T extends { seq: number }>(said: T): T => ({ ...said, seq: 2 });
    expect(await failing({ restored: { entry } })).toEqual(['CAST-03', 'CAST-06']);
  });

  it("ACT-01 and ACT-03: one officer alone, or another pair than the convener's", async () => {
    expect(await failing({ restored: { signers: ['street'] } })).toContain('ACT-01');
    expect(await failing({ restored: { signers: ['street', 'regulator'] } })).toEqual(['ACT-03']);
  });

  it('TALLY-01: the record does not say how many there were', async () => {
    const record = <T>(said: T): T => ({ ...said, restored: 0 });
    expect(await failing({ restored: {}, record })).toEqual(['TALLY-01']);
    expect(await failing({ record: (said) => ({ ...said, restored: 1 }) })).toEqual(['TALLY-01']);
  });

  it('TALLY-02: it was restored after the count, and nobody counted again', async () => {
    expect(await failing({ restored: { at: 'after-count' } })).toContain('TALLY-02');
  });

  it('CAST-01 and TALLY-02: the entry names a cast that nobody made', async () => {
    const entry = <T extends { castHash: string }>(said: T): T => ({ ...said, castHash: hash() });
    expect(await failing({ restored: { entry } })).toContain('LOG-01');
    const other = <T extends { entitlement: string }>(said: T): T => ({
      ...said,
      entitlement: newId(random),
    });
    expect(await failing({ restored: { entry: other } })).toContain('CAST-03');
  });
});
