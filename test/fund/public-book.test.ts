// Goal: what anybody sees of a fund is what the book holds, by resolution, month and year, and a month with an unexplained difference
// to the bank is withheld until it is explained. Method: the roof's golden figures on a real database; figures and open days by hand.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accrueStage } from '../../src/fund/accruing.ts';
import type { Compared } from '../../src/fund/domain/figures.ts';
import { openDays, periodFigures } from '../../src/fund/domain/figures.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readPublicBook } from '../../src/fund/public-book.ts';
import { explainDifference, reconcile } from '../../src/fund/reconciling.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import type { FundWorld } from './fund-world.ts';
import { acceptance, accepted, authorise, codeOf, deposit, fundWorld, pay } from './fund-world.ts';

describe('figures by month and year', () => {
  const moves = [
    { month: '2026-11', kind: 'deposit', amountFen: 900n },
    { month: '2026-12', kind: 'deposit_unidentified', amountFen: 50n },
    { month: '2026-12', kind: 'deposit_reversed', amountFen: -100n },
    { month: '2026-12', kind: 'pay', amountFen: -300n },
    { month: '2027-01', kind: 'pay_returned', amountFen: 300n },
    { month: '2027-01', kind: 'interest_received', amountFen: 7n },
    { month: '2027-01', kind: 'bank_moved', amountFen: 0n },
  ] as const;

  it('carry each closing balance into the next opening one', () => {
    const { months, years } = periodFigures(moves, [], new Set());
    const shown = ({
      period,
      openingFen,
      depositsFen,
      interestFen,
      paidFen,
      closingFen,
    }: (typeof months)[0]) => [period, openingFen, depositsFen, interestFen, paidFen, closingFen] as const;
    expect(months.map(shown)).toEqual([
      ['2027-01', 550n, 0n, 7n, -300n, 857n],
      ['2026-12', 900n, -50n, 0n, 300n, 550n],
      ['2026-11', 0n, 900n, 0n, 0n, 900n],
    ]);
    expect(years.map(shown)).toEqual([
      ['2027', 550n, 0n, 7n, -300n, 857n],
      ['2026', 0n, 850n, 0n, 300n, 550n],
    ]);
  });

  it('are shown when they are published, a year when its December is', () => {
    const { months, years } = periodFigures(moves, [], new Set(['2026-11', '2026-12']));
    expect(months.map(({ period, state }) => [period, state])).toEqual([
      ['2027-01', 'waiting'],
      ['2026-12', 'published'],
      ['2026-11', 'published'],
    ]);
    expect(years.map(({ period, state }) => [period, state])).toEqual([
      ['2027', 'waiting'],
      ['2026', 'published'],
    ]);
    const quiet = periodFigures(moves, [], new Set(['2027-02'])).months[0];
    expect(quiet).toMatchObject({
      period: '2027-02',
      openingFen: 857n,
      closingFen: 857n,
      state: 'published',
    });
  });

  it('are withheld for the month and the year of an unexplained difference alone', () => {
    const one: Compared = {
      account: '甲',
      from: '2026-12-01',
      to: '2026-12-31',
      madeAt: 1,
      unexplainedOn: ['2026-12-05'],
    };
    const { months, years } = periodFigures(moves, [one], new Set(['2026-11']));
    expect(months.filter(({ state }) => state === 'withheld').map(({ period }) => period)).toEqual([
      '2026-12',
    ]);
    expect(years.filter(({ state }) => state === 'withheld').map(({ period }) => period)).toEqual(['2026']);
    const later = { ...one, madeAt: 2, unexplainedOn: [] };
    expect(openDays([one, later])).toEqual([]);
    expect(openDays([one, { ...later, account: '乙' }])).toEqual(['2026-12-05']);
    expect(openDays([one, { ...later, from: '2026-12-06' }])).toEqual(['2026-12-05']);
    expect(
      openDays([
        { ...one, madeAt: 2 },
        { ...later, madeAt: 1 },
      ]),
    ).toEqual(['2026-12-05']);
  });
});

