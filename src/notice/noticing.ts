/** Whom the notice of a meeting or a call to top up is told to, and the day that its text names (SPEC 5.1, 8.6). */
import { present } from '../base/assert.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { parseInstant } from '../base/instant.ts';
import type { Tx } from '../db/transaction.ts';
import { registryUnits } from '../registry/units.ts';

/** A civil date `2026-12-10` as people say it, such as `12月10日`. */
export function spokenDay(date: string): string {
  const [, month = '', day = ''] = date.split('-');
  return `${Number(month)}月${Number(day)}日`;
}

/** The civil day of an instant `2026-12-10T01:00:00Z` as people say it. */
export const dayOf = (instant: string): string =>
  spokenDay(civilDateAt(present(parseInstant(instant), 'an instant of a record')));

/** An owner and the units that he is told of. */
export type Notified = {
  readonly person: string;
  readonly units: readonly { readonly building: string; readonly stair: string; readonly room: string }[];
};

/** Every owner of the register in force, or of the named units in it, once, with these units in the order of their places. */
export async function ownersToTell(
  tx: Tx,
  community: string,
  unitIds?: readonly string[],
): Promise<readonly Notified[]> {
  const units = new Map<string, Notified['units'][number][]>();
  for (const { owners, building, stair, room } of await registryUnits(tx, community, unitIds))
    for (const person of owners) {
      const own = units.get(person) ?? [];
      units.set(person, own);
      own.push({ building, stair, room });
    }
  return [...units].map(([person, own]) => ({ person, units: own }));
}
