// The end of the work: two officers close its authorisation over the document, and what is still held goes back; where the forge wishes it.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Book, Line } from './story-book.ts';

/** Closes the authorisation `under`; `back` are the legs that release all that is held, `again` those that hold it once more. */
export function closeWork(
  story: Story,
  { bookEntry }: Pick<Book, 'bookEntry'>,
  under: string,
  { back, again }: { readonly back: readonly Line[]; readonly again: readonly Line[] },
): void {
  const { forge, world, step } = story;
  const wish = forge.closing;
  if (wish === undefined) return;
  const release = (): void => bookEntry('release', 'release', '2026-12-21', under, '', back, []);
  const close = (): void => {
    const documentHash = toBase64Url(world.random(32));
    const { community } = world;
    const authorisation = wish.authorisation ?? under;
    const entry = { v: 1, kind: 'fund.closed', community, authorisation, documentHash } as const;
    step('close', entry, wish.signers ?? BY_TWO, '2026-12-21T05:00:00Z');
  };
  const isHeld = back.length > 0;
  if (wish.releasedFirst === true) release();
  if (wish.unclosed !== true) close();
  if (wish.twice === true) close();
  if (isHeld && wish.unreleased !== true && wish.releasedFirst !== true) release();
  if (wish.heldAgain === true) bookEntry('hold-again', 'hold', '2026-12-21', under, '', again, []);
}
