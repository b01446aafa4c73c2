/**
 * Claiming: what the developer owes for his units under an open authorisation is brought to what they lack, up or down, in the turn of the
 * authorisations that wait, until the hold settles the rest; an end without a hold cancels it. Memorandum entries: no money moves (SPEC 8.3; 管理办法 §21).
 */
import { present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { unitPlaces } from '../registry/units.ts';
import type { Accounts } from './accounts.ts';
import { ofAuthorisation, openAccounts, readAccounts } from './accounts.ts';
import type { AuthorisationRef, StoredAuthorisation } from './authorisations.ts';
import { listAuthorisations, openAuthorisation, sharesInFen } from './authorisations.ts';
import type { Book, BookedEntry, NewEntry } from './booking.ts';
import { bookEntries, bookEntry, bookingDate, inBook } from './booking.ts';
import { claimContraName, claimName, householdOf } from './domain/account-names.ts';
import type { ClaimMove, ShareFen } from './domain/claims.ts';
import { claimMoves, leftAfter } from './domain/claims.ts';
import type { Account, EntryDraft, Leg } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import { availableAccounts } from './household-accounts.ts';
import type { FundRefusal } from './refusals.ts';
import { entriesUnder } from './store/reading.ts';

type ClaimKind = 'claim' | 'claim_settled' | 'claim_cancelled';
const CLAIM_KINDS: readonly ClaimKind[] = ['claim', 'claim_settled', 'claim_cancelled'];

const NARRATIVES: Readonly<Record<ClaimKind, string>> = {
  claim: '建设单位未售或未交付房屋的分摊，应由其补足',
  claim_settled: '房屋的分摊已有余额，应收减少',
  claim_cancelled: '不再冻结，应收注销',
};

const claimsOf = (accounts: Accounts, authorisation: string): ReadonlyMap<string, Account> =>
  new Map(ofAuthorisation(accounts, 'claim', authorisation).map((account) => [account.unit, account]));

/** The shares under what stands before this one in the log and waits too: open, without a hold. */
async function waitingBefore(
  tx: Tx,
  { community }: Book,
  accounts: Accounts,
  { authorisation }: StoredAuthorisation,
): Promise<readonly (readonly ShareFen[])[]> {
  const listed = await listAuthorisations(tx, community);
  const own = listed.findIndex((one) => one.authorisation === authorisation);
  return listed
    .slice(0, own)
    .filter(
      (one) => one.state === 'open' && ofAuthorisation(accounts, 'unit_held', one.authorisation).length === 0,
    )
    .map(sharesInFen);
}

function movesOf(
  accounts: Accounts,
  authorisation: StoredAuthorisation,
  earlier: readonly (readonly ShareFen[])[],
): readonly ClaimMove[] {
  const claims = claimsOf(accounts, authorisation.authorisation);
  return claimMoves(
    sharesInFen(authorisation),
    authorisation.developerUnits,
    leftAfter(earlier, (unit) => accounts.available.get(unit)?.balanceFen ?? 0n),
    (unit) => claims.get(unit)?.balanceFen ?? 0n,
  );
}

/** Whether something is claimed of a unit that the authorisation does not have as the developer's, as when its list was altered. */
export const hasStrandedClaims = (
  accounts: Accounts,
  { authorisation, developerUnits }: StoredAuthorisation,
): boolean =>
  ofAuthorisation(accounts, 'claim', authorisation).some(
    ({ unit, balanceFen }) => balanceFen > 0n && !developerUnits.has(unit),
  );

/** The accounts of these claims by unit, opened where they are new, each under the codes of its home. */
async function claimAccounts(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  { record }: StoredAuthorisation,
  units: readonly string[],
): Promise<ReadonlyMap<string, Account>> {
  const { authorisation } = record;
  const standing = claimsOf(accounts, authorisation);
  const missing = units.filter((unit) => !standing.has(unit));
  if (missing.length === 0) return standing;
  const places = await unitPlaces(tx, book.community, missing);
  const homes = await availableAccounts(tx, deps, book, accounts, places);
  const nameOf = (unit: string): string => {
    const home = homes.get(unit);
    // A unit that the register lists no more, and into which nobody paid, has no other name than its id.
    return claimName(record, home === undefined ? unit : householdOf(home.name));
  };
  const opened = await openAccounts(
    tx,
    deps,
    book,
    missing.map((unit) => ({ kind: 'claim' as const, unit, authorisation, name: nameOf(unit) })),
  );
  return new Map([...standing, ...opened.map((account) => [account.unit, account] as const)]);
}

async function contraAccount(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  { record }: StoredAuthorisation,
): Promise<Account> {
  const { authorisation } = record;
  const [found] = ofAuthorisation(accounts, 'claim_contra', authorisation);
  if (found !== undefined) return found;
  const name = claimContraName(record);
  const [opened] = await openAccounts(tx, deps, book, [
    { kind: 'claim_contra', unit: '', authorisation, name },
  ]);
  return present(opened, 'one account in, one out');
}

/** An entry of claims: each unit by its own amount, all against the one contra account. */
function entryOf(
  kind: ClaimKind,
  authorisation: string,
  nth: number,
  valueOn: string,
  claims: readonly Leg[],
  contra: Account,
): NewEntry {
  const draft: EntryDraft = {
    kind,
    valueOn,
    authorisation,
    reference: '',
    narrative: NARRATIVES[kind],
    payeeAccount: '',
    legs: [...claims, { account: contra, amountFen: -sumFen(claims.map(({ amountFen }) => amountFen)) }],
  };
  return { key: `${kind}:${authorisation}:${nth}`, request: { authorisation }, draft };
}

const earlierOf = (tx: Tx, community: string, authorisation: string) =>
  entriesUnder(tx, community, authorisation, CLAIM_KINDS);

/** The entries that bring every claim of an authorisation to what is owed now, of no more than two kinds; none where all stand there. A hold goes before what waits. */
export async function claimEntries(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  accounts: Accounts,
  authorisation: StoredAuthorisation,
  before: 'hold' | 'none' = 'none',
): Promise<readonly NewEntry[]> {
  const earlier = before === 'hold' ? [] : await waitingBefore(tx, book, accounts, authorisation);
  const moves = movesOf(accounts, authorisation, earlier);
  if (moves.length === 0) return [];
  const units = moves.map(({ unit }) => unit);
  const claims = await claimAccounts(tx, deps, book, accounts, authorisation, units);
  const contra = await contraAccount(tx, deps, book, accounts, authorisation);
  const nth = (await earlierOf(tx, book.community, authorisation.authorisation)).length + 1;
  const legs = moves.map(({ unit, fromFen, toFen }) => ({
    account: present(claims.get(unit), 'one account a claim'),
    amountFen: toFen - fromFen,
  }));
  const rising = legs.filter(({ amountFen }) => amountFen > 0n);
  const falling = legs.filter(({ amountFen }) => amountFen < 0n);
  return (
    [
      ['claim', rising],
      ['claim_settled', falling],
    ] as const
  )
    .filter(([, some]) => some.length > 0)
    .map(([kind, some]) =>
      entryOf(kind, authorisation.authorisation, nth, bookingDate(deps, book), some, contra),
    );
}

/** Books the end of all claims under an authorisation that is not open any more; nothing where nothing is claimed. */
export async function cancelClaims(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  authorisation: string,
): Promise<BookedEntry | undefined> {
  const accounts = await readAccounts(tx, book);
  const claims = ofAuthorisation(accounts, 'claim', authorisation).filter(
    ({ balanceFen }) => balanceFen > 0n,
  );
  const [contra] = ofAuthorisation(accounts, 'claim_contra', authorisation);
  if (claims.length === 0 || contra === undefined) return undefined;
  const nth = (await earlierOf(tx, book.community, authorisation)).length + 1;
  const legs = claims.map((account) => ({ account, amountFen: -account.balanceFen }));
  const entry = entryOf('claim_cancelled', authorisation, nth, bookingDate(deps, book), legs, contra);
  return bookEntry(tx, deps, book, entry);
}

/**
 * Brings the developer's claims under an open authorisation to what his units lack now. Asked again with nothing to change it answers
 * the last entry of its claims; refused where nothing was ever owed, and after the hold, which needs every unit funded.
 */
export function claimShares(
  deps: FundDeps,
  { community, authorisation }: AuthorisationRef,
): Promise<Result<BookedEntry, FundRefusal>> {
  return inBook(deps, community, async (tx, book): Promise<Result<BookedEntry, FundRefusal>> => {
    const found = await openAuthorisation(tx, community, authorisation);
    if (!found.ok) return found;
    if ((await entriesUnder(tx, community, authorisation, ['hold'])).length > 0)
      return refuse('FUND_HELD_ALREADY');
    const entries = await claimEntries(tx, deps, book, await readAccounts(tx, book), found.value);
    const booked = (await bookEntries(tx, deps, book, entries)).at(-1);
    if (booked !== undefined) return ok(booked);
    const last = (await earlierOf(tx, community, authorisation)).at(-1);
    return last === undefined ? refuse('FUND_NOTHING_CLAIMED') : ok({ entry: last.entry_id, seq: last.seq });
  });
}
