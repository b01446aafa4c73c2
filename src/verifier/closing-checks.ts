/**
 * FUND-02 of closings: each is of one authorisation of a resolution or an emergency, once, with nothing payable; what is held goes back, and what is claimed is cancelled, by the next
 * entry of the book; nothing is released without a closing or an annulment, no unpaid rest goes back without an annulment, and nothing is
 * held or accrued after it (SPEC 8.3).
 */

import type { FundEntry } from '../record/fund.ts';
import { entriesOf } from './entry-scope.ts';
import type { Held, Opening } from './fund-records.ts';
import type { Left } from './ledger-replay.ts';
import { checkTwoOfficers } from './money-decisions.ts';
import type { Officers } from './officers.ts';
import type { Verification } from './verification.ts';

type Opened = Held<Opening>;

export type Closings = {
  /** Whether the log closes or annuls the authorisation before this index. */
  readonly hasEnded: (authorisation: string, index: number) => boolean;
  /** Called before each entry of the book is replayed, and once more after the last with `undefined`. */
  readonly before: (at: Placed | undefined, left: (authorisation: string) => Left) => void;
};

/** An entry of the book and its place in the log. */
export type Placed = { readonly where: string; readonly index: number; readonly entry: FundEntry };

/** What a closed authorisation does not open any more. */
const STOPPED: ReadonlySet<FundEntry['entryKind']> = new Set(['hold', 'accrue', 'claim', 'claim_settled']);

type Logged = { readonly index: number; readonly authorisation: string };

/** What the next entry of the book moves on one kind of account, where it is of this kind and authorisation; else 0. */
function nextOf(
  at: Placed | undefined,
  authorisation: string,
  entryKind: FundEntry['entryKind'],
  accountKind: FundEntry['postings'][number]['accountKind'],
): bigint {
  if (at?.entry.entryKind !== entryKind || at.entry.authorisation !== authorisation) return 0n;
  return at.entry.postings
    .filter((posting) => posting.accountKind === accountKind)
    .reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n);
}

/** Checks what the log says of closings and answers what the replay asks of them. */
export function readClosings(
  { definition, log, notebook }: Verification,
  officers: Officers | undefined,
  stateOf: (
    authorisation: string,
  ) => { readonly one: Opened; readonly since: number | undefined } | undefined,
  annulledAt: (authorisation: string) => number | undefined,
): Closings {
  const closedAt = new Map<string, number>();
  const waiting: Logged[] = [];
  for (const { index, entry } of entriesOf(log, 'fund.closed', { community: definition.community })) {
    const { authorisation } = entry;
    const where = `log ${index} fund.closed`;
    const known = stateOf(authorisation);
    const isOfWork =
      known !== undefined && known.one.value.kind !== 'refund' && (known.since ?? index) < index;
    notebook.holds('FUND-02', where, isOfWork, 'an earlier fund.authorised', authorisation);
    notebook.holds('FUND-02', where, !closedAt.has(authorisation), 'closed once', authorisation);
    const annulled = annulledAt(authorisation);
    const isOpen = annulled === undefined || annulled > index;
    notebook.holds('FUND-02', where, isOpen, 'no closing after an annulment', `log ${annulled}`);
    checkTwoOfficers({ notebook }, officers, 'FUND-02', where, index);
    if (!closedAt.has(authorisation)) closedAt.set(authorisation, index);
    waiting.push({ index, authorisation });
  }
  const endedAt = (authorisation: string): number | undefined =>
    closedAt.get(authorisation) ?? annulledAt(authorisation);

  /** The closings that the replay reaches with this entry: what they leave must be what SPEC 8.3 says. */
  function reach(at: Placed | undefined, left: (authorisation: string) => Left): void {
    for (;;) {
      const [first] = waiting;
      if (first === undefined || (at !== undefined && first.index >= at.index)) return;
      waiting.shift();
      const { index, authorisation } = first;
      const { heldFen, payableFen, claimFen } = left(authorisation);
      const where = `log ${index} fund.closed`;
      notebook.holds('FUND-02', where, payableFen === 0n, 'nothing payable', `${payableFen} fen`);
      if (heldFen !== 0n) {
        const released = nextOf(at, authorisation, 'release', 'unit_held');
        notebook.same('FUND-02', where, `${heldFen} fen released next`, `${released} fen released next`);
      }
      if (claimFen !== 0n) {
        const cancelled = -nextOf(at, authorisation, 'claim_cancelled', 'claim');
        notebook.same('FUND-02', where, `${claimFen} fen cancelled next`, `${cancelled} fen cancelled next`);
      }
    }
  }

  const hasEnded = (authorisation: string, index: number): boolean =>
    [closedAt.get(authorisation), annulledAt(authorisation)].some((at) => at !== undefined && at < index);

  return {
    hasEnded,
    before: (at, left) => {
      reach(at, left);
      if (at === undefined) return;
      const { where, index, entry } = at;
      const ended = endedAt(entry.authorisation);
      if (entry.entryKind === 'release' || entry.entryKind === 'claim_cancelled')
        notebook.holds(
          'FUND-02',
          where,
          ended !== undefined && ended < index,
          'a fund.closed or an annulment before it',
          'none',
        );
      const annulled = annulledAt(entry.authorisation);
      if (entry.entryKind === 'unpaid_cancelled')
        notebook.holds(
          'FUND-02',
          where,
          annulled !== undefined && annulled < index,
          'an annulment before it',
          'none',
        );
      const closed = closedAt.get(entry.authorisation);
      if (closed !== undefined && closed < index && STOPPED.has(entry.entryKind))
        notebook.finding('FUND-02', where, `no ${entry.entryKind} after log ${closed}`, `log ${index}`);
    },
  };
}
