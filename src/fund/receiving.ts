/**
 * Money that comes in: each receipt of the bank is one entry under its own key, to a household or to 待查收款 where nobody knows
 * whose it is yet. A bank's file is a list of receipts, booked all or none (SPEC 8.3; docs/decisions/fund-entries.md).
 */

import { present } from '../base/assert.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import { sentTogether } from '../db/sent-together.ts';
import type { Last, Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { unitPlaces } from '../registry/units.ts';
import type { Accounts } from './accounts.ts';
import { readIncoming } from './accounts.ts';
import type { Book, BookedEntry, Keyed, NewEntry } from './booking.ts';
import { bookEntries, lockBook, repeatedEntries, unlessBusy } from './booking.ts';
import type { Place } from './domain/account-names.ts';
import { bankName } from './domain/account-names.ts';
import type { Account } from './domain/posting.ts';
import { between } from './domain/posting.ts';
import { receiptKey, receiptReference } from './domain/references.ts';
import type { FundDeps } from './fund-deps.ts';
import type { BankRef } from './household-accounts.ts';
import { availableAccounts, receivingAccount, singleAccount } from './household-accounts.ts';
import { openBook } from './opening.ts';
import type { FundRefusal } from './refusals.ts';
import { refundedAmong } from './store/authorisations.ts';

/** One line of the bank's statement. */
export type Receipt = {
  /** The bank's number of it: one entry for each bank account and number, ever. */
  readonly receipt: string;
  /** Whose account it goes to; empty where that is not known yet. */
  readonly unit: string;
  readonly amountFen: bigint;
  readonly valueOn: string;
};
export type Receipts = {
  readonly community: string;
  readonly bank: BankRef;
  readonly receipts: readonly Receipt[];
};

/** How many receipts were booked now, how many stood already, and the entry of each, in the order of the list. */
export type Received = {
  readonly booked: number;
  readonly repeated: number;
  readonly entries: readonly BookedEntry[];
};

type Wanted = Keyed & Receipt;

/** What a receipt is asked under: its key at this bank account, and its content. */
export const keyedReceipt = (bank: string, { receipt, unit, amountFen, valueOn }: Receipt): Keyed => ({
  key: receiptKey(bank, receipt),
  request: { bank, receipt, unit, amountFen: String(amountFen), valueOn },
});

const wantedOf = ({ bank, receipts }: Receipts): readonly Wanted[] => {
  const name = bankName(bank.name, bank.lastDigits);
  return receipts.map((each) => ({ ...each, ...keyedReceipt(name, each) }));
};

/** What a list must be before the book is looked at. */
function checked(wanted: readonly Wanted[], today: string): Result<undefined, FundRefusal> {
  const keys = new Set<string>();
  for (const [at, { key, receipt, amountFen, valueOn }] of wanted.entries()) {
    const where = `receipts.${at}`;
    if (receipt === '' || keys.has(key)) return refuse('FUND_RECEIPT_REPEATED', where);
    if (amountFen <= 0n) return refuse('FUND_AMOUNT_ZERO', where);
    if (valueOn > today) return refuse('FUND_VALUE_DATE_LATE', where);
    keys.add(key);
  }
  return ok(undefined);
}

const namedUnits = (wanted: readonly Wanted[]): ReadonlySet<string> =>
  new Set(wanted.map(({ unit }) => unit).filter((unit) => unit !== ''));

/** What receipts are decided on, read under the lock of their book, which is made where there is none yet. */
async function standing(tx: Tx, deps: FundDeps, community: string, wanted: readonly Wanted[]) {
  const units = namedUnits(wanted);
  // Sent together: the server takes the lock before it looks at the rest.
  const readLocked = () =>
    sentTogether([
      lockBook(tx, community),
      repeatedEntries(tx, { community }, wanted),
      readIncoming(tx, { community }, units),
      refundedAmong(tx, community, [...units]),
      unitPlaces(tx, community, [...units]),
    ]);
  const first = await readLocked();
  if (first[0] === undefined) await openBook(tx, deps, community);
  const [book, repeated, accounts, refunded, places] = first[0] === undefined ? await readLocked() : first;
  return { book: present(book, 'the book was just made'), repeated, accounts, refunded, places };
}

/** The credited account of each new receipt, opened where it is new; undefined where the register has no such unit. */
async function creditsOf(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  places: readonly (Place & { readonly unit: string })[],
  fresh: readonly Wanted[],
): Promise<ReadonlyMap<string, Account> | undefined> {
  const named = namedUnits(fresh);
  const units = places.filter(({ unit }) => named.has(unit));
  if (units.length < named.size) return undefined;
  const available = await availableAccounts(tx, deps, book, accounts, units);
  if (!fresh.some(({ unit }) => unit === '')) return available;
  const unidentified = await singleAccount(tx, deps, book, accounts, 'deposit_unidentified');
  return new Map([...available, ['', unidentified]]);
}

async function enter(
  tx: Tx,
  deps: FundDeps,
  request: Receipts,
  last: Last,
): Promise<Result<Received, FundRefusal>> {
  const wanted = wantedOf(request);
  const { book, repeated, accounts, refunded, places } = await standing(tx, deps, request.community, wanted);
  if (!repeated.ok) return repeated;
  const fresh = wanted.filter(({ key }) => !repeated.value.has(key));
  const named = namedUnits(fresh);
  if (refunded.some((unit) => named.has(unit))) return refuse('FUND_UNIT_REFUNDED');
  const credits = await creditsOf(tx, deps, book, accounts, places, fresh);
  if (credits === undefined) return refuse('FUND_UNIT_UNKNOWN');
  const bank = await receivingAccount(tx, deps, book, accounts, request.bank);
  if (bank === undefined) return refuse('FUND_BANK_UNCLEAR', 'bank');
  const entries = fresh.map(
    ({ key, request: asked, receipt, unit, amountFen, valueOn }): NewEntry => ({
      key,
      request: asked,
      draft: {
        kind: unit === '' ? 'deposit_unidentified' : 'deposit',
        valueOn,
        authorisation: '',
        reference: receiptReference(receipt),
        narrative: unit === '' ? '待查收款' : '交存',
        payeeAccount: '',
        legs: between(bank, present(credits.get(unit), 'opened above'), amountFen),
      },
    }),
  );
  const booked = await bookEntries(tx, deps, book, entries, last);
  const byKey = new Map(repeated.value);
  for (const [at, { key }] of fresh.entries()) byKey.set(key, present(booked[at], 'one entry each'));
  return ok({
    booked: booked.length,
    repeated: repeated.value.size,
    entries: wanted.map(({ key }) => present(byKey.get(key), 'booked or standing')),
  });
}

/** Books receipts of one bank account, all or none; asked again it finds them standing. */
export async function receive(deps: FundDeps, request: Receipts): Promise<Result<Received, FundRefusal>> {
  const good = checked(wantedOf(request), civilDateAt(deps.clock()));
  if (!good.ok) return good;
  try {
    return await unlessBusy(() => inTransaction(deps.db, (tx, last) => enter(tx, deps, request, last)));
  } catch (error) {
    const refusal = refusalOfConstraint(error, { fund_book_community_fk: 'FUND_COMMUNITY_UNKNOWN' } as const);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}
