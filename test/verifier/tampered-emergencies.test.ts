// Goal: an emergency that nobody allowed, that the wrong officers signed, or that lays other shares than its areas say, is named (SPEC 8.3).
// Method: the story of bundle-builder.ts, whose lift is repaired at the end; one lie at a time, and the exact checks that fail.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Emergency } from '../../src/record/emergency.ts';
import type { FundEntry, FundMonth } from '../../src/record/fund.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { AnnulmentWish, EmergencyWish, Forge } from './forge.ts';

const random = seededRandom('tampered emergencies');
/** The same postings with two amounts changed. */
const moveFen = (
  postings: FundEntry['postings'],
  ...[a, b, c, d]: readonly [string, string, string, string]
) => postings.map((leg) => ({ ...leg, amountFen: { [a]: b, [c]: d }[leg.amountFen] ?? leg.amountFen }));
const hash = () => toBase64Url(random(32));

describe('an emergency', () => {
  it('that was allowed, signed, held, accepted, paid and closed passes every check, also in public', async () => {
    const built = buildBundle({ emergency: { closed: true } });
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    for (const id of ['FUND-02', 'FUND-03'])
      expect(checks.find((check) => check.id === id)?.outcome).toBe('pass');
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });

  it('is a charge of its month behind the resolution that the log opened before it, and nowhere else', async () => {
    expect(await failing({ month: {}, emergency: { months: (charges) => charges } })).toEqual([]);
    for (const months of [
      (charges: FundMonth['charges']) => charges.toReversed(),
      (charges: FundMonth['charges']) => charges.slice(0, 1),
    ])
      expect(await failing({ month: {}, emergency: { months } })).toEqual(['FUND-03']);
  });

  it('after it was barred and allowed again passes', async () => {
    expect(await failing({ emergency: { declared: ['allowed', 'barred', 'allowed'] } })).toEqual([]);
  });

  it.each(['units', 'community'] as const)('of the %s that its shares bear passes', async (kind) => {
    const record = (one: Emergency): Emergency => ({
      ...one,
      units: { kind, members: kind === 'units' ? one.shares.map(({ unit }) => unit).sort() : [] },
    });
    expect(await failing({ emergency: { record } })).toEqual([]);
  });

  it('signed by street office and regulator passes', async () => {
    expect(await failing({ emergency: { signers: ['street', 'regulator'] } })).toEqual([]);
  });

  it.each<readonly [string, EmergencyWish]>([
    ['when all was paid', { annulled: {} }],
    ['after its closing', { closed: true, annulled: {} }],
    ['when it was only held, and released then', { annulled: { unspent: true } }],
    ['when a part was paid, and the rest goes back', { annulled: { partly: true } }],
    ['by committee and regulator', { annulled: { signers: ['committee', 'regulator'] } }],
  ])('annulled %s passes, also in public', async (_what, emergency) => {
    const built = buildBundle({ emergency });
    expect(await failuresOf(built)).toEqual([]);
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });

  it.each<readonly [string, AnnulmentWish, readonly string[]]>([
    ['before it stands in the log', { before: 'emergency' }, ['FUND-02']],
    ['and held afterwards', { before: 'hold' }, ['FUND-02']],
    ['and accrued afterwards', { before: 'accrue' }, ['FUND-02']],
    ['and paid afterwards', { before: 'pay' }, ['FUND-02']],
    ['twice', { twice: true }, ['FUND-02']],
    ['under the id of nothing', { authorisation: 'a'.repeat(26) }, ['FUND-02']],
    ['by committee and street office', { signers: ['committee', 'street'] }, ['ACT-01']],
    ['by the regulator alone', { signers: ['regulator'] }, ['ACT-01', 'FUND-02']],
    ['by nobody, and released', { unspent: true, missing: true }, ['FUND-02']],
    ['by nobody, and its unpaid rest given back', { partly: true, missing: true }, ['FUND-02']],
  ])('annulled %s is refused', async (_what, annulled, expected) => {
    expect(await failing({ emergency: { annulled } })).toEqual(expected);
  });

  it.each<readonly [string, (one: FundEntry) => FundEntry]>([
    [
      'that gives one household a fen of another',
      (one) => ({ ...one, postings: moveFen(one.postings, '-63718', '-63719', '-64593', '-64592') }),
    ],
    [
      'that keeps a fen payable',
      (one) => ({ ...one, postings: moveFen(one.postings, '200001', '200000', '-63718', '-63717') }),
    ],
    [
      'that is split by itself',
      (one) => ({ ...one, postings: moveFen(one.postings, '-63718', '-63717', '-71690', '-71691') }),
    ],
    ['under another name', (one) => ({ ...one, entryKind: 'accrual_cancelled' })],
  ])('with an unpaid rest %s is refused', async (_what, lie) => {
    const emergency = { annulled: { partly: true } } as const;
    const fund: Forge['fund'] = (one, step) => (step === 'emergency-unpaid' ? lie(one) : one);
    expect(await failing({ emergency, fund })).toContain('FUND-03');
  });

  it('closed after it was annulled is refused', async () => {
    expect(await failing({ emergency: { closed: true, annulled: { before: 'pay' } } })).toEqual(['FUND-02']);
  });

  const cases: readonly (readonly [string, Forge, readonly string[]])[] = [
    ['that nobody allowed', { emergency: { declared: [] } }, ['FUND-02']],
    ['where emergencies were barred', { emergency: { declared: ['allowed', 'barred'] } }, ['FUND-02']],
    [
      'that committee and street office allowed',
      { emergency: { declarers: ['committee', 'street'] } },
      ['ACT-01'],
    ],
    ['that the regulator allowed alone', { emergency: { declarers: ['regulator'] } }, ['ACT-01', 'FUND-02']],
    [
      'that committee and regulator signed',
      { emergency: { signers: ['committee', 'regulator'] } },
      ['ACT-01'],
    ],
    ['that the street office signed alone', { emergency: { signers: ['street'] } }, ['ACT-01', 'FUND-02']],
    [
      'of another community',
      { emergency: { record: (one) => ({ ...one, community: 'a'.repeat(26) }) } },
      ['FUND-02'],
    ],
    [
      'of a register that was never in force',
      { emergency: { record: (one) => ({ ...one, register: 'a'.repeat(26) }) } },
      ['FUND-03'],
    ],
    [
      'of less than is paid',
      { emergency: { record: (one) => ({ ...one, capFen: '300000' }) } },
      ['FUND-02', 'FUND-03'],
    ],
    [
      'whose shares do not follow the areas',
      {
        emergency: {
          record: (one) => ({
            ...one,
            shares: one.shares.map((share, at) =>
              at === 0
                ? { ...share, amountFen: '95578' }
                : at === 2
                  ? { ...share, amountFen: '107534' }
                  : share,
            ),
          }),
        },
      },
      ['FUND-03'],
    ],
    [
      'that names a unit twice',
      {
        emergency: {
          record: (one) => ({
            ...one,
            shares: one.shares.map((share) => ({ ...share, unit: one.shares[0]?.unit ?? '' })),
          }),
        },
      },
      ['FUND-03'],
    ],
    ...(
      [
        ['single units of which it lists two', 'units', (units: readonly string[]) => units.slice(1)],
        [
          'single units that do not stand in order',
          'units',
          (units: readonly string[]) => units.toReversed(),
        ],
        ['a building twice', 'buildings', () => ['1栋', '1栋']],
        ['buildings without one', 'buildings', () => []],
        ['the whole community and a building', 'community', () => ['1栋']],
      ] as const
    ).map(([what, kind, members]): readonly [string, Forge, readonly string[]] => [
      `whose scope is ${what}`,
      {
        emergency: {
          record: (one) => ({
            ...one,
            units: { kind, members: [...members(one.shares.map(({ unit }) => unit).sort())] },
          }),
        },
      },
      ['FUND-03'],
    ]),
    [
      'that nobody bears',
      {
        emergency: {
          record: (one) => ({ ...one, shares: one.shares.map((share) => ({ ...share, areaDm2: '0' })) }),
        },
      },
      ['FUND-03'],
    ],
    [
      'that nobody bears, in a month that was published',
      {
        month: {},
        emergency: {
          record: (one) => ({ ...one, shares: one.shares.map((share) => ({ ...share, areaDm2: '0' })) }),
          months: (charges) => charges,
        },
      },
      ['FUND-03'],
    ],
    ['whose record stands twice', { emergency: { twice: true } }, ['LOG-01', 'FUND-02']],
    [
      'under the id of a resolution',
      {
        emergency: {
          record: (one) => ({ ...one, authorisation: 'b'.repeat(25).concat('a') }),
        },
        authorisation: (one) => ({ ...one, authorisation: 'b'.repeat(25).concat('a') }),
      },
      ['FUND-02', 'FUND-03'],
    ],
    [
      'paid to another account',
      {
        emergency: {},
        fund: (one, step) => (step === 'emergency-pay' ? { ...one, payeeAccount: hash() } : one),
      },
      ['FUND-02'],
    ],
    [
      'whose record was taken out of the file',
      {
        emergency: {},
        files: (files) => {
          editLines(files, 'fund.jsonl', (lines) => lines.filter((line) => !line.includes('"emergency"')));
        },
      },
      ['LOG-01', 'FUND-02'],
    ],
  ];
  it.each(cases)('%s is refused', async (_what, lie, expected) => {
    expect(await failing(lie)).toEqual(expected);
  });
});
