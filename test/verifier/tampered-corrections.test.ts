// Goal: a correction of the roll that breaks a rule of SPEC 4.4 fails ROLL-03, and a vote by whoever no longer holds the house fails
// CAST-02. Method: the house of emei passes to deng while the meeting of bundle-builder.ts is open, honestly and with one lie each.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { seededRandom } from '../support/random.ts';
import type { Ballots, Forge } from './bundle-builder.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { CorrectionWish } from './forge.ts';
import { HONEST_CASTS } from './story-casts.ts';

const random = seededRandom('tampered corrections');

const withoutEmei = HONEST_CASTS.filter(({ owner }) => owner !== 'emei');
const castBy = (by: string): Ballots => ({ owner: 'emei', by, answers: [[0, 'abstain']] });

/** The sale of emei's house to deng, whose letter names it, and the buyer's vote. */
const sale = (lie: Partial<CorrectionWish> = {}, casts: readonly Ballots[] = [castBy('deng')]): Forge => ({
  corrections: [{ of: 'emei', to: 'deng', ...lie }],
  letters: (items) => {
    const units = items.flatMap((item) => item.units);
    return items.map((item) => ({ ...item, units }));
  },
  casts: [...withoutEmei, ...casts],
});

describe('an honest correction', () => {
  it('passes with the buyer’s vote in the seller’s place', async () => {
    expect(await failing(sale())).toEqual([]);
  });

  it('of a corrected entitlement passes again, and holds from its own index on', async () => {
    const twice = {
      ...sale(),
      corrections: [
        { of: 'emei', to: 'chen' },
        { of: 'emei', to: 'deng' },
      ],
    };
    expect(await failing(twice)).toEqual([]);
    expect(await failing({ ...twice, casts: [...withoutEmei, castBy('chen')] })).toEqual(['CAST-02']);
  });

  it('is checked from the log alone in a public bundle, which says that the leaves are not there', async () => {
    const check = (await checksOf(publicBundle(buildBundle(sale())))).find(({ id }) => id === 'ROLL-03');
    expect(check).toMatchObject({ outcome: 'not made', findings: [] });
    expect(check?.remark?.en).toContain('corrections.jsonl');
    const honest = (await checksOf(publicBundle(buildBundle()))).find(({ id }) => id === 'ROLL-03');
    expect(honest?.outcome).toBe('pass');
  });
});

describe('CAST-02', () => {
  it('the seller votes after the correction', async () => {
    expect(await failing(sale({}, [castBy('emei')]))).toEqual(['CAST-02']);
  });

  it('the buyer votes without a correction', async () => {
    expect(await failing({ ...sale(), corrections: [] })).toEqual(['CAST-02']);
  });
});

describe('ROLL-03', () => {
  it('an entitlement that has voted', async () => {
    expect(await failing(sale({ after: 'casts' }, [castBy('emei')]))).toEqual(['ROLL-03']);
  });

  it('after the close', async () => {
    expect(await failing(sale({ after: 'counted' }, []))).toContain('ROLL-03');
  });

  it('a smaller area, a unit less, or another basis', async () => {
    for (const leaf of [
      (one) => ({ ...one, units: one.units.map((unit) => ({ ...unit, areaDm2: '1' })) }),
      (one) => ({ ...one, units: one.units.map((unit) => ({ ...unit, room: '999' })) }),
      (one) => ({ ...one, basis: 'developer-stock' }),
    ] satisfies CorrectionWish['leaf'][]) {
      expect(await failing(sale({ leaf }))).toEqual(['ROLL-03']);
    }
  });

  it('a leaf that is not the one in force', async () => {
    const forge: Forge = {
      ...sale(),
      entry: (entry) =>
        entry.kind === 'roll.corrected' ? { ...entry, oldLeaf: toBase64Url(random(32)) } : entry,
    };
    expect(await failing(forge)).toEqual(['ROLL-03']);
  });

  it('another place under the root', async () => {
    const forge: Forge = {
      ...sale(),
      entry: (entry) => (entry.kind === 'roll.corrected' ? { ...entry, index: entry.index + 1 } : entry),
    };
    expect(await failing(forge)).toEqual(['ROLL-03']);
  });

  it('an opening that does not open the new leaf, or somebody designated on it', async () => {
    const holders = (one: { readonly holdersSalt: string }) => ({ holdersSalt: one.holdersSalt });
    const other: Forge = {
      ...sale(),
      files: (files) =>
        editLines(files, 'corrections.jsonl', (lines) =>
          lines.map((line) => {
            const { opening, ...rest } = JSON.parse(line) as { opening: { holdersSalt: string } };
            return JSON.stringify({
              ...rest,
              opening: { ...opening, ...holders({ holdersSalt: toBase64Url(random(16)) }) },
            });
          }),
        ),
    };
    expect(await failing(other)).toContain('ROLL-03');
    const designated = sale({ opening: (one) => ({ ...one, voter: one.holders[0]?.person ?? '' }) });
    expect(await failing(designated)).toEqual(['ROLL-03']);
  });

  it('private bytes of another meeting', async () => {
    const lie = sale({ record: (record) => ({ ...record, meeting: record.community }) });
    expect(await failing(lie)).toEqual(['ROLL-03']);
  });

  it('somebody whom persons.jsonl does not name', async () => {
    const built = buildBundle({
      ...sale(),
      files: (files) => editLines(files, 'persons.jsonl', (lines) => lines.filter((_, at) => at !== 3)),
    });
    expect(await failuresOf(built)).toContain('ROLL-03');
  });
});

describe('a correction', () => {
  it('ACT-01, ACT-03: signed by one officer, or by the pair of another convener', async () => {
    const by = (names: readonly string[]): Forge => ({
      ...sale(),
      signers: (honest, step) => (step === 'correction' ? names : honest),
    });
    expect(await failing(by(['street']))).toContain('ACT-01');
    expect(await failing(by(['street', 'regulator']))).toEqual(['ACT-03']);
  });

  it('LOG-01: without its private line', async () => {
    const lie: Forge = { ...sale(), files: (files) => files.set('corrections.jsonl', new Uint8Array()) };
    expect(await failing(lie)).toContain('LOG-01');
  });

  it('TALLY-01: that the record does not list', async () => {
    expect(await failing({ ...sale(), record: (record) => ({ ...record, corrections: [] }) })).toEqual([
      'TALLY-01',
    ]);
  });
});
