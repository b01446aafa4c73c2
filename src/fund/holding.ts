/**
 * Holding: the whole cap of an authorisation is set aside on its units, each its share, once. It needs every household funded;
 * the pool never lends one household's money to another. What the developer still owed is settled just before (SPEC 8.3, DESIGN §7 "Fund").
 */

import { present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { openAccounts, readAccounts } from './accounts.ts';
import type { AuthorisationRef, StoredAuthorisation } from './authorisations.ts';
import { openAuthorisation, sharesInFen } from './authorisations.ts';
import type { BookedEntry } from './booking.ts';
import { accountOf, bookEntries, bookingDate, inBook, repeatedEntry } from './booking.ts';
import { claimEntries, hasStrandedClaims } from './claiming.ts';
import { heldName, householdOf, payableName } from './domain/account-names.ts';
import { coverOf } from './domain/allocation.ts';
import { householdLegs } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal, Shortfall } from './refusals.ts';
import { accountsOfBook } from './store/book.ts';

function shortfallsAmong(
  authorisation: StoredAuthorisation,
  availableFen: (unit: string) => bigint,
): readonly Shortfall[] {
  return coverOf(sharesInFen(authorisation), availableFen)
    .filter(({ shortfallFen }) => shortfallFen > 0n)
    .map(({ unit, shareFen, coveredFen, shortfallFen }) => ({
      unit,
      shareFen,
      availableFen: coveredFen,
      missingFen: shortfallFen,
    }));
}

/** Households that must pay in before the authorisation can be held, by unit id; empty when it can. */
export async function shortfallsOf(
  db: Database,
  community: string,
  authorisation: StoredAuthorisation,
): Promise<readonly Shortfall[]> {
  const available = new Map(
    (await accountsOfBook(db, community))
      .map(accountOf)
      .filter(({ kind }) => kind === 'unit_available')
      .map((account) => [account.unit, account.balanceFen]),
  );
  return shortfallsAmong(authorisation, (unit) => available.get(unit) ?? 0n);
}

const refuseShort = (shortfalls: readonly Shortfall[]): { ok: false; refusal: FundRefusal } => ({
  ok: false,
  refusal: {
    code: 'FUND_HOUSEHOLDS_SHORT',
    facts: {
      households: shortfalls.length,
      missingFen: String(sumFen(shortfalls.map(({ missingFen }) => missingFen))),
    },
    shortfalls,
  },
});

/** Holds an authorisation; asked again it answers the first entry. */
export function holdShares(
  deps: FundDeps,
  { community, authorisation }: AuthorisationRef,
): Promise<Result<BookedEntry, FundRefusal>> {
  return inBook(deps, community, async (tx, book) => {
    const wanted = { key: `hold:${authorisation}`, request: { authorisation } };
    const repeated = await repeatedEntry(tx, book, wanted);
    if (!repeated.ok) return repeated;
    if (repeated.value !== undefined) return ok(repeated.value);
    const found = await openAuthorisation(tx, community, authorisation);
    if (!found.ok) return found;
    const accounts = await readAccounts(tx, book);
    const shortfalls = shortfallsAmong(found.value, (unit) => accounts.available.get(unit)?.balanceFen ?? 0n);
    if (shortfalls.length > 0) return refuseShort(shortfalls);
    if (hasStrandedClaims(accounts, found.value)) return refuse('FUND_CLAIMS_STRANDED');
    const bearing = sharesInFen(found.value)
      .filter(({ amountFen }) => amountFen > 0n)
      .map(({ unit, amountFen }) => ({
        from: present(accounts.available.get(unit), 'a funded household has an account'),
        amountFen,
      }));
    const [payable, ...held] = await openAccounts(tx, deps, book, [
      {
        kind: 'payable',
        unit: '',
        authorisation,
        name: payableName(found.value.record, found.value.record.payee),
      },
      ...bearing.map(({ from }) => ({
        kind: 'unit_held' as const,
        unit: from.unit,
        authorisation,
        name: heldName(householdOf(from.name), found.value.record),
      })),
    ]);
    present(payable, 'the payable account was opened');
    const moves = bearing.map((move, at) => ({ ...move, to: present(held[at], 'one account each') }));
    // Every unit is funded now, so all that was claimed of the developer is settled.
    const settled = await claimEntries(tx, deps, book, accounts, found.value, 'hold');
    const booked = await bookEntries(tx, deps, book, [
      ...settled,
      {
        ...wanted,
        draft: {
          kind: 'hold',
          valueOn: bookingDate(deps, book),
          authorisation,
          reference: '',
          narrative: found.value.record.purpose,
          payeeAccount: '',
          legs: householdLegs(moves),
        },
      },
    ]);
    return ok(present(booked.at(-1), 'the hold is the last'));
  });
}
