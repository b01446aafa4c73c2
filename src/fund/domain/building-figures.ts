/**
 * A book by building: what came in, what is there, what work took, in sums and per square metre, and who is below 30 % (SPEC 8.3; 管理办法
 * §§17, 30). The whole is the sum of the buildings; what the developer owes is no money and stands in no sum. Amounts in fen, areas in dm².
 */
import { sumAreas } from '../../base/area.ts';
import { sumFen } from '../../base/fen.ts';
import { needsTopUp } from '../../record/top-up.ts';

/** What moved on the accounts of one unit since the book began, and what is there now. */
export type UnitSums = {
  readonly unit: string;
  /** Received, less what was reversed. */
  readonly depositedFen: bigint;
  readonly interestFen: bigint;
  readonly availableFen: bigint;
  readonly heldFen: bigint;
  /** Accrued for work, less what was cancelled; paid or still payable. */
  readonly workFen: bigint;
  readonly refundedFen: bigint;
  /** What the developer owes for it. */
  readonly claimFen: bigint;
  /** The first deposit that stands; undefined where there is none. */
  readonly firstDepositFen: bigint | undefined;
};

/** A unit of the register in force. */
export type PlacedUnit = { readonly unit: string; readonly building: string; readonly areaDm2: bigint };

const MONEY = [
  'depositedFen',
  'interestFen',
  'availableFen',
  'heldFen',
  'workFen',
  'refundedFen',
  'claimFen',
] as const;
type Money = (typeof MONEY)[number];

/** What a square metre has, rounded down to a fen. */
type PerSquareMetre = Readonly<Record<'depositedFen' | 'availableFen' | 'heldFen' | 'workFen', bigint>>;

/** The figures of one building, or of the whole. */
export type BuildingFigures = Readonly<Record<Money, bigint>> & {
  /** Units of the register in force, and their area. */
  readonly units: number;
  readonly areaDm2: bigint;
  /** Those of them that have an account in the book, and their area. */
  readonly accounts: number;
  readonly accountAreaDm2: bigint;
  /** Units in force with less than 30 % of the first deposit that the book has: at least so many are below. */
  readonly below: number;
  /** Units in force of which the book has no deposit. */
  readonly unknown: number;
  /** Undefined where no area has an account. */
  readonly perSquareMetre: PerSquareMetre | undefined;
};

export type Building = BuildingFigures & { readonly building: string };

const isBelow = ({ availableFen, heldFen, firstDepositFen }: UnitSums): boolean =>
  firstDepositFen !== undefined && needsTopUp(availableFen + heldFen, firstDepositFen);

function figuresOf(units: readonly PlacedUnit[], sums: readonly UnitSums[]): BuildingFigures {
  const byUnit = new Map(sums.map((each) => [each.unit, each]));
  const withAccount = units.filter(({ unit }) => byUnit.has(unit));
  const own = withAccount.flatMap(({ unit }) => byUnit.get(unit) ?? []);
  const accountAreaDm2 = sumAreas(withAccount.map(({ areaDm2 }) => areaDm2));
  const total = (name: Money): bigint => sumFen(sums.map((each) => each[name]));
  const perM2 = (name: Money): bigint => (total(name) * 100n) / accountAreaDm2;
  return {
    units: units.length,
    areaDm2: sumAreas(units.map(({ areaDm2 }) => areaDm2)),
    accounts: withAccount.length,
    accountAreaDm2,
    depositedFen: total('depositedFen'),
    interestFen: total('interestFen'),
    availableFen: total('availableFen'),
    heldFen: total('heldFen'),
    workFen: total('workFen'),
    refundedFen: total('refundedFen'),
    claimFen: total('claimFen'),
    below: own.filter(isBelow).length,
    unknown: units.length - own.filter(({ firstDepositFen }) => firstDepositFen !== undefined).length,
    perSquareMetre:
      accountAreaDm2 === 0n
        ? undefined
        : {
            depositedFen: perM2('depositedFen'),
            availableFen: perM2('availableFen'),
            heldFen: perM2('heldFen'),
            workFen: perM2('workFen'),
          },
  };
}

const grouped = <T>(all: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
};

/**
 * The buildings in the order of their units, then those that only have units that are no more; and the whole. `buildingOf` tells where a
 * unit was that stands in no register any more.
 */
export function buildingFigures(
  units: readonly PlacedUnit[],
  sums: readonly UnitSums[],
  buildingOf: (unit: string) => string,
): { readonly buildings: readonly Building[]; readonly whole: BuildingFigures } {
  const inForce = new Map(units.map(({ unit, building }) => [unit, building]));
  const placed = grouped(units, ({ building }) => building);
  const booked = grouped(sums, ({ unit }) => inForce.get(unit) ?? buildingOf(unit));
  const names = [...new Set([...placed.keys(), ...booked.keys()])];
  return {
    buildings: names.map((building) => ({
      building,
      ...figuresOf(placed.get(building) ?? [], booked.get(building) ?? []),
    })),
    whole: figuresOf(units, sums),
  };
}
