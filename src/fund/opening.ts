/** Opening balances: the old system's books become one deposit a unit that cites the old statement (DESIGN §7 "Fund"). */
import { present } from '../base/assert.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { registryUnits } from '../registry/units.ts';
import type { Accounts } from './accounts.ts';
import { openAccounts, readAccounts } from './accounts.ts';
import type { Book, NewEntry } from './booking.ts';
import { bookEntries, lockBook, repeatedEntries, unlessBusy } from './booking.ts';
import type { Place } from './domain/account-names.ts';
import {
  availableName,
  bankName,
  freeHousehold,
  householdName,
  householdOf,
} from './domain/account-names.ts';
import type { OpeningBalance, OpeningFinding } from './domain/opening-balances.ts';
import { blocksOpening, readOpeningCsv, readOpeningList } from './domain/opening-balances.ts';
import type { Account } from './domain/posting.ts';
import { depositLegs } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { insertBook } from './store/book.ts';

/** Balances of the old books, as a list in fen or as a CSV in yuan. */
export type OpeningRequest = {
  readonly community: string;
  /** The old statement: what it is called, and the date up to which it counts. */
  readonly statement: { readonly reference: string; readonly asOn: string };
  /** The real account that holds the money. */
  readonly bank: { readonly name: string; readonly lastDigits: string };
  readonly balances: readonly OpeningBalance[] | string;
};

/** How many deposits were made now, how many stood already, and what is to be said of the list. */
export type Opened = {
  readonly booked: number;
  readonly repeated: number;
  readonly totalFen: bigint;
  readonly findings: readonly OpeningFinding[];
};

/** Makes the community's book where there is none yet, and locks it. */
export async function openBook(tx: Tx, deps: FundDeps, community: string): Promise<Book> {
  await insertBook(tx, community, newId(deps.random));
  return present(await lockBook(tx, community), 'the book was just made');
}

/** One deposit a unit and community, ever: a second opening balance of a unit is another request, and refused. */
const depositOf = (request: OpeningRequest, { unit, amountFen }: OpeningBalance) => ({
  key: `opening:${unit}`,
  request: {
    unit,
    amountFen: String(amountFen),
    reference: request.statement.reference,
    asOn: request.statement.asOn,
  },
});

/** The bank's account, opened where it is new. */
async function bankAccount(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  bank: OpeningRequest['bank'],
): Promise<Account> {
  const name = bankName(bank.name, bank.lastDigits);
  const found = accounts.all.find((account) => account.name === name);
  if (found !== undefined) return found;
  const [opened] = await openAccounts(tx, deps, book, [{ kind: 'bank', unit: '', authorisation: '', name }]);
  return present(opened, 'one account in, one out');
}

/** The available accounts of some units, opened where they are new. */
async function availableAccounts(
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

async function enterBalances(
  tx: Tx,
  deps: FundDeps,
  request: OpeningRequest,
): Promise<Result<Opened, FundRefusal>> {
  const units = await registryUnits(tx, request.community);
  const reading =
    typeof request.balances === 'string'
      ? readOpeningCsv(request.balances, units)
      : readOpeningList(request.balances, units);
  if (blocksOpening(reading))
    return { ok: false, refusal: { code: 'FUND_OPENING_REFUSED', findings: reading.findings } };
  const book = await openBook(tx, deps, request.community);
  const wanted = reading.balances.map((balance) => ({ ...depositOf(request, balance), ...balance }));
  const repeated = await repeatedEntries(tx, book, wanted);
  if (!repeated.ok) return repeated;
  const fresh = wanted.filter(({ key }) => !repeated.value.has(key));
  const accounts = await readAccounts(tx, book);
  const bank = await bankAccount(tx, deps, book, accounts, request.bank);
  const named = new Set(fresh.map(({ unit }) => unit));
  const available = await availableAccounts(
    tx,
    deps,
    book,
    accounts,
    units.filter(({ unit }) => named.has(unit)),
  );
  const entries = fresh.map(
    ({ key, request: asked, unit, amountFen }): NewEntry => ({
      key,
      request: asked,
      draft: {
        kind: 'deposit',
        valueOn: request.statement.asOn,
        authorisation: '',
        reference: request.statement.reference,
        narrative: '期初余额',
        payeeAccount: '',
        legs: depositLegs(bank, present(available.get(unit), 'opened above'), amountFen),
      },
    }),
  );
  const booked = await bookEntries(tx, deps, book, entries);
  const totalFen = wanted.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  return ok({ booked: booked.length, repeated: repeated.value.size, totalFen, findings: reading.findings });
}

/** Enters opening balances, all or none; asked again with the same list it finds them standing. */
export async function openBalances(
  deps: FundDeps,
  request: OpeningRequest,
): Promise<Result<Opened, FundRefusal>> {
  if (request.statement.asOn > civilDateAt(deps.clock()))
    return refuse('FUND_VALUE_DATE_LATE', 'statement.asOn');
  try {
    return await unlessBusy(() => inTransaction(deps.db, (tx) => enterBalances(tx, deps, request)));
  } catch (error) {
    const refusal = refusalOfConstraint(error, { fund_book_community_fk: 'FUND_COMMUNITY_UNKNOWN' });
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}
