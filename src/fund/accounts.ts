/** The accounts of a book, opened under its lock before they are used, so that nobody races for a new one (DESIGN §7 "Fund"). */
import { newId } from '../base/clock.ts';
import type { Tx } from '../db/transaction.ts';
import { accountOf, type Book } from './booking.ts';
import type { Account } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { AccountRow } from './store/book.ts';
import { accountsOfBook, incomingAccounts, insertAccounts } from './store/book.ts';

/** All accounts of a locked book. */
export type Accounts = {
  readonly all: readonly Account[];
  readonly names: ReadonlySet<string>;
  readonly available: ReadonlyMap<string, Account>;
};

const gather = (rows: readonly AccountRow[]): Accounts => {
  const all = rows.map(accountOf);
  return {
    all,
    names: new Set(all.map(({ name }) => name)),
    available: new Map(
      all.filter(({ kind }) => kind === 'unit_available').map((account) => [account.unit, account]),
    ),
  };
};

/** Reads the accounts of a locked book. */
export const readAccounts = async (tx: Tx, book: Pick<Book, 'community'>): Promise<Accounts> =>
  gather(await accountsOfBook(tx, book.community));

/**
 * Reads what receipts of these units touch, so that one receipt costs the same in every book; all accounts where a unit has none yet,
 * since its name must differ from every other.
 */
export async function readIncoming(
  tx: Tx,
  book: Pick<Book, 'community'>,
  units: ReadonlySet<string>,
): Promise<Accounts> {
  const accounts = gather(await incomingAccounts(tx, book.community, [...units]));
  return accounts.available.size === units.size ? accounts : readAccounts(tx, book);
}

/** The accounts of one kind that belong to an authorisation. */
export const ofAuthorisation = (
  accounts: Accounts,
  kind: 'unit_held' | 'payable' | 'claim' | 'claim_contra',
  authorisation: string,
): readonly Account[] =>
  accounts.all.filter((account) => account.kind === kind && account.authorisation === authorisation);

/** Opens accounts with a balance of zero. */
export async function openAccounts(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  wanted: readonly Pick<Account, 'kind' | 'unit' | 'authorisation' | 'name'>[],
): Promise<readonly Account[]> {
  const opened = wanted.map((facts) => ({ ...facts, account: newId(deps.random), balanceFen: 0n }));
  await insertAccounts(
    tx,
    opened.map(({ account, kind, unit, authorisation, name }) => ({
      community_id: book.community,
      account_id: account,
      kind,
      unit_id: unit === '' ? null : unit,
      authorisation_id: authorisation === '' ? null : authorisation,
      name,
    })),
  );
  return opened;
}
