// Goal: public revenue that the log does not name, that one officer spent, that is more than came in, undone twice, used without the owners,
// or published in other figures, is named by FUND-05 (SPEC 8.5). Method: the story of bundle-builder.ts with one lie at a time.
import { describe, expect, it } from 'vitest';
import type { RevenueEntry } from '../../src/record/revenue.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { Forge, RevenueWish, StepName } from './forge.ts';

const OTHER = 'a'.repeat(26);
const at =
  (wanted: StepName, change: Partial<RevenueEntry>): NonNullable<RevenueWish['record']> =>
  (one, step) =>
    step === wanted ? { ...one, ...change } : one;

describe('the public-revenue book', () => {
  it('of honest officers passes every check, also in public', async () => {
    const built = buildBundle({ revenue: {} });
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'FUND-05')?.outcome).toBe('pass');
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });

  const lies: readonly (readonly [string, RevenueWish])[] = [
    ['in which an entry is of another community', { record: at('spend', { community: OTHER }) }],
    ['in which more goes out than came in', { record: at('use', { amountFen: '-1145001' }) }],
    [
      'in which a cost comes in',
      { record: at('use', { entryKind: 'cost', heading: 'tax', amountFen: '5' }) },
    ],
    ['in which a cost stands under a source', { record: at('spend', { heading: 'parking' }) }],
    ['in which nothing is booked', { record: at('use', { amountFen: '0' }) }],
    ['in which a use names no meeting', { record: at('use', { meeting: '', proposal: '' }) }],
    ['in which a use names another meeting', { record: at('use', { meeting: OTHER }) }],
    ['in which a use names what nobody adopted', { record: at('use', { proposal: OTHER }) }],
    ['in which a cost names a meeting', { record: at('spend', { meeting: OTHER }) }],
    ['in which a reversal is of less', { record: at('undo', { amountFen: '-4999' }) }],
    ['in which a reversal is of another heading', { record: at('undo', { heading: 'vending' }) }],
    ['in which a reversal undoes nothing', { record: at('undo', { reverses: OTHER }) }],
    ['in which an entry is undone twice', { again: true }],
    ['in which income is booked in a published half-year', { late: true }],
    ['whose half-year opens with more', { period: (one) => ({ ...one, openingFen: '1' }) }],
    ['whose half-year hides a cost', { period: (one) => ({ ...one, lines: one.lines.slice(0, 1) }) }],
    ['whose half-year closes with less', { period: (one) => ({ ...one, closingFen: '1139999' }) }],
    ['whose half-year is of another community', { period: (one) => ({ ...one, community: OTHER }) }],
    ['whose first half-year is skipped', { period: (one) => ({ ...one, period: '2026-H2' }) }],
    ['whose half-year the log calls another', { named: '2026-H2' }],
    ['in which the log calls a cost income', { swapped: 'spend' }],
  ];
  it.each(lies)('%s is refused', async (_what, revenue) => {
    const failed = await failing({ revenue });
    expect(failed).toEqual(['FUND-05']);
  });

  it.each([
    ['the street office alone', ['street'], ['ACT-01', 'FUND-05']],
    ['committee and regulator', ['committee', 'regulator'], ['ACT-01']],
  ] as const)('spent by %s is refused', async (_who, signers, expected) => {
    expect(await failing({ revenue: { signers } })).toEqual(expected);
  });

  it.each([['"revenue-entry"'], ['"revenue-period"']])('without its lines %s is missed', async (kind) => {
    const files: Forge['files'] = (of) =>
      editLines(of, 'fund.jsonl', (lines) => lines.filter((line) => !line.includes(kind)));
    expect(await failing({ revenue: {}, files })).toEqual(['LOG-01', 'FUND-05']);
  });
});
