// Goal: what the desk sends of a move, an identification, a reversal, interest and a returned payment is what the routes take, and each form says
// before which account changes by how much. Method: pure rules over what is typed, good and bad, the bodies through the routes' own schemas.
import { describe, expect, it } from 'vitest';
import {
  bankMoveBody,
  distributionBody,
  identificationBody,
  interestBody,
  returnBody,
  reversalBody,
} from '../../src/fund/movement-contract.ts';
import { bankOf, bankWords } from '../../src/web/console/fund/bank-names.ts';
import {
  homeWords,
  identificationDraft,
  reversalDraft,
} from '../../src/web/console/fund/identification-drafts.ts';
import {
  distributionDraft,
  EMPTY_INTEREST,
  EMPTY_MOVE,
  EMPTY_RETURN,
  interestDraft,
  moveDraft,
  NEW_BANK,
  returnDraft,
} from '../../src/web/console/fund/movement-drafts.ts';

const TODAY = '2026-11-29' as Parameters<typeof interestDraft>[2];
const id = (letter: string): string => letter.repeat(26);
const CURRENT = { account: id('a'), name: '资产:专户存款:建行尾号0321', balanceFen: '100000' };
const TERM = { account: id('b'), name: '资产:专户存款:建行定期尾号9001', balanceFen: '500' };
const BANKS = [CURRENT, TERM];
const ENTRY = { bookedOn: '2026-11-20', valueOn: '2026-11-19', bank: CURRENT.name, amountFen: '30050' };
const RECEIPT = { ...ENTRY, seq: '7', receipt: '甲2', identifiedFen: '50' };
const UNITS = [
  { unit: id('c'), building: '1栋', stair: '2单元', room: '101' },
  { unit: id('d'), building: '1栋', stair: '2单元', room: '102' },
  { unit: id('e'), building: '2栋', stair: '', room: '1 01' },
  { unit: id('f'), building: '2栋', stair: '1', room: '01' },
];

/** A draft that must be good. */
function good<B>(made: { readonly ok: boolean; readonly body?: B; readonly facts?: readonly string[] }) {
  expect(made.ok, JSON.stringify(made)).toBe(true);
  return { body: made.body as B, facts: made.facts ?? [] };
}

it('a bank is read from its exported name, also where its own name has the word for its digits', () => {
  expect(bankOf(CURRENT.name)).toEqual({ name: '建行', lastDigits: '0321' });
  expect(bankOf('资产:专户存款:尾号行尾号12')).toEqual({ name: '尾号行', lastDigits: '12' });
  expect(bankWords(TERM.name)).toBe('建行定期尾号9001');
});

describe('a move between banks', () => {
  const form = {
    ...EMPTY_MOVE,
    from: CURRENT.account,
    to: TERM.account,
    amount: '800',
    reference: ' 转存定期 ',
  };

  it('names both accounts with what they have afterwards', () => {
    const { body, facts } = good(moveDraft(form, BANKS));
    expect(bankMoveBody.parse(body)).toEqual({
      from: { name: '建行', lastDigits: '0321' },
      to: { name: '建行定期', lastDigits: '9001' },
      amountFen: '80000',
      reference: '转存定期',
    });
    expect(facts).toEqual([
      '从 建行尾号0321 转出 800.00 元（大写：捌佰元整），转后余额 200.00 元',
      '转入 建行定期尾号9001，转后余额 805.00 元',
      '各户的余额不变',
      '依据：转存定期',
    ]);
  });

  it('into a new account says that it is new; one that is typed and stands is no new one', () => {
    const typed = { ...form, to: NEW_BANK, name: '工行定期', lastDigits: '77' };
    const { body, facts } = good(moveDraft(typed, BANKS));
    expect(bankMoveBody.parse(body).to).toEqual({ name: '工行定期', lastDigits: '77' });
    expect(facts[1]).toBe('转入新账户 工行定期尾号77，签齐后列入账簿');
    const known = good(moveDraft({ ...typed, name: '建行定期', lastDigits: '9001' }, BANKS));
    expect(known.facts[1]).toBe('转入 建行定期尾号9001，转后余额 805.00 元');
  });

  it.each([
    [
      { from: '', to: '' },
      { from: '请选择一项', to: '请选择一项' },
    ],
    [{ to: CURRENT.account }, { to: '不能与转出的账户相同' }],
    [{ amount: '1000.01' }, { amount: '超过了这个账户的余额 1,000.00 元' }],
    [{ amount: '0' }, { amount: '请填写大于零的金额（元），最多两位小数，例如 12345.60' }],
    [{ reference: ' ' }, { reference: '请填写这一项' }],
    [
      { to: NEW_BANK, name: '建行:定期', lastDigits: '1' },
      { name: '请填写1至20个汉字、字母、数字或短横线', lastDigits: '请填写2至8位数字' },
    ],
  ])('of %j is refused beside its fields', (part, errors) => {
    expect(moveDraft({ ...form, ...part }, BANKS)).toEqual({ ok: false, errors });
  });
});

