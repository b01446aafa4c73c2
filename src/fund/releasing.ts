/**
 * Releasing: what is still held goes back to each household, by its own balance and without arithmetic. An open authorisation is
 * released by its closing (closing.ts); what is held under an annulled one, with the unpaid rest of its stages, or came back after the
 * closing, by one officer (SPEC 8.3).
 */
import { present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { Accounts } from './accounts.ts';
import { ofAuthorisation, readAccounts } from './accounts.ts';
import type { AuthorisationRef } from './authorisations.ts';
import { readAuthorisation } from './authorisations.ts';
import type { Book, BookedEntry } from './booking.ts';
import { bookEntry, bookingDate, inBook, lockBook } from './booking.ts';
import { cancelClaims } from './claiming.ts';
import { householdLegs } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { entriesUnder } from './store/reading.ts';
import { returnUnpaid } from './unpaid-rest.ts';

const unpaid = (accounts: Accounts, authorisation: string): Result<undefined, FundRefusal> => {
  const owed = ofAuthorisation(accounts, 'payable', authorisation);
  const unpaidFen = sumFen(owed.map(({ balanceFen }) => balanceFen));
  return unpaidFen > 0n
    ? refuse('FUND_UNPAID_ACCRUALS', undefined, { unpaidFen: String(unpaidFen) })
    : ok(undefined);
};

/** Refused while something accrued under the authorisation is neither paid nor cancelled. */
export const unpaidUnder = async (
  tx: Tx,
  { community, authorisation }: AuthorisationRef,
): Promise<Result<undefined, FundRefusal>> => unpaid(await readAccounts(tx, { community }), authorisation);

/** Books the `nth` release of all that is held under an authorisation; nothing where nothing is. */
export async function bookRelease(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  authorisation: string,
  nth: number,
): Promise<BookedEntry | undefined> {
  const accounts = await readAccounts(tx, book);
  const held = ofAuthorisation(accounts, 'unit_held', authorisation).filter(
    ({ balanceFen }) => balanceFen > 0n,
  );
  if (held.length === 0) return undefined;
  const moves = held.map((from) => ({
    from,
    to: present(accounts.available.get(from.unit), 'a household has an account'),
    amountFen: from.balanceFen,
  }));
  return bookEntry(tx, deps, book, {
    key: `release:${authorisation}:${nth}`,
    request: { authorisation },
    draft: {
      kind: 'release',
      valueOn: bookingDate(deps, book),
      authorisation,
      reference: '',
      narrative: '余额退回各户',
      payeeAccount: '',
      legs: householdLegs(moves),
    },
  });
}

/** Releases what is held, or cancels what is claimed, under an authorisation that is not open any more, with the unpaid rest of an annulled one; asked again with nothing left it answers the last entry of these. */
export function releaseRest(
  deps: FundDeps,
  { community, authorisation }: AuthorisationRef,
): Promise<Result<BookedEntry, FundRefusal>> {
  return inBook(deps, community, async (tx, book): Promise<Result<BookedEntry, FundRefusal>> => {
    const found = await readAuthorisation(tx, community, authorisation);
    if (!found.ok) return found;
    if (found.value.state === 'open') return refuse('FUND_CLOSING_NEEDED');
    const rest =
      found.value.state === 'revoked'
        ? await returnUnpaid(tx, deps, book, authorisation)
        : await unpaidUnder(tx, { community, authorisation });
    if (!rest.ok) return rest;
    // Claims end with the hold, so under one authorisation there is either something claimed or something held.
    const cancelled = await cancelClaims(tx, deps, book, authorisation);
    if (cancelled !== undefined) return ok(cancelled);
    const earlier = await entriesUnder(tx, community, authorisation, ['release', 'claim_cancelled']);
    const last = earlier.at(-1);
    const now = rest.value === 'returned' ? await lockBook(tx, community) : book;
    const booked = await bookRelease(tx, deps, present(now, 'locked'), authorisation, earlier.length + 1);
    if (booked !== undefined) return ok(booked);
    if (last !== undefined) return ok({ entry: last.entry_id, seq: last.seq });
    return refuse(rest.value === 'stays' ? 'FUND_UNIT_REFUNDED' : 'FUND_NOTHING_HELD');
  });
}
