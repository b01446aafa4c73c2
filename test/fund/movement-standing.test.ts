// Goal: the desk is offered what the service takes and nothing else: which receipts wait, which deposits can be reversed, which payments can
// come back, where interest begins. Method: each reading beside the shells that draft and book, on a real database with real signatures.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { identificationNarrative, identifiedOf } from '../../src/fund/domain/waiting-receipts.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { findDeposits, readMovements } from '../../src/fund/movement-standing.ts';
import { draftIdentification } from '../../src/fund/moving.ts';
import type { DraftedOrder } from '../../src/fund/ordering.ts';
import { readStatement } from '../../src/fund/reading.ts';
import { receive } from '../../src/fund/receiving.ts';
import { draftReversal, returnPayment } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
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

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const BANK = { name: '建行', lastDigits: '0071' };
const BANK_NAME = '资产:专户存款:建行尾号0071';

let world: FundWorld;
let worlds = 0;
let keys = 0;
const unitAt = (at: number): string => present(world.units[at], 'a unit').unit;
const nextKey = (): string => {
  keys += 1;
  return `standing ${keys}`;
};

beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `standing ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 5000n },
    ],
    capFen: 8000n,
  });
});

/** `at` below zero for an unknown payer. */
const receipt = (no: string, at: number, amountFen: bigint) =>
  receive(world.deps, {
    community: world.community,
    bank: BANK,
    receipts: [{ receipt: no, unit: at < 0 ? '' : unitAt(at), amountFen, valueOn: '2026-12-01' }],
  });
async function carriedOut(drafted: Result<DraftedOrder, Refusal>): Promise<void> {
  const { act } = accepted(drafted);
  await signAs(world, act, world.officers);
  accepted(await execute(world, act));
}
const identify = (seq: bigint, at: number, amountFen: bigint, key = nextKey()) =>
  draftIdentification(
    world.deps,
    {
      community: world.community,
      items: [{ unit: unitAt(at), amountFen }],
      seq,
      reference: '付款人说明',
      key,
    },
    'test',
  );
const reverse = (seq: bigint) =>
  draftReversal(
    world.deps,
    { community: world.community, seq, reference: '银行退回', key: nextKey() },
    'test',
  );
const movements = async () => accepted(await readMovements(fresh.db, world.community));
const found = async (find: string) => accepted(await findDeposits(fresh.db, world.community, find));

describe('a receipt of an unknown payer', () => {
  it('waits until it was identified whole, by its number, in parts or at once', async () => {
    accepted(await receipt('甲1', -1, 100n));
    accepted(await receipt('甲2', -1, 30n));
    const waiting = async () =>
      (await movements()).receipts.map((each) => [
        each.seq,
        each.receipt,
        each.amountFen,
        each.identifiedFen,
      ]);
    expect(await waiting()).toEqual([
      [2n, '甲2', 30n, 0n],
      [1n, '甲1', 100n, 0n],
    ]);
    await carriedOut(await identify(1n, 0, 60n));
    expect(await waiting()).toEqual([
      [2n, '甲2', 30n, 0n],
      [1n, '甲1', 100n, 60n],
    ]);
    // There is enough in the pool, not of this receipt.
    expect(codeOf(await identify(1n, 1, 41n))).toBe('FUND_ABOVE_UNIDENTIFIED');
    await carriedOut(await identify(1n, 1, 40n));
    expect(await waiting()).toEqual([[2n, '甲2', 30n, 0n]]);
    expect((await movements()).unidentifiedFen).toBe(30n);
    const { lines } = accepted(await readStatement(fresh.db, world.community, unitAt(0)));
    expect(lines.at(-1)).toMatchObject({ narrative: '认领第1笔', reference: '付款人说明' });
  });

  it('is none that was reversed, is a household’s, or does not stand', async () => {
    accepted(await receipt('甲1', -1, 100n));
    accepted(await receipt('甲2', 0, 30n));
    accepted(await receipt('甲3', -1, 100n));
    await carriedOut(await reverse(1n));
    for (const seq of [1n, 2n, 99n])
      expect(codeOf(await identify(seq, 0, 1n)), String(seq)).toBe('FUND_ENTRY_UNKNOWN');
    expect((await movements()).receipts.map(({ seq }) => seq)).toEqual([3n]);
  });

  it('under one key is drafted once, with its own number', async () => {
    accepted(await receipt('甲1', -1, 100n));
    accepted(await receipt('甲2', -1, 100n));
    accepted(await identify(1n, 0, 10n, 'same'));
    expect(codeOf(await identify(2n, 0, 10n, 'same'))).toBe('FUND_ENTRY_DIFFERS');
    accepted(await identify(1n, 0, 10n, 'same'));
  });

  it('is not reversed at the cost of another one’s payer once a household has it', async () => {
    accepted(await receipt('甲1', -1, 100n));
    accepted(await receipt('甲2', -1, 100n));
    await carriedOut(await identify(1n, 0, 1n));
    expect(codeOf(await reverse(1n))).toBe('FUND_MONEY_MOVED_ON');
    expect(await found('1')).toMatchObject([{ seq: 1n, state: 'moved_on' }]);
    await carriedOut(await reverse(2n));
  });

  it('is named in one form, and no other narrative names one', () => {
    const list = ['认领第1笔', '认领第12笔', '待查认领', '认领第1笔。', '冲回第1笔'].map((narrative) => ({
      narrative,
      amountFen: 1n,
    }));
    expect(identifiedOf(1n, list)).toBe(1n);
    expect(identifiedOf(12n, list)).toBe(1n);
    expect(identificationNarrative(7n)).toBe('认领第7笔');
  });
});

describe('a deposit', () => {
  it('is found by the bank’s number or the book’s, with where its money is', async () => {
    accepted(await deposit(world, [3000n], '原系统对账单'));
    accepted(await receipt('1', 1, 500n));
    // Number 1 is the opening in the book, and a receipt at the bank.
    expect(await found('1')).toEqual([
      {
        seq: 2n,
        bookedOn: expect.any(String),
        valueOn: '2026-12-01',
        bank: BANK_NAME,
        amountFen: 500n,
        receipt: '1',
        reference: '回单 1',
        account: '负债:分户账:1幢:102:可用',
        state: 'standing',
      },
      expect.objectContaining({ seq: 1n, receipt: '', reference: '原系统对账单', state: 'standing' }),
    ]);
    for (const find of ['甲9', '99', '0', '01']) expect(await found(find), find).toEqual([]);
  });

  it('that was reversed or is held says so, as the draft refuses it', async () => {
    accepted(await deposit(world, [4000n, 4000n]));
    accepted(await receipt('甲1', 0, 500n));
    await carriedOut(await reverse(3n));
    expect((await found('甲1')).map(({ state }) => state)).toEqual(['reversed']);
    const authorisation = await authorise(world);
    accepted(await holdShares(world.deps, { community: world.community, authorisation }));
    expect((await found('1')).map(({ state }) => state)).toEqual(['moved_on']);
    expect(codeOf(await reverse(1n))).toBe('FUND_MONEY_MOVED_ON');
  });
});

it('payments are listed until they come back, and interest says what waits and since when', async () => {
  const { deps, community } = world;
  expect(codeOf(await readMovements(fresh.db, community))).toBe('FUND_BOOK_MISSING');
  expect(codeOf(await findDeposits(fresh.db, community, '1'))).toBe('FUND_BOOK_MISSING');
  accepted(await deposit(world, [4000n, 4000n]));
  const authorisation = await authorise(world);
  accepted(await holdShares(deps, { community, authorisation }));
  accepted(
    await accrueStage(deps, {
      community,
      authorisation,
      amountFen: 1000n,
      stage: 'advance',
      acceptanceHash: acceptance(1),
    }),
  );
  await pay(world, authorisation, 700n);
  const [paid, ...others] = (await movements()).payments;
  expect(others).toEqual([]);
  expect(paid).toMatchObject({ bank: BANK_NAME, amountFen: 700n, payee: '中山某某防水工程有限公司' });
  const { seq } = present(paid, 'the payment');
  accepted(await returnPayment(deps, { community, seq, receipt: '退1', valueOn: '2026-12-10' }));
  expect(await movements()).toMatchObject({ payments: [], interestSince: '', interestUndistributedFen: 0n });
  accepted(
    await receiveInterest(deps, {
      community,
      bank: BANK,
      receipt: '息1',
      amountFen: 9n,
      valueOn: '2026-12-01',
    }),
  );
  expect(await movements()).toMatchObject({ interestUndistributedFen: 9n });
  accepted(await distributeInterest(deps, { community, until: '2026-12-05' }));
  expect(await movements()).toMatchObject({ interestUndistributedFen: 0n, interestSince: '2026-12-05' });
});