describe('a book in public', () => {
  let fresh: FreshDatabase;
  let world: FundWorld;
  let authorisation: string;
  const read = async () => accepted(await readPublicBook(world.deps.db, world.community));
  beforeAll(async () => {
    fresh = await freshDatabase();
    world = await fundWorld(fresh, {
      seed: 'public book',
      capFen: 2_000_000n,
      units: [
        { building: '1幢', room: '101', areaDm2: 8912n },
        { building: '1幢', room: '102', areaDm2: 8912n },
        { building: '1幢', room: '201', areaDm2: 12_045n },
        { building: '1幢', room: '202', areaDm2: 9977n },
      ],
    });
  });
  afterAll(async () => fresh.close());

  it('is none before the first entry', async () => {
    expect(codeOf(await readPublicBook(world.deps.db, world.community))).toBe('FUND_BOOK_MISSING');
  });

  it('has each resolution with its split, its payments, and what is left', async () => {
    accepted(await deposit(world, [650_000n, 650_000n, 900_000n, 720_000n]));
    authorisation = await authorise(world);
    accepted(await holdShares(world.deps, { community: world.community, authorisation }));
    const stage = { community: world.community, authorisation, stage: 'advance' } as const;
    accepted(await accrueStage(world.deps, { ...stage, amountFen: 600_000n, acceptanceHash: acceptance(1) }));
    await pay(world, authorisation, 500_000n);
    const [charge, ...others] = (await read()).charges;
    expect(others).toEqual([]);
    expect(charge).toMatchObject({
      totalAreaDm2: 39_846n,
      heldFen: 1_400_000n,
      payableFen: 100_000n,
      paidFen: 500_000n,
      payments: [{ bookedOn: '2026-12-10', amountFen: 500_000n }],
    });
    // 447321.59…, 447321.59…, 604577.62…, 500779.… : the floors leave as many fen as the shares stand above them.
    const floors = [8912n, 8912n, 12_045n, 9977n].map((area) => (2_000_000n * area) / 39_846n);
    expect(charge?.leftOverFen).toBe(2_000_000n - floors.reduce((sum, each) => sum + each, 0n));
    expect(charge?.title).toBe(world.definition.proposals[0]?.title);
  });

  it('withholds a month until its difference to the bank is explained', async () => {
    world.time.advance(3 * 86_400_000);
    const bank = { name: '建行', lastDigits: '0071' };
    const period = { from: '2026-12-09', to: '2026-12-11' };
    // The bank knows of 5.00 yuan that the book has not, and the payment.
    const csv = '交易日期,流水号,收入,支出\n2026-12-10,付1,,5000.00\n2026-12-11,息9,5.00,\n';
    const closingFen = 2_920_000n - 500_000n + 500n;
    const made = accepted(
      await reconcile(
        world.deps,
        { community: world.community, bank, ...period, closingFen, csv },
        world.officers[0]?.officer ?? '',
      ),
    );
    expect(made.differences).toMatchObject([{ kind: 'missing', on: '2026-12-11', amountFen: 500n }]);
    const withheld = await read();
    expect(withheld.months).toMatchObject([{ period: '2026-12', state: 'withheld' }]);
    expect(withheld.years).toMatchObject([{ period: '2026', state: 'withheld' }]);
    accepted(
      await explainDifference(
        world.deps,
        { community: world.community, reconciliation: made.reconciliation, no: 1, reason: '银行次日入账' },
        world.officers[0]?.officer ?? '',
      ),
    );
    expect((await read()).months).toEqual([
      {
        period: '2026-12',
        openingFen: 0n,
        depositsFen: 2_920_000n,
        interestFen: 0n,
        paidFen: 500_000n,
        closingFen: 2_420_000n,
        state: 'waiting',
        isDoubted: false,
      },
    ]);
  });
});
