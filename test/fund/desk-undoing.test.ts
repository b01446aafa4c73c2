// Goal: the fund's desk offers the steps that the service takes and no other, and says all that an undoing takes with it. Method: pure rules
// over authorisations at their edges.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { annulmentBody, cancellationBody } from '../../src/fund/movement-contract.ts';
import type { Authorisation } from '../../src/web/console/fund/spending-drafts.ts';
import { closingDraft } from '../../src/web/console/fund/spending-drafts.ts';
import {
  annulmentDraft,
  bareFacts,
  bareNext,
  cancellationDraft,
  resolutionDraft,
  stepsOf,
  waitWords,
} from '../../src/web/console/fund/undoing-drafts.ts';

const FILE = { name: '决定.pdf', sha256: toBase64Url(new Uint8Array(32).fill(9)) };
const ACCRUAL = { seq: '12', bookedOn: '2026-11-29', amountFen: '100000', narrative: '预付款' };
const OPEN: Authorisation = {
  authorisation: 'a'.repeat(26),
  kind: 'emergency',
  meeting: '',
  proposal: '',
  state: 'open',
  capFen: '360050',
  payee: '电梯公司',
  payeeAccount: FILE.sha256,
  purpose: '更换钢丝绳',
  units: 3,
  heldFen: '0',
  payableFen: '0',
  claimFen: '0',
  developerUnits: 0,
  paidFen: '0',
  wasHeld: false,
  householdsShort: 0,
  bookedClaimFen: '0',
  cancellable: [],
  restStays: false,
};

describe('an authorisation', () => {
  it.each([
    ['before its hold', {}, ['hold', 'closing']],
    ['that the developer owes for', { claimFen: '1', developerUnits: 1 }, ['claim', 'hold', 'closing']],
    ['whose claim was paid in', { bookedClaimFen: '1' }, ['claim', 'hold', 'closing']],
    ['that is held', { wasHeld: true, heldFen: '1' }, ['accrual', 'closing']],
    ['with something to pay', { wasHeld: true, heldFen: '1', payableFen: '1' }, ['accrual', 'payment']],
    ['closed', { state: 'closed', wasHeld: true }, []],
    ['closed, whose payment came back', { state: 'closed', wasHeld: true, payableFen: '1' }, ['payment']],
    [
      'revoked with something to pay, which nobody is paid',
      { state: 'revoked', wasHeld: true, heldFen: '1', payableFen: '100000', cancellable: [ACCRUAL] },
      ['cancellation'],
    ],
    [
      'revoked, paid in part',
      { state: 'revoked', wasHeld: true, heldFen: '1', payableFen: '1' },
      ['release'],
    ],
    [
      'revoked, with a rest that stays since a unit that bore it was refunded',
      { state: 'revoked', wasHeld: true, heldFen: '1', payableFen: '1', restStays: true },
      ['release'],
    ],
    [
      'revoked, with such a rest and nothing held',
      { state: 'revoked', wasHeld: true, payableFen: '1', restStays: true },
      [],
    ],
    ['revoked with something held', { state: 'revoked', wasHeld: true, heldFen: '1' }, ['release']],
    ['revoked with a claim in the book', { state: 'revoked', bookedClaimFen: '1' }, ['release']],
    ['revoked and empty', { state: 'revoked', wasHeld: true }, []],
  ] as const)('%s has its steps', (_what, part, steps) => {
    expect(stepsOf({ ...OPEN, ...part } as Authorisation)).toEqual(steps);
  });

  it.each([
    [{ payableFen: '1' }, undefined],
    [{ state: 'closed' }, undefined],
    [{ state: 'closed', payableFen: '100' }, '还有已验收未付的 1.00 元，要先拨付，再解冻余额。'],
    [
      { state: 'revoked', payableFen: '100000', cancellable: [ACCRUAL] },
      '还有已验收未付的 1,000.00 元，要先冲回，再解冻余额。',
    ],
    [{ state: 'revoked', payableFen: '1' }, undefined],
    [
      { state: 'revoked', payableFen: '100', restStays: true },
      '已验收未付的 1.00 元留在应付：承担过它的房屋已经灭失返还，账户不能再动，这笔钱不能退回。其他各户冻结的金额照常解冻。',
    ],
  ] as const)('of %j says what it waits for', (part, words) => {
    expect(waitWords({ ...OPEN, ...part } as Authorisation)).toBe(words);
  });

  it.each([
    [
      'claim',
      { claimFen: '4600', developerUnits: 2 },
      ['建设单位 2 套房屋现在应补 46.00 元（大写：肆拾陆元整），记入账簿并公开', '用于更换钢丝绳'],
    ],
    [
      'claim',
      { bookedClaimFen: '4600' },
      ['建设单位的房屋现在已经补足，记过的应收 46.00 元（大写：肆拾陆元整） 随之结清', '用于更换钢丝绳'],
    ],
    [
      'hold',
      {},
      ['从 3 套房屋的分户账冻结 3,600.50 元（大写：叁仟陆佰元伍角整）', '用于更换钢丝绳，付给电梯公司'],
    ],
    ['release', { heldFen: '100' }, ['解冻 1.00 元（大写：壹元整），退回各户分户账']],
    [
      'release',
      { state: 'revoked', heldFen: '100', payableFen: '60' },
      [
        '已验收、只付了一部分的，没有付的 0.60 元（大写：陆角整） 不再支付，先退回各户的冻结金额',
        '解冻 1.60 元（大写：壹元陆角整），退回各户分户账',
      ],
    ],
    [
      'release',
      { state: 'revoked', heldFen: '100', payableFen: '60', restStays: true },
      ['解冻 1.00 元（大写：壹元整），退回各户分户账'],
    ],
    [
      'release',
      { bookedClaimFen: '100' },
      ['注销已记的建设单位应补 1.00 元（大写：壹元整），没有冻结的金额'],
    ],
  ] as const)('at its %s of %j says what is booked', (name, part, facts) => {
    expect(bareFacts(name, { ...OPEN, ...part })).toEqual(facts);
  });

  it('is empty after its release, but for a rest that stays', () => {
    const revoked = { ...OPEN, state: 'revoked', heldFen: '100' } as const;
    expect(bareNext('release', revoked)).toBe('授权下没有余额了。');
    const rest = { ...revoked, payableFen: '60', restStays: true };
    expect(bareNext('release', rest)).toBe('冻结的金额已经退回各户，应付的那一笔留在账上。');
    expect(bareNext('hold', rest)).toBe('下一步：有验收文件后确认应付。');
  });

  it('tells who signs its closing that a claim in the book ends unpaid', () => {
    const claimed = closingDraft(FILE, { ...OPEN, bookedClaimFen: '4600' });
    expect(claimed.ok && claimed.facts[1]).toBe(
      '已记的建设单位应补 46.00 元（大写：肆拾陆元整） 随之注销，不再收取',
    );
    const plain = closingDraft(FILE, OPEN);
    expect(plain.ok && plain.facts).toHaveLength(2);
  });
});

