// Goal: a refund that is not of its own authorisation, not whole, not once, or not the end of its account, is named by FUND-02 (SPEC 8.3).
// Method: the story of bundle-builder.ts, whose first home is refunded at the end; one lie at a time, and the exact checks that fail.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing } from './failing-checks.ts';
import type { Forge } from './forge.ts';

const random = seededRandom('tampered refunds');
const hash = () => toBase64Url(random(32));

describe('a refund', () => {
  it('by regulator and street, whole, and paid by two officers passes every check', async () => {
    const checks = await checksOf(buildBundle({ refund: {} }));
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'FUND-02')?.outcome).toBe('pass');
  });

  const cases: readonly (readonly [string, Forge, readonly string[]])[] = [
    [
      'of less than the balance',
      { refund: { record: (one) => ({ ...one, amountFen: '1814107' }) } },
      ['FUND-02'],
    ],
    ['of another unit', { refund: { record: (one) => ({ ...one, unit: 'a'.repeat(26) }) } }, ['FUND-02']],
    [
      'that names another home to its officers',
      { refund: { record: (one) => ({ ...one, account: '负债:分户账:9栋:909:可用' }) } },
      ['FUND-02'],
    ],
    [
      'of another community',
      { refund: { record: (one) => ({ ...one, community: 'a'.repeat(26) }) } },
      ['FUND-02'],
    ],
    [
      'that the committee and the street office signed',
      { refund: { signers: ['committee', 'street'] } },
      ['ACT-01'],
    ],
    ['that the regulator signed alone', { refund: { signers: ['regulator'] } }, ['ACT-01', 'FUND-02']],
    ['before waiting interest was distributed', { refund: { interest: true } }, ['FUND-02']],
    ['after which money still comes in', { refund: { deposit: true } }, ['FUND-02']],
    ['made twice', { refund: { again: true } }, ['FUND-02', 'FUND-03']],
    ['that is authorised and never booked', { refund: { unbooked: true } }, ['FUND-02']],
    [
      'paid to another account',
      { refund: {}, fund: (one, step) => (step === 'refund-pay' ? { ...one, payeeAccount: hash() } : one) },
      ['FUND-02'],
    ],
    [
      'of which a fen stays behind',
      {
        refund: {},
        fund: (one, step) =>
          ['refund-book', 'refund-pay'].includes(step)
            ? {
                ...one,
                postings: one.postings.map((leg) => ({
                  ...leg,
                  amountFen: leg.amountFen.startsWith('-') ? '-1814107' : '1814107',
                })),
              }
            : one,
      },
      ['FUND-02'],
    ],
    [
      'that the book calls a hold',
      { refund: {}, fund: (one, step) => (step === 'refund-book' ? { ...one, entryKind: 'hold' } : one) },
      ['FUND-02', 'FUND-03'],
    ],
    [
      'whose record was taken out of the file',
      {
        refund: {},
        files: (files) => {
          editLines(files, 'fund.jsonl', (lines) => lines.filter((line) => !line.includes('"refund"')));
        },
      },
      ['LOG-01', 'FUND-02'],
    ],
  ];
  it.each(cases)('%s is refused', async (_what, lie, expected) => {
    expect(await failing(lie)).toEqual(expected);
  });
});