describe('interest', () => {
  const form = { ...EMPTY_INTEREST, receipt: '息1', amount: '12.34', valueOn: '2026-11-29' };

  it('comes into the bank and waits for its distribution', () => {
    const { body, facts } = good(interestDraft(form, [CURRENT], TODAY));
    expect(interestBody.parse(body)).toEqual({
      bank: { name: '建行', lastDigits: '0321' },
      receipt: '息1',
      amountFen: '1234',
      valueOn: '2026-11-29',
    });
    expect(facts).toEqual([
      '建行尾号0321 收到结息 12.34 元（大写：壹拾贰元叁角肆分）',
      '记入待分配利息，分配以后才进入分户账',
      '银行回单 息1，2026年11月29日 到账',
    ]);
  });

  it('of several banks names one, and no day to come', () => {
    expect(interestDraft({ ...form, valueOn: '2026-11-30' }, BANKS, TODAY)).toEqual({
      ok: false,
      errors: { bank: '请选择一项', valueOn: '不能晚于今天' },
    });
    expect(interestDraft(EMPTY_INTEREST, [CURRENT], TODAY)).toMatchObject({
      errors: { receipt: '请填写这一项', valueOn: '请选择日期' },
    });
  });

  it('is distributed whole over a period that begins where the last one ended', () => {
    const standing = { interestUndistributedFen: '1234', interestSince: '2026-09-21' };
    const { body, facts } = good(distributionDraft('2026-11-29', standing, TODAY));
    expect(distributionBody.parse(body)).toEqual({ until: '2026-11-29', expectedFen: '1234' });
    expect(facts).toEqual([
      '待分配利息 12.34 元（大写：壹拾贰元叁角肆分） 全部分入各户的分户账',
      '按 2026年9月21日 至 2026年11月29日（不含）的积数分配',
    ]);
    const first = good(distributionDraft('2026-11-29', { ...standing, interestSince: '' }, TODAY));
    expect(first.facts[1]).toContain('按 第一笔交存（还没有分配过） 至');
    for (const [until, wrong] of [
      ['', '请选择日期'],
      ['2026-11-30', '不能晚于今天'],
      ['2026-09-21', '须在上一期的截止日 2026年9月21日 以后'],
    ] as const)
      expect(distributionDraft(until, standing, TODAY)).toEqual({ ok: false, errors: { until: wrong } });
  });
});

