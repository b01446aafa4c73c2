// The third home of the book is the developer's, who paid 1,000,000 fen in: 2,584,487 of its share are claimed, then paid, and settled before
// the hold; or cancelled when the work is closed without one. Amounts are worked out by hand.
import { present } from '../../src/base/assert.ts';
import type { Story } from './story.ts';
import type { Book, Line } from './story-book.ts';
import { available, bank } from './story-book.ts';
import { closeWork } from './story-closing.ts';

/** What he paid in at first, and what his home has like the others at last. */
export const PAID_FEN = 1_000_000n;
const WHOLE_FEN = 5_000_000n;
const LACKING_FEN = 2_584_487n;
const CLAIM = '资产:应收建设单位:决议1:1栋:103';
const CONTRA = '负债:待收建设单位:决议1';

/** Claims before the hold, where the forge wishes it; answers whether the work ended with it. */
export function claimShare(
  story: Story,
  { firstBuilding, bookEntry }: Pick<Book, 'firstBuilding' | 'bookEntry'>,
  under: string,
): boolean {
  const { forge } = story;
  const wish = forge.claim;
  if (wish === undefined) return false;
  const { unit, room } = present(firstBuilding[2], 'a home');
  const claim = (fen: bigint): readonly Line[] => [
    [CLAIM, 'claim', unit, fen],
    [CONTRA, 'claim_contra', '', -fen],
  ];
  bookEntry('claim', 'claim', '2026-12-10', under, '', claim(LACKING_FEN), []);
  if (wish.waits === true) return true;
  if (wish.cancelled === true) {
    const cancel = (): void =>
      bookEntry('claim-cancelled', 'claim_cancelled', '2026-12-21', under, '', claim(-LACKING_FEN), []);
    if (wish.cancelledFirst === true) cancel();
    closeWork(story, { bookEntry }, under, { back: [], again: [] });
    if (wish.cancelledFirst !== true && wish.uncancelled !== true) cancel();
    return true;
  }
  const rest = WHOLE_FEN - PAID_FEN;
  const deposit: readonly Line[] = [
    [bank, 'bank', '', rest],
    [available(room), 'unit_available', unit, -rest],
  ];
  bookEntry('claim-deposit', 'deposit', '2026-12-10', '', '', deposit, []);
  if (wish.unsettled !== true)
    bookEntry('claim-settled', 'claim_settled', '2026-12-10', under, '', claim(-LACKING_FEN), []);
  return false;
}

/** Claims once more after the hold, where the forge wishes it. */
export function claimAgain(
  { forge }: Story,
  { firstBuilding, bookEntry }: Pick<Book, 'firstBuilding' | 'bookEntry'>,
  under: string,
): void {
  if (forge.claim?.again !== true) return;
  const { unit } = present(firstBuilding[2], 'a home');
  // 3,584,487 were its share, and 1,415,513 are left.
  const fen = 2_168_974n;
  bookEntry(
    'claim-again',
    'claim',
    '2026-12-10',
    under,
    '',
    [
      [CLAIM, 'claim', unit, fen],
      [CONTRA, 'claim_contra', '', -fen],
    ],
    [],
  );
}
