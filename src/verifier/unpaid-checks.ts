/**
 * FUND-03 of what was accrued and not paid when its authorisation was annulled: it goes back whole, and each unit has borne its share of
 * what was paid; written a second time (SPEC 8.3 "After an annulment nothing more goes out").
 */
import type { FundEntry } from '../record/fund.ts';
import { allocate } from './allocation.ts';
import type { Account, Note } from './ledger-splits.ts';

const ACCRUING: ReadonlySet<FundEntry['entryKind']> = new Set([
  'accrue',
  'accrual_cancelled',
  'unpaid_cancelled',
]);

/** Before the entry is posted: a rest that goes back leaves nothing payable and each unit with its share of what was paid. */
export function checkUnpaid(
  entry: FundEntry,
  accounts: ReadonlyMap<string, Account>,
  history: readonly FundEntry[],
  closed: ReadonlySet<string>,
  breach: Note,
): void {
  if (!ACCRUING.has(entry.entryKind) || entry.entryKind === 'accrue') return;
  const before = history.filter(({ authorisation }) => authorisation === entry.authorisation);
  if (entry.entryKind === 'accrual_cancelled') {
    const rest = before.find(({ entryKind }) => entryKind === 'unpaid_cancelled');
    if (rest !== undefined) breach('FUND-03', `no accrual cancelled after entry ${rest.seq}`, entry.entry);
    return;
  }
  let payable = 0n;
  for (const { kind, authorisation, balanceFen } of accounts.values())
    if (kind === 'payable' && authorisation === entry.authorisation) payable -= balanceFen;
  checkWholeOnes(entry, before, payable, closed, breach);
  // What is borne of each unit before and after this entry: debits of what is held make it more.
  const earlier = new Map<string, bigint>();
  const after = new Map<string, bigint>();
  const add = (to: Map<string, bigint>, { postings }: FundEntry): void => {
    for (const { accountKind, unit, amountFen } of postings)
      if (accountKind === 'unit_held') to.set(unit, (to.get(unit) ?? 0n) + BigInt(amountFen));
  };
  for (const one of before) if (ACCRUING.has(one.entryKind)) add(earlier, one);
  for (const [unit, fen] of earlier) after.set(unit, fen);
  add(after, entry);
  const left = [...after.values()].reduce((sum, fen) => sum + fen, 0n);
  const accrued = [...earlier.values()].reduce((sum, fen) => sum + fen, 0n);
  if (accrued - left !== payable)
    breach('FUND-03', `${payable} fen, all that is payable`, `${accrued - left} fen`);
  const bearers = [...earlier].filter(([, fen]) => fen > 0n).map(([unit, areaDm2]) => ({ unit, areaDm2 }));
  const paid = accrued - payable;
  const due = bearers.length === 0 || paid < 0n ? new Map() : allocate(paid, bearers);
  for (const [unit, fen] of after) {
    const borne: bigint = due.get(unit)?.amountFen ?? 0n;
    if (fen !== borne) breach('FUND-03', `unit ${unit} bears ${borne} fen of what was paid`, `${fen} fen`);
  }
}

/** The first rest under an authorisation waits for accruals that are wholly unpaid and have no part of a refunded unit. */
function checkWholeOnes(
  entry: FundEntry,
  before: readonly FundEntry[],
  payable: bigint,
  closed: ReadonlySet<string>,
  breach: Note,
): void {
  if (before.some(({ entryKind }) => entryKind === 'unpaid_cancelled')) return;
  const undone = new Set(before.map(({ reverses }) => reverses));
  for (const { entryKind, entry: id, seq, postings } of before) {
    if (entryKind !== 'accrue' || undone.has(id) || postings.some(({ unit }) => closed.has(unit))) continue;
    const owed = postings.filter(({ accountKind }) => accountKind === 'payable');
    const fen = owed.reduce((sum, { amountFen }) => sum - BigInt(amountFen), 0n);
    if (fen <= payable) breach('FUND-03', `accrual ${seq} cancelled first, all of it is unpaid`, entry.entry);
  }
}
