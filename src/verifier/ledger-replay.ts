/** The book of the fund, replayed entry by entry by the rules of SPEC 8.3; written a second time (SPEC 9.4). */
import type { Emergency } from '../record/emergency.ts';
import type { Authorisation, FundEntry, FundPosting } from '../record/fund.ts';
import type { Around } from './claim-checks.ts';
import { checkClaims, isDebit } from './claim-checks.ts';
import type { Opening } from './fund-records.ts';
import { checkIdentified, noUnknownPayers } from './identified-checks.ts';
import type { Account, Breach, Note } from './ledger-splits.ts';
import { checkReceipt, checkRefund, checkSplits } from './ledger-splits.ts';
import { checkUnpaid } from './unpaid-checks.ts';

type AccountKind = FundPosting['accountKind'];
type EntryKind = FundEntry['entryKind'];

/** Which accounts an entry of a kind may debit and credit. */
const SHAPES: Readonly<
  Record<EntryKind, { readonly debit: readonly AccountKind[]; readonly credit: AccountKind }>
> = {
  deposit: { debit: ['bank'], credit: 'unit_available' },
  deposit_reversed: { debit: ['unit_available', 'deposit_unidentified'], credit: 'bank' },
  hold: { debit: ['unit_available'], credit: 'unit_held' },
  accrue: { debit: ['unit_held'], credit: 'payable' },
  accrual_cancelled: { debit: ['payable'], credit: 'unit_held' },
  unpaid_cancelled: { debit: ['payable'], credit: 'unit_held' },
  pay: { debit: ['payable'], credit: 'bank' },
  pay_returned: { debit: ['bank'], credit: 'payable' },
  release: { debit: ['unit_held'], credit: 'unit_available' },
  interest_received: { debit: ['bank'], credit: 'interest_undistributed' },
  interest_distributed: { debit: ['interest_undistributed'], credit: 'unit_available' },
  bank_moved: { debit: ['bank'], credit: 'bank' },
  deposit_unidentified: { debit: ['bank'], credit: 'deposit_unidentified' },
  deposit_identified: { debit: ['deposit_unidentified'], credit: 'unit_available' },
  refund: { debit: ['unit_available'], credit: 'payable' },
  claim: { debit: ['claim'], credit: 'claim_contra' },
  claim_settled: { debit: ['claim_contra'], credit: 'claim' },
  claim_cancelled: { debit: ['claim_contra'], credit: 'claim' },
};

const OF_UNIT: readonly AccountKind[] = ['unit_available', 'unit_held', 'claim'];
const OF_WORK: readonly AccountKind[] = ['unit_held', 'payable', 'claim', 'claim_contra'];

/** Kinds that move money between the accounts of one unit. */
const WITHIN_UNIT: ReadonlySet<EntryKind> = new Set(['hold', 'release']);
/** Kinds that act under an authorisation. */
const AUTHORISED: ReadonlySet<EntryKind> = new Set([
  'hold',
  'accrue',
  'accrual_cancelled',
  'unpaid_cancelled',
  'pay',
  'pay_returned',
  'release',
  'refund',
  'claim',
  'claim_settled',
  'claim_cancelled',
]);
/** What a kind reverses, where it must name an entry. */
const REVERSES: Readonly<Partial<Record<EntryKind, readonly EntryKind[]>>> = {
  deposit_reversed: ['deposit', 'deposit_unidentified'],
  accrual_cancelled: ['accrue'],
  pay_returned: ['pay'],
};
/** What is undone as if it had not been counts from its own day; a payment comes back when the bank sends it. */
const KEEPS_VALUE: ReadonlySet<EntryKind> = new Set(['deposit_reversed', 'accrual_cancelled']);

type Use = { paidFen: bigint; heldFen: bigint; readonly heldByUnit: Map<string, bigint> };

/** What is held, payable and claimed under an authorisation, in fen. */
export type Left = { readonly heldFen: bigint; readonly payableFen: bigint; readonly claimFen: bigint };

export type Replay = {
  /** Applies the next entry and answers the rules that it breaks. */
  readonly apply: (
    entry: FundEntry,
    authorisation: Opening | undefined,
    around?: Around,
  ) => readonly Breach[];
  /** Σ of debits less Σ of credits, by the account's exported name. */
  readonly left: (authorisation: string) => Left;
  readonly balances: () => ReadonlyMap<string, bigint>;
};

const amountOf = (posting: FundPosting): bigint => BigInt(posting.amountFen);

