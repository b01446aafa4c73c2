/** What the developer owes now for his units, claimed or not: of each open authorisation without a hold (SPEC 8.3; 管理办法 §21). */
import { sumFen } from '../base/fen.ts';
import type { Database } from '../db/connect.ts';
import type { StoredAuthorisation } from './authorisations.ts';
import { sharesInFen } from './authorisations.ts';
import { accountOf } from './booking.ts';
import { claimMoves, leftAfter } from './domain/claims.ts';
import { accountsOfBook } from './store/book.ts';

/** How many of his units lack something of their share, and what they lack together, in fen. */
export type Owed = { readonly units: number; readonly amountFen: bigint };

export const NOTHING_OWED: Owed = { units: 0, amountFen: 0n };

/**
 * By id of the authorisations under which he owes; `authorisations` in the order of the log, in which they take what is available. Computed from the balances, so that neither an officer who never claims nor a deposit
 * after the last claim changes what anybody reads; an ended or held authorisation asks nothing of him.
 */
export async function owedNow(
  db: Database,
  community: string,
  authorisations: readonly StoredAuthorisation[],
): Promise<ReadonlyMap<string, Owed>> {
  const accounts = (await accountsOfBook(db, community)).map(accountOf);
  const held = new Set(accounts.filter(({ kind }) => kind === 'unit_held').map((one) => one.authorisation));
  const available = new Map(
    accounts.filter(({ kind }) => kind === 'unit_available').map((one) => [one.unit, one.balanceFen]),
  );
  const waiting = authorisations.filter(
    ({ state, authorisation }) => state === 'open' && !held.has(authorisation),
  );
  const shares = waiting.map(sharesInFen);
  return new Map(
    waiting
      .map((one, at) => {
        const owed = claimMoves(
          sharesInFen(one),
          one.developerUnits,
          leftAfter(shares.slice(0, at), (unit) => available.get(unit) ?? 0n),
          () => 0n,
        );
        return [
          one.authorisation,
          { units: owed.length, amountFen: sumFen(owed.map(({ toFen }) => toFen)) },
        ] as const;
      })
      .filter(([, { units }]) => units > 0),
  );
}
