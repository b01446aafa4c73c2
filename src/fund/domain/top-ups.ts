/** Who must top up: strictly less than 30 % of the first deposit is left of what the household has (管理办法 §17; docs/law-map.md). */
import { needsTopUp } from './allocation.ts';
import type { OpeningBalance } from './opening-balances.ts';
import type { UnitPlace } from './unit-finding.ts';

/** A household below the line; what is missing is what brings it back to 30 %, in whole fen; all in fen. */
export type TopUp = UnitPlace & {
  readonly firstDepositFen: bigint;
  readonly balanceFen: bigint;
  readonly missingFen: bigint;
};

export type TopUpList = {
  readonly below: readonly TopUp[];
  /** Units of the register whose first deposit nobody has said: of them nothing can be said. */
  readonly unknown: readonly UnitPlace[];
};

/** The list in the order of the units; `balanceFen` is available and held together, since what is held is not spent. */
export function topUpList(
  units: readonly UnitPlace[],
  firstDeposits: readonly OpeningBalance[],
  balanceFen: (unit: string) => bigint,
): TopUpList {
  const known = new Map(firstDeposits.map(({ unit, amountFen }) => [unit, amountFen]));
  const below: TopUp[] = [];
  const unknown: UnitPlace[] = [];
  for (const { unit, building, stair, room } of units) {
    const place = { unit, building, stair, room };
    const firstDepositFen = known.get(unit);
    if (firstDepositFen === undefined) {
      unknown.push(place);
      continue;
    }
    const balance = balanceFen(unit);
    if (!needsTopUp(balance, firstDepositFen)) continue;
    const missingFen = (firstDepositFen * 30n + 99n) / 100n - balance;
    below.push({ ...place, firstDepositFen, balanceFen: balance, missingFen });
  }
  return { below, unknown };
}
