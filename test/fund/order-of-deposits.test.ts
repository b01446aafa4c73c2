// Goal: the order in which the same deposits are booked does not matter (SPEC 8.3): every account ends with the same balance, and interest
// to a later day is shared the same. Method: a law over many cases on pure arithmetic; few orders, days and bundlings on a real database.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { addDays, startOfCivilDate } from '../../src/base/civil-date.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { allocate } from '../../src/fund/domain/allocation.ts';
import { balanceDays } from '../../src/fund/domain/balance-days.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { openBalances } from '../../src/fund/opening.ts';
import { readBook } from '../../src/fund/reading.ts';
import { receive } from '../../src/fund/receiving.ts';
import { freshDatabase } from '../support/database.ts';
import { accepted, balancesOf, type FundWorld, fundWorld } from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';
import { replayStored } from './replaying.ts';
import { shareOut } from './simulation-model.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const FIRST_DAY = '2026-10-01';
/** Value dates lie before the tests' today, so that any of the deposits may be booked first. */
const DAYS = 70;
const UNITS = ['101', '102', '103', '104'];
const BANK = { name: '建行', lastDigits: '0071' };

/** A deposit by its place in the list; the opening balance of a home, a receipt, or one that nobody knows the home of. */
type Deposit = { readonly home: number; readonly fen: bigint; readonly valueOn: string; readonly as: string };

const dayOf = (days: number): string => addDays(FIRST_DAY, days);
const fen = fc.bigInt({ min: 1n, max: 9_000_000n });
const gains = fc.array(
  fc.record({
    unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    valueOn: fc.integer({ min: 0, max: DAYS }).map(dayOf),
    gainFen: fen,
  }),
  { minLength: 1, maxLength: 24 },
);
const inAnyOrder = <T>(list: readonly T[]) =>
  fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });

describe('the law', () => {
  it('shares interest the same in any order of the deposits, also where one comes in parts of one day', () => {
    const cases = gains.chain((list) =>
      fc.record({
        list: fc.constant(list),
        other: inAnyOrder(list.flatMap((one) => (one.gainFen > 1n ? halves(one) : [one]))),
        since: fc.option(fc.integer({ min: 0, max: DAYS }).map(dayOf), { nil: '' }),
        interestFen: fen,
      }),
    );
    fc.assert(
      fc.property(cases, ({ list, other, since, interestFen }) => {
        const until = dayOf(DAYS + 1);
        const shares = (of: typeof list) =>
          new Map(
            allocate(interestFen, balanceDays(of, since, until)).map(({ unit, amountFen }) => [
              unit,
              amountFen,
            ]),
          );
        expect(shares(other)).toEqual(shares(list));
      }),
      { numRuns: 500 },
    );
  });

  it('would not hold for weights that forgot the day: two homes with one balance of other days differ', () => {
    const early = { unit: 'a', valueOn: dayOf(0), gainFen: 100n };
    const late = { unit: 'b', valueOn: dayOf(9), gainFen: 100n };
    const weights = balanceDays([late, early], '', dayOf(10));
    expect(weights).toEqual([
      { unit: 'b', weight: 100n },
      { unit: 'a', weight: 1000n },
    ]);
  });
});

function halves<T extends { readonly gainFen: bigint }>(one: T): readonly T[] {
  const part = one.gainFen / 2n;
  return [
    { ...one, gainFen: part },
    { ...one, gainFen: one.gainFen - part },
  ];
}

let worlds = 0;
async function emptyWorld(): Promise<FundWorld> {
  worlds += 1;
  return fundWorld(fresh, {
    seed: `order ${worlds}`,
    units: UNITS.map((room) => ({ building: '1幢', room, areaDm2: 5000n })),
    capFen: 1n,
  });
}

const unitOf = (world: FundWorld, { home }: Deposit): string => world.units[home]?.unit ?? '';

/** Books one bundle: receipts go together, as a file of the bank does; an opening goes alone. */
async function book(world: FundWorld, bundle: readonly Deposit[]): Promise<void> {
  const { community } = world;
  for (const one of bundle.filter(({ as }) => as === 'opening')) {
    const statement = { reference: '原系统对账单', asOn: one.valueOn };
    const balances = [{ unit: unitOf(world, one), amountFen: one.fen }];
    accepted(await openBalances(world.deps, { community, statement, bank: BANK, balances }));
  }
  const receipts = bundle
    .filter(({ as }) => as !== 'opening')
    .map((one) => ({
      receipt: one.as,
      unit: unitOf(world, one),
      amountFen: one.fen,
      valueOn: one.valueOn,
    }));
  if (receipts.length > 0) accepted(await receive(world.deps, { community, bank: BANK, receipts }));
}

