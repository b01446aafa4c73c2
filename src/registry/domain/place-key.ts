/** The key under which a unit is found again from register to register (DESIGN §7 "Register import", X505). */
import { buildingKey, roomKey, stairKey } from './building-name.ts';
import type { RegisterUnit } from './register-units.ts';
import type { ImportSettings } from './unit-rows.ts';

type Apart = Pick<ImportSettings, 'buildingsApart'>;
type Place = Pick<RegisterUnit, 'building' | 'stair' | 'room'>;

const isApart = ({ building }: Pick<Place, 'building'>, { buildingsApart }: Apart): boolean =>
  buildingsApart?.includes(buildingKey(building)) === true;

/** Equal for the spellings of one place, apart from buildings that the operator keeps apart. */
export function placeKey(unit: Place, settings: Apart): string {
  const proposed = buildingKey(unit.building);
  const building = isApart(unit, settings) ? unit.building : proposed;
  return JSON.stringify([building, stairKey(unit.stair), roomKey(unit.room)]);
}

/**
 * The key by which a known unit is found under these settings. A building that is kept apart now may have come in as one of several
 * spellings: its units are found by the name that they were written under, and keep their ids and letters.
 */
export const knownPlaceKey = (unit: Place & { readonly key: string }, settings: Apart): string =>
  isApart(unit, settings) ? placeKey(unit, settings) : unit.key;
