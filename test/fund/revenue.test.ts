// Goal: what common parts earn is booked over a document, what goes out by two officers, never more than there is, another use only by an
// adopted resolution, and a half-year is published once in order. Method: the shells with real signatures on a real database; sums by hand.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fundFiles, namedLater } from '../../src/fund/bundling.ts';
import { fitsKind, halfYearAfter, lastDayOf } from '../../src/fund/domain/revenue.ts';
import { readRevenue } from '../../src/fund/revenue.ts';
import type { IncomeRequest, SpendingRequest } from '../../src/fund/revenue-booking.ts';
import {
  applySpending,
  draftRevenueReversal,
  draftSpending,
  lockSpending,
  receiveRevenue,
} from '../../src/fund/revenue-booking.ts';
import { publishPeriod } from '../../src/fund/revenue-publishing.ts';
import { freshDatabase } from '../support/database.ts';
import { acceptance, accepted, codeOf, execute, type FundWorld, fundWorld, signAs } from './fund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const DAY_MS = 86_400_000;
let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `revenue ${worlds}`,
    units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
    capFen: 10_000n,
  });
});

const earn = (amountFen: bigint, more: Partial<IncomeRequest> = {}) =>
  receiveRevenue(world.deps, {
    community: world.community,
    heading: 'parking',
    bookedOn: '2026-12-01',
    amountFen,
    text: '地面车位12月租金',
    documentHash: acceptance(1),
    ...more,
  });
const draftOut = (amountFen: bigint, more: Partial<SpendingRequest> = {}) =>
  draftSpending(
    world.deps,
    {
      community: world.community,
      entryKind: 'cost',
      heading: 'tax',
      bookedOn: '2026-12-02',
      amountFen,
      text: '增值税',
      documentHash: acceptance(2),
      meeting: '',
      proposal: '',
      ...more,
    },
    'test',
  );
const settle = async (drafted: Awaited<ReturnType<typeof draftOut>>) => {
  const { act } = accepted(drafted);
  await signAs(world, act, world.officers);
  return execute(world, act, applySpending);
};
const spend = async (amountFen: bigint, more: Partial<SpendingRequest> = {}) =>
  settle(await draftOut(amountFen, more));
const undo = (reverses: string) =>
  draftRevenueReversal(
    world.deps,
    { community: world.community, reverses, text: '记错科目', documentHash: acceptance(3) },
    'test',
  );
const balance = async (): Promise<bigint> => (await readRevenue(fresh.db, world.community)).balanceFen;
const publish = (period: string) =>
  publishPeriod(world.deps, { community: world.community, period }, world.officers[0]?.officer ?? '');

it('an entry that says nothing is refused, whether it comes in or goes out', async () => {
  accepted(await earn(1000n));
  expect(codeOf(await earn(1000n, { text: ' ' }))).toBe('FUND_TEXT_BLANK');
  expect(codeOf(await draftOut(100n, { text: '\u3000' }))).toBe('FUND_TEXT_BLANK');
});

