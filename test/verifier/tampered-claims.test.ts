// Goal: a claim that is not of the developer's unit, not what it lacks, not in its time, or that reaches money, is named by FUND-02 or FUND-03
// (SPEC 8.3). Method: the story of bundle-builder.ts, whose third home is the developer's; one lie at a time, and the exact checks that fail.
import { describe, expect, it } from 'vitest';
import type { FundEntry } from '../../src/record/fund.ts';
import { buildBundle } from './bundle-builder.ts';
import { checksOf, failing } from './failing-checks.ts';
import type { Forge, StepName } from './forge.ts';

type Posting = FundEntry['postings'][number];

/** The entry of one step with other postings. */
const posted =
  (step: StepName, change: (leg: Posting) => Partial<Posting>): NonNullable<Forge['fund']> =>
  (entry, at) =>
    at === step ? { ...entry, postings: entry.postings.map((leg) => ({ ...leg, ...change(leg) })) } : entry;
const byFen = (fen: bigint) => (leg: Posting) => ({
  amountFen: String(BigInt(leg.amountFen) + (leg.accountKind === 'claim' ? fen : -fen)),
});

const CLAIM = '资产:应收建设单位:决议1:1栋:103';
const twice = (amountFen: string): string => String(2n * BigInt(amountFen));
/** The claim, and the contra account with it, twice: the second time on the account of this name. */
const doubled = (entry: FundEntry, account: string): FundEntry => ({
  ...entry,
  postings: entry.postings.flatMap((leg) =>
    leg.accountKind === 'claim' ? [leg, { ...leg, account }] : [{ ...leg, amountFen: twice(leg.amountFen) }],
  ),
});

