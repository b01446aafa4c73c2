/** A bank's CSV as rows by the meaning of their columns, whatever the bank calls them; the text is attacker-controlled (SPEC 8.3). */
import type { CivilDate } from '../../base/civil-date.ts';
import { parseYuan } from '../../base/fen.ts';
import type { Result } from '../../base/result.ts';
import { readDate, trimCell, unwrap } from '../../registry/domain/cells.ts';
import { readCsv } from '../../registry/domain/csv.ts';
import type { SheetRow } from '../../registry/domain/sheet.ts';
import type { BankFinding } from './bank-findings.ts';
import { bankFinding } from './bank-findings.ts';

/** As many receipts as one request may book. */
export const MAX_LINES = 5000;

const HEADERS = {
  receipt: ['receipt', '回单号', '回单编号', '流水号', '交易流水号', '凭证号', '业务编号'],
  day: ['date', 'valueon', '日期', '交易日期', '入账日期', '记账日期', '起息日'],
  amount: ['amount', '金额', '金额(元)', '交易金额'],
  moneyIn: ['in', 'credit', '收入', '贷方', '贷方金额', '贷方发生额', '收入金额', '存入'],
  moneyOut: ['out', 'debit', '支出', '借方', '借方金额', '借方发生额', '支出金额', '支取'],
  building: ['building', '幢', '楼栋', '楼号', '栋'],
  stair: ['stair', '单元', '梯'],
  room: ['room', '室', '房号', '室号'],
} as const;

export type BankColumn = keyof typeof HEADERS;

/** A line by the meaning of its cells; a column that the file does not have is empty. */
export type BankLine = { readonly row: number; readonly cell: (column: BankColumn) => string };

/** The lines of a file, or the one finding that says why there are none. */
export type BankSheet =
  | { readonly lines: readonly BankLine[]; readonly finding?: never }
  | { readonly finding: BankFinding };

const columnAt = (header: SheetRow, column: BankColumn): number => {
  const names: readonly string[] = HEADERS[column];
  return header.cells.findIndex((cell) => names.includes(trimCell(cell.normalize('NFKC')).toLowerCase()));
};

/** What a column is called to people. */
const inChinese = (column: BankColumn): string =>
  HEADERS[column].find((name) => /\p{Script=Han}/u.test(name)) ?? column;

/** Reads a CSV whose first row is the header with at least these columns. */
export function readBankSheet(text: string, needed: readonly BankColumn[]): BankSheet {
  const read: Result<readonly SheetRow[], { readonly code: string }> = readCsv(
    text.replace(/^\uFEFF/, ''),
    ',',
  );
  if (!read.ok) return { finding: bankFinding('FUND-F001', null, read.refusal.code) };
  const [header, ...rows] = read.value;
  const missing = needed.filter((column) => header === undefined || columnAt(header, column) < 0);
  if (header === undefined || missing.length > 0)
    return { finding: bankFinding('FUND-F002', header?.row ?? null, missing.map(inChinese).join('、')) };
  if (rows.length > MAX_LINES) return { finding: bankFinding('FUND-F004', null, String(rows.length)) };
  const places = new Map(
    (Object.keys(HEADERS) as BankColumn[]).map((column) => [column, columnAt(header, column)]),
  );
  return {
    lines: rows.map(({ row, cells }) => ({
      row,
      cell: (column) => unwrap(cells[places.get(column) ?? -1] ?? '').text,
    })),
  };
}

const GROUPED = /^[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?$/;

/** Fen of an amount above zero, with or without commas between thousands; undefined where it is none. */
export function readAmount(text: string): bigint | undefined {
  const folded = text.normalize('NFKC').replace(/^¥\s*/, '');
  const amount = parseYuan(GROUPED.test(folded) ? folded.replaceAll(',', '') : folded);
  return amount.ok && amount.value > 0n ? amount.value : undefined;
}

/** The day of a line, or the code of what is wrong with it. */
export function readDay(text: string, today: CivilDate): CivilDate | 'FUND-F013' | 'FUND-F014' {
  const { value, code } = readDate(text, today);
  if (value === undefined) return 'FUND-F013';
  return code === undefined ? value : 'FUND-F014';
}
