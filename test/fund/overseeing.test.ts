// Goal: the figures by building add up to the book after every kind of entry, what the developer owes is in no sum, and the regulator's
// line of each community says what its own lists say. Method: figures by hand, then a book on a real database that goes through its life.
import { afterAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toBase64Url } from '../../src/base/bytes.ts';
import { sumFen } from '../../src/base/fen.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import type { PlacedUnit, UnitSums } from '../../src/fund/domain/building-figures.ts';
import { buildingFigures } from '../../src/fund/domain/building-figures.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { inspectBook } from '../../src/fund/inspecting.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { draftIdentification } from '../../src/fund/moving.ts';
import type { DraftedOrder } from '../../src/fund/ordering.ts';
import { buildingsCsv, listFunds, readByBuilding } from '../../src/fund/overseeing.ts';
import { draftPayment } from '../../src/fund/paying.ts';
import { readBook } from '../../src/fund/reading.ts';
import { receive } from '../../src/fund/receiving.ts';
import { applyRefund, draftRefund, listRefunds } from '../../src/fund/refunding.ts';
import { cancelAccrual, draftReversal, returnPayment } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  codeOf,
  deposit,
  execute,
  type FundWorld,
  fundWorld,
  pay,
  signAs,
} from './fund-world.ts';
import { demolish } from './refund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const BANK = { name: '建行', lastDigits: '0071' };

const sums = (unit: string, more: Partial<UnitSums> = {}): UnitSums => ({
  unit,
  depositedFen: 0n,
  interestFen: 0n,
  availableFen: 0n,
  heldFen: 0n,
  workFen: 0n,
  refundedFen: 0n,
  claimFen: 0n,
  firstDepositFen: undefined,
  ...more,
});
const placed = (unit: string, building: string, areaDm2: bigint): PlacedUnit => ({ unit, building, areaDm2 });

describe('the figures', () => {
  it('take the area of units that have an account, and round a square metre down to a fen', () => {
    const { buildings, whole } = buildingFigures(
      [placed('a', '1幢', 8912n), placed('b', '1幢', 1250n), placed('c', '2幢', 3n)],
      [sums('a', { depositedFen: 1_000_000n, availableFen: 999_999n, heldFen: 1n })],
      () => '',
    );
    expect(buildings).toMatchObject([
      {
        building: '1幢',
        units: 2,
        areaDm2: 10_162n,
        accounts: 1,
        accountAreaDm2: 8912n,
        // 10,000.00 yuan on 89.12 m² are 112.2082… yuan.
        perSquareMetre: { depositedFen: 11_220n, availableFen: 11_220n, heldFen: 0n, workFen: 0n },
        unknown: 2,
      },
      { building: '2幢', units: 1, accounts: 0, perSquareMetre: undefined, unknown: 1 },
    ]);
    expect(whole).toMatchObject({ units: 3, areaDm2: 10_165n, accountAreaDm2: 8912n, unknown: 3 });
  });

  it('count as below who has 299,999 of 1,000,000 fen with what is held, and not what the developer owes', () => {
    const first = { firstDepositFen: 1_000_000n };
    const of = (more: Partial<UnitSums>) =>
      buildingFigures([placed('a', '1幢', 100n)], [sums('a', { ...first, ...more })], () => '').whole.below;
    expect(of({ availableFen: 299_999n })).toBe(1);
    expect(of({ availableFen: 299_999n, claimFen: 1n })).toBe(1);
    expect(of({ availableFen: 299_999n, heldFen: 1n })).toBe(0);
    expect(of({ availableFen: 300_000n })).toBe(0);
    expect(of({ firstDepositFen: undefined })).toBe(0);
  });

  it('put a unit that is no more into the building where it was, without area and below nothing', () => {
    const { buildings, whole } = buildingFigures(
      [placed('a', '1幢', 100n)],
      [sums('gone', { firstDepositFen: 500n, depositedFen: 500n, refundedFen: 500n })],
      () => '9幢',
    );
    expect(buildings.map(({ building, units, depositedFen }) => [building, units, depositedFen])).toEqual([
      ['1幢', 1, 0n],
      ['9幢', 0, 500n],
    ]);
    expect(whole).toMatchObject({ refundedFen: 500n, below: 0, unknown: 1 });
  });
});

