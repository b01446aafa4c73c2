/**
 * What the developer owes for his units under an authorisation: each unit's share less what it has available, never less than nothing
 * (SPEC 8.3 "The developer bears the shares of his units"; 管理办法 §21). All amounts in fen.
 */

/** A claim that moves: `fromFen` stands now, `toFen` is what is owed. */
export type ClaimMove = { readonly unit: string; readonly fromFen: bigint; readonly toFen: bigint };

/** The claims that do not stand at what is owed, in the order of the shares; only units of the developer are ever claimed. */
export const claimMoves = (
  shares: readonly { readonly unit: string; readonly amountFen: bigint }[],
  developerUnits: ReadonlySet<string>,
  availableFen: (unit: string) => bigint,
  claimedFen: (unit: string) => bigint,
): readonly ClaimMove[] =>
  shares
    .filter(({ unit }) => developerUnits.has(unit))
    .map(({ unit, amountFen }) => {
      const lackingFen = amountFen - availableFen(unit);
      return { unit, fromFen: claimedFen(unit), toFen: lackingFen > 0n ? lackingFen : 0n };
    })
    .filter(({ fromFen, toFen }) => fromFen !== toFen);
