/**
 * Room numbers that break the pattern of their building: an outlier, or a door that is missing on one floor
 * (X507).
 */
import { present } from '../../base/assert.ts';
import type { Report } from './findings.ts';
import { maskValue } from './masking.ts';
import type { UnitRows } from './register-units.ts';

/** Below this many units a building shows no pattern. */
const LEAST_UNITS = 12;
/** A pattern holds where at least four of five units follow it. */
const follows = (part: number, whole: number): boolean => 5 * part >= 4 * whole;
const SHOWN = 5;

/** Digits as 9 and letters as A: 0301 and 1204 have one shape, 301 another. */
const shapeOf = (room: string): string => room.replace(/\d/g, '9').replace(/[A-Z]/g, 'A');

type Building = readonly [UnitRows, ...UnitRows[]];

function byBuilding(groups: readonly UnitRows[]): readonly Building[] {
  const buildings = new Map<string, [UnitRows, ...UnitRows[]]>();
  for (const group of groups) {
    const { unit } = group;
    if (unit.kind !== 'dwelling') continue;
    const key = JSON.stringify([unit.buildingKey, unit.stair]);
    const list = buildings.get(key);
    if (list === undefined) buildings.set(key, [group]);
    else list.push(group);
  }
  return [...buildings.values()].filter((units) => units.length >= LEAST_UNITS);
}

function reportOutliers(units: Building, report: Report): void {
  const counts = new Map<string, number>();
  // Floors 1–9 and 10–99 differ by one digit, which is no break; so digits count as one run.
  const shape = ({ unit }: UnitRows): string => shapeOf(unit.room).replace(/9{3,4}/g, '9999');
  for (const group of units) {
    const key = shape(group);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const group of units) {
    const count = present(counts.get(shape(group)), 'counted above');
    const isOutlier = count <= 2 && follows(units.length - count, units.length);
    if (isOutlier) report('REG-X507', group.entries[0].view.at('room', { detail: '写法与同栋其他房号不同' }));
  }
}

/** Floor and door of a room such as 301 or 1204. */
function floorAndDoor(room: string): { readonly floor: number; readonly door: string } | undefined {
  return /^0?\d{3,4}$/.test(room) ? { floor: Number(room.slice(0, -2)), door: room.slice(-2) } : undefined;
}

function reportGaps(units: Building, report: Report): void {
  const doors = new Map<string, Set<number>>();
  const floors = new Set<number>();
  for (const { unit } of units) {
    const place = floorAndDoor(unit.room);
    if (place === undefined) continue;
    floors.add(place.floor);
    doors.set(place.door, (doors.get(place.door) ?? new Set()).add(place.floor));
  }
  const missing: string[] = [];
  for (const [door, present] of doors) {
    if (!follows(present.size, floors.size)) continue;
    // Only between floors that have this door: ground floors and penthouses are often different.
    const [lowest, highest] = [Math.min(...present), Math.max(...present)];
    const between = [...floors].filter((floor) => floor > lowest && floor < highest);
    for (const floor of between) if (!present.has(floor)) missing.push(`${floor}${door}`);
  }
  if (missing.length === 0) return;
  const building = maskValue('building', units[0].unit.building);
  const shown = missing.slice(0, SHOWN).join('、');
  const detail = `${building}似缺 ${shown}${missing.length > SHOWN ? ' 等' : ''}`;
  report('REG-X507', units[0].entries[0].view.at('room', { detail }));
}

/** Reports rooms that break the pattern of their building and stair. */
export function checkRoomPatterns(groups: readonly UnitRows[], report: Report): void {
  for (const units of byBuilding(groups)) {
    reportOutliers(units, report);
    reportGaps(units, report);
  }
}
