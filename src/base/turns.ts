/** Long work on many items that lets others have the process in between: what an import takes seconds for may not keep a cast waiting. */

import { nextTurn } from './next-turn.ts';

/** An item costs at most a millisecond or two, and a cast may wait for so many of them. */
const ITEMS_A_TURN = 8;

/** What `each` makes of every item, in their order, a slice of them in each turn of the event loop. */
export async function mapInTurns<T, R>(
  items: Iterable<T>,
  each: (item: T, at: number) => R,
): Promise<readonly R[]> {
  const made: R[] = [];
  for (const item of items) {
    if (made.length % ITEMS_A_TURN === ITEMS_A_TURN - 1) await nextTurn();
    made.push(each(item, made.length));
  }
  return made;
}
