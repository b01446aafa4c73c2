// The end of a home: its building is gone, the regulator and the street office authorise that its whole balance is paid back, and two
// officers pay. The balance is worked out by hand: 5,000,000 fen came in, 3,185,892 were its share of the roof.
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Refund } from '../../src/record/fund.ts';
import { refundForm, refundHash } from '../../src/record/fund.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Book } from './story-book.ts';
import { available, bank } from './story-book.ts';

const BALANCE_FEN = 1_814_108n;
const PAYABLE = '负债:应付:返还1:1栋-101';
const INTEREST = '负债:待分配利息';

/** Refunds the first home of the book, where the forge wishes it. */
export function refundHome(story: Story, { firstBuilding, putFirst, bookEntry }: Book): void {
  const { forge, world, id, nonce, step } = story;
  const wish = forge.refund;
  if (wish === undefined) return;
  const { unit, room } = present(firstBuilding[0], 'a home');
  if (wish.interest === true)
    bookEntry(
      'refund',
      'interest_received',
      '2026-12-21',
      '',
      '',
      [
        [bank, 'bank', '', 7n],
        [INTEREST, 'interest_undistributed', '', -7n],
      ],
      [],
    );
  const refund = (at: number): void => {
    const honest: Refund = {
      v: 1,
      kind: 'refund',
      authorisation: id(),
      community: world.community,
      unit,
      account: available(room),
      amountFen: String(BALANCE_FEN),
      payeeAccount: toBase64Url(world.random(32)),
      documentHash: toBase64Url(world.random(32)),
      nonce: nonce(),
    };
    const record = wish.record?.(honest) ?? honest;
    const bytes = refundForm.bytes(record);
    putFirst({ kind: 'refund', record: toBase64Url(bytes) }, at);
    const { authorisation } = record;
    const entry = { v: 1, kind: 'refund.authorised', community: world.community, authorisation } as const;
    const signers = wish.signers ?? ['regulator', 'street'];
    step('refund', { ...entry, refundHash: refundHash(bytes) }, signers, '2026-12-22T02:00:00Z');
    if (wish.unbooked === true) return;
    bookEntry(
      'refund-book',
      'refund',
      '2026-12-22',
      authorisation,
      '',
      [
        [available(room), 'unit_available', unit, BALANCE_FEN],
        [PAYABLE, 'payable', '', -BALANCE_FEN],
      ],
      [],
    );
    bookEntry(
      'refund-pay',
      'pay',
      '2026-12-23',
      authorisation,
      record.payeeAccount,
      [
        [PAYABLE, 'payable', '', BALANCE_FEN],
        [bank, 'bank', '', -BALANCE_FEN],
      ],
      BY_TWO,
    );
  };
  refund(1);
  if (wish.deposit === true)
    bookEntry(
      'refund-after',
      'deposit',
      '2026-12-24',
      '',
      '',
      [
        [bank, 'bank', '', 1n],
        [available(room), 'unit_available', unit, -1n],
      ],
      [],
    );
  if (wish.again === true) refund(2);
}
