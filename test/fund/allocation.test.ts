// Goal: shares are exact to the fen and fair. Method: the golden cases of the law page, and laws over random cases; the stages
// of a cost are replayed on pure balances, so that every household ends at its deposit less its cost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText } from '../../src/base/bytes.ts';
import { sumFen } from '../../src/base/fen.ts';
import { allocate, coverOf } from '../../src/fund/domain/allocation.ts';
import type { Account } from '../../src/fund/domain/posting.ts';
import { accrualLegs, householdLegs } from '../../src/fund/domain/posting.ts';
import { needsTopUp } from '../../src/record/top-up.ts';

const weights = (...areas: bigint[]) =>
  areas.map((weight, at) => ({ unit: String.fromCharCode(65 + at), weight }));
const amounts = (totalFen: bigint, ...areas: bigint[]) =>
  allocate(totalFen, weights(...areas)).map(({ amountFen }) => amountFen);

describe('the golden cases', () => {
  it.each([
    ['A1: 100.00 yuan over three equal units', 10_000n, [1n, 1n, 1n], [3334n, 3333n, 3333n]],
    [
      'A3: the developer bears his unsold unit like an owner',
      8_765_432n,
      [9013n, 9013n, 9013n, 11_277n, 10_450n],
      [1_620_039n, 1_620_039n, 1_620_039n, 2_026_982n, 1_878_333n],
    ],
    ['A5: 2 fen over five units', 2n, [100n, 100n, 100n, 100n, 1n], [1n, 1n, 0n, 0n, 0n]],
    ['nothing at all', 0n, [5n, 7n], [0n, 0n]],
    ['a unit without weight bears nothing', 101n, [0n, 1n, 1n], [0n, 51n, 50n]],
  ] as const)('%s', (_name, totalFen, areas, expected) => {
    expect(amounts(totalFen, ...areas)).toEqual(expected);
  });

  it('A3: the unsold unit without a balance is a shortfall, its own and nobody else’s', () => {
    const shares = allocate(8_765_432n, weights(9013n, 9013n, 9013n, 11_277n, 10_450n));
    const short = coverOf(shares, (unit) => (unit === 'E' ? 0n : 9_000_000n));
    expect(short.filter(({ shortfallFen }) => shortfallFen > 0n)).toEqual([
      { unit: 'E', shareFen: 1_878_333n, coveredFen: 0n, shortfallFen: 1_878_333n },
    ]);
  });

  it('A6: 30 % of the first deposit is enough, a fen less is not', () => {
    expect([needsTopUp(300_000n, 1_000_000n), needsTopUp(299_999n, 1_000_000n)]).toEqual([false, true]);
  });

  it('A7: a share above the balance takes the balance, and the rest is listed', () => {
    expect(coverOf([{ unit: 'A', amountFen: 1_620_039n }], () => 1_500_000n)).toEqual([
      { unit: 'A', shareFen: 1_620_039n, coveredFen: 1_500_000n, shortfallFen: 120_039n },
    ]);
  });

  it('a tie goes to the lower unit id, whatever the order of the list', () => {
    const shares = allocate(1n, [
      { unit: 'b', weight: 1n },
      { unit: 'a', weight: 1n },
    ]);
    expect(shares).toEqual([
      { unit: 'a', weight: 1n, amountFen: 1n, remainder: 1n },
      { unit: 'b', weight: 1n, amountFen: 0n, remainder: 1n },
    ]);
  });

  it('a cost without bearers, a negative one and a unit named twice are broken promises', () => {
    expect(() => allocate(1n, [])).toThrow('have a weight');
    expect(() => allocate(-1n, weights(1n))).toThrow('have a weight');
    expect(() => allocate(1n, weights(2n, -1n))).toThrow('not negative');
    expect(() =>
      allocate(1n, [
        { unit: 'a', weight: 1n },
        { unit: 'a', weight: 1n },
      ]),
    ).toThrow('one share');
  });
});

const areas = fc.array(fc.bigInt(1n, 200_000n), { minLength: 1, maxLength: 40 });
const cost = fc.bigInt(0n, 10n ** 12n);

describe('the laws', () => {
  it('shares sum to the cost, each within one fen of its exact part', () => {
    fc.assert(
      fc.property(cost, areas, (totalFen, list) => {
        const shares = allocate(totalFen, weights(...list));
        const total = sumFen(list);
        expect(sumFen(shares.map(({ amountFen }) => amountFen))).toBe(totalFen);
        for (const { weight, amountFen } of shares) {
          const off = amountFen * total - totalFen * weight;
          expect(off > -total && off < total).toBe(true);
        }
      }),
    );
  });

  it('a larger area never pays less, and the order of the list does not matter', () => {
    fc.assert(
      fc.property(cost, areas, (totalFen, list) => {
        const shares = allocate(totalFen, weights(...list));
        const sorted = [...shares].sort((a, b) => Number(a.weight - b.weight));
        for (const [at, share] of sorted.entries()) {
          const former = sorted[at - 1];
          if (former !== undefined && former.weight < share.weight)
            expect(former.amountFen <= share.amountFen).toBe(true);
        }
        expect(allocate(totalFen, weights(...list).reverse())).toEqual(shares);
      }),
    );
  });

  it('hold, stages and release leave every household at its deposit less its cost, no hold exceeded', () => {
    const stages = fc.array(fc.bigInt(0n, 5_000_000n), { maxLength: 6 });
    fc.assert(
      fc.property(fc.bigInt(1n, 9_000_000n), areas, stages, (cap, list, wanted) => {
        const account = (unit: string, kind: Account['kind'], balanceFen: bigint): Account => ({
          account: `${kind}/${unit}`,
          kind,
          unit,
          authorisation: '',
          name: '',
          balanceFen,
        });
        const held = new Map(allocate(cap, weights(...list)).map(({ unit, amountFen }) => [unit, amountFen]));
        const share = new Map(held);
        const paid = new Map<string, bigint>();
        let paidFen = 0n;
        for (const amountFen of wanted) {
          if (amountFen > cap - paidFen || amountFen === 0n) continue;
          const accounts = [...held]
            .filter(([, balance]) => balance > 0n)
            .map(([unit, balance]) => account(unit, 'unit_held', balance));
          const legs = accrualLegs(accounts, account('', 'payable', 0n), amountFen);
          expect(sumFen(legs.map((leg) => leg.amountFen))).toBe(0n);
          for (const { account: from, amountFen: partFen } of legs.slice(0, -1)) {
            held.set(from.unit, (held.get(from.unit) ?? 0n) - partFen);
            paid.set(from.unit, (paid.get(from.unit) ?? 0n) + partFen);
          }
          paidFen += amountFen;
        }
        for (const [unit, balance] of held) {
          expect(balance >= 0n).toBe(true);
          expect(balance + (paid.get(unit) ?? 0n)).toBe(share.get(unit));
        }
        const back = householdLegs(
          [...held].map(([unit, amountFen]) => ({
            from: account(unit, 'unit_held', amountFen),
            to: account(unit, 'unit_available', 0n),
            amountFen,
          })),
        );
        expect(-sumFen(back.filter(({ amountFen }) => amountFen < 0n).map((leg) => leg.amountFen))).toBe(
          cap - paidFen,
        );
        expect([...paid.values()].reduce((sum, each) => sum + each, 0n)).toBe(paidFen);
        expect([...held.keys()]).toEqual([...held.keys()].sort(compareText));
      }),
    );
  });
});
