/**
 * The rooms that each building is expected to have, in a closed form, and the rooms that a register lacks or has besides
 * (DESIGN §7 "Register import"; REG-X508). The form is for example `八座: 101-104, 201-204; 9座/1单元: 商铺1, 0101-0603`.
 */
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { buildingKey, roomKey, stairKey } from './building-name.ts';
import type { Report } from './findings.ts';
import type { UnitRows } from './register-units.ts';

/** A building, or one stair of it, with the rooms expected there; `rooms` maps a room's key to its spelling. */
type PlannedBuilding = {
  readonly name: string;
  readonly key: string;
  readonly rooms: ReadonlyMap<string, string>;
};

/** By the keys of buildings as `buildingKey` makes them, with `/` and the stair's key where a stair is named. */
export type BuildingPlan = ReadonlyMap<string, PlannedBuilding>;

/** Longest plan, in characters, and most rooms in it: as many as a register has. */
export const MAX_PLAN_CHARS = 20_000;
const MAX_PLAN_ROOMS = 20_000;
const MAX_NAME = 64;
const SHOWN = 10;

const RANGE = /^(\d{1,5})-(\d{1,5})$/;
const ROOM = /^[\p{L}\p{N}#.]{1,16}$/u;
/** Building, and the stair after a slash. */
const PLACE = /^([^/]+)(?:\/([^/]+))?$/u;

/**
 * Rooms of a range. From three digits on, the last two are the door: 101-104 are four doors of one floor, 101-604 the same four
 * doors on six floors; 1-20 counts plainly. A leading zero stays. Undefined where it runs backwards or mixes the two.
 */
function roomsOfRange(from: string, to: string): readonly string[] | undefined {
  const isPlain = from.length < 3;
  if (isPlain !== to.length < 3 || (from.startsWith('0') && from.length !== to.length)) return undefined;
  const pad = (value: number): string => String(value).padStart(from.startsWith('0') ? from.length : 0, '0');
  const [first, last] = [Number(from), Number(to)];
  const base = isPlain ? 1_000_000 : 100;
  const [floors, doors] = [
    [Math.floor(first / base), Math.floor(last / base)],
    [first % base, last % base],
  ] as const;
  if (floors[0] > floors[1] || doors[0] > doors[1]) return undefined;
  const rooms: string[] = [];
  for (let floor = floors[0]; floor <= floors[1]; floor += 1)
    for (let door = doors[0]; door <= doors[1]; door += 1) {
      if (rooms.length === MAX_PLAN_ROOMS) return undefined;
      rooms.push(pad(floor * base + door));
    }
  return rooms;
}

const keyOf = (building: string, stair: string): string => `${buildingKey(building)}/${stairKey(stair)}`;

/** Rooms of the part after the colon; undefined where an item is none of a room and a range. */
function readRooms(text: string): ReadonlyMap<string, string> | undefined {
  const rooms = new Map<string, string>();
  for (const item of text.split(',').map((each) => each.trim())) {
    const [, from, to] = RANGE.exec(item) ?? [];
    const listed =
      from === undefined || to === undefined
        ? ROOM.test(item)
          ? [item]
          : undefined
        : roomsOfRange(from, to);
    if (listed === undefined) return undefined;
    for (const room of listed) rooms.set(roomKey(room), room);
  }
  return rooms;
}

/** Reads a plan; the refusal's `where` is the part at fault. Full-width punctuation is read as half-width. */
export function readBuildingPlan(text: string): Result<BuildingPlan, Refusal<'BUILDING_PLAN_MALFORMED'>> {
  if (text.length > MAX_PLAN_CHARS) return refuse('BUILDING_PLAN_MALFORMED', `> ${MAX_PLAN_CHARS}`);
  const plan = new Map<string, PlannedBuilding>();
  let count = 0;
  const parts = text.normalize('NFKC').replaceAll('、', ',').split(/[;\n]/);
  for (const part of parts.map((each) => each.trim()).filter((each) => each !== '')) {
    const [place = '', list, ...more] = part.split(':').map((each) => each.trim());
    const [, building = '', stair = ''] = PLACE.exec(place) ?? [];
    const key = keyOf(building.trim(), stair.trim());
    const rooms = list === undefined || more.length > 0 ? undefined : readRooms(list);
    count += rooms?.size ?? 0;
    const isRight = buildingKey(building) !== '' && place.length <= MAX_NAME && !plan.has(key);
    if (!isRight || rooms === undefined || count > MAX_PLAN_ROOMS)
      return refuse('BUILDING_PLAN_MALFORMED', part.slice(0, MAX_NAME));
    plan.set(key, { name: place, key, rooms });
  }
  return plan.size === 0 ? refuse('BUILDING_PLAN_MALFORMED', '') : ok(plan);
}

const listed = (rooms: readonly string[]): string =>
  `${rooms.slice(0, SHOWN).join('、')}${rooms.length > SHOWN ? ` 等 ${rooms.length} 套` : ''}`;

/** Reports the rooms that a planned building lacks, and each room that stands outside the plan. Parking spaces are not planned. */
export function checkBuildingPlan(groups: readonly UnitRows[], plan: BuildingPlan, report: Report): void {
  const seen = new Map<string, Set<string>>();
  for (const { unit, entries } of groups) {
    if (unit.kind === 'parking' || unit.kind === 'storage') continue;
    const byStair = keyOf(unit.building, unit.stair);
    // A plan that names no stair speaks of the whole building.
    const key = plan.has(byStair) ? byStair : keyOf(unit.building, '');
    const room = roomKey(unit.room);
    const isPlanned = plan.get(key)?.rooms.has(room) === true;
    if (!isPlanned) report('REG-X508', entries[0].view.at('room', { detail: '不在楼栋计划中' }));
    const rooms = seen.get(key) ?? new Set();
    seen.set(key, rooms.add(room));
  }
  for (const { name, key, rooms } of plan.values()) {
    const missing = [...rooms]
      .filter(([room]) => seen.get(key)?.has(room) !== true)
      .map(([, shown]) => shown);
    if (missing.length === 0) continue;
    report('REG-X508', { field: 'building', value: name, detail: `缺 ${listed(missing)}` });
  }
}
