/** Shares inside a book that are arithmetic: stages by what is held, interest by balance-days; and receipts that count once (SPEC 8.3). */
import { daysBetween } from '../base/civil-date.ts';
import type { FundEntry, FundPosting, Refund } from '../record/fund.ts';
import { allocate } from './allocation.ts';

/** One rule that an entry breaks. */
export type Breach = {
  readonly rule: 'FUND-02' | 'FUND-03';
  readonly expected: string;
  readonly found: string;
};
export type Note = (rule: Breach['rule'], expected: string, found: string) => void;

/** An account as the replay keeps it; Σ of debits less Σ of credits. */
export type Account = {
  readonly name: string;
  readonly kind: FundPosting['accountKind'];
  readonly owner: string;
  readonly unit: string;
  readonly authorisation: string;
  balanceFen: bigint;
};

/** Each unit's amount in an entry, on the side that its shares stand. */
function stated(entry: FundEntry, sign: bigint): ReadonlyMap<string, bigint> {
  const byUnit = new Map<string, bigint>();
  for (const { unit, amountFen } of entry.postings) {
    if (unit !== '') byUnit.set(unit, (byUnit.get(unit) ?? 0n) + sign * BigInt(amountFen));
  }
  return byUnit;
}

function compare(
  weights: ReadonlyMap<string, bigint>,
  shares: ReadonlyMap<string, bigint>,
  breach: Note,
): void {
  const total = [...shares.values()].reduce((sum, amountFen) => sum + amountFen, 0n);
  const bearers = [...weights].filter(([, weight]) => weight > 0n);
  if (bearers.length === 0 || total <= 0n) {
    breach('FUND-03', 'an amount to share, and units that share it', `${total} fen, ${bearers.length} units`);
    return;
  }
  const expected = allocate(
    total,
    bearers.map(([unit, areaDm2]) => ({ unit, areaDm2 })),
  );
  for (const unit of new Set([...expected.keys(), ...shares.keys()])) {
    const [due, found] = [expected.get(unit)?.amountFen ?? 0n, shares.get(unit) ?? 0n];
    if (due !== found) breach('FUND-03', `unit ${unit}: ${due} fen`, `${found} fen`);
  }
}

/** Before the entry is posted: an accrual by what is held, a distribution whole and by balance-days. */
export function checkSplits(
  entry: FundEntry,
  accounts: ReadonlyMap<string, Account>,
  history: readonly FundEntry[],
  closed: ReadonlySet<string>,
  breach: Note,
): void {
  if (entry.entryKind === 'accrue') {
    const held = [...accounts.values()].filter(
      ({ kind, authorisation }) => kind === 'unit_held' && authorisation === entry.authorisation,
    );
    compare(new Map(held.map(({ unit, balanceFen }) => [unit, -balanceFen])), stated(entry, 1n), breach);
  }
  if (entry.entryKind !== 'interest_distributed') return;
  const undistributed = [...accounts.values()]
    .filter(({ kind }) => kind === 'interest_undistributed')
    .reduce((sum, { balanceFen }) => sum - balanceFen, 0n);
  const shares = stated(entry, -1n);
  const total = [...shares.values()].reduce((sum, amountFen) => sum + amountFen, 0n);
  if (total !== undistributed) breach('FUND-03', `${undistributed} fen, all of the interest`, `${total} fen`);
  const periods = history.filter(({ entryKind }) => entryKind === 'interest_distributed');
  const since =
    periods
      .map(({ valueOn }) => valueOn)
      .sort()
      .at(-1) ?? '';
  if (entry.valueOn <= since) breach('FUND-03', `a period that ends after ${since}`, entry.valueOn);
  else {
    const weights = [...fenDays(history, since, entry.valueOn)].filter(([unit]) => !closed.has(unit));
    compare(new Map(weights), shares, breach);
  }
}

/** Fen-days of each unit from `since` up to but not including `until`, none less than zero. */
function fenDays(history: readonly FundEntry[], since: string, until: string): ReadonlyMap<string, bigint> {
  const byUnit = new Map<string, bigint>();
  for (const { valueOn, postings } of history) {
    if (valueOn >= until) continue;
    const days = BigInt(daysBetween(valueOn > since ? valueOn : since, until));
    for (const { unit, amountFen, accountKind } of postings) {
      // A claim is no money: nothing is earned by what the developer owes.
      if (unit !== '' && accountKind !== 'claim')
        byUnit.set(unit, (byUnit.get(unit) ?? 0n) - BigInt(amountFen) * days);
    }
  }
  return byUnit;
}

/** What a refund's authorisation opens: `refund`, once and whole, then its payment; afterwards nothing touches the unit. */
const UNDER_REFUND: ReadonlySet<FundEntry['entryKind']> = new Set(['refund', 'pay', 'pay_returned']);

/** Before the entry is posted: a refund is of its unit, whole, with nothing held and no interest waiting; a closed unit is not touched. */
export function checkRefund(
  entry: FundEntry,
  refund: Refund | undefined,
  accounts: ReadonlyMap<string, Account>,
  closed: ReadonlySet<string>,
  breach: Note,
): void {
  const touched = entry.postings.find(({ unit, accountKind }) => closed.has(unit) && accountKind !== 'claim');
  if (touched !== undefined)
    breach('FUND-02', `nothing after the refund of unit ${touched.unit}`, entry.entryKind);
  if (entry.entryKind === 'refund' && refund === undefined) {
    breach('FUND-02', 'a refund.authorised of its own', entry.authorisation || 'none');
    return;
  }
  if (refund === undefined) return;
  if (!UNDER_REFUND.has(entry.entryKind)) breach('FUND-02', 'a refund or its payment', entry.entryKind);
  if (entry.entryKind !== 'refund') return;
  const debits = entry.postings.filter(({ amountFen }) => BigInt(amountFen) > 0n);
  const stated = debits.map(({ account, unit, amountFen }) => `${unit} ${account} ${amountFen}`).join('; ');
  const wanted = `${refund.unit} ${refund.account} ${refund.amountFen}`;
  if (stated !== wanted) breach('FUND-02', wanted, stated);
  const balances = [...accounts.values()].filter(({ balanceFen }) => balanceFen !== 0n);
  const ofUnit = balances.filter(({ unit, kind }) => unit === refund.unit && kind !== 'claim');
  const owned = ofUnit.reduce((sum, { balanceFen }) => sum - balanceFen, 0n);
  if (String(owned) !== refund.amountFen)
    breach('FUND-02', `${owned} fen, all of the unit`, refund.amountFen);
  if (ofUnit.some(({ kind }) => kind === 'unit_held')) breach('FUND-02', 'nothing held of the unit', 'held');
  if (balances.some(({ kind }) => kind === 'interest_undistributed'))
    breach('FUND-02', 'interest distributed before the refund', 'undistributed');
}

/** A bank's receipt brings money into the book once for each bank account. */
export function checkReceipt(entry: FundEntry, receipts: Set<string>, breach: Note): void {
  const bank = entry.postings.find(({ accountKind }) => accountKind === 'bank');
  if (bank === undefined || !entry.reference.startsWith('回单 ')) return;
  if (BigInt(bank.amountFen) <= 0n) return;
  const receipt = `${bank.account} ${entry.reference}`;
  if (receipts.has(receipt)) breach('FUND-03', 'each receipt once', receipt);
  receipts.add(receipt);
}
