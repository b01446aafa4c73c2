// Goal: money that comes in counts once, is put where it belongs by two officers, and is undone once and exactly. Method: each
// shell on a real database with real signatures; every refusal beside what is accepted; the journal's own rules at the end.
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toBase64Url } from '../../src/base/bytes.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { draftBankMove, draftIdentification } from '../../src/fund/moving.ts';
import { openBalances } from '../../src/fund/opening.ts';
import type { DraftedOrder } from '../../src/fund/ordering.ts';
import { listOrders } from '../../src/fund/ordering.ts';
import { readBook, readStatement } from '../../src/fund/reading.ts';
import { receive } from '../../src/fund/receiving.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { cancelAccrual, draftReversal, returnPayment } from '../../src/fund/reversing.ts';
import { accountsOfBook } from '../../src/fund/store/book.ts';
import { readAct } from '../../src/officers/acts.ts';
import type { EntryOf } from '../../src/record/entry.ts';
import { openedOrder, postingWords } from '../../src/web/console/fund-check.tsx';
import { freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  draft,
  execute,
  type FundWorld,
  fundWorld,
  pay,
  signAs,
} from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const BANK = { name: '建行', lastDigits: '0071' };
const TERM = { name: '建行定期', lastDigits: '9001' };

let world: FundWorld;
let worlds = 0;
let keys = 0;
const unitAt = (at: number): string => world.units[at]?.unit ?? '';
const nextKey = (): string => {
  keys += 1;
  return `key ${keys}`;
};

beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `movements ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 5000n },
      { building: '1幢', room: '103', areaDm2: 5000n },
    ],
    capFen: 9000n,
  });
});
afterEach(async () => {
  const journal = await exportJournal(fresh.db, world.community);
  if (journal.ok && journal.value.includes('kind:')) expect(journalFaults(journal.value)).toEqual([]);
});

const receipts = (
  ...list: readonly (readonly [receipt: string, at: number, amountFen: bigint, on?: string])[]
) =>
  receive(world.deps, {
    community: world.community,
    bank: BANK,
    receipts: list.map(([receipt, at, amountFen, valueOn = '2026-12-01']) => ({
      receipt,
      unit: at < 0 ? '' : unitAt(at),
      amountFen,
      valueOn,
    })),
  });

/** Signs a drafted order by both officers and executes it. */
async function carriedOut(drafted: Result<DraftedOrder, Refusal>): Promise<Result<undefined, Refusal>> {
  const { act } = accepted(drafted);
  await signAs(world, act, world.officers);
  return execute(world, act);
}
const identify = (items: readonly (readonly [at: number, amountFen: bigint])[], seq = 1n) =>
  draftIdentification(
    world.deps,
    {
      community: world.community,
      items: items.map(([at, amountFen]) => ({ unit: unitAt(at), amountFen })),
      seq,
      reference: '付款人说明',
      key: nextKey(),
    },
    'test',
  );
const reverse = (seq: bigint, key = nextKey()) =>
  draftReversal(world.deps, { community: world.community, seq, reference: '银行退回', key }, 'test');
const move = (from: typeof BANK, to: typeof BANK, amountFen: bigint) =>
  draftBankMove(
    world.deps,
    { community: world.community, from, to, amountFen, reference: '转存', key: nextKey() },
    'test',
  );
const totals = async () => accepted(await readBook(fresh.db, world.community)).totals;

describe('receipts', () => {
  it('are one entry each, to the household or to nobody yet, and stand when they are sent again', async () => {
    const first = accepted(await receipts(['甲1', 0, 500n], ['甲2', 1, 700n], ['甲3', -1, 90n]));
    expect(first).toMatchObject({ booked: 3, repeated: 0, entries: [{ seq: 1n }, { seq: 2n }, { seq: 3n }] });
    const again = accepted(await receipts(['甲2', 1, 700n], ['甲4', 1, 1n]));
    expect(again).toMatchObject({ booked: 1, repeated: 1, entries: [first.entries[1], { seq: 4n }] });
    expect(await balancesOf(world, 'unit_available')).toEqual([500n, 701n, 0n]);
    expect(await totals()).toMatchObject({ bank: 1291n, deposit_unidentified: 90n });
  });

  it('come into an account of the book: under another name of the bank nothing comes in twice', async () => {
    accepted(await receipts(['甲1', 0, 500n]));
    const [receipt] = [{ receipt: '甲1', unit: unitAt(0), amountFen: 500n, valueOn: '2026-12-01' }];
    const { deps, community } = world;
    for (const bank of [TERM, { name: '建设银行', lastDigits: '0071' }]) {
      expect(codeOf(await receive(deps, { community, bank, receipts: [receipt] }))).toBe('FUND_BANK_UNCLEAR');
      const interest = { community, bank, receipt: '息1', amountFen: 5n, valueOn: '2026-12-01' };
      expect(codeOf(await receiveInterest(deps, interest))).toBe('FUND_BANK_UNCLEAR');
    }
    expect(await totals()).toMatchObject({ bank: 500n });
  });

  it.each([
    [
      'a number twice',
      'FUND_RECEIPT_REPEATED',
      [
        ['甲1', 0, 5n],
        ['甲1', 1, 5n],
      ],
    ],
    ['no number', 'FUND_RECEIPT_REPEATED', [['', 0, 5n]]],
    ['nothing', 'FUND_AMOUNT_ZERO', [['甲1', 0, 0n]]],
    ['less than nothing', 'FUND_AMOUNT_ZERO', [['甲1', 0, -5n]]],
    ['tomorrow', 'FUND_VALUE_DATE_LATE', [['甲1', 0, 5n, '2099-01-01']]],
    [
      'a unit that is not',
      'FUND_UNIT_UNKNOWN',
      [
        ['甲0', 0, 5n],
        ['甲1', 9, 5n],
      ],
    ],
  ] as const)('with %s are refused whole', async (_name, code, list) => {
    accepted(await deposit(world, [1n]));
    const named = list.map(([receipt, at, ...rest]) => [receipt, at === 9 ? 9 : at, ...rest] as const);
    const foreign = named.map(([receipt, at, amountFen, on]) => ({
      receipt,
      unit: at === 9 ? 'a'.repeat(26) : unitAt(at),
      amountFen,
      valueOn: on ?? '2026-12-01',
    }));
    const answer = await receive(world.deps, { community: world.community, bank: BANK, receipts: foreign });
    expect(codeOf(answer)).toBe(code);
    expect(accepted(await readBook(fresh.db, world.community)).lastSeq).toBe(1n);
  });

  it('of another unit or amount under a known number are refused, also where it was booked to nobody', async () => {
    accepted(await receipts(['甲1', 0, 500n], ['甲2', -1, 5n]));
    expect(codeOf(await receipts(['甲1', 1, 500n]))).toBe('FUND_ENTRY_DIFFERS');
    expect(codeOf(await receipts(['甲1', 0, 501n]))).toBe('FUND_ENTRY_DIFFERS');
    expect(codeOf(await receipts(['甲2', 0, 5n]))).toBe('FUND_ENTRY_DIFFERS');
    expect(codeOf(await receipts(['乙1', 0, 1n], ['甲1', 1, 500n]))).toBe('FUND_ENTRY_DIFFERS');
    expect((await totals()).bank).toBe(505n);
  });

  it('of no community open no book', async () => {
    const answer = await receive(world.deps, {
      community: 'a'.repeat(26),
      bank: BANK,
      receipts: [{ receipt: '1', unit: '', amountFen: 1n, valueOn: '2026-12-01' }],
    });
    expect(codeOf(answer)).toBe('FUND_COMMUNITY_UNKNOWN');
  });

  it('have a form of reference that an old statement cannot take', async () => {
    const opening = { reference: '回单 1', asOn: '2026-11-30' };
    const request = { community: world.community, statement: opening, bank: BANK, balances: [] };
    expect(codeOf(await openBalances(world.deps, request))).toBe('FUND_REFERENCE_RESERVED');
  });
});

describe('money of unknown payers', () => {
  it('goes to its households when two officers say so, never more than there is', async () => {
    accepted(await receipts(['甲1', -1, 100n]));
    expect(codeOf(await identify([[0, 101n]]))).toBe('FUND_ABOVE_UNIDENTIFIED');
    expect(codeOf(await identify([[0, 0n]]))).toBe('FUND_AMOUNT_ZERO');
    expect(
      codeOf(
        await identify([
          [0, 1n],
          [0, 1n],
        ]),
      ),
    ).toBe('FUND_UNIT_UNKNOWN');
    const { act } = accepted(
      await identify([
        [0, 60n],
        [1, 40n],
      ]),
    );
    await signAs(world, act, world.officers.slice(0, 1));
    expect((await totals()).deposit_unidentified).toBe(100n);
    await signAs(world, act, world.officers.slice(1));
    accepted(await execute(world, act));
    expect(await balancesOf(world, 'unit_available')).toEqual([60n, 40n, 0n]);
    expect(await totals()).toMatchObject({ bank: 100n, deposit_unidentified: 0n });
  });

  it('that the bank took back is negated, unless it went to a household', async () => {
    accepted(await receipts(['甲1', -1, 100n], ['甲2', -1, 30n]));
    accepted(await carriedOut(await reverse(1n)));
    expect(await totals()).toMatchObject({ bank: 30n, deposit_unidentified: 30n });
    accepted(await carriedOut(await identify([[0, 30n]], 2n)));
    expect(codeOf(await reverse(2n))).toBe('FUND_MONEY_MOVED_ON');
  });
});

describe('a reversal', () => {
  it('negates a deposit once, exactly, from its own day, and only when two officers signed', async () => {
    accepted(await receipts(['甲1', 0, 500n, '2026-11-03'], ['甲2', 0, 20n]));
    const drafted = await reverse(1n, 'one');
    expect(accepted(await reverse(1n, 'one'))).toEqual(accepted(drafted));
    expect(codeOf(await reverse(2n, 'one'))).toBe('FUND_ENTRY_DIFFERS');
    accepted(await carriedOut(drafted));
    expect(await balancesOf(world, 'unit_available')).toEqual([20n, 0n, 0n]);
    expect(codeOf(await reverse(1n))).toBe('FUND_ENTRY_REVERSED');
    const { lines } = accepted(await readStatement(fresh.db, world.community, unitAt(0)));
    expect(lines.at(-1)).toMatchObject({
      kind: 'deposit_reversed',
      valueOn: '2026-11-03',
      availableFen: -500n,
    });
  });

  it.each([3n, 99n])('of entry %s, which is no deposit, is refused', async (seq) => {
    accepted(await receipts(['甲1', 0, 500n], ['甲2', -1, 500n]));
    accepted(await carriedOut(await reverse(1n)));
    expect(codeOf(await reverse(seq))).toBe('FUND_ENTRY_UNKNOWN');
  });

  it('of money that is held is refused, and one whose book moved on is drafted again', async () => {
    accepted(await deposit(world, [3000n, 3000n, 3000n]));
    const { act } = accepted(await reverse(1n));
    await signAs(world, act, world.officers);
    accepted(
      await holdShares(world.deps, { community: world.community, authorisation: await authorise(world) }),
    );
    expect(codeOf(await execute(world, act))).toBe('FUND_BOOK_MOVED_ON');
    expect(codeOf(await reverse(1n))).toBe('FUND_MONEY_MOVED_ON');
  });
});

describe('money between banks', () => {
  it('moves into a term deposit and back, and nowhere else', async () => {
    accepted(await deposit(world, [1000n]));
    expect(codeOf(await move(TERM, BANK, 1n))).toBe('FUND_BANK_UNCLEAR');
    expect(codeOf(await move(BANK, BANK, 1n))).toBe('FUND_BANK_UNCLEAR');
    expect(codeOf(await move(BANK, TERM, 0n))).toBe('FUND_AMOUNT_ZERO');
    expect(codeOf(await move(BANK, TERM, 1001n))).toBe('FUND_BANK_SHORT');
    const bankAccounts = async () =>
      (await accountsOfBook(fresh.db, world.community)).filter(({ kind }) => kind === 'bank').length;
    const before = await bankAccounts();
    const drafted = await move(BANK, TERM, 800n);
    // A draft of one officer puts no account into the book; what both sign is shown from its bytes, account by account.
    expect(await bankAccounts()).toBe(before);
    const { act } = accepted(drafted);
    const order = present(
      (await listOrders(fresh.db, world.community)).find((each) => each.act === act),
      'drafted',
    );
    const signed = JSON.parse(
      present(fromUtf8(present(await readAct(world.deps, act), 'drafted').act.entry), 'own text'),
    ) as EntryOf<'fund.entry'>;
    const opened = present(openedOrder(signed, toBase64Url(order.record)), 'the record that is signed');
    expect(opened.postings.map(postingWords)).toEqual([
      '转入 资产:专户存款:建行定期尾号9001：8.00 元',
      '从 资产:专户存款:建行尾号0071 转出：8.00 元',
    ]);
    const bent = Uint8Array.from(order.record);
    bent[bent.length - 10] = (bent[bent.length - 10] ?? 0) ^ 1;
    expect(openedOrder(signed, toBase64Url(bent))).toBeUndefined();
    expect(openedOrder({ ...signed, seq: signed.seq + 1 }, toBase64Url(order.record))).toBeUndefined();
    accepted(await carriedOut(drafted));
    expect(await bankAccounts()).toBe(before + 1);
    const banks = async () =>
      accepted(await readBook(fresh.db, world.community)).banks.map(({ balanceFen }) => balanceFen);
    expect(await banks()).toEqual([800n, 200n]);
    accepted(await carriedOut(await move(TERM, BANK, 800n)));
    expect(await banks()).toEqual([0n, 1000n]);
  });
});

describe('a stage taken back', () => {
  const ref = async () => ({ community: world.community, authorisation: await authorise(world) });
  const held = async () => {
    accepted(await deposit(world, [3000n, 4000n, 5000n]));
    const at = await ref();
    accepted(await holdShares(world.deps, at));
    return at;
  };
  const stage = (at: Awaited<ReturnType<typeof ref>>, amountFen: bigint, document: number) =>
    accrueStage(world.deps, { ...at, amountFen, stage: 'progress', acceptanceHash: acceptance(document) });

  it('is held again to the fen while it is unpaid; paid it stays', async () => {
    const at = await held();
    const before = await balancesOf(world, 'unit_held');
    const { seq } = accepted(await stage(at, 1000n, 1));
    const cancel = (of: bigint) =>
      cancelAccrual(world.deps, { community: world.community, seq: of, reason: '验收有误' });
    const cancelled = accepted(await cancel(seq));
    expect(accepted(await cancel(seq))).toEqual(cancelled);
    expect(await balancesOf(world, 'unit_held')).toEqual(before);
    const second = accepted(await stage(at, 1000n, 2));
    await pay(world, at.authorisation, 1n);
    expect(codeOf(await cancel(second.seq))).toBe('FUND_MONEY_MOVED_ON');
    expect(codeOf(await cancel(1n))).toBe('FUND_ENTRY_UNKNOWN');
  });

  it('that bounced is payable again, to the same payee, also after the rest was released', async () => {
    const at = await held();
    accepted(await stage(at, 1000n, 1));
    await pay(world, at.authorisation, 1000n);
    await closeWork(world, at);
    const paid = accepted(await readBook(fresh.db, world.community)).lastSeq - 1n;
    const returned = (receipt: string, valueOn = '2026-12-10') =>
      returnPayment(world.deps, { community: world.community, seq: paid, receipt, valueOn });
    expect(codeOf(await returned('退1', '2099-01-01'))).toBe('FUND_VALUE_DATE_LATE');
    const back = accepted(await returned('退1'));
    expect(accepted(await returned('退1'))).toEqual(back);
    expect(codeOf(await returned('退2'))).toBe('FUND_ENTRY_REVERSED');
    expect(await totals()).toMatchObject({ bank: 12_000n, payable: 1000n });
    expect(codeOf(await stage(at, 1n, 2))).toBe('FUND_AUTHORISATION_CLOSED');
    await pay(world, at.authorisation, 1000n);
    expect(codeOf(await draft(world, at.authorisation, 1n))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(await totals()).toMatchObject({ bank: 11_000n, payable: 0n });
  });

  it('that bounced for good goes back to the households by a second release', async () => {
    const at = await held();
    const { seq } = accepted(await stage(at, 1000n, 1));
    await pay(world, at.authorisation, 1000n);
    const first = present(await closeWork(world, at), 'a release');
    const payment = first.seq - 1n;
    accepted(
      await returnPayment(world.deps, {
        community: world.community,
        seq: payment,
        receipt: '退1',
        valueOn: '2026-12-10',
      }),
    );
    expect(codeOf(await releaseRest(world.deps, at))).toBe('FUND_UNPAID_ACCRUALS');
    accepted(await cancelAccrual(world.deps, { community: world.community, seq, reason: '收款方注销' }));
    const second = accepted(await releaseRest(world.deps, at));
    expect(second.seq).toBeGreaterThan(first.seq);
    expect(accepted(await releaseRest(world.deps, at))).toEqual(second);
    expect(await balancesOf(world, 'unit_available')).toEqual([3000n, 4000n, 5000n]);
  });
});

describe('interest', () => {
  const came = (receipt: string, amountFen: bigint) =>
    receiveInterest(world.deps, {
      community: world.community,
      bank: BANK,
      receipt,
      amountFen,
      valueOn: '2026-12-01',
    });
  const shared = (until: string) => distributeInterest(world.deps, { community: world.community, until });

  it('is shared whole by balance-days: the day of a deposit counts', async () => {
    // 10 days of 100, 5 days of 200, 1 day of 100: 1000, 1000 and 100 fen-days of 2100.
    accepted(
      await receipts(
        ['甲1', 0, 100n, '2026-11-01'],
        ['甲2', 1, 200n, '2026-11-06'],
        ['甲3', 2, 100n, '2026-11-10'],
      ),
    );
    expect(codeOf(await shared('2026-11-11'))).toBe('FUND_INTEREST_NONE');
    const first = accepted(await came('息1', 22n));
    expect(accepted(await came('息1', 22n))).toEqual(first);
    expect(codeOf(await came('息1', 23n))).toBe('FUND_ENTRY_DIFFERS');
    expect(codeOf(await came('息2', 0n))).toBe('FUND_AMOUNT_ZERO');
    expect(codeOf(await shared('2099-01-01'))).toBe('FUND_VALUE_DATE_LATE');
    expect(codeOf(await shared('2026-11-01'))).toBe('FUND_INTEREST_PERIOD');
    const seen = { community: world.community, until: '2026-11-11', expectedFen: 21n };
    expect(codeOf(await distributeInterest(world.deps, seen))).toBe('FUND_BALANCE_DIFFERS');
    const entry = accepted(await distributeInterest(world.deps, { ...seen, expectedFen: 22n }));
    expect(accepted(await shared('2026-11-11'))).toEqual(entry);
    // 22·1000/2100 = 10 remainder 1000 twice, 22·100/2100 = 1 remainder 100: the one fen left goes to the lower unit.
    expect(await balancesOf(world, 'unit_available')).toEqual([111n, 210n, 101n]);
    expect((await totals()).interest_undistributed).toBe(0n);
  });

  it('of the next period begins where the last one ended, a withdrawal not counted on its day', async () => {
    accepted(await receipts(['甲1', 0, 1000n, '2026-11-01'], ['甲2', 1, 1000n, '2026-11-01']));
    accepted(await came('息1', 20n));
    accepted(await shared('2026-11-11'));
    expect(await balancesOf(world, 'unit_available')).toEqual([1010n, 1010n, 0n]);
    accepted(await came('息2', 30n));
    expect(codeOf(await shared('2026-11-10'))).toBe('FUND_INTEREST_PERIOD');
    // Unit 2 comes on the last day of ten: 10100, 10100 and 2020 fen-days share 30 as 13.6, 13.6 and 2.7.
    accepted(await receipts(['甲3', 2, 2020n, '2026-11-20']));
    accepted(await shared('2026-11-21'));
    expect(await balancesOf(world, 'unit_available')).toEqual([1024n, 1023n, 2023n]);
  });

  it('leaves a deposit that was taken back without any', async () => {
    accepted(await receipts(['甲1', 0, 1000n, '2026-11-01'], ['甲2', 1, 1000n, '2026-11-01']));
    accepted(await carriedOut(await reverse(1n)));
    accepted(await came('息1', 20n));
    accepted(await shared('2026-11-11'));
    expect(await balancesOf(world, 'unit_available')).toEqual([0n, 1020n, 0n]);
  });
});
