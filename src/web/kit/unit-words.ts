/** Units and areas in words. */
import { parseDecimal, showSquareMetres } from '../../base/area.ts';
import type { RollLeaf, RollUnit } from '../../record/roll.ts';

/** `1栋 2单元 1203`. */
export const unitWords = ({ building, stair, room }: Pick<RollUnit, 'building' | 'stair' | 'room'>): string =>
  [building, stair, room].filter((part) => part !== '').join(' ');

/** The first units of a leaf, and how many more there are. */
export function leafWords({ units }: Pick<RollLeaf, 'units'>): string {
  const shown = units.slice(0, 3).map(unitWords).join('、');
  return units.length > 3 ? `${shown} 等 ${units.length} 套` : shown;
}

/** An area of dm² in square metres. */
export const areaWords = (areaDm2: string): string => showSquareMetres(parseDecimal(areaDm2) ?? 0n);
