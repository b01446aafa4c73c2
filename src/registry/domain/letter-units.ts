/** Which units a person's letter names: his own, and all of the heads that he holds, so that letter and leaf agree (SPEC 3.2, 4.1). */
import type { HeadUnit } from './head.ts';
import { groupHeads } from './head.ts';

/** Units by person. The developer's letter also names what he sold and has not handed over yet, since he votes for it. */
export function unitsByPerson(units: readonly HeadUnit[]): ReadonlyMap<string, ReadonlySet<string>> {
  const named = new Map<string, Set<string>>();
  const add = (person: string, unit: string): void => {
    const set = named.get(person);
    if (set === undefined) named.set(person, new Set([unit]));
    else set.add(unit);
  };
  for (const { unit, holders } of units) for (const person of holders) add(person, unit);
  for (const head of groupHeads(units))
    for (const person of head.holders) for (const unit of head.units) add(person, unit);
  return named;
}
