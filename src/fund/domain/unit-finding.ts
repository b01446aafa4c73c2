/** Which unit a line of a file speaks of: by building and room, and the stair where it is given (DESIGN §7 "Fund"). */
import { buildingKey, roomKey, stairKey } from '../../registry/domain/building-name.ts';
import type { Place } from './account-names.ts';

export type UnitPlace = Place & { readonly unit: string };

const placeKey = ({ building, room }: Place): string =>
  JSON.stringify([buildingKey(building), roomKey(room)]);

/** Finds units by what a line calls them; without a stair, only where one unit has this building and room. */
export function unitFinder(
  units: readonly UnitPlace[],
): (place: Place) => UnitPlace | 'unit-unknown' | 'unit-unclear' {
  const groups = new Map<string, UnitPlace[]>();
  for (const unit of units) {
    const group = groups.get(placeKey(unit));
    if (group === undefined) groups.set(placeKey(unit), [unit]);
    else group.push(unit);
  }
  return (place) => {
    const found = groups.get(placeKey(place)) ?? [];
    const fitting =
      place.stair === '' ? found : found.filter((unit) => stairKey(unit.stair) === stairKey(place.stair));
    const [first] = fitting;
    if (first === undefined) return 'unit-unknown';
    return fitting.length === 1 ? first : 'unit-unclear';
  };
}
