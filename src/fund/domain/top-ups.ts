/** Who must top up: strictly less than 30 % of the first deposit is left of what the household has (管理办法 §17; docs/law-map.md). */
import { topUpDue } from '../../record/top-up.ts';
import type { OpeningBalance } from './opening-balances.ts';
import type { UnitPlace } from './unit-finding.ts';

/** A household whose first deposit is known; what is missing brings it back to the target, 0 where enough is left; all in fen. */
export type TopUp = UnitPlace & {
  readonly firstDepositFen: bigint;
  readonly balanceFen: bigint;
  readonly missingFen: bigint;
};

export type TopUpList = {
  readonly known: readonly TopUp[];
  /** Those of the known who must top up. */
  readonly below: readonly TopUp[];
  /** Units of the register whose first deposit nobody has said, or that the book does not know: of them nothing can be said. */
  readonly unknown: readonly UnitPlace[];
};

/** The list in the order of the units; `balanceFen` is available and held together, since what is held is not spent, and undefined without an account. */
export function topUpList(
  units: readonly UnitPlace[],
  firstDeposits: readonly OpeningBalance[],
  balanceFen: (unit: string) => bigint | undefined,
  targetPercent: number,
): TopUpList {
  const deposits = new Map(firstDeposits.map(({ unit, amountFen }) => [unit, amountFen]));
  const known: TopUp[] = [];
  const unknown: UnitPlace[] = [];
  for (const { unit, building, stair, room } of units) {
    const place = { unit, building, stair, room };
    const firstDepositFen = deposits.get(unit);
    const balance = balanceFen(unit);
    // Old books that were not taken over whole must not look like empty accounts.
    if (firstDepositFen === undefined || balance === undefined) {
      unknown.push(place);
      continue;
    }
    const missingFen = topUpDue(balance, firstDepositFen, targetPercent);
    known.push({ ...place, firstDepositFen, balanceFen: balance, missingFen });
  }
  return { known, below: known.filter(({ missingFen }) => missingFen > 0n), unknown };
}

/** What is open of a call to one home, when `cameInFen` came in for it since, less what was reversed; never more than the call asked. */
export function stillDue(dueFen: bigint, cameInFen: bigint): bigint {
  if (cameInFen <= 0n) return dueFen;
  return cameInFen >= dueFen ? 0n : dueFen - cameInFen;
}
