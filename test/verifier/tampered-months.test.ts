// Goal: a published month that says other sums than the book, that is out of order, comes twice, or is booked in afterwards, is named by
// FUND-03, and one without its line by LOG-01 (SPEC 8.3). Method: the story of bundle-builder.ts; one lie at a time, the exact checks.
import { describe, expect, it } from 'vitest';
import type { FundMonth } from '../../src/record/fund.ts';
import { buildBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing } from './failing-checks.ts';
import type { Forge } from './forge.ts';

const lie = (change: Partial<FundMonth>): Forge => ({ month: { record: (one) => ({ ...one, ...change }) } });

describe('a published month', () => {
  it('with the sums of the book passes every check', async () => {
    const checks = await checksOf(buildBundle({ month: {} }));
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'FUND-03')?.outcome).toBe('pass');
  });

  const cases: readonly (readonly [string, Forge, readonly string[]])[] = [
    ['with a fen more deposited', lie({ depositsFen: '15000001' }), ['FUND-03']],
    ['with interest that nobody paid', lie({ interestFen: '7' }), ['FUND-03']],
    ['with a payment that nobody made', lie({ paidFen: '1' }), ['FUND-03']],
    ['that ends with another entry', lie({ lastSeq: 2 }), ['FUND-03']],
    [
      'with another closing balance',
      {
        month: {
          record: (one) => ({
            ...one,
            accounts: one.accounts.map((each) => ({ ...each, closingFen: '1' })),
          }),
        },
      },
      ['FUND-03'],
    ],
    ['of another community', lie({ community: 'a'.repeat(26) }), ['FUND-03']],
    ['that the log calls another', { month: { named: '2026-11' } }, ['FUND-03']],
    ['published twice', { month: { twice: true } }, ['LOG-01', 'FUND-03']],
    [
      'in which something is booked afterwards',
      {
        month: { deposit: true },
        fund: (one, step) =>
          step === 'month-after' ? { ...one, bookedOn: '2026-10-16', valueOn: '2026-10-16' } : one,
      },
      ['FUND-03'],
    ],
    [
      'whose line was taken out',
      {
        month: {},
        files: (files) => {
          editLines(files, 'fund.jsonl', (lines) => lines.filter((line) => !line.includes('"fund-month"')));
        },
      },
      ['LOG-01'],
    ],
  ];
  it.each(cases)('%s is refused', async (_what, forge, expected) => {
    expect(await failing(forge)).toEqual(expected);
  });
});
