// One example of each record about money, as record-examples.ts lists them.
import type { Application, ApplicationAnswer } from '../../src/record/application.ts';
import type { Emergency } from '../../src/record/emergency.ts';
import type { Authorisation, FundEntry, FundMonth, Refund } from '../../src/record/fund.ts';
import type { RevenueEntry, RevenuePeriod } from '../../src/record/revenue.ts';
import type { TopUpCall } from '../../src/record/top-up.ts';
import { community, hashOf, idOf, meeting, motion, nonce, unit } from './example-values.ts';

export const authorisation: Authorisation = {
  v: 1,
  kind: 'authorisation',
  authorisation: idOf(10),
  community,
  meeting,
  proposal: motion.proposal,
  capFen: '12000000',
  payee: '某电梯公司',
  payeeAccount: hashOf(2),
  purpose: '更换电梯',
  shares: [{ unit, areaDm2: '8976', amountFen: '12000000', remainder: '0' }],
  nonce,
};

export const refund: Refund = {
  v: 1,
  kind: 'refund',
  authorisation: idOf(10),
  community,
  unit,
  account: '负债:分户账:1幢:101:可用',
  amountFen: '500000',
  payeeAccount: hashOf(2),
  documentHash: hashOf(3),
  nonce,
};

export const emergency: Emergency = {
  v: 1,
  kind: 'emergency',
  authorisation: idOf(10),
  community,
  category: 'lift',
  text: '3号电梯钢丝绳断股。\n已停梯，有人被困。',
  capFen: '12000000',
  payee: '某电梯公司',
  payeeAccount: hashOf(2),
  purpose: '更换钢丝绳',
  reportHash: hashOf(3),
  quotationHash: hashOf(4),
  register: idOf(12),
  units: { kind: 'buildings', members: ['1幢'] },
  shares: [{ unit, areaDm2: '8976', amountFen: '12000000', remainder: '0' }],
  nonce,
};

export const application: Application = {
  v: 1,
  kind: 'application',
  application: idOf(13),
  community,
  company: '某某物业服务有限公司',
  creditCode: '91350100M000100Y43',
  filedOn: '2026-12-01',
  answerBy: '2026-12-31',
  project: '1幢屋面防水翻修',
  plan: '铲除旧防水层，重做两道。\n完工后淋水试验。',
  budgetFen: '12000000',
  payee: '',
  units: { kind: 'buildings', members: ['1幢'] },
  emergencyPlan: '暴雨时先搭雨棚。',
  documentHash: hashOf(3),
  attachments: [{ name: '报价单.pdf', sha256: hashOf(4) }],
  nonce,
};

export const applicationAnswer: ApplicationAnswer = {
  v: 1,
  kind: 'application-answer',
  community,
  application: idOf(13),
  decision: 'refused',
  meeting: '',
  proposal: '',
  reason: '仍在保修期内，由建设单位维修。',
  nonce,
};

export const revenueEntry: RevenueEntry = {
  v: 1,
  kind: 'revenue-entry',
  community,
  entry: idOf(14),
  entryKind: 'income',
  heading: 'advertising',
  bookedOn: '2026-12-01',
  amountFen: '1200000',
  text: '电梯轿厢广告2026年租金',
  documentHash: hashOf(3),
  meeting: '',
  proposal: '',
  reverses: '',
  nonce,
};

export const topUpCall: TopUpCall = {
  v: 1,
  kind: 'top-up-call',
  community,
  call: idOf(15),
  former: '',
  meeting: idOf(3),
  proposal: idOf(4),
  documentHash: '',
  depositsHash: hashOf(5),
  seq: 3,
  targetPercent: 100,
  dueOn: '2027-03-31',
  text: '请到建设银行小榄支行柜台续交，写明楼栋、单元和房号。',
  units: [
    { unit: idOf(6), firstFen: '1000000', balanceFen: '299999', dueFen: '700001' },
    { unit: idOf(7), firstFen: '1000000', balanceFen: '300000', dueFen: '0' },
  ],
  nonce,
};

export const revenuePeriod: RevenuePeriod = {
  v: 1,
  kind: 'revenue-period',
  community,
  period: '2026-H2',
  openingFen: '0',
  lines: [
    { entryKind: 'income', heading: 'advertising', count: 1, amountFen: '1200000' },
    { entryKind: 'cost', heading: 'tax', count: 1, amountFen: '-60000' },
  ],
  closingFen: '1140000',
};

export const fundMonth: FundMonth = {
  v: 1,
  kind: 'fund-month',
  community,
  month: '2026-12',
  lastSeq: 12,
  accounts: (
    [
      'bank',
      'unit_available',
      'unit_held',
      'payable',
      'interest_undistributed',
      'deposit_unidentified',
    ] as const
  ).map((accountKind) => ({ accountKind, openingFen: '0', inFen: '7', outFen: '3', closingFen: '4' })),
  depositsFen: '7',
  interestFen: '0',
  paidFen: '-3',
  charges: [
    {
      authorisation: idOf(10),
      capFen: '100',
      units: 2,
      areaDm2: '18000',
      leftOverFen: '1',
      heldFen: '90',
      payableFen: '0',
      paidFen: '10',
    },
  ],
  statements: [
    { account: '资产:专户存款:建行尾号0071', from: '2026-12-01', to: '2026-12-31', closingFen: '4' },
  ],
  explained: 1,
  size: 9,
  root: hashOf(4),
  journalHash: hashOf(5),
};

export const fundEntry: FundEntry = {
  v: 1,
  kind: 'fund-entry',
  community,
  entry: idOf(11),
  seq: 1,
  entryKind: 'deposit',
  bookedOn: '2026-12-01',
  valueOn: '2026-12-01',
  authorisation: '',
  reverses: '',
  reference: '银行回单 0001',
  narrative: '首期交存',
  payeeAccount: '',
  postings: [
    { account: 'bank:a', accountKind: 'bank', unit: '', authorisation: '', amountFen: '100' },
    { account: 'unit:b', accountKind: 'unit_available', unit, authorisation: '', amountFen: '-100' },
  ],
  nonce,
};