describe('a claim', () => {
  it.each([
    ['settled before the hold', { claim: {} }],
    ['cancelled by the closing', { claim: { cancelled: true }, closing: {} }],
  ] as const)('%s passes every check', async (_what, story) => {
    const checks = await checksOf(buildBundle(story));
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    const made = checks.filter(({ id }) => id === 'FUND-02' || id === 'FUND-03');
    expect(made.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
  });

  it('is not judged by a bundle without the roll', async () => {
    const files = (of: Map<string, Uint8Array>): void => void of.delete('roll.jsonl');
    const checks = await checksOf(buildBundle({ claim: {}, files }));
    expect(checks.find(({ id }) => id === 'FUND-02')?.outcome).not.toBe('pass');
  });

  // The home has 1,000,000 fen, of which the resolution that waits asks 3,584,487; the lift's share is 107,535.
  it.each<readonly [string, Forge, readonly string[]]>([
    ['all of its share passes', { claim: { waits: true }, emergency: { claims: 107_535n } }, []],
    ['a fen less is refused', { claim: { waits: true }, emergency: { claims: 107_534n } }, ['FUND-03']],
    [
      'its share is refused where the other was closed before',
      { claim: { cancelled: true }, closing: {}, emergency: { claims: 107_535n } },
      ['FUND-03'],
    ],
  ])('of a work behind another that waits for the same account: %s', async (_what, story, expected) => {
    expect(await failing(story)).toEqual(expected);
  });

  const cases: readonly (readonly [string, Forge, readonly string[]])[] = [
    ['of a fen more than the unit lacks', { claim: {}, fund: posted('claim', byFen(1n)) }, ['FUND-03']],
    [
      'settled by a fen less than was paid',
      { claim: {}, fund: posted('claim-settled', byFen(1n)) },
      ['FUND-03'],
    ],
    ['that stands at the hold', { claim: { unsettled: true } }, ['FUND-03']],
    [
      'twice of one unit, and settled as one',
      {
        claim: {},
        fund: (entry, at) =>
          at === 'claim'
            ? doubled(entry, CLAIM)
            : posted('claim-settled', ({ amountFen }) => ({ amountFen: twice(amountFen) }))(entry, at),
      },
      ['FUND-03'],
    ],
    [
      'under a second name of the unit',
      {
        claim: {},
        fund: (entry, at) =>
          at === 'claim' || at === 'claim-settled' ? doubled(entry, `${CLAIM}乙`) : entry,
      },
      ['FUND-03'],
    ],
    [
      'of which the first account stands at the hold',
      {
        claim: {},
        fund: (entry, at) =>
          at === 'claim'
            ? doubled(entry, `${CLAIM}乙`)
            : posted('claim-settled', ({ accountKind, account }) => ({
                account: accountKind === 'claim' ? `${CLAIM}乙` : account,
              }))(entry, at),
      },
      ['FUND-03'],
    ],
    ['after the hold', { claim: { again: true } }, ['FUND-03']],
    [
      'of a unit that is not the developer’s',
      {
        claim: {},
        leaves: (leaves) =>
          leaves.map((leaf) => (leaf.basis === 'developer-stock' ? { ...leaf, basis: 'owner-set' } : leaf)),
      },
      ['FUND-02'],
    ],
    [
      'that reaches money',
      {
        claim: {},
        fund: posted('claim', (leg) =>
          leg.accountKind === 'claim_contra'
            ? { accountKind: 'payable', account: '负债:应付:决议1:防水公司' }
            : {},
        ),
      },
      ['FUND-03'],
    ],
    [
      'of no unit',
      { claim: {}, fund: posted('claim', (leg) => (leg.accountKind === 'claim' ? { unit: '' } : {})) },
      ['FUND-02', 'FUND-03'],
    ],
    [
      'without an authorisation',
      { claim: {}, fund: (one, step) => (step === 'claim' ? { ...one, authorisation: '' } : one) },
      ['FUND-02', 'FUND-03'],
    ],
    [
      'that the closing does not cancel',
      { claim: { cancelled: true, uncancelled: true }, closing: {} },
      ['FUND-02'],
    ],
    [
      'that is cancelled before the closing',
      { claim: { cancelled: true, cancelledFirst: true }, closing: {} },
      ['FUND-02'],
    ],
    [
      'of which a fen stays at the end',
      { claim: { cancelled: true }, closing: {}, fund: posted('claim-cancelled', byFen(1n)) },
      ['FUND-02', 'FUND-03'],
    ],
    [
      'that the journal takes for a debt',
      {
        claim: {},
        journal: (text) => text.replace(/(account 资产:应收建设单位[^\n]*\n {4}; type:)A/u, '$1L'),
      },
      ['FUND-03'],
    ],
  ];
  // The home of the developer is the third; it has enough for its share, and the hold takes nothing of it.
  it('is not avoided by a hold that spares the developer', async () => {
    const spares: NonNullable<Forge['fund']> = (entry, at) => {
      if (at !== 'hold') return entry;
      const third = entry.postings.find(({ account }) => account.includes(':103'))?.unit;
      return { ...entry, postings: entry.postings.filter(({ unit }) => unit !== third) };
    };
    const fund: NonNullable<Forge['fund']> = (entry, at) => {
      const made = spares(entry, at);
      if (at !== 'accrue' && at !== 'pay') return made;
      // The bill is what was held, by what each holds.
      const bill = 6_415_514n;
      const third = entry.postings.find(({ account }) => account.includes(':103'))?.unit;
      const postings = entry.postings
        .filter((leg) => leg.unit === '' || leg.unit !== third)
        .map((leg) =>
          leg.unit === ''
            ? { ...leg, amountFen: leg.amountFen.startsWith('-') ? `-${bill}` : `${bill}` }
            : leg,
        );
      return { ...entry, postings };
    };
    const checks = await checksOf(buildBundle({ fund }));
    const failed = checks.filter(({ outcome }) => outcome === 'fail');
    expect(failed.map(({ id }) => id)).toEqual(['FUND-03']);
    expect(JSON.stringify(failed)).toContain('holds 3584487 fen');
  });

  it.each(cases)('%s is refused', async (_what, lie, expected) => {
    expect(await failing(lie)).toEqual(expected);
  });
});
