/** The accounts that money comes into: a bank's, a household's, and those that must return to zero (DESIGN §7 "Fund"). */
import { present } from '../base/assert.ts';
import { newId } from '../base/clock.ts';
import type { Tx } from '../db/transaction.ts';
import type { Accounts } from './accounts.ts';
import { openAccounts } from './accounts.ts';
import type { Book } from './booking.ts';
import type { Place } from './domain/account-names.ts';
import {
  availableName,
  bankName,
  freeHousehold,
  householdName,
  householdOf,
  SINGLE_NAMES,
} from './domain/account-names.ts';
import type { Account } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';

/** A real account or term deposit, by the bank's short name and the last digits of its number. */
export type BankRef = { readonly name: string; readonly lastDigits: string };

/** The bank's account among those of a book. */
export const findBank = (accounts: readonly Account[], bank: BankRef): Account | undefined =>
  accounts.find(({ name }) => name === bankName(bank.name, bank.lastDigits));

/** An account that an order names and that its execution opens: a draft of one officer puts nothing into the book. */
export const plannedBank = (deps: FundDeps, { name, lastDigits }: BankRef): Account => ({
  kind: 'bank',
  unit: '',
  authorisation: '',
  name: bankName(name, lastDigits),
  account: newId(deps.random),
  balanceFen: 0n,
});

/** The bank's account, opened where it is new. */
export async function bankAccount(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  bank: BankRef,
): Promise<Account> {
  const found = findBank(accounts.all, bank);
  if (found !== undefined) return found;
  const name = bankName(bank.name, bank.lastDigits);
  const [opened] = await openAccounts(tx, deps, book, [{ kind: 'bank', unit: '', authorisation: '', name }]);
  return present(opened, 'one account in, one out');
}

/**
 * The account that the bank's money came into: one of the book, or its first. A second one enters by the opening or by two officers'
 * move, never by a receipt, or one officer could take the same receipts in again under another name of the bank.
 */
export async function receivingAccount(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  bank: BankRef,
): Promise<Account | undefined> {
  const hasBank = accounts.all.some(({ kind }) => kind === 'bank');
  return hasBank ? findBank(accounts.all, bank) : bankAccount(tx, deps, book, accounts, bank);
}

/** The available accounts of some units, opened where they are new. */
export async function availableAccounts(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  units: readonly (Place & { readonly unit: string })[],
): Promise<ReadonlyMap<string, Account>> {
  const households = new Set([...accounts.available.values()].map(({ name }) => householdOf(name)));
  const missing = units
    .filter(({ unit }) => !accounts.available.has(unit))
    .map((place) => {
      const household = freeHousehold(householdName(place), place.unit, households);
      households.add(household);
      const name = availableName(household);
      return { kind: 'unit_available' as const, unit: place.unit, authorisation: '', name };
    });
  const opened = await openAccounts(tx, deps, book, missing);
  return new Map([...accounts.available, ...opened.map((account) => [account.unit, account] as const)]);
}

/** The book's one account of interest not yet distributed, or of money whose payer is not known yet. */
export async function singleAccount(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  kind: keyof typeof SINGLE_NAMES,
): Promise<Account> {
  const found = accounts.all.find((account) => account.kind === kind);
  if (found !== undefined) return found;
  const name = SINGLE_NAMES[kind];
  const [opened] = await openAccounts(tx, deps, book, [{ kind, unit: '', authorisation: '', name }]);
  return present(opened, 'one account in, one out');
}
