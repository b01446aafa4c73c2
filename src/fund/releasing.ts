/**
 * Releasing: what is still held goes back to each household, by its own balance and without arithmetic; the authorisation is
 * closed by it. Accruals must be paid or cancelled first; what comes back later is released again (DESIGN §7 "Fund").
 */
import { present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { ofAuthorisation, readAccounts } from './accounts.ts';
import { readAuthorisation } from './authorisations.ts';
import type { BookedEntry } from './booking.ts';
import { bookEntry, bookingDate, inBook } from './booking.ts';
import { householdLegs } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { AuthorisationRef } from './holding.ts';
import type { FundRefusal } from './refusals.ts';
import { releasesOf } from './store/reading.ts';

/** Releases the rest of an authorisation; asked again with nothing held it answers the last release. */
export function releaseRest(
  deps: FundDeps,
  { community, authorisation }: AuthorisationRef,
): Promise<Result<BookedEntry, FundRefusal>> {
  return inBook(deps, community, async (tx, book): Promise<Result<BookedEntry, FundRefusal>> => {
    const found = await readAuthorisation(tx, community, authorisation);
    if (!found.ok) return found;
    const accounts = await readAccounts(tx, book);
    const unpaidFen = sumFen(
      ofAuthorisation(accounts, 'payable', authorisation).map(({ balanceFen }) => balanceFen),
    );
    if (unpaidFen > 0n) return refuse('FUND_UNPAID_ACCRUALS', undefined, { unpaidFen: String(unpaidFen) });
    const held = ofAuthorisation(accounts, 'unit_held', authorisation).filter(
      ({ balanceFen }) => balanceFen > 0n,
    );
    const earlier = await releasesOf(tx, community, authorisation);
    const last = earlier.at(-1);
    if (held.length === 0)
      return last === undefined ? refuse('FUND_NOTHING_HELD') : ok({ entry: last.entry_id, seq: last.seq });
    const moves = held.map((from) => ({
      from,
      to: present(accounts.available.get(from.unit), 'a household has an account'),
      amountFen: from.balanceFen,
    }));
    const entry = await bookEntry(tx, deps, book, {
      key: `release:${authorisation}:${earlier.length + 1}`,
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
    return ok(entry);
  });
}