const openWorld = (seed: string, capFen = 10_000n): Promise<FundWorld> =>
  fundWorld(fresh, {
    seed: `overseeing ${seed}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 5000n },
      { building: '=2幢', room: '101', areaDm2: 12_045n },
      { building: '=2幢', room: '102', areaDm2: 5000n, unsold: true },
    ],
    capFen,
  });

/** The book by building, which is held against the book's own totals first. */
async function checked(world: FundWorld) {
  const read = accepted(await readByBuilding(fresh.db, world.community));
  const { totals } = accepted(await readBook(fresh.db, world.community));
  const { buildings, whole } = read;
  for (const each of [...buildings, whole])
    expect(each.depositedFen + each.interestFen - each.workFen - each.refundedFen).toBe(
      each.availableFen + each.heldFen,
    );
  for (const name of ['depositedFen', 'availableFen', 'heldFen', 'workFen', 'claimFen', 'areaDm2'] as const)
    expect(sumFen(buildings.map((each) => each[name])), name).toBe(whole[name]);
  expect(whole.workFen + whole.refundedFen).toBe(read.payableFen + read.paidFen);
  expect([whole.availableFen, whole.heldFen]).toEqual([totals.unit_available, totals.unit_held]);
  expect([read.bankFen, read.payableFen]).toEqual([totals.bank, totals.payable]);
  expect(read.interestUndistributedFen).toBe(totals.interest_undistributed);
  expect(read.depositUnidentifiedFen).toBe(totals.deposit_unidentified);
  expect(read.bankFen).toBe(
    whole.availableFen +
      whole.heldFen +
      read.payableFen +
      read.interestUndistributedFen +
      read.depositUnidentifiedFen,
  );
  return read;
}

async function carriedOut(world: FundWorld, drafted: Result<DraftedOrder, Refusal>): Promise<void> {
  const { act } = accepted(drafted);
  await signAs(world, act, world.officers);
  accepted(await execute(world, act));
}

/** Interest and what nobody knew, booked and put where it belongs. */
async function incomes(world: FundWorld): Promise<void> {
  const { deps, community } = world;
  const valueOn = '2026-12-05';
  const unit = present(world.units[1], 'a unit').unit;
  const list = [
    { receipt: '丁1', unit: '', amountFen: 300n, valueOn },
    { receipt: '丁2', unit, amountFen: 70n, valueOn },
  ];
  const { entries } = accepted(await receive(deps, { community, bank: BANK, receipts: list }));
  const interest = { community, bank: BANK, receipt: '息1', amountFen: 77n, valueOn };
  accepted(await receiveInterest(deps, interest));
  expect(await checked(world)).toMatchObject({
    interestUndistributedFen: 77n,
    depositUnidentifiedFen: 300n,
    whole: { depositedFen: 30_070n, interestFen: 0n },
  });
  accepted(await distributeInterest(deps, { community, until: '2026-12-10' }));
  const items = [{ unit, amountFen: 300n }];
  const identified = {
    community,
    items,
    seq: entries[0]?.seq ?? 0n,
    reference: '付款人说明',
    key: 'identify',
  };
  await carriedOut(world, await draftIdentification(deps, identified, 'test'));
  const undone = { community, seq: entries[1]?.seq ?? 0n, reference: '银行退回', key: 'undo' };
  await carriedOut(world, await draftReversal(deps, undone, 'test'));
  // What was reversed was never deposited.
  expect((await checked(world)).whole).toMatchObject({ depositedFen: 30_300n, interestFen: 77n });
}

async function refundGone(world: FundWorld, at: number): Promise<void> {
  const { deps, community } = world;
  const unit = present(world.units[at], 'a unit').unit;
  const payeeOpening = { salt: toBase64Url(new Uint8Array(16).fill(1)), number: '6217000012345678901' };
  const wanted = { community, unit, payeeOpening, documentHash: acceptance(77) };
  const { act } = accepted(await draftRefund(deps, wanted, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyRefund));
  const refund = present((await listRefunds(fresh.db, community))[0], 'the refund');
  const read = await checked(world);
  expect(read.payableFen).toBe(refund.amountFen);
  const { authorisation, payeeAccount } = refund;
  const order = {
    community,
    authorisation,
    amountFen: refund.amountFen,
    payeeAccount,
    reference: '返还',
    key: 'payout',
  };
  await carriedOut(world, await draftPayment(deps, order, 'test'));
}

describe('a book by building', () => {
  it('adds up to the book after deposits, interest, a claim, a hold, work, its undoing, payment, closing and a refund', async () => {
    const world = await openWorld('life');
    const { deps, community } = world;
    expect(codeOf(await readByBuilding(fresh.db, community))).toBe('FUND_BOOK_MISSING');
    accepted(await deposit(world, [10_000n, 10_000n, 10_000n]));
    expect(await checked(world)).toMatchObject({
      buildings: [
        { building: '1幢', units: 2, areaDm2: 10_000n, accounts: 2, depositedFen: 20_000n, unknown: 0 },
        { building: '=2幢', units: 2, areaDm2: 17_045n, accounts: 1, depositedFen: 10_000n, unknown: 1 },
      ],
      whole: { perSquareMetre: { depositedFen: 136n } },
      bankFen: 30_000n,
    });
    await incomes(world);

    const at = { community, authorisation: await authorise(world) };
    accepted(await claimShares(deps, at));
    const { buildings } = await checked(world);
    // 50.00 m² of 270.45 m² bear 18.48 or 18.49 yuan of 100.00.
    expect(buildings.map(({ claimFen }) => claimFen)).toEqual([0n, 1849n]);
    const list = [
      { receipt: '补1', unit: world.units[3]?.unit ?? '', amountFen: 1849n, valueOn: '2026-12-05' },
    ];
    accepted(await receive(deps, { community, bank: BANK, receipts: list }));
    accepted(await holdShares(deps, at));
    expect((await checked(world)).whole).toMatchObject({ heldFen: 10_000n, claimFen: 0n });

    const stage = (amountFen: bigint, no: number) =>
      accrueStage(deps, { ...at, amountFen, stage: 'progress', acceptanceHash: acceptance(no) });
    accepted(await stage(6000n, 1));
    const { seq } = accepted(await stage(1000n, 2));
    expect((await checked(world)).whole.workFen).toBe(7000n);
    accepted(await cancelAccrual(deps, { community, seq, reason: '验收有误' }));
    await pay(world, at.authorisation, 6000n);
    expect(await checked(world)).toMatchObject({ whole: { workFen: 6000n }, payableFen: 0n, paidFen: 6000n });
    const paid = accepted(await readBook(fresh.db, community)).lastSeq;
    accepted(await returnPayment(deps, { community, seq: paid, receipt: '退1', valueOn: '2026-12-10' }));
    expect(await checked(world)).toMatchObject({ payableFen: 6000n, paidFen: 0n });
    await pay(world, at.authorisation, 6000n);
    await closeWork(world, at);
    expect((await checked(world)).whole).toMatchObject({ heldFen: 0n, workFen: 6000n });

    await demolish(world, 0);
    expect((await checked(world)).buildings[0]).toMatchObject({ building: '1幢', units: 1, areaDm2: 5000n });
    await refundGone(world, 0);
    const last = await checked(world);
    expect(last.buildings[0]?.refundedFen).toBeGreaterThan(0n);
    expect(last.payableFen).toBe(0n);
  });

  it('counts against the first deposit that stands', async () => {
    const world = await openWorld('below');
    const { deps, community } = world;
    const [a, b] = world.units.map(({ unit }) => unit);
    const receipt = (no: string, unit: string | undefined, amountFen: bigint) => ({
      receipt: no,
      unit: unit ?? '',
      amountFen,
      valueOn: '2026-12-05',
    });
    const pay1 = [
      receipt('1', a, 1000n),
      receipt('2', a, 200n),
      receipt('3', b, 100n),
      receipt('4', b, 900n),
    ];
    const { entries } = accepted(await receive(deps, { community, bank: BANK, receipts: pay1 }));
    expect((await checked(world)).whole).toMatchObject({ below: 0, unknown: 2 });
    const undone = { community, seq: entries[0]?.seq ?? 0n, reference: '银行退回', key: 'undo 1' };
    await carriedOut(world, await draftReversal(deps, undone, 'test'));
    // 200 fen of a first deposit of 200 are left, no more 200 of 1000.
    expect((await checked(world)).whole).toMatchObject({ below: 0, unknown: 2 });
    const other = { ...undone, seq: entries[3]?.seq ?? 0n, key: 'undo 4' };
    await carriedOut(world, await draftReversal(deps, other, 'test'));
    expect((await checked(world)).whole).toMatchObject({ below: 0, depositedFen: 300n });
  });

  it('counts who is below once work took it, not while it is only held', async () => {
    const world = await openWorld('spent', 24_000n);
    accepted(await deposit(world, [5000n, 10_000n, 20_000n, 10_000n]));
    const at = { community: world.community, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, at));
    expect((await checked(world)).whole.below).toBe(0);
    const stage = { amountFen: 24_000n, stage: 'final', acceptanceHash: acceptance(1) } as const;
    accepted(await accrueStage(world.deps, { ...at, ...stage }));
    // 4437 of 5000 fen are gone; the others keep more than 30 %.
    expect((await checked(world)).buildings.map(({ below }) => below)).toEqual([1, 0]);
  });

  it('is a file of the same numbers, in which no building is a formula', async () => {
    const world = await openWorld('file');
    expect(codeOf(await buildingsCsv(fresh.db, world.community))).toBe('FUND_BOOK_MISSING');
    accepted(await deposit(world, [12_345n, 10_000n, 1n]));
    const rows = fromUtf8(accepted(await buildingsCsv(fresh.db, world.community)))?.split('\r\n') ?? [];
    expect(rows[0]?.startsWith('\uFEFF幢,户数,面积(㎡),')).toBe(true);
    expect(rows.slice(1)).toEqual([
      '1幢,2,100.00,2,100.00,223.45,0.00,223.45,0.00,0.00,0.00,0.00,2.23,2.23,0.00,0.00,0,0',
      "'=2幢,2,170.45,1,120.45,0.01,0.00,0.01,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0,1",
      '全小区,4,270.45,3,220.45,223.46,0.00,223.46,0.00,0.00,0.00,0.00,1.01,1.01,0.00,0.00,0,1',
      '',
    ]);
    const columns = rows.slice(0, 4).map((row) => row.split(',').length);
    expect(new Set(columns).size, 'as many cells as columns').toBe(1);
  });
});

describe('the line of each community', () => {
  it('says what its book and its list of findings say, and nothing where there is no book', async () => {
    const world = await openWorld('line');
    const empty = await openWorld('no book');
    accepted(await deposit(world, [10_000n, 10_000n, 10_000n, 10_000n]));
    const at = { community: world.community, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, at));
    world.time.advance(100 * 86_400_000);
    const lineIn = async (scope: string, of: string) =>
      (await listFunds(world.deps, scope, 0)).funds.find(({ community }) => community === of);
    const line = present(await lineIn('', world.community), 'the line');
    const anomalies = accepted(await inspectBook(world.deps, world.community));
    expect(line).toEqual({
      community: world.community,
      name: '翠湖花园',
      lastBookedOn: '2026-12-10',
      balanceFen: 40_000n,
      availableFen: 30_000n,
      heldFen: 10_000n,
      openAuthorisations: 1,
      // November and December are due in the middle of March, January and February are not.
      lateMonths: anomalies.filter(({ kind }) => kind === 'month_unpublished').length,
      anomalies: anomalies.length,
    });
    expect(line.lateMonths).toBe(2);
    await closeWork(world, at);
    expect(await lineIn('', world.community)).toMatchObject({ openAuthorisations: 0, heldFen: 0n });
    expect(await lineIn(empty.community, empty.community)).toMatchObject({
      lastBookedOn: '',
      balanceFen: 0n,
      openAuthorisations: 0,
      lateMonths: 0,
      anomalies: 0,
    });
    expect(await lineIn(empty.community, world.community)).toBeUndefined();
    const all = await listFunds(world.deps, '', 0);
    expect(all.more).toBe(false);
    expect((await listFunds(world.deps, '', 1)).funds).toEqual(all.funds.slice(1));
  });
});
