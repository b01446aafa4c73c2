// The month in which the book was opened is published: three deposits of 5,000,000 fen, in figures worked out by hand.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { FundMonth } from '../../src/record/fund.ts';
import { fundMonthForm, fundMonthHash } from '../../src/record/fund.ts';
import type { Story } from './story.ts';
import type { Book } from './story-book.ts';
import { available, bank } from './story-book.ts';

const group = (accountKind: FundMonth['accounts'][number]['accountKind'], fen: string) => ({
  accountKind,
  openingFen: '0',
  inFen: fen,
  outFen: '0',
  closingFen: fen,
});

/** Publishes October 2026, where the forge wishes it. */
export function publishOctober(story: Story, { firstBuilding, putLast, bookEntry }: Book): void {
  const { forge, world, step } = story;
  const wish = forge.month;
  if (wish === undefined) return;
  const { community } = world;
  const honest: FundMonth = {
    v: 1,
    kind: 'fund-month',
    community,
    month: '2026-10',
    lastSeq: 1,
    accounts: [
      group('bank', '15000000'),
      group('unit_available', '15000000'),
      group('unit_held', '0'),
      group('payable', '0'),
      group('interest_undistributed', '0'),
      group('deposit_unidentified', '0'),
    ],
    depositsFen: '15000000',
    interestFen: '0',
    paidFen: '0',
    charges: [],
    statements: [{ account: bank, from: '2026-10-15', to: '2026-10-31', closingFen: '15000000' }],
    explained: 0,
    size: 1,
    root: toBase64Url(world.random(32)),
    journalHash: toBase64Url(world.random(32)),
  };
  const record = wish.record?.(honest) ?? honest;
  const bytes = fundMonthForm.bytes(record);
  const month = wish.named ?? record.month;
  const entry = { v: 1, kind: 'fund.published', community, month, monthHash: fundMonthHash(bytes) } as const;
  for (let times = wish.twice === true ? 2 : 1; times > 0; times -= 1) {
    putLast({ kind: 'fund-month', record: toBase64Url(bytes) });
    step('month', entry, [], '2026-12-08T02:00:00Z');
  }
  const [home] = firstBuilding;
  if (wish.deposit === true && home !== undefined)
    bookEntry(
      'month-after',
      'deposit',
      '2026-12-08',
      '',
      '',
      [
        [bank, 'bank', '', 1n],
        [available(home.room), 'unit_available', home.unit, -1n],
      ],
      [],
    );
}

const zero = (kinds: readonly FundMonth['accounts'][number]['accountKind'][], fen: string) =>
  kinds.map((accountKind) => ({ ...group(accountKind, '0'), openingFen: fen, closingFen: fen }));

/** November stands still; in December the roof is paid with 10,000,001 fen, and the lift with 300,001. */
export function publishWinter(story: Story, { putLast, fundLines }: Book): void {
  const { forge, world, step } = story;
  const wish = forge.emergency?.months;
  if (forge.month === undefined || wish === undefined) return;
  const { community } = world;
  const [roof = '', lift = ''] = (['authorisation', 'emergency'] as const).map((kind) => {
    const record = fundLines.find((line) => line.kind === kind)?.record ?? '';
    return (JSON.parse(Buffer.from(record, 'base64url').toString()) as { authorisation: string })
      .authorisation;
  });
  const shared = {
    v: 1,
    kind: 'fund-month',
    community,
    depositsFen: '0',
    interestFen: '0',
    explained: 0,
    size: 1,
    root: toBase64Url(world.random(32)),
    journalHash: toBase64Url(world.random(32)),
  } as const;
  const through = { inFen: '10300002', outFen: '10300002' };
  const falls = { openingFen: '15000000', inFen: '0', outFen: '10300002', closingFen: '4699998' };
  const charge = { units: 3, areaDm2: '27898', leftOverFen: '2', heldFen: '0', payableFen: '0' };
  const months: readonly FundMonth[] = [
    {
      ...shared,
      month: '2026-11',
      lastSeq: 1,
      accounts: [
        ...zero(['bank', 'unit_available'], '15000000'),
        ...zero(['unit_held', 'payable', 'interest_undistributed', 'deposit_unidentified'], '0'),
      ],
      paidFen: '0',
      charges: [],
      statements: [{ account: bank, from: '2026-11-01', to: '2026-11-30', closingFen: '15000000' }],
    },
    {
      ...shared,
      month: '2026-12',
      lastSeq: 7,
      accounts: [
        { accountKind: 'bank', ...falls },
        { accountKind: 'unit_available', ...falls },
        { ...group('unit_held', '0'), ...through },
        { ...group('payable', '0'), ...through },
        ...zero(['interest_undistributed', 'deposit_unidentified'], '0'),
      ],
      paidFen: '10300002',
      charges: wish([
        { authorisation: roof, capFen: '10000001', paidFen: '10000001', ...charge },
        { authorisation: lift, capFen: '300001', paidFen: '300001', ...charge },
      ]),
      statements: [{ account: bank, from: '2026-12-01', to: '2026-12-31', closingFen: '4699998' }],
    },
  ];
  for (const record of months) {
    const bytes = fundMonthForm.bytes(record);
    putLast({ kind: 'fund-month', record: toBase64Url(bytes) });
    const { month } = record;
    const entry = {
      v: 1,
      kind: 'fund.published',
      community,
      month,
      monthHash: fundMonthHash(bytes),
    } as const;
    step('winter', entry, [], '2027-01-05T02:00:00Z');
  }
}