/** An empty book. */
export function openBook(): Replay {
  const accounts = new Map<string, Account>();
  const owned = new Map<string, string>();
  const uses = new Map<string, Use>();
  const byId = new Map<string, FundEntry>();
  const reversed = new Set<string>();
  const receipts = new Set<string>();
  const payers = noUnknownPayers();
  const history: FundEntry[] = [];
  const closed = new Set<string>();
  const held = new Set<string>();
  let bookedOn = '';

  function apply(
    entry: FundEntry,
    opened: Opening | undefined,
    around: Around = { openBefore: [], next: undefined },
  ): readonly Breach[] {
    const refund = opened?.kind === 'refund' ? opened : undefined;
    const authorisation = opened?.kind === 'refund' ? undefined : opened;
    const breaches: Breach[] = [];
    const breach = (rule: Breach['rule'], expected: string, found: string): void => {
      breaches.push({ rule, expected, found });
    };
    if (byId.has(entry.entry)) breach('FUND-03', 'an entry id used once', entry.entry);
    if (entry.bookedOn < bookedOn) breach('FUND-03', `booked on ${bookedOn} or later`, entry.bookedOn);
    bookedOn = entry.bookedOn > bookedOn ? entry.bookedOn : bookedOn;
    if (entry.valueOn > entry.bookedOn)
      breach('FUND-03', `of value on ${entry.bookedOn} or before`, entry.valueOn);
    checkShape(entry, breach);
    checkReversal(entry, byId, reversed, breach);
    checkAuthorisation(entry, opened, breach);
    checkRefund(entry, refund, accounts, closed, breach);
    checkSplits(entry, accounts, history, closed, breach);
    checkReceipt(entry, receipts, breach);
    checkIdentified(entry, payers, breach);
    checkUnpaid(entry, accounts, history, closed, breach);
    checkClaims(entry, authorisation, around, accounts, held, breach);
    post(entry, accounts, owned, breach);
    if (refund !== undefined && entry.entryKind === 'refund') closed.add(refund.unit);
    if (entry.entryKind === 'hold') held.add(entry.authorisation);
    if (authorisation !== undefined) useAuthorisation(entry, authorisation, uses, breach);
    byId.set(entry.entry, entry);
    history.push(entry);
    return breaches;
  }

  const under = (kind: AccountKind, authorisation: string): bigint =>
    [...accounts.values()]
      .filter((one) => one.kind === kind && one.authorisation === authorisation)
      .reduce((sum, { balanceFen }) => sum - balanceFen, 0n);

  return {
    apply,
    left: (authorisation) => ({
      heldFen: under('unit_held', authorisation),
      payableFen: under('payable', authorisation),
      claimFen: -under('claim', authorisation),
    }),
    balances: () => new Map([...accounts.values()].map(({ name, balanceFen }) => [name, balanceFen])),
  };
}

/** Σ = 0, every posting on an account of the kind's shape, and hold and release within each unit. */
function checkShape(entry: FundEntry, breach: Note): void {
  const { debit, credit } = SHAPES[entry.entryKind];
  let sum = 0n;
  const byUnit = new Map<string, bigint>();
  for (const posting of entry.postings) {
    const amountFen = amountOf(posting);
    sum += amountFen;
    byUnit.set(posting.unit, (byUnit.get(posting.unit) ?? 0n) + amountFen);
    const allowed = amountFen > 0n ? debit : [credit];
    if (amountFen === 0n) breach('FUND-03', 'an amount', `0 on ${posting.account}`);
    if (!allowed.includes(posting.accountKind)) {
      const side = amountFen > 0n ? 'debit' : 'credit';
      const expected = `${entry.entryKind}: ${side} ${allowed.join(' or ')}`;
      breach('FUND-03', expected, `${side} ${posting.accountKind}`);
    }
    const isOfUnit = OF_UNIT.includes(posting.accountKind);
    const isOfResolution = OF_WORK.includes(posting.accountKind);
    if (isOfUnit !== (posting.unit !== '') || isOfResolution !== (posting.authorisation !== '')) {
      breach('FUND-03', `${posting.accountKind} with its own owner`, posting.account);
    }
    if (isOfResolution && posting.authorisation !== entry.authorisation) {
      breach('FUND-02', `the account of authorisation ${entry.authorisation}`, posting.authorisation);
    }
  }
  if (sum !== 0n) breach('FUND-03', 'a sum of 0', String(sum));
  if (WITHIN_UNIT.has(entry.entryKind)) {
    for (const [unit, left] of byUnit)
      if (left !== 0n) breach('FUND-03', `a sum of 0 in unit ${unit}`, String(left));
  }
}

