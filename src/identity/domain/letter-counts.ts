/** How far the letters of a community are: counted by batch and by building, and who has none (SPEC 3.2). */
import { compareText } from '../../base/bytes.ts';
import type { CivilDate } from '../../base/civil-date.ts';

/** An issued letter as the registrar must know it. */
export type LetterState = {
  readonly letter: string;
  readonly person: string;
  readonly batch: string;
  /** Replaced or revoked. */
  readonly isEnded: boolean;
  /** Its owner has signed in by it at least once. */
  readonly isUsed: boolean;
  /** After five wrong numbers, until the registrar opens it. */
  readonly isLocked: boolean;
  /** Empty for no end. */
  readonly until: CivilDate | '';
};

export type LetterCounts = {
  readonly letters: number;
  readonly used: number;
  readonly ended: number;
  readonly locked: number;
};

export type BuildingCounts = {
  readonly building: string;
  /** Owners with a unit there. */
  readonly persons: number;
  /** Those of them with a letter in force; who owns in two buildings is counted in both. */
  readonly letters: number;
  readonly used: number;
  readonly locked: number;
};

/** Whether a letter may be used on this day. */
export const isGood = ({ isEnded, until }: LetterState, today: CivilDate): boolean =>
  !isEnded && (until === '' || until >= today);

/** Counts of each batch. */
export function countsOfBatches(letters: readonly LetterState[]): ReadonlyMap<string, LetterCounts> {
  const counts = new Map<string, LetterCounts>();
  for (const { batch, isUsed, isEnded, isLocked } of letters) {
    const before = counts.get(batch) ?? { letters: 0, used: 0, ended: 0, locked: 0 };
    counts.set(batch, {
      letters: before.letters + 1,
      used: before.used + Number(isUsed),
      ended: before.ended + Number(isEnded),
      locked: before.locked + Number(isLocked && !isEnded),
    });
  }
  return counts;
}

type Owned = { readonly building: string; readonly owners: readonly string[] };

/** Counts of each building, in the order of their names; only letters that are good on this day are counted. */
export function countsOfBuildings(
  units: readonly Owned[],
  letters: readonly LetterState[],
  today: CivilDate,
): readonly BuildingCounts[] {
  const good = new Map(letters.filter((one) => isGood(one, today)).map((one) => [one.person, one]));
  const owners = new Map<string, Set<string>>();
  for (const { building, owners: some } of units) {
    const known = owners.get(building) ?? new Set();
    for (const person of some) known.add(person);
    owners.set(building, known);
  }
  return [...owners]
    .sort(([a], [b]) => compareText(a, b))
    .map(([building, persons]) => {
      const held = [...persons].flatMap((person) => good.get(person) ?? []);
      return {
        building,
        persons: persons.size,
        letters: held.length,
        used: held.filter(({ isUsed }) => isUsed).length,
        locked: held.filter(({ isLocked }) => isLocked).length,
      };
    });
}

/** Owners without a letter that is good on this day, with the places of their units, in the order of the units. */
export function withoutLetter(
  units: readonly (Owned & { readonly place: string })[],
  letters: readonly LetterState[],
  today: CivilDate,
): ReadonlyMap<string, readonly string[]> {
  const good = new Set(letters.filter((one) => isGood(one, today)).map(({ person }) => person));
  const without = new Map<string, string[]>();
  for (const { place, owners } of units) {
    for (const person of owners) {
      if (good.has(person)) continue;
      const places = without.get(person);
      if (places === undefined) without.set(person, [place]);
      else places.push(place);
    }
  }
  return without;
}
