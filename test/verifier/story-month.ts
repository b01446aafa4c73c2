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
