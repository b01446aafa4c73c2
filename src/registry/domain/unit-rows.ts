/**
 * From a row to the unit and the owners that it states; a row without a unit adds owners to the one above.
 */
import type { CivilDate } from '../../base/civil-date.ts';
import type { AreaRounding } from './area-cell.ts';
import { readArea } from './area-cell.ts';
import { buildingKey, roomKey, stairKey, withPhase } from './building-name.ts';
import type { AreaSource, UnitKind } from './cells.ts';
import {
  isPlaceholder,
  looksLikeDate,
  readAreaSource,
  readDate,
  readKind,
  readState,
  trimCell,
} from './cells.ts';
import type { Report } from './findings.ts';
import type { UnitState } from './head.ts';
import type { Field } from './headers.ts';
import { AREA_FIELDS, mainAreaField } from './headers.ts';
import type { Owner } from './owner-cells.ts';
import { readOwners } from './owner-cells.ts';
import type { RowView } from './row-view.ts';
import type { CoOwnership } from './shares.ts';
import { readCoOwnership } from './shares.ts';

/** A unit as one row states it. */
export type UnitPart = {
  /** Equal for rows of the same unit. */
  readonly key: string;
  readonly buildingKey: string;
  /** Text of the building as written, with its phase. */
  readonly building: string;
  readonly stair: string;
  readonly room: string;
  readonly kind: UnitKind;
  readonly state: UnitState;
  readonly areaDm2: bigint;
  readonly areaSource: AreaSource;
  /** The column that the area was taken from. */
  readonly areaField: 'area' | 'areaSurvey' | 'areaContract' | 'parkArea';
  readonly titleNo: string;
  readonly sinceOn: CivilDate | '';
  /** A parking space that stands in the columns 车位号 and 车位面积 of its owner's dwelling. */
  readonly isBesideUnit: boolean;
};

/** A row that was read. `unit` is undefined where the row adds owners to the unit above it. */
export type Entry = {
  readonly view: RowView;
  readonly unit: UnitPart | undefined;
  readonly owners: readonly Owner[];
  readonly coOwnership: CoOwnership;
};

/** What the operator or the calendar decides. */
export type ImportSettings = {
  /** Date of the check, Asia/Shanghai. */
  readonly today: CivilDate;
  /** The operator's rule for areas with more than two decimals; without it they block. */
  readonly areaRounding?: AreaRounding;
  /** Canonical keys of names that the operator keeps apart although they look like one building. */
  readonly buildingsApart?: readonly string[];
  /** The rooms that are expected, in the form of `building-plan.ts`; it must read. */
  readonly plan?: string;
};

/** Longest building, stair or room. */
const MAX_PLACE = 64;

/** Text of a part of the address, or undefined where it cannot be used. */
function readPlaceText(field: Field, view: RowView, isRequired: boolean, report: Report): string | undefined {
  const text = trimCell(view.text(field).normalize('NFKC'));
  if (view.isFaulty(field)) return undefined;
  if (text === '' || isPlaceholder(text)) {
    if (isRequired) report('REG-C301', view.at(field));
    return isRequired ? undefined : '';
  }
  if (looksLikeDate(text)) {
    report('REG-C306', view.at(field));
    return undefined;
  }
  if (text.length <= MAX_PLACE) return text;
  report('REG-F015', view.at(field, { detail: `超过 ${MAX_PLACE} 个字` }));
  return undefined;
}

function readAreaCell(
  field: Field,
  view: RowView,
  settings: ImportSettings,
  report: Report,
): bigint | undefined {
  const text = view.text(field);
  if (view.isFaulty(field)) return undefined;
  if (text === '') {
    report('REG-C301', view.at(field));
    return undefined;
  }
  const read = readArea(text, settings.areaRounding);
  if (read.code !== undefined) {
    const decided = read.code === 'REG-C305' && read.areaDm2 !== undefined;
    report(read.code, view.at(field, decided ? { level: 'warning', detail: '已按选定的规则取舍' } : {}));
  }
  return read.areaDm2;
}

/** Art. 8's order: the register's area, else the survey's, else the contract's. */
const SOURCES: readonly AreaSource[] = ['register', 'survey', 'contract'];

type UnitArea = Pick<UnitPart, 'areaDm2' | 'areaSource' | 'areaField'>;