/** A reversal names one earlier entry of its kind, once, and negates it exactly. */
function checkReversal(
  entry: FundEntry,
  byId: ReadonlyMap<string, FundEntry>,
  reversed: Set<string>,
  breach: Note,
): void {
  const wanted = REVERSES[entry.entryKind];
  if (wanted === undefined) {
    if (entry.reverses !== '') breach('FUND-03', `${entry.entryKind} reverses nothing`, entry.reverses);
    return;
  }
  const former = byId.get(entry.reverses);
  if (former === undefined || !wanted.includes(former.entryKind) || reversed.has(entry.reverses)) {
    breach('FUND-03', `an earlier ${wanted.join(' or ')}, reversed once`, entry.reverses || 'none');
    return;
  }
  reversed.add(entry.reverses);
  if (KEEPS_VALUE.has(entry.entryKind) && entry.valueOn !== former.valueOn)
    breach('FUND-03', `value date ${former.valueOn}`, entry.valueOn);
  if (entry.authorisation !== former.authorisation)
    breach('FUND-02', `authorisation ${former.authorisation}`, entry.authorisation);
  const lines = (of: FundEntry, sign: bigint): string =>
    of.postings
      .map((posting) => `${posting.account} ${sign * amountOf(posting)}`)
      .sort()
      .join('; ');
  if (lines(entry, 1n) !== lines(former, -1n)) breach('FUND-03', lines(former, -1n), lines(entry, 1n));
}

function checkAuthorisation(entry: FundEntry, authorisation: Opening | undefined, breach: Note): void {
  const needs = AUTHORISED.has(entry.entryKind);
  if (needs && authorisation === undefined) {
    const wanted = entry.entryKind === 'refund' ? 'refund.authorised' : 'fund.authorised';
    breach('FUND-02', `an earlier ${wanted}`, entry.authorisation || 'none');
  }
  if (!needs && entry.authorisation !== '')
    breach('FUND-02', `${entry.entryKind} without one`, entry.authorisation);
  const payee = entry.entryKind === 'pay' ? (authorisation?.payeeAccount ?? '') : '';
  if (entry.payeeAccount !== payee) breach('FUND-02', `payee account ${payee || 'none'}`, entry.payeeAccount);
}

/**
 * No account but a bank or a claim has a debit balance, and these no credit balance, after the whole entry; nobody owns two accounts of
 * one kind, of which each would be right alone. `owned` is the name of each by kind and owner.
 */
function post(
  entry: FundEntry,
  accounts: Map<string, Account>,
  owned: Map<string, string>,
  breach: Note,
): void {
  const touched = new Set<Account>();
  for (const posting of entry.postings) {
    const owner = `${posting.unit} ${posting.authorisation}`;
    const known = accounts.get(posting.account);
    const { accountKind: kind, unit, authorisation } = posting;
    const account = known ?? { name: posting.account, kind, owner, unit, authorisation, balanceFen: 0n };
    if (account.kind !== posting.accountKind || account.owner !== owner) {
      breach('FUND-03', `${account.name} is ${account.kind}`, `${posting.accountKind} of another owner`);
    }
    const only = owned.get(`${kind} ${owner}`) ?? posting.account;
    owned.set(`${kind} ${owner}`, only);
    if (kind !== 'bank' && only !== posting.account)
      breach('FUND-03', `one ${kind} account of its owner, ${only}`, posting.account);
    account.balanceFen += amountOf(posting);
    accounts.set(posting.account, account);
    touched.add(account);
  }
  for (const { name, kind, balanceFen } of touched) {
    const isGood = isDebit(kind) ? balanceFen >= 0n : balanceFen <= 0n;
    if (!isGood) breach('FUND-03', `${name} not overdrawn`, String(balanceFen));
  }
}

/** What is held is each unit's whole share, no unit spared, within the cap; what is paid stays within the cap. */
function useAuthorisation(
  entry: FundEntry,
  authorisation: Authorisation | Emergency,
  uses: Map<string, Use>,
  breach: Note,
): void {
  const use = uses.get(authorisation.authorisation) ?? { paidFen: 0n, heldFen: 0n, heldByUnit: new Map() };
  uses.set(authorisation.authorisation, use);
  const cap = BigInt(authorisation.capFen);
  for (const posting of entry.postings) {
    const amountFen = amountOf(posting);
    if (posting.accountKind === 'bank') use.paidFen -= amountFen;
    if (posting.accountKind !== 'unit_held' || !WITHIN_UNIT.has(entry.entryKind)) continue;
    use.heldFen -= amountFen;
    use.heldByUnit.set(posting.unit, (use.heldByUnit.get(posting.unit) ?? 0n) - amountFen);
  }
  if (use.paidFen > cap) breach('FUND-02', `paid at most ${cap} fen`, `${use.paidFen} fen`);
  if (entry.entryKind !== 'hold') return;
  if (use.heldFen > cap) breach('FUND-02', `held at most ${cap} fen`, `${use.heldFen} fen`);
  const shares = new Map(authorisation.shares.map(({ unit, amountFen }) => [unit, BigInt(amountFen)]));
  for (const unit of new Set([...shares.keys(), ...use.heldByUnit.keys()])) {
    const [held, share] = [use.heldByUnit.get(unit) ?? 0n, shares.get(unit) ?? 0n];
    if (held !== share) breach('FUND-03', `unit ${unit} holds ${share} fen`, `${held} fen`);
  }
}
