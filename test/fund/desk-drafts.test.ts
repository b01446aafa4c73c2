// Goal: what an officer types at the fund's desk becomes a body that the routes take, with every fact that is signed, or an error for each field that
// is wrong. Method: pure forms, the routes' own schemas, amounts and accounts at their edges.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { accrualBody, paymentBody } from '../../src/fund/contract.ts';
import { refundBody } from '../../src/fund/movement-contract.ts';
import { accountHash } from '../../src/record/meeting.ts';
import {
  accountNumberOf,
  fenOf,
  openingOf,
  openingUnder,
  readOpenings,
} from '../../src/web/console/fund/drafts.ts';
import type { EmergencyForm } from '../../src/web/console/fund/emergency-drafts.ts';
import {
  declarationDraft,
  EMPTY_EMERGENCY,
  emergencyDraft,
} from '../../src/web/console/fund/emergency-drafts.ts';
import { refundDraft } from '../../src/web/console/fund/refund-draft.ts';
import { accrualDraft, closingDraft, paymentDraft } from '../../src/web/console/fund/spending-drafts.ts';

const SALT = new Uint8Array(16).fill(7);
const KEPT = { payee: '防水公司', salt: toBase64Url(SALT), number: '44050178000100000071' };
const PAYABLE = {
  authorisation: 'a'.repeat(26),
  payee: '防水公司',
  payeeAccount: accountHash(SALT, KEPT.number),
  purpose: '屋面翻修',
  payableFen: '3624000',
};
const BANK = { account: 'b'.repeat(26), name: '资产:专户存款:建行尾号0321', balanceFen: '9999999' };
const FILE = { name: '验收.pdf', sha256: toBase64Url(new Uint8Array(32).fill(9)) };

describe('an amount', () => {
  it.each([
    ['36240', 3_624_000n],
    [' 36,240.5 ', 3_624_050n],
    ['1,036,240.05', 103_624_005n],
    ['0.01', 1n],
    ['0', undefined],
    ['0.00', undefined],
    ['-1', undefined],
    ['1.005', undefined],
    ['1e3', undefined],
    ['1,00', undefined],
    ['1,0005', undefined],
    ['1000,000', undefined],
    ['1,000,00', undefined],
    ['1,000.005', undefined],
    ['1,000,000.5', 100_000_050n],
    [',100', undefined],
    ['壹元', undefined],
    ['', undefined],
  ])('of %j is %s fen', (text, fen) => {
    expect(fenOf(text)).toBe(fen);
  });
});

describe('an account', () => {
  it('is found under the hash by salt and number alone', () => {
    expect(openingUnder([KEPT], PAYABLE.payeeAccount)).toEqual(KEPT);
    expect(openingUnder([{ ...KEPT, number: '44050178000100000072' }], PAYABLE.payeeAccount)).toBeUndefined();
    expect(
      openingUnder([{ ...KEPT, salt: toBase64Url(new Uint8Array(16)) }], PAYABLE.payeeAccount),
    ).toBeUndefined();
  });

  it('keeps the salt of a payee who was paid before, and draws one for another', () => {
    const draw = () => new Uint8Array(16).fill(1);
    expect(openingOf(accountNumberOf(' 4405 0178 0001 0000 0071 '), [KEPT], draw)).toEqual({
      salt: KEPT.salt,
      number: KEPT.number,
    });
    expect(openingOf('6217', [KEPT], draw)).toEqual({ salt: toBase64Url(draw()), number: '6217' });
  });

  it.each([
    '',
    '{}',
    '[null]',
    '[{"salt":"short","number":"6217"}]',
    `[{"salt":"${KEPT.salt}","number":"62"}]`,
  ])('is not read out of %j', (text) => {
    expect(readOpenings(text)).toBeUndefined();
  });

  it('is read out of what the console offered', () => {
    expect(readOpenings(JSON.stringify([KEPT]))).toEqual([KEPT]);
  });
});

describe('an acceptance', () => {
  it('is a body that the route takes, and says stage, amount in capitals and file', () => {
    const made = accrualDraft({ amount: '36240', stage: 'advance', document: FILE }, { heldFen: '3624000' });
    expect(made.ok && accrualBody.parse(made.body)).toEqual({
      amountFen: '3624000',
      stage: 'advance',
      acceptanceHash: FILE.sha256,
    });
    expect(made.ok && made.facts).toEqual([
      '预付款 36,240.00 元（大写：叁万陆仟贰佰肆拾元整） 由冻结转为应付，各户按份额承担',
      '验收文件：验收.pdf，0909 0909 0909 0909 …',
    ]);
  });

  it('is refused in every field at once, and one fen above what is held', () => {
    expect(accrualDraft({ amount: 'x', stage: 'final', document: undefined }, { heldFen: '1' })).toEqual({
      ok: false,
      errors: {
        amount: '请填写大于零的金额（元），最多两位小数，例如 12345.60',
        document: '请选择文件',
      },
    });
    expect(accrualDraft({ amount: '1.01', stage: 'final', document: FILE }, { heldFen: '100' })).toEqual({
      ok: false,
      errors: { amount: '超过了尚冻结的 1.00 元' },
    });
  });
});

