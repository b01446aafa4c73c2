/** The key under which a unit is found again from register to register (DESIGN §7 "Register import", X505). */
import { buildingKey, roomKey, stairKey } from './building-name.ts';
import type { RegisterUnit } from './register-units.ts';
import type { ImportSettings } from './unit-rows.ts';

/** Equal for the spellings of one place, apart from buildings that the operator keeps apart. */
export function placeKey(
  unit: Pick<RegisterUnit, 'building' | 'stair' | 'room'>,
  settings: Pick<ImportSettings, 'buildingsApart'>,
): string {
  const proposed = buildingKey(unit.building);
  const building = settings.buildingsApart?.includes(proposed) === true ? unit.building : proposed;
  return JSON.stringify([building, stairKey(unit.stair), roomKey(unit.room)]);
}