describe('the book', () => {
  it('takes income of one officer, and costs, transfers and uses of two', async () => {
    accepted(await earn(100_000n));
    accepted(await spend(6000n));
    accepted(await spend(50_000n, { entryKind: 'transfer', heading: 'fund' }));
    const { meeting, proposal } = world;
    accepted(await spend(4000n, { entryKind: 'use', heading: 'resolution', meeting, proposal }));
    expect(await balance()).toBe(40_000n);
    const { entries } = await readRevenue(fresh.db, world.community);
    expect(entries.map(({ record }) => [record.entryKind, record.amountFen])).toEqual([
      ['income', '100000'],
      ['cost', '-6000'],
      ['transfer', '-50000'],
      ['use', '-4000'],
    ]);
  });

  it('never gives more than there is, whoever signed first', async () => {
    accepted(await earn(100n));
    expect(codeOf(await draftOut(101n))).toBe('REVENUE_SHORT');
    const [first, second] = [await draftOut(60n), await draftOut(60n)];
    accepted(await settle(first));
    expect(codeOf(await settle(second))).toBe('REVENUE_SHORT');
    expect(await balance()).toBe(40n);
  });

  it('of twelve that were signed at once pays exactly the one that it has the money for', async () => {
    accepted(await earn(100n));
    const acts: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      const { act } = accepted(await draftOut(60n));
      await signAs(world, act, world.officers);
      acts.push(act);
    }
    const results = await Promise.all(acts.map((act) => execute(world, act, applySpending, lockSpending)));
    const paid = results.filter(({ ok: isPaid }) => isPaid).length;
    const short = results.filter((one) => !one.ok && one.refusal.code === 'REVENUE_SHORT').length;
    expect([paid, short]).toEqual([1, 11]);
    expect(await balance()).toBe(40n);
  });

  it('gives nothing for another use without an adopted resolution', async () => {
    accepted(await earn(100n));
    const use = { entryKind: 'use', heading: 'resolution' } as const;
    expect(codeOf(await draftOut(1n, use))).toBe('REVENUE_USE_UNDECIDED');
    const strange = { ...use, meeting: world.meeting, proposal: 'a'.repeat(26) };
    expect(codeOf(await draftOut(1n, strange))).toBe('REVENUE_USE_UNDECIDED');
    const cost = { meeting: world.meeting, proposal: world.proposal };
    expect(codeOf(await draftOut(1n, cost))).toBe('REVENUE_USE_UNDECIDED');
    const rejected = await fundWorld(fresh, {
      seed: `rejected ${worlds}`,
      units: world.units,
      capFen: 1n,
      outcome: 'REJECTED',
    });
    const { community, meeting, proposal } = rejected;
    accepted(await earn(100n, { community }));
    expect(codeOf(await draftOut(1n, { ...use, community, meeting, proposal }))).toBe(
      'REVENUE_USE_UNDECIDED',
    );
  });

  it('refuses nothing, a heading of another kind, and a day that is not yet', async () => {
    expect(codeOf(await earn(0n))).toBe('FUND_AMOUNT_ZERO');
    expect(codeOf(await earn(1n, { heading: 'tax' }))).toBe('REVENUE_HEADING');
    expect(codeOf(await earn(1n, { bookedOn: '2026-12-11' }))).toBe('FUND_VALUE_DATE_LATE');
    expect(codeOf(await earn(1n, { community: 'a'.repeat(26) }))).toBe('FUND_COMMUNITY_UNKNOWN');
    expect(await balance()).toBe(0n);
  });

  it('undoes an entry once and exactly, by two officers', async () => {
    const { entry } = accepted(await earn(100n));
    accepted(await settle(await undo(entry)));
    expect(await balance()).toBe(0n);
    expect(codeOf(await undo(entry))).toBe('FUND_ENTRY_REVERSED');
    const undone = (await readRevenue(fresh.db, world.community)).entries.at(-1)?.record;
    expect([undone?.entryKind, undone?.heading, undone?.amountFen]).toEqual(['reversal', 'parking', '-100']);
    expect(codeOf(await undo(undone?.entry ?? ''))).toBe('FUND_ENTRY_UNKNOWN');
  });

  it('keeps income that was spent already from being undone', async () => {
    const { entry } = accepted(await earn(100n));
    accepted(await spend(1n));
    expect(codeOf(await undo(entry))).toBe('REVENUE_SHORT');
  });

  it('is signed by two roles, never by the regulator and the committee', async () => {
    accepted(await earn(100n));
    const { act } = accepted(await draftOut(1n));
    await expect(signAs(world, act, [...world.officers.slice(0, 1), world.regulator])).rejects.toThrow(
      'ACTION_ROLE',
    );
  });
});

describe('a half-year', () => {
  it('is published in order when it is over, with its sums, and nothing is booked in it afterwards', async () => {
    expect(codeOf(await publish('2026-H2'))).toBe('REVENUE_PERIOD_ORDER');
    accepted(await earn(100_000n, { bookedOn: '2026-06-30', heading: 'advertising' }));
    accepted(await earn(20_000n, { bookedOn: '2026-06-01', heading: 'advertising' }));
    accepted(await earn(5000n, { bookedOn: '2026-07-01' }));
    accepted(await spend(6000n, { bookedOn: '2026-06-30' }));
    expect(codeOf(await publish('2026-H2'))).toBe('REVENUE_PERIOD_ORDER');
    const { record } = accepted(await publish('2026-H1'));
    expect(record).toMatchObject({
      openingFen: '0',
      lines: [
        { entryKind: 'income', heading: 'advertising', count: 2, amountFen: '120000' },
        { entryKind: 'cost', heading: 'tax', count: 1, amountFen: '-6000' },
      ],
      closingFen: '114000',
    });
    expect(codeOf(await earn(1n, { bookedOn: '2026-06-30' }))).toBe('REVENUE_PERIOD_PUBLISHED');
    expect(codeOf(await publish('2026-H1'))).toBe('REVENUE_PERIOD_ORDER');
    expect(codeOf(await publish('2026-H2'))).toBe('REVENUE_PERIOD_NOT_OVER');
    world.time.advance(22 * DAY_MS);
    const second = accepted(await publish('2026-H2')).record;
    expect([second.openingFen, second.closingFen]).toEqual(['114000', '119000']);
    expect((await readRevenue(fresh.db, world.community)).next).toBe('2027-H1');
  });

  it('and the entries stand in the bundle in the order of the log, but not what only a longer log names', async () => {
    accepted(await earn(100n, { bookedOn: '2026-06-30' }));
    accepted(await publish('2026-H1'));
    accepted(await earn(100n));
    const kindsAt = async (later: (hash: string) => boolean) =>
      (await fundFiles(fresh.db, world.community, async () => later)).lines.map(
        (line) => JSON.parse(new TextDecoder().decode(line)).kind,
      );
    expect(await kindsAt(() => false)).toEqual(['revenue-entry', 'revenue-entry', 'revenue-period']);
    expect(await kindsAt(await namedLater(fresh.db, world.community, 0))).toEqual([]);
  });

  it('ends in June or December, and is followed by the next one', () => {
    expect(['2026-H1', '2026-H2'].map(lastDayOf)).toEqual(['2026-06-30', '2026-12-31']);
    expect(['2026-H1', '2026-H2', '0999-H2'].map(halfYearAfter)).toEqual(['2026-H2', '2027-H1', '1000-H1']);
    expect(fitsKind({ entryKind: 'reversal', heading: 'tax' })).toBe(true);
  });
});
