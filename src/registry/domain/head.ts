/**
 * Who is one head: an owner set is one head with its areas added, and the developer's unsold and
 * undelivered units are one head (Judicial Interpretation on Divided Ownership art. 9 and 17; SPEC 4.1,
 * DESIGN §4 "Entitlement").
 */
import { compareText } from '../../base/bytes.ts';

/** Sold units that were handed over vote for their owners; the other two states for the developer. */
export const UNIT_STATES = ['delivered', 'unsold', 'undelivered'] as const;
export type UnitState = (typeof UNIT_STATES)[number];

/** A unit as the head rule sees it. `holders` are ids of persons, in any order. */
export type HeadUnit = {
  readonly unit: string;
  readonly holders: readonly string[];
  readonly state: UnitState;
};

/** One head: why its units belong together, who holds it, and its units in the order given. */
export type Head = {
  readonly basis: 'owner-set' | 'developer-stock';
  /** Sorted, each once. Empty only for the developer's head where no unsold unit names a developer. */
  readonly holders: readonly string[];
  readonly units: readonly string[];
};

/** The developer: whoever owns an unsold unit, under as many corporate ids as the register has. */
export function developersOf(units: readonly HeadUnit[]): ReadonlySet<string> {
  return new Set(units.filter((unit) => unit.state === 'unsold').flatMap((unit) => unit.holders));
}

const ownerSet = (holders: readonly string[]): readonly string[] => [...new Set(holders)].sort(compareText);

/**
 * Heads under the default rule, in order of their first unit. Units that only the developer owns belong to
 * his head whatever their state: what he has not sold is unsold, and a holder set occurs once on a roll
 * (SPEC 4.1).
 */
export function groupHeads(units: readonly HeadUnit[]): readonly Head[] {
  const developers = developersOf(units);
  const groups = new Map<string, { holders: readonly string[]; units: string[] }>();
  for (const { unit, holders, state } of units) {
    const isStock =
      state !== 'delivered' || (holders.length > 0 && holders.every((id) => developers.has(id)));
    const set = isStock ? [] : ownerSet(holders);
    // JSON keeps the sets {"a","b"} and {"a,b"} apart; a unit without any holder is never merged with
    // another.
    const key = isStock ? 'developer' : JSON.stringify(set.length > 0 ? set : [[unit]]);
    const group = groups.get(key) ?? { holders: set, units: [] };
    group.units.push(unit);
    groups.set(key, group);
  }
  return [...groups].map(([key, group]) =>
    key === 'developer'
      ? { basis: 'developer-stock', holders: ownerSet([...developers]), units: group.units }
      : { basis: 'owner-set', ...group },
  );
}
