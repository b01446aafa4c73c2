/**
 * The old system's balances, read from a list or a CSV of `building,stair,room,amount` in yuan: every unit at most once, every
 * line a unit of the register, nothing guessed and nothing half done (DESIGN §7 "Fund"). The CSV is attacker-controlled.
 */
import { parseYuan } from '../../base/fen.ts';
import type { Result } from '../../base/result.ts';
import { readCsv } from '../../registry/domain/csv.ts';
import type { SheetRow } from '../../registry/domain/sheet.ts';
import type { UnitPlace } from './unit-finding.ts';
import { unitFinder } from './unit-finding.ts';

/** A unit's balance in the old books, in fen. */
export type OpeningBalance = { readonly unit: string; readonly amountFen: bigint };

const CODES = {
  OPENING_FILE: ['error', '文件不是完整的 CSV', 'the file is not a whole CSV'],
  OPENING_HEADER: [
    'error',
    '缺少列：幢、单元、室、金额',
    'a column of building, stair, room, amount is missing',
  ],
  OPENING_UNIT_UNKNOWN: ['error', '名册中没有这一户', 'the register has no such unit'],
  OPENING_UNIT_UNCLEAR: [
    'error',
    '这一行可指几户，请写明单元',
    'the line fits several units; give the stair',
  ],
  OPENING_UNIT_REPEATED: ['error', '同一户出现两次', 'the unit occurs twice'],
  OPENING_AMOUNT: [
    'error',
    '金额应为元，最多两位小数，不为负',
    'the amount is not yuan with at most two decimals',
  ],
  OPENING_UNIT_MISSING: ['warning', '名册中的这一户没有余额', 'a unit of the register is not listed'],
  OPENING_ZERO: ['info', '余额为零，不记分录', 'a balance of zero makes no entry'],
} as const satisfies Record<string, readonly ['error' | 'warning' | 'info', string, string]>;

export type OpeningCode = keyof typeof CODES;

/** What is to be said of a line. Rows count from 1 with the header; null where the unit is what is missing. */
export type OpeningFinding = {
  readonly code: OpeningCode;
  readonly level: 'error' | 'warning' | 'info';
  readonly row: number | null;
  /** Unit, or what the line calls it. */
  readonly where: string;
  readonly zh: string;
  readonly en: string;
};

export type OpeningReading = {
  readonly balances: readonly OpeningBalance[];
  readonly findings: readonly OpeningFinding[];
};

const finding = (code: OpeningCode, row: number | null, where: string): OpeningFinding => {
  const [level, zh, en] = CODES[code];
  return { code, level, row, where, zh, en };
};

/** Whether nothing may be booked from this reading. */
export const blocksOpening = (reading: OpeningReading): boolean =>
  reading.findings.some(({ level }) => level === 'error');

const HEADERS: Readonly<Record<'building' | 'stair' | 'room' | 'amount', readonly string[]>> = {
  building: ['building', '幢', '楼栋', '楼号', '栋'],
  stair: ['stair', '单元', '梯'],
  room: ['room', '室', '房号', '室号'],
  amount: ['amount', '金额', '余额', '金额(元)', '余额(元)'],
};

type Columns = Readonly<Record<keyof typeof HEADERS, number>>;

function columnsOf(header: SheetRow | undefined): Columns | undefined {
  const cells = (header?.cells ?? []).map((cell) => cell.normalize('NFKC').trim().toLowerCase());
  const at = (names: readonly string[]) => cells.findIndex((cell) => names.includes(cell));
  const columns = {
    building: at(HEADERS.building),
    stair: at(HEADERS.stair),
    room: at(HEADERS.room),
    amount: at(HEADERS.amount),
  };
  return Object.values(columns).every((column) => column >= 0) ? columns : undefined;
}

/** Balances without repetition and without zero, with what there is to say of them and of units left out. */
function gather(
  lines: readonly (OpeningBalance & { readonly row: number | null; readonly where: string })[],
  units: readonly UnitPlace[],
  before: readonly OpeningFinding[],
): OpeningReading {
  const findings = [...before];
  const seen = new Set<string>();
  const balances: OpeningBalance[] = [];
  for (const { unit, amountFen, row, where } of lines) {
    if (seen.has(unit)) {
      findings.push(finding('OPENING_UNIT_REPEATED', row, where));
      continue;
    }
    seen.add(unit);
    if (amountFen === 0n) findings.push(finding('OPENING_ZERO', row, where));
    else balances.push({ unit, amountFen });
  }
  for (const { unit, building, stair, room } of units)
    if (!seen.has(unit))
      findings.push(finding('OPENING_UNIT_MISSING', null, [building, stair, room].filter(Boolean).join(' ')));
  return { balances, findings };
}

/** Balances of a parsed list, compared with the units of the register. */
export function readOpeningList(
  list: readonly OpeningBalance[],
  units: readonly UnitPlace[],
): OpeningReading {
  const known = new Set(units.map(({ unit }) => unit));
  const findings: OpeningFinding[] = [];
  const lines = list.flatMap((item, at) => {
    const row = at + 1;
    if (!known.has(item.unit)) findings.push(finding('OPENING_UNIT_UNKNOWN', row, item.unit));
    else if (item.amountFen < 0n) findings.push(finding('OPENING_AMOUNT', row, item.unit));
    else return [{ ...item, row, where: item.unit }];
    return [];
  });
  return gather(lines, units, findings);
}

/** Balances of a CSV, compared with the units of the register. */
export function readOpeningCsv(text: string, units: readonly UnitPlace[]): OpeningReading {
  const read: Result<readonly SheetRow[], { readonly code: string }> = readCsv(
    text.replace(/^\uFEFF/, ''),
    ',',
  );
  if (!read.ok) return { balances: [], findings: [finding('OPENING_FILE', null, read.refusal.code)] };
  const [header, ...rows] = read.value;
  const columns = columnsOf(header);
  if (columns === undefined)
    return { balances: [], findings: [finding('OPENING_HEADER', header?.row ?? null, '')] };
  const find = unitFinder(units);
  const findings: OpeningFinding[] = [];
  const lines = rows.flatMap(({ row, cells }) => {
    const cell = (name: keyof Columns): string => (cells[columns[name]] ?? '').trim();
    const place = { building: cell('building'), stair: cell('stair'), room: cell('room') };
    const where = [place.building, place.stair, place.room].filter(Boolean).join(' ');
    const unit = find(place);
    const amount = parseYuan(cell('amount'));
    if (typeof unit === 'string')
      findings.push(
        finding(unit === 'unit-unknown' ? 'OPENING_UNIT_UNKNOWN' : 'OPENING_UNIT_UNCLEAR', row, where),
      );
    else if (!amount.ok) findings.push(finding('OPENING_AMOUNT', row, where));
    else return [{ unit: unit.unit, amountFen: amount.value, row, where }];
    return [];
  });
  return gather(lines, units, findings);
}
