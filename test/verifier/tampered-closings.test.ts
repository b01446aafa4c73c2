// Goal: a closing that two officers did not sign, that leaves money behind, that is of nothing or comes twice, and a release without one,
// are named by FUND-02 (SPEC 8.3). Method: the story of bundle-builder.ts, whose work is closed; one lie at a time, the exact checks.
import { describe, expect, it } from 'vitest';
import { buildBundle } from './bundle-builder.ts';
import { checksOf, failing } from './failing-checks.ts';
import type { Forge } from './forge.ts';

describe('a closing', () => {
  it.each([
    ['after the last payment', {}],
    ['of work that is not done, with its release', { undone: true }],
    ['by street office and regulator, where the committee convenes', { signers: ['street', 'regulator'] }],
  ] as const)('%s passes every check', async (_what, closing) => {
    const checks = await checksOf(buildBundle({ closing }));
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'FUND-02')?.outcome).toBe('pass');
  });

  const cases: readonly (readonly [string, Forge, readonly string[]])[] = [
    ['that is missing before the release', { closing: { undone: true, unclosed: true } }, ['FUND-02']],
    ['after its release', { closing: { undone: true, releasedFirst: true } }, ['FUND-02']],
    ['that leaves the hold where it is', { closing: { undone: true, unreleased: true } }, ['FUND-02']],
    ['while a stage is not paid', { closing: { unpaid: true } }, ['FUND-02']],
    ['of an authorisation that nobody gave', { closing: { authorisation: 'a'.repeat(26) } }, ['FUND-02']],
    ['made twice', { closing: { twice: true } }, ['FUND-02']],
    ['that one officer signed', { closing: { signers: ['street'] } }, ['ACT-01', 'FUND-02']],
    ['that committee and regulator signed', { closing: { signers: ['committee', 'regulator'] } }, ['ACT-01']],
    ['after which the money is held again', { closing: { undone: true, heldAgain: true } }, ['FUND-02']],
    [
      'whose release keeps a fen of the first household',
      {
        closing: { undone: true },
        fund: (one, step) =>
          step === 'release'
            ? {
                ...one,
                postings: one.postings.map((leg) => ({
                  ...leg,
                  amountFen: leg.amountFen.replace('3185892', '3185891'),
                })),
              }
            : one,
      },
      ['FUND-02'],
    ],
    [
      'whose release the book calls an accrual cancelled',
      {
        closing: { undone: true },
        fund: (one, step) => (step === 'release' ? { ...one, entryKind: 'accrual_cancelled' } : one),
      },
      ['FUND-02', 'FUND-03'],
    ],
  ];
  it.each(cases)('%s is refused', async (_what, lie, expected) => {
    expect(await failing(lie)).toEqual(expected);
  });
});
