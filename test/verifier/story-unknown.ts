// Money of unknown payers comes in right after the book was opened; officers find out whose it is, and the bank takes some of it back.
import { present } from '../../src/base/assert.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Book } from './story-book.ts';
import { available, bank } from './story-book.ts';

const POOL = '负债:待查收款';
const ON = '2026-10-15';

/** Tells it, step by step, where the forge wishes it. */
export function receiveUnknown({ forge }: Story, { firstBuilding, transactions, bookEntry }: Book): void {
  for (const step of forge.unknown ?? []) {
    if ('receivedFen' in step)
      bookEntry(
        'unknown',
        'deposit_unidentified',
        ON,
        '',
        '',
        [
          [bank, 'bank', '', step.receivedFen],
          [POOL, 'deposit_unidentified', '', -step.receivedFen],
        ],
        [],
      );
    else if ('identifiedFen' in step) {
      const home = present(firstBuilding[step.home ?? 0], 'a home');
      bookEntry(
        'identification',
        'deposit_identified',
        ON,
        '',
        '',
        [
          [POOL, 'deposit_unidentified', '', step.identifiedFen],
          [available(home.room), 'unit_available', home.unit, -step.identifiedFen],
        ],
        BY_TWO,
        { narrative: step.narrative },
      );
    } else {
      const { entry, postings } = present(transactions[step.reversedSeq - 1], 'an earlier entry');
      bookEntry(
        'unknown-reversed',
        'deposit_reversed',
        ON,
        '',
        '',
        postings.map(({ account, accountKind, unit, amountFen }) => [
          account,
          accountKind,
          unit,
          -BigInt(amountFen),
        ]),
        BY_TWO,
        { reverses: entry, narrative: `冲回第${step.reversedSeq}笔` },
      );
    }
  }
}
