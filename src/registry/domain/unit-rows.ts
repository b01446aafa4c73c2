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
  /** Everything that the row says, to tell a copy from a contradiction. */
  readonly text: string;
};

/** What the operator or the calendar decides. */
export type ImportSettings = {
  /** Date of the check, Asia/Shanghai. */
  readonly today: CivilDate;
  /** The operator's rule for areas with more than two decimals; without it they block. */
  readonly areaRounding?: AreaRounding;
  /** Canonical keys of names that the operator keeps apart although they look like one building. */
  readonly buildingsApart?: readonly string[];
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
  const areaDm2 = readAreaCell('area', view, settings, report);
  const state = readStateCell(view, report);
  const sinceOn = readSince(view, settings.today, report);
  if (phase === undefined || bare === undefined || stair === undefined) return undefined;
  if (room === undefined || areaDm2 === undefined) return undefined;
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
    areaDm2,
    areaSource: readAreaSource(view.text('areaSource')),
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
    titleNo: '',
    sinceOn: '',
    isBesideUnit: true,
  };
}

const FIELDS_OF_TEXT: readonly Field[] = [
  'phase',
  'building',
  'stair',
  'room',
  'area',
  'areaSource',
  'ownerName',
  'idType',
  'idNo',
  'mailingAddress',
  'titleNo',
  'coOwn',
  'share',
  'use',
  'state',
  'since',
  'parkNo',
  'parkArea',
];

const textOf = (view: RowView): string =>
  JSON.stringify([
    ...FIELDS_OF_TEXT.map((field) => view.text(field)),
    ...view.phones.map(({ text }) => text),
  ]);

/** Whether the row only adds owners: an owner, but neither building nor room nor area. */
const addsOwners = (view: RowView): boolean =>
  view.text('ownerName') !== '' &&
  (['building', 'room', 'area'] as const).every((field) => view.text(field) === '' && !view.isFaulty(field));

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
  const entry: Entry = { view, unit, owners, coOwnership, text: textOf(view) };
  const none: CoOwnership = { byShares: false, shares: [] };
  return parking === undefined ? [entry] : [entry, { ...entry, unit: parking, coOwnership: none }];
}
