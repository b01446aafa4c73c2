/**
 * What the developer owes for his units under an authorisation: each unit's share less what is left for it after the authorisations that
 * wait before, never less than nothing (SPEC 8.3 "The developer bears the shares of his units"; 管理办法 §21). All amounts in fen.
 */

/** A claim that moves: `fromFen` stands now, `toFen` is what is owed. */
export type ClaimMove = { readonly unit: string; readonly fromFen: bigint; readonly toFen: bigint };

/** The share of a unit in an authorisation. */
export type ShareFen = { readonly unit: string; readonly amountFen: bigint };

/** What each unit has left, never less than nothing, once its shares under the authorisations that wait before are taken from it. */
export function leftAfter(
  earlier: readonly (readonly ShareFen[])[],
  availableFen: (unit: string) => bigint,
): (unit: string) => bigint {
  const taken = new Map<string, bigint>();
  for (const { unit, amountFen } of earlier.flat()) taken.set(unit, (taken.get(unit) ?? 0n) + amountFen);
  return (unit) => {
    const leftFen = availableFen(unit) - (taken.get(unit) ?? 0n);
    return leftFen > 0n ? leftFen : 0n;
  };
}

/** The claims that do not stand at what is owed, in the order of the shares; only units of the developer are ever claimed. */
export const claimMoves = (
  shares: readonly ShareFen[],
  developerUnits: ReadonlySet<string>,
  leftFen: (unit: string) => bigint,
  claimedFen: (unit: string) => bigint,
): readonly ClaimMove[] =>
  shares
    .filter(({ unit }) => developerUnits.has(unit))
    .map(({ unit, amountFen }) => {
      const lackingFen = amountFen - leftFen(unit);
      return { unit, fromFen: claimedFen(unit), toFen: lackingFen > 0n ? lackingFen : 0n };
    })
    .filter(({ fromFen, toFen }) => fromFen !== toFen);