describe('a returned payment', () => {
  const paid = { ...ENTRY, seq: '12', payee: '防水公司', reference: '发票 1' };
  const form = { ...EMPTY_RETURN, seq: '12', receipt: '退1', valueOn: '2026-11-28' };

  it('is payable again to the same payee', () => {
    const { body, facts } = good(returnDraft(form, [paid], TODAY));
    expect(returnBody.parse(body)).toEqual({ seq: '12', receipt: '退1', valueOn: '2026-11-28' });
    expect(facts).toEqual([
      '第12笔拨付（付给防水公司）300.50 元（大写：叁佰元伍角整） 退回，转入 建行尾号0321',
      '重新列为对防水公司的应付，冻结的金额不变',
      '银行回单 退1，2026年11月28日 到账',
    ]);
  });

  it('is one that was paid, over the bank’s receipt', () => {
    expect(returnDraft({ ...EMPTY_RETURN, seq: '13' }, [paid], TODAY)).toEqual({
      ok: false,
      errors: { seq: '请选择一项', receipt: '请填写这一项', valueOn: '请选择日期' },
    });
  });
});

describe('an identification', () => {
  const homes = [
    { place: '1栋  2单元 101', amount: '200' },
    { place: '1栋 2单元 102', amount: '99.99' },
  ];
  const form = { seq: '7', homes, reference: '付款人说明' };

  it('names its receipt, each home with its amount, and what waits still', () => {
    const { body, facts } = good(identificationDraft(form, [RECEIPT], UNITS));
    expect(identificationBody.parse(body)).toEqual({
      items: [
        { unit: id('c'), amountFen: '20000' },
        { unit: id('d'), amountFen: '9999' },
      ],
      seq: '7',
      reference: '付款人说明',
    });
    const { seq: _seq, ...unnamed } = body;
    expect(identificationBody.safeParse(unnamed).success).toBe(false);
    expect(facts).toEqual([
      '认领第7笔待查收款（2026年11月19日 到账，回单 甲2）中的 299.99 元（大写：贰佰玖拾玖元玖角玖分）',
      '记入 1栋 2单元 101 的分户账 200.00 元（大写：贰佰元整）',
      '记入 1栋 2单元 102 的分户账 99.99 元（大写：玖拾玖元玖角玖分）',
      '认领后这一笔尚待查 0.01 元',
      '依据：付款人说明',
    ]);
  });

  it('is refused home by home, and above what waits', () => {
    const wrong = [
      { place: '9栋 1', amount: '1' },
      { place: '2栋 1 01', amount: '一元' },
      { place: ' ', amount: '1' },
      { place: '1栋 2单元 101', amount: '1' },
      { place: '1栋 2单元 101', amount: '300' },
    ];
    expect(identificationDraft({ ...form, homes: wrong, reference: '' }, [RECEIPT], UNITS)).toEqual({
      ok: false,
      errors: {
        reference: '请填写这一项',
        place0: '名册里没有这一户',
        place1: '名册里这样写的不止一户',
        amount1: '请填写大于零的金额（元），最多两位小数，例如 12345.60',
        place2: '请填写这一项',
        place4: '这一户已经填过',
        amount4: '合计超过了这一笔尚待查的 300.00 元',
      },
    });
    expect(identificationDraft({ ...form, seq: '8' }, [RECEIPT], undefined)).toEqual({
      ok: false,
      errors: {
        seq: '请选择一项',
        place0: '业主名册还没有读到，请稍后再试',
        place1: '业主名册还没有读到，请稍后再试',
      },
    });
  });
});

describe('a reversal', () => {
  const deposit = {
    ...ENTRY,
    seq: '3',
    receipt: '甲1',
    reference: '回单 甲1',
    account: '负债:分户账:1栋:2单元-101:可用',
    state: 'standing' as const,
  };

  it('is whole, of one deposit, over what proves it', () => {
    const { body, facts } = good(reversalDraft('银行退票 9', deposit));
    expect(reversalBody.parse(body)).toEqual({ seq: '3', reference: '银行退票 9' });
    expect(facts).toEqual([
      '冲回第3笔交存（2026年11月19日 到账）300.50 元（大写：叁佰元伍角整）',
      '1栋 2单元-101 减少，建行尾号0321 转出同样的金额',
      '依据：银行退票 9',
    ]);
    expect(homeWords('负债:待查收款')).toBe('待查收款');
    expect(reversalDraft('', deposit)).toEqual({ ok: false, errors: { reference: '请填写这一项' } });
  });
});