describe('a payment', () => {
  const form = { amount: '36240', reference: ' 发票1 ', bank: '' };

  it('goes from the only bank to the account that was authorised, whatever was typed', () => {
    const made = paymentDraft(form, PAYABLE, [BANK], [KEPT]);
    expect(made.ok && paymentBody.parse(made.body)).toEqual({
      amountFen: '3624000',
      payeeAccount: PAYABLE.payeeAccount,
      bank: BANK.account,
      reference: '发票1',
      payeeOpening: { salt: KEPT.salt, number: KEPT.number },
    });
    expect(made.ok && made.facts).toEqual([
      '从 资产:专户存款:建行尾号0321 拨付 36,240.00 元（大写：叁万陆仟贰佰肆拾元整）',
      expect.stringMatching(/^付给防水公司，收款账户编号 (?:[0-9a-f]{4} ?){8}$/),
      '收款账号 4405 0178 0001 0000 0071，已与编号核对',
      '用途：屋面翻修；依据：发票1',
      '拨付后尚有应付 0.00 元',
    ]);
  });

  it('says where the number was not compared', () => {
    const made = paymentDraft(form, PAYABLE, [BANK], []);
    expect(made.ok && made.facts[2]).toBe('收款账号没有在本页核对，请签署人核对编号');
    expect(made.ok && 'payeeOpening' in made.body).toBe(false);
  });

  it('asks for the bank where there are two, and refuses above what is payable', () => {
    const banks = [BANK, { ...BANK, account: 'c'.repeat(26) }];
    expect(paymentDraft({ ...form, amount: '36240.01', reference: ' ' }, PAYABLE, banks, [])).toEqual({
      ok: false,
      errors: { amount: '超过了已验收未付的 36,240.00 元', reference: '请填写这一项', bank: '请选择一项' },
    });
    const made = paymentDraft({ ...form, bank: 'c'.repeat(26) }, PAYABLE, banks, []);
    expect(made.ok && made.body.bank).toBe('c'.repeat(26));
  });
});

it('a closing names its document and what goes back', () => {
  const work = { purpose: '屋面翻修', heldFen: '100', bookedClaimFen: '0' };
  expect(closingDraft(undefined, work).ok).toBe(false);
  const made = closingDraft(FILE, work);
  expect(made).toMatchObject({ ok: true, body: { documentHash: FILE.sha256 } });
  expect(made.ok && made.facts[0]).toBe('结清“屋面翻修”，尚冻结的 1.00 元退回各户分户账');
});

