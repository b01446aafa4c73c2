/**
 * The legs of each entry, debit positive and credit negative in fen, and the record that the log names (SPEC 8.3). A hold and a
 * release move money between two accounts of one household; an accrual is split by what is still held, never by area again.
 */
import { assert, present } from '../../base/assert.ts';
import { sumFen } from '../../base/fen.ts';
import type { FundEntry } from '../../record/fund.ts';
import { allocate } from './allocation.ts';
import type { AccountKind, EntryKind } from './entry-shapes.ts';
import { fitsShape, isDebitKind } from './entry-shapes.ts';

/** An account of a book. `unit` and `authorisation` are empty where it has none; the balance is on its normal side, in fen. */
export type Account = {
  readonly account: string;
  readonly kind: AccountKind;
  readonly unit: string;
  readonly authorisation: string;
  readonly name: string;
  readonly balanceFen: bigint;
};

export type Leg = { readonly account: Account; readonly amountFen: bigint };

/** Money of one household from its account to another of its accounts. */
export type Move = { readonly from: Account; readonly to: Account; readonly amountFen: bigint };

/** Legs that debit one account and credit another. */
export const between = (debit: Account, credit: Account, amountFen: bigint): readonly Leg[] => [
  { account: debit, amountFen },
  { account: credit, amountFen: -amountFen },
];

/** bank → available. */
export const depositLegs = (bank: Account, available: Account, amountFen: bigint): readonly Leg[] =>
  between(bank, available, amountFen);

/** available → held for a hold, held → available for a release; a household without a share has no leg. */
export const householdLegs = (moves: readonly Move[]): readonly Leg[] =>
  moves.flatMap(({ from, to, amountFen }) => (amountFen === 0n ? [] : between(from, to, amountFen)));

/** held → payable: the stage in proportion to what is still held, which it does not exceed. */
export function accrualLegs(held: readonly Account[], payable: Account, amountFen: bigint): readonly Leg[] {
  const byUnit = new Map(held.map((account) => [account.unit, account]));
  assert(byUnit.size === held.length, 'one held account a unit');
  const shares = allocate(
    amountFen,
    held.map(({ unit, balanceFen }) => ({ unit, weight: balanceFen })),
  );
  const legs = shares.flatMap(({ unit, amountFen: shareFen }): readonly Leg[] => {
    const account = byUnit.get(unit);
    assert(
      account !== undefined && shareFen <= account.balanceFen,
      'a stage takes no more than what is held',
    );
    return shareFen === 0n ? [] : [{ account, amountFen: shareFen }];
  });
  return [...legs, { account: payable, amountFen: -amountFen }];
}

/** The legs of a record on the accounts of its book, `sign` −1 for its exact negation; throws where an account is missing. */
export function legsOf(
  { postings }: Pick<FundEntry, 'postings'>,
  accounts: readonly Account[],
  sign: 1n | -1n,
): readonly Leg[] {
  const byName = new Map(accounts.map((account) => [account.name, account]));
  return postings.map(({ account, amountFen }) => ({
    account: present(byName.get(account), 'a posted account stays'),
    amountFen: sign * BigInt(amountFen),
  }));
}

/** Whether every account keeps its side after these legs: no bank or claim below zero, nothing owed less than nothing. */
export function coversLegs(legs: readonly Leg[]): boolean {
  const left = new Map<string, bigint>();
  for (const { account, amountFen } of legs) {
    const before = left.get(account.account) ?? account.balanceFen;
    left.set(account.account, before + (isDebitKind(account.kind) ? amountFen : -amountFen));
  }
  return [...left.values()].every((balanceFen) => balanceFen >= 0n);
}

/** payable → bank. */
export const paymentLegs = (payable: Account, bank: Account, amountFen: bigint): readonly Leg[] =>
  between(payable, bank, amountFen);

/** What an entry says, before its place in the book is known. */
export type EntryDraft = {
  readonly kind: EntryKind;
  readonly valueOn: string;
  /** Empty where it needs none. */
  readonly authorisation: string;
  /** The entry that this one reverses; none unless said. */
  readonly reverses?: string;
  readonly reference: string;
  readonly narrative: string;
  /** For `pay` only, else empty. */
  readonly payeeAccount: string;
  readonly legs: readonly Leg[];
};

/** Where an entry stands in its book. */
export type EntryPlace = {
  readonly community: string;
  readonly entry: string;
  readonly seq: number;
  readonly bookedOn: string;
  readonly nonce: string;
};

/** The record of an entry; throws where its legs do not balance or do not fit its kind. */
export function entryRecord(draft: EntryDraft, place: EntryPlace): FundEntry {
  assert(sumFen(draft.legs.map(({ amountFen }) => amountFen)) === 0n, 'an entry sums to zero');
  assert(
    draft.legs.every(({ account, amountFen }) => fitsShape(draft.kind, account.kind, amountFen)),
    `the legs fit ${draft.kind}`,
  );
  return {
    v: 1,
    kind: 'fund-entry',
    community: place.community,
    entry: place.entry,
    seq: place.seq,
    entryKind: draft.kind,
    bookedOn: place.bookedOn,
    valueOn: draft.valueOn,
    authorisation: draft.authorisation,
    reverses: draft.reverses ?? '',
    reference: draft.reference,
    narrative: draft.narrative,
    payeeAccount: draft.payeeAccount,
    postings: draft.legs.map(({ account, amountFen }) => ({
      account: account.name,
      accountKind: account.kind,
      unit: account.unit,
      authorisation: account.authorisation,
      amountFen: String(amountFen),
    })),
    nonce: place.nonce,
  };
}

/** The later of two civil dates: what is booked never goes backwards. */
export const laterDate = (a: string, b: string): string => (a < b ? b : a);
