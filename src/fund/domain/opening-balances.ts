/**
 * The old system's balances, read from a list, or from a file of building, stair, room and amount in yuan: every unit at most once,
 * every line a unit of the register, nothing guessed and nothing half done (SPEC 8.3). The file is attacker-controlled.
 */
import { parseYuan, sumFen } from '../../base/fen.ts';
import { finding as fileFinding } from '../../registry/domain/findings.ts';
import type { NamedFault, NamedReading } from '../../registry/domain/named-columns.ts';
import { readNamedText } from '../../registry/domain/named-columns.ts';
import type { UnitPlace } from './unit-finding.ts';
import { unitFinder } from './unit-finding.ts';

/** A unit's balance in the old books, in fen. */
export type OpeningBalance = { readonly unit: string; readonly amountFen: bigint };

const CODES = {
  OPENING_FILE: ['error', '文件读不出来', 'the file cannot be read'],
  OPENING_SHEETS: [
    'error',
    '有几个工作表都有这些列，请只保留一个',
    'several worksheets have these columns; keep one',
  ],
  OPENING_HEADER: [
    'error',
    '缺少列：幢、单元、室、金额',
    'a column of building, stair, room, amount is missing',
  ],
  OPENING_COLUMN_TWICE: [
    'error',
    '幢、单元、室、金额中有一列出现两次（如同时有“金额”和“余额”），请只保留要录入的一列',
    'a column occurs twice, such as two amounts; keep the one that is meant',
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
  OPENING_TOTAL: ['info', '合计行或小计行，不作一户读入', 'a line of totals, which is no unit'],
  OPENING_TOTAL_DIFFERS: ['error', '合计与各行金额之和不等', 'the total is not the sum of the lines'],
  OPENING_HIDDEN: ['warning', '有隐藏的行或列，也读入了', 'hidden rows or columns were read too'],
  OPENING_FORMULA: [
    'warning',
    '有的格是公式，读的是上次计算的结果',
    'cells are formulas, of which the last result was read',
  ],
  OPENING_STANDS: ['info', '期初余额已在账，相同的不再记', 'the balance stands in the book already'],
  OPENING_REVERSED: [
    'error',
    '期初余额冲回过，请按银行回单补记',
    'the opening balance was reversed; enter the money by its receipt',
  ],
  OPENING_DIFFERS: [
    'error',
    '期初余额已在账，金额与文件不同',
    'the book has another opening balance of the unit',
  ],
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

/** What the columns of a file are called. */
export const OPENING_COLUMNS = {
  building: { names: ['building', '幢', '楼栋', '楼号', '栋'], isFilled: true },
  stair: { names: ['stair', '单元', '梯'], isFilled: true },
  room: { names: ['room', '室', '房号', '室号'] },
  amount: { names: ['amount', '金额', '余额', '金额(元)', '余额(元)'] },
} as const;

/** Why there are no lines: a fault of the file in the words of the register's import, which reads the same kinds of files. */
function faultFinding({ code, row }: NamedFault): OpeningFinding {
  if (code === 'no-header') return finding('OPENING_HEADER', row, '');
  if (code === 'column-twice') return finding('OPENING_COLUMN_TWICE', row, '');
  if (code === 'several-sheets') return finding('OPENING_SHEETS', row, '');
  const { message, hint } = fileFinding(code);
  const made = finding('OPENING_FILE', row, code);
  return { ...made, zh: `${made.zh}：${message}。${hint}` };
}

/** The opening balance of a unit that was booked before, in fen; each unit has one, ever. */
export type Standing = { readonly amountFen: bigint; readonly isReversed: boolean };

/** What there is to say of an opening balance that the book was told before. */
export function standingFinding(
  stands: Standing,
  {
    amountFen,
    row,
    where,
  }: { readonly amountFen: bigint; readonly row: number | null; readonly where: string },
): OpeningFinding {
  if (stands.isReversed) return finding('OPENING_REVERSED', row, where);
  return finding(stands.amountFen === amountFen ? 'OPENING_STANDS' : 'OPENING_DIFFERS', row, where);
}

/** Balances without repetition and without zero, with what there is to say of them and of units left out. */
function gather(
  lines: readonly (OpeningBalance & { readonly row: number | null; readonly where: string })[],
  units: readonly UnitPlace[],
  before: readonly OpeningFinding[],
  standing: ReadonlyMap<string, Standing> = new Map(),
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
    if (!seen.has(unit) && !standing.has(unit))
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

/** A row of totals has such a label, an amount, and no room. */
const TOTAL = /^(?:合计|总计|共计|小计)/u;
const GRAND_TOTAL = /^(?:合计|总计|共计)/u;

type Line = OpeningBalance & { readonly row: number; readonly where: string };

/** A grand total says what the lines come to; one that says otherwise tells of a line that is missing or wrong. */
function totalFinding(row: number, label: string, amount: string, lines: readonly Line[]): OpeningFinding {
  const total = parseYuan(amount);
  const isSum = total.ok && total.value === sumFen(lines.map(({ amountFen }) => amountFen));
  const isOther = GRAND_TOTAL.test(label) && amount !== '' && !isSum;
  return finding(isOther ? 'OPENING_TOTAL_DIFFERS' : 'OPENING_TOTAL', row, label);
}

/** Balances of a file's rows, compared with the units of the register; those that stand in the book, by unit in fen, are said and not listed again. */
export function readOpeningRows(
  reading: NamedReading,
  units: readonly UnitPlace[],
  standing: ReadonlyMap<string, Standing> = new Map(),
): OpeningReading {
  if (!reading.ok) return { balances: [], findings: [faultFinding(reading.refusal)] };
  const { rows, hidden, formulas } = reading.value;
  const find = unitFinder(units);
  const findings: OpeningFinding[] = [];
  if (hidden > 0) findings.push(finding('OPENING_HIDDEN', null, String(hidden)));
  if (formulas > 0) findings.push(finding('OPENING_FORMULA', null, String(formulas)));
  const lines: Line[] = [];
  for (const { row, cells } of rows) {
    const { building = '', stair = '', room = '', amount = '' } = cells;
    const where = [building, stair, room].filter(Boolean).join(' ');
    // Our columns are empty in a row of signatures or remarks.
    if (where === '' && amount === '') continue;
    const label = building.normalize('NFKC').replace(/\s/g, '');
    if (room === '' && TOTAL.test(label)) {
      findings.push(totalFinding(row, label, amount, lines));
      continue;
    }
    const unit = find({ building, stair, room });
    const fen = parseYuan(amount);
    if (typeof unit === 'string')
      findings.push(
        finding(unit === 'unit-unknown' ? 'OPENING_UNIT_UNKNOWN' : 'OPENING_UNIT_UNCLEAR', row, where),
      );
    else if (!fen.ok) findings.push(finding('OPENING_AMOUNT', row, where));
    else lines.push({ unit: unit.unit, amountFen: fen.value, row, where });
  }
  for (const line of lines) {
    const stands = standing.get(line.unit);
    if (stands !== undefined) findings.push(standingFinding(stands, line));
  }
  const { balances, ...said } = gather(lines, units, findings, standing);
  return { balances: balances.filter(({ unit }) => !standing.has(unit)), ...said };
}

/** Balances of a CSV, compared with the units of the register. */
export const readOpeningCsv = (text: string, units: readonly UnitPlace[]): OpeningReading =>
  readOpeningRows(readNamedText(text.replace(/^\uFEFF/, ''), OPENING_COLUMNS), units);