describe('an emergency', () => {
  const UNITS = [
    { unit: 'a'.repeat(26), building: '1栋', stair: '', room: '101' },
    { unit: 'b'.repeat(26), building: '1栋', stair: '2单元', room: '101' },
  ];
  const draw = () => new Uint8Array(16).fill(1);
  const FORM = {
    ...EMPTY_EMERGENCY,
    category: 'lift' as const,
    text: '断绳。\n已停梯。',
    amount: '3600.50',
    payee: '电梯公司',
    number: '4405 0178 0001 0000 0071',
    purpose: '更换钢丝绳',
    report: FILE,
    quotation: FILE,
  };
  const made = (part: Partial<EmergencyForm>, units: readonly (typeof UNITS)[number][] | 'unread' = UNITS) =>
    emergencyDraft({ ...FORM, ...part }, units === 'unread' ? undefined : units, [KEPT], draw);

  it('is a body that the route takes, with the salt of an account that was paid before', () => {
    const whole = made({});
    expect(whole).toMatchObject({
      ok: true,
      body: {
        category: 'lift',
        text: '断绳。\n已停梯。',
        capFen: '360050',
        payeeOpening: { salt: KEPT.salt, number: KEPT.number },
        units: { kind: 'community', members: [] },
      },
    });
    expect(whole.ok && whole.facts).toContain('批准金额（上限）3,600.50 元（大写：叁仟陆佰元伍角整）');
  });

  it.each([
    [
      { scope: 'buildings', members: ' 1栋 ' },
      { kind: 'buildings', members: ['1栋'] },
    ],
    [
      { scope: 'units', members: '1栋  2单元 101\n1栋 101\n' },
      { kind: 'units', members: ['b'.repeat(26), 'a'.repeat(26)] },
    ],
  ] as const)('of %j is borne by %j', (part, units) => {
    expect(made(part)).toMatchObject({ ok: true, body: { units } });
  });

  it.each([
    [{ scope: 'buildings', members: '1栋、9栋' }, '名册里没有：9栋'],
    [{ scope: 'buildings', members: '1栋，1栋' }, '写了两次：1栋'],
    [{ scope: 'units', members: '1栋 102' }, '名册里没有：1栋 102'],
    [{ scope: 'units', members: ' \n' }, '请填写这一项'],
  ] as const)('of %j is refused at who bears it', (part, error) => {
    expect(made(part)).toEqual({ ok: false, errors: { members: error } });
  });

  it.each([
    ['units', '1栋 2单元 101', [{ building: '1栋', stair: '', room: '2单元 101' }]],
    ['buildings', '2 栋', [{ building: '2 栋' }, { building: '2  栋' }]],
  ] as const)('of %s %j is refused where the register has two of that name', (scope, members, more) => {
    const others = more.map((part, at) => ({
      unit: String(at + 2).repeat(26),
      stair: '',
      room: '1',
      ...part,
    }));
    const read = made({ scope, members }, [...UNITS, ...others]);
    expect(!read.ok && read.errors.members).toMatch(new RegExp(`分不清是哪一处.*：${members}$`));
  });

  it('finds a place however many spaces register and officer put in it', () => {
    const spaced = { unit: 'd'.repeat(26), building: ' 3  栋', stair: '', room: '1  01' };
    expect(made({ scope: 'units', members: '3 栋 1 01' }, [spaced])).toMatchObject({
      ok: true,
      body: { units: { kind: 'units', members: [spaced.unit] } },
    });
    expect(made({ scope: 'buildings', members: '3   栋' }, [spaced])).toMatchObject({
      ok: true,
      body: { units: { kind: 'buildings', members: [spaced.building] } },
    });
  });

  it('waits for the register, and tells every empty field', () => {
    expect(made({ scope: 'buildings', members: '1栋' }, 'unread')).toEqual({
      ok: false,
      errors: { members: '读不到名册，请稍后再试' },
    });
    const empty = emergencyDraft(EMPTY_EMERGENCY, UNITS, [], draw);
    expect(!empty.ok && Object.keys(empty.errors).sort()).toEqual(
      ['amount', 'category', 'number', 'payee', 'purpose', 'quotation', 'report', 'text'].sort(),
    );
  });

  it('is allowed or barred over a document', () => {
    expect(declarationDraft('barred', undefined, null).ok).toBe(false);
    expect(declarationDraft('barred', FILE, null)).toMatchObject({
      ok: true,
      body: { emergencies: 'barred', documentHash: FILE.sha256 },
    });
  });

  it('is declared again over another document only, which says what it replaces', () => {
    const other = { name: '新规约.pdf', sha256: toBase64Url(new Uint8Array(32).fill(8)) };
    const inForce = { emergencies: 'allowed' as const, documentHash: FILE.sha256, logIndex: 1 };
    expect(declarationDraft('allowed', FILE, inForce)).toEqual({
      ok: false,
      errors: { rules: '这就是现在所依据的文件，请选择新的文件' },
    });
    expect(declarationDraft('barred', FILE, inForce).ok).toBe(true);
    const renewed = declarationDraft('allowed', other, inForce);
    expect(renewed.ok && renewed.body).toEqual({
      emergencies: 'allowed',
      documentHash: other.sha256,
    });
    expect(renewed.ok && renewed.facts[2]).toBe('代替现在所依据的文件，指纹 0909 0909 0909 0909 …');
  });
});

describe('a refund', () => {
  const unit = 'c'.repeat(26);
  const form = { unit, number: KEPT.number, document: FILE };
  const draw = () => new Uint8Array(16).fill(1);
  const gone = { unit, account: '负债:分户账:1幢:101:可用', availableFen: '1234500', heldFen: '0' };

  it('is a body that the route takes, and says home and whole balance', () => {
    const made = refundDraft(form, [gone], [], draw);
    expect(made.ok && refundBody.parse(made.body)).toEqual({
      unit,
      payeeOpening: { salt: toBase64Url(draw()), number: KEPT.number },
      documentHash: FILE.sha256,
      expectedFen: gone.availableFen,
    });
    expect(made.ok && made.facts.slice(0, 2)).toEqual([
      '哪一户：负债:分户账:1幢:101:可用',
      '返还该户全部余额 12,345.00 元（大写：壹万贰仟叁佰肆拾伍元整）',
    ]);
  });

  it.each([
    [form, [], { unit: '请选择一项' }],
    [form, [{ ...gone, heldFen: '100' }], { unit: '这一户还有冻结的 1.00 元，要先解冻' }],
    [
      { ...form, number: '62', document: undefined },
      [gone],
      { number: '请填写收款账号：4至64位数字、字母或短横线', document: '请选择文件' },
    ],
  ])('of %j with %j is refused at its fields', (typed, listed, errors) => {
    expect(refundDraft(typed, listed, [], draw)).toEqual({ ok: false, errors });
  });
});