describe('a cancelled accrual', () => {
  const one = { cancellable: [ACCRUAL] };

  it('is a body that the route takes, with stage, amount and reason', () => {
    const made = cancellationDraft({ seq: '12', reason: ' 紧急维修撤销 ' }, one);
    expect(made.ok && cancellationBody.parse(made.body)).toEqual({ seq: '12', reason: '紧急维修撤销' });
    expect(made.ok && made.facts).toEqual([
      '冲回第12笔：预付款 1,000.00 元（大写：壹仟元整） 由应付退回冻结，各户按原份额',
      '原因：紧急维修撤销',
    ]);
  });

  it('is chosen among those that can be cancelled, and has a reason', () => {
    expect(cancellationDraft({ seq: '13', reason: '' }, one)).toEqual({
      ok: false,
      errors: { seq: '请选择一项', reason: '请填写这一项' },
    });
  });
});

it('an annulment names its order, what goes back and what does not', () => {
  expect(annulmentDraft(undefined, OPEN)).toEqual({ ok: false, errors: { document: '请选择文件' } });
  const made = annulmentDraft(FILE, { ...OPEN, heldFen: '200000', payableFen: '100000', paidFen: '60050' });
  expect(made.ok && made.body).toEqual({ documentHash: FILE.sha256 });
  expect(made.ok && made.facts).toEqual([
    '撤销“更换钢丝绳”（收款方电梯公司，批准金额 3,600.50 元）：以后不能再冻结、验收或拨付',
    '尚冻结的 2,000.00 元和已验收未付的 1,000.00 元，以后冲回、退回各户',
    '已拨付的 600.50 元另行追偿，账簿上不变',
    '所依据的文书：决定.pdf，0909 0909 0909 0909 …',
  ]);
});

it('an annulment of a resolution takes all that it opened, names both ids, and says where it opened nothing', () => {
  const [meeting, proposal] = ['m'.repeat(26), 'p'.repeat(26)];
  const decided = [{ id: `${meeting} ${proposal}`, text: '屋面维修' }];
  expect(resolutionDraft({ resolution: '', document: undefined }, decided, [])).toEqual({
    ok: false,
    errors: { resolution: '请选择一项', document: '请选择文件' },
  });
  const form = { resolution: `${meeting} ${proposal}`, document: FILE };
  const of = { ...OPEN, kind: 'resolution' as const, meeting, proposal };
  const all = [
    { ...of, purpose: '防水', heldFen: '200000', payableFen: '100000', paidFen: '60050' },
    { ...of, purpose: '防雷', capFen: '100' },
    { ...of, purpose: '别的决议', proposal: 'q'.repeat(26) },
  ];
  const made = resolutionDraft(form, decided, all);
  if (!made.ok) throw new Error('refused');
  expect(annulmentBody.parse(made.body)).toEqual({ meeting, proposal, documentHash: FILE.sha256 });
  expect(made.facts).toEqual([
    '撤销决议“屋面维修”',
    `会议编号 ${meeting}，议案编号 ${proposal}，“待签事项”里按编号核对`,
    '撤销“防水”（收款方电梯公司，批准金额 3,600.50 元）：以后不能再冻结、验收或拨付；尚冻结的 2,000.00 元和已验收未付的 1,000.00 元，以后冲回、退回各户；已拨付的 600.50 元另行追偿，账簿上不变',
    '撤销“防雷”（收款方电梯公司，批准金额 1.00 元）：以后不能再冻结、验收或拨付；尚冻结的 0.00 元和已验收未付的 0.00 元，以后冲回、退回各户；已拨付的 0.00 元另行追偿，账簿上不变',
    '所依据的文书：决定.pdf，0909 0909 0909 0909 …',
  ]);
  const without = resolutionDraft(form, decided, []);
  expect(without.ok && without.facts).toContain('这项决议没有动用维修资金');
});