/** The area that counts, of all that a row states; what ranks behind it is not read. */
function readUnitArea(view: RowView, settings: ImportSettings, report: Report): UnitArea | undefined {
  const sourceOf = { areaSurvey: 'survey', areaContract: 'contract' } as const;
  const stated = AREA_FIELDS.map((field) => ({
    field,
    source: field === 'area' ? readAreaSource(view.text('areaSource')) : sourceOf[field],
    text: view.text(field),
  })).filter(({ text }) => text !== '' && !isPlaceholder(text));
  if (AREA_FIELDS.some((field) => view.isFaulty(field))) return undefined;
  const [first, rival] =
    SOURCES.map((source) => stated.filter((each) => each.source === source)).find(
      (same) => same.length > 0,
    ) ?? [];
  // Without any, the column that the file has says what it lacks.
  const areaField = first?.field ?? mainAreaField((field) => view.has(field));
  const areaDm2 = readAreaCell(areaField, view, settings, report);
  if (rival !== undefined && readArea(rival.text, settings.areaRounding).areaDm2 !== areaDm2)
    report('REG-C307', view.at(rival.field));
  return areaDm2 === undefined ? undefined : { areaDm2, areaSource: first?.source ?? 'register', areaField };
}

function readStateCell(view: RowView, report: Report): UnitState {
  const state = readState(view.text('state'));
  if (state === undefined) report('REG-N704', view.at('state'));
  return state ?? 'delivered';
}

function readSince(view: RowView, today: CivilDate, report: Report): CivilDate | '' {
  const text = view.text('since');
  if (text === '' || isPlaceholder(text)) return '';
  const read = readDate(text, today);
  if (read.code !== undefined) report(read.code, view.at('since'));
  return read.value ?? '';
}

function readUnit(view: RowView, settings: ImportSettings, report: Report): UnitPart | undefined {
  const phase = readPlaceText('phase', view, false, report);
  const bare = readPlaceText('building', view, true, report);
  const stair = readPlaceText('stair', view, false, report);
  const room = readPlaceText('room', view, true, report);
  const area = readUnitArea(view, settings, report);
  const state = readStateCell(view, report);
  const sinceOn = readSince(view, settings.today, report);
  if (phase === undefined || bare === undefined || stair === undefined) return undefined;
  if (room === undefined || area === undefined) return undefined;
  const building = withPhase(phase, bare);
  const proposed = buildingKey(building);
  const key = settings.buildingsApart?.includes(proposed) === true ? building : proposed;
  return {
    key: JSON.stringify([key, stairKey(stair), roomKey(room)]),
    buildingKey: key,
    building,
    stair,
    room,
    kind: readKind(view.text('use'), `${building}${room}`),
    state,
    ...area,
    titleNo: view.text('titleNo'),
    sinceOn,
    isBesideUnit: false,
  };
}

/** The parking space that a row names beside its unit, where it has an area of its own. */
function readParking(
  view: RowView,
  state: UnitState,
  settings: ImportSettings,
  report: Report,
): UnitPart | undefined {
  const room = trimCell(view.text('parkNo').normalize('NFKC'));
  const area = view.text('parkArea');
  const hasNumber = room !== '' && !isPlaceholder(room);
  const hasArea = area !== '' && !isPlaceholder(area);
  if (hasNumber && !hasArea) report('REG-N706', view.at('parkNo'));
  if (!hasArea || view.isFaulty('parkNo')) return undefined;
  const number = readPlaceText('parkNo', view, true, report);
  const areaDm2 = readAreaCell('parkArea', view, settings, report);
  if (number === undefined || areaDm2 === undefined) return undefined;
  return {
    key: JSON.stringify(['车位', '', roomKey(number)]),
    buildingKey: '车位',
    building: '车位',
    stair: '',
    room: number,
    kind: 'parking',
    state,
    areaDm2,
    areaSource: readAreaSource(view.text('areaSource')),
    areaField: 'parkArea',
    titleNo: '',
    sinceOn: '',
    isBesideUnit: true,
  };
}

/** Whether the row only adds owners: an owner, but neither building nor room nor area. */
const addsOwners = (view: RowView): boolean =>
  view.text('ownerName') !== '' &&
  (['building', 'room', ...AREA_FIELDS] as const).every(
    (field) => view.text(field) === '' && !view.isFaulty(field),
  );

/**
 * What a row states: two entries where it names a parking space beside its unit, undefined where its unit
 * is unusable, so that owners below it are not given to the unit above.
 */
export function readEntries(
  view: RowView,
  isFirst: boolean,
  settings: ImportSettings,
  report: Report,
): readonly (Entry | undefined)[] {
  const continues = !isFirst && addsOwners(view);
  const unit = continues ? undefined : readUnit(view, settings, report);
  const owners = readOwners(view, settings.today, report);
  const coOwnership = readCoOwnership(view, owners?.length ?? 0, report);
  const parking = readParking(view, unit?.state ?? 'delivered', settings, report);
  const isUnusable = owners === undefined || coOwnership === undefined || (unit === undefined && !continues);
  if (isUnusable) return continues ? [] : [undefined];
  const entry: Entry = { view, unit, owners, coOwnership };
  const none: CoOwnership = { byShares: false, shares: [] };
  return parking === undefined ? [entry] : [entry, { ...entry, unit: parking, coOwnership: none }];
}