const INTEREST_FEN = 123_457n;
const UNTIL = dayOf(DAYS + 30);

/** What an order leaves: the balances before the interest and after it, and what the whole book comes to. */
async function leftBy(order: readonly Deposit[], days: readonly number[], bundles: readonly number[]) {
  const world = await emptyWorld();
  const { community } = world;
  for (let at = 0, turn = 0; at < order.length; turn += 1) {
    const many = bundles[turn % bundles.length] ?? 1;
    world.time.set(startOfCivilDate(dayOf(DAYS + (days[turn % days.length] ?? 0))));
    await book(world, order.slice(at, at + many));
    at += many;
  }
  const before = await balancesOf(world, 'unit_available');
  world.time.set(startOfCivilDate(UNTIL));
  const interest = { community, bank: BANK, receipt: '息1', amountFen: INTEREST_FEN, valueOn: UNTIL };
  accepted(await receiveInterest(world.deps, interest));
  accepted(await distributeInterest(world.deps, { community, until: UNTIL }));
  const { totals } = accepted(await readBook(fresh.db, community));
  await replayStored(world);
  expect(journalFaults(accepted(await exportJournal(fresh.db, community)))).toEqual([]);
  expect(accepted(await checkBook(fresh.db, community)).findings).toEqual([]);
  return { before, after: await balancesOf(world, 'unit_available'), totals };
}

/** The same by other arithmetic, from the list alone. */
function expectedOf(deposits: readonly Deposit[]) {
  const sumOf = (home: number, weight: (one: Deposit) => bigint): bigint =>
    deposits.filter((one) => one.home === home).reduce((sum, one) => sum + one.fen * weight(one), 0n);
  const daysTo = (valueOn: string): bigint =>
    BigInt((startOfCivilDate(UNTIL) - startOfCivilDate(valueOn)) / 86_400_000);
  const before = UNITS.map((_, home) => sumOf(home, () => 1n));
  const weights = UNITS.map((_, home) => sumOf(home, ({ valueOn }) => daysTo(valueOn)));
  const interest = shareOut(INTEREST_FEN, weights);
  return { before, after: before.map((each, home) => each + (interest[home] ?? 0n)) };
}

/** No more than one opening of a home, and at least one home whose money is known, or nobody could get the interest. */
const deposits = fc
  .array(
    fc.record({
      home: fc.integer({ min: 0, max: UNITS.length }),
      fen,
      day: fc.integer({ min: 0, max: DAYS }),
      isOpening: fc.boolean(),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .filter((list) => list.some(({ home }) => home < UNITS.length))
  .map((list) => {
    const opened = new Set<number>();
    return list.map(({ home, fen: amount, day, isOpening }, at): Deposit => {
      const opens = isOpening && home < UNITS.length && !opened.has(home);
      if (opens) opened.add(home);
      return { home, fen: amount, valueOn: dayOf(day), as: opens ? 'opening' : `甲${at}` };
    });
  });
/** Days after the last value date on which each bundle is booked; the clock may stand still and go back, the book does not. */
const bookingDays = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 });
const bundleSizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

describe('a book', () => {
  it('ends the same in any order of its deposits, on any days, one by one or in files', async () => {
    const cases = deposits.chain((list) =>
      fc.record({
        list: fc.constant(list),
        other: inAnyOrder(list),
        days: bookingDays,
        bundles: bundleSizes,
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ list, other, days, bundles }) => {
        const first = await leftBy(list, [0], [1]);
        expect(first).toMatchObject(expectedOf(list));
        expect(await leftBy(other, days, bundles)).toEqual(first);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  }, 60_000);

  it('with one deposit of another value date shares otherwise, so that the law above can fail', async () => {
    const [early, late] = [dayOf(0), dayOf(40)];
    const base: readonly Deposit[] = [
      { home: 0, fen: 10_000n, valueOn: early, as: '甲1' },
      { home: 1, fen: 10_000n, valueOn: early, as: '甲2' },
    ];
    const moved = base.map((one, at) => (at === 1 ? { ...one, valueOn: late } : one));
    const [one, other] = [await leftBy(base, [0], [1]), await leftBy(moved, [0], [1])];
    expect(other.before).toEqual(one.before);
    expect(other.after).not.toEqual(one.after);
  });
});
