// Goal: the money of an unknown payer is given once and to nobody beyond its amount: an identification names the receipt that it is of, and one of
// which a household has a part does not go back to the bank out of another's (SPEC 8.3: FUND-03). Method: the story of bundle-builder.ts with two
// receipts of unknown payers, entries 2 and 3 of the book, so that the pool covers every lie; one lie at a time, the exact checks.
import { describe, expect, it } from 'vitest';
import { failing } from './failing-checks.ts';
import type { UnknownStep } from './forge.ts';

const BOTH: readonly UnknownStep[] = [{ receivedFen: 400n }, { receivedFen: 300n }];
const identified = (identifiedFen: bigint, narrative: string, home = 0): UnknownStep => ({
  identifiedFen,
  narrative,
  home,
});
const failures = (...steps: readonly UnknownStep[]) => failing({ unknown: [...BOTH, ...steps] });

describe('an identification', () => {
  it('of each receipt in parts, to several homes, and the other receipt gone back, passes', async () => {
    expect(
      await failures(identified(250n, '认领第2笔'), identified(150n, '认领第2笔', 1), { reversedSeq: 3 }),
    ).toEqual([]);
  });

  it('of before, when it had to name no receipt, passes; not any more once one was named', async () => {
    expect(await failures(identified(10n, '待查认领'), identified(400n, '认领第2笔'))).toEqual([]);
    expect(await failures(identified(400n, '认领第2笔'), identified(10n, '待查认领'))).toEqual(['FUND-03']);
  });

  it.each([
    ['beyond the amount of its receipt', [identified(401n, '认领第2笔')]],
    ['beyond it in parts', [identified(250n, '认领第2笔'), identified(151n, '认领第2笔', 1)]],
    ['of a deposit whose payer is known', [identified(1n, '认领第1笔')]],
    ['of an identification', [identified(1n, '认领第2笔'), identified(1n, '认领第4笔')]],
    ['of an entry that does not exist yet', [identified(1n, '认领第9笔'), { receivedFen: 1n }]],
    ['of itself', [identified(1n, '认领第4笔')]],
    ['of a receipt that went back', [{ reversedSeq: 2 }, identified(1n, '认领第2笔')]],
    ['that names nothing', [identified(1n, '')]],
    ['in other words', [identified(1n, '认领第02笔')]],
  ] satisfies readonly (readonly [string, readonly UnknownStep[]])[])(
    '%s is refused',
    async (_what, steps) => {
      expect(await failures(...steps)).toEqual(['FUND-03']);
    },
  );

  it('and then its receipt gone back out of what others paid is refused', async () => {
    expect(await failures(identified(250n, '认领第2笔'), { reversedSeq: 2 })).toEqual(['FUND-03']);
  });
});
