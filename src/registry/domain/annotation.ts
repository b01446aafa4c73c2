/** The register as it was read, with what the check found beside each row and the cells at fault coloured (DESIGN §7 "Register import"). */
import type { Finding, Level } from './findings.ts';
import { AREA_FIELDS, fieldsOf, findHeader } from './headers.ts';
import type { Sheet, SheetRow } from './sheet.ts';
import { MAX_CELL_CHARACTERS, MAX_COLUMNS } from './sheet.ts';
import type { Mark, WrittenCell, WrittenRow, WrittenSheet } from './written-sheet.ts';

/** Header of the column that we add; the import ignores it, and a second annotation writes over it. */
export const PROBLEM_HEADER = '问题（导入检查）';
const NOTES_NAME = '问题说明';

const LEVEL_WORDS: Readonly<Record<Level, string>> = { error: '阻断', warning: '请确认', info: '提示' };
const LEVEL_MARKS: Readonly<Record<Level, Mark>> = { error: 'error', warning: 'warning', info: 'none' };
const LEVELS: readonly Level[] = ['error', 'warning', 'info'];

/** Zero-based column of its letters. */
const columnOf = (letters: string): number =>
  [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** A number of few enough digits to be stored as one and read as the same. */
const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,4})?$/;

const shorten = (text: string): string =>
  text.length <= MAX_CELL_CHARACTERS ? text : `${[...text].slice(0, MAX_CELL_CHARACTERS - 1).join('')}…`;

/** Where the header's texts stand, and where a header may be added: in the upper of two rows, since a note in the lower one ends a header. */
function headerPlace(rows: readonly SheetRow[]) {
  const header = findHeader(rows);
  if (header === undefined) return undefined;
  const at = rows.findIndex(({ row }) => row === header.row);
  const isSingle = rows[at]?.cells === header.texts;
  return { texts: header.texts, last: header.row, add: isSingle ? header.row : (rows[at - 1]?.row ?? 0) };
}

/** Rows, columns and levels of findings, as far as a row has them. */
function byRow(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const found = new Map<number, Finding[]>();
  for (const item of findings) {
    if (item.row === null || item.level === 'info') continue;
    const list = found.get(item.row);
    if (list === undefined) found.set(item.row, [item]);
    else list.push(item);
  }
  return found;
}

const sentence = ({ level, code, column, header, message, hint }: Finding): string =>
  `【${LEVEL_WORDS[level]}】${header ?? (column === null ? '' : `${column} 列`)}：${message}。${hint}（${code}）`;

function annotateRow(
  row: SheetRow,
  problems: readonly Finding[],
  areaColumns: ReadonlySet<number>,
  problemColumn: number | undefined,
): WrittenRow {
  const marks = new Map<number, Mark>();
  for (const level of ['warning', 'error'] as const)
    for (const item of problems)
      if (item.level === level && item.column !== null) marks.set(columnOf(item.column), LEVEL_MARKS[level]);
  const width = Math.max(row.cells.length, ...[...marks.keys()].map((column) => column + 1));
  const cells = Array.from({ length: width }, (_, column): WrittenCell | undefined => {
    const text = column === problemColumn ? '' : (row.cells[column] ?? '');
    const mark = marks.get(column);
    if (text === '' && mark === undefined) return undefined;
    const isNumber = areaColumns.has(column) && PLAIN_NUMBER.test(text);
    return { text, isNumber, ...(mark === undefined ? {} : { mark }) };
  });
  if (problemColumn === undefined || problems.length === 0) return { row: row.row, cells };
  while (cells.length < problemColumn) cells.push(undefined);
  const isError = problems.some(({ level }) => level === 'error');
  // What blocks first: a long list is cut off.
  const sorted = [...problems].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  cells[problemColumn] = {
    text: shorten(sorted.map(sentence).join('\n')),
    mark: isError ? 'error' : 'warning',
  };
  return { row: row.row, cells };
}

const MAX_PLACES = 20;

const placeOf = ({ row, column }: Finding): string =>
  row === null ? '整个文件' : column === null ? `第 ${row} 行` : `${column}${row}`;

/** The findings by level and code, with what to do. */
function notesOf(findings: readonly Finding[]): WrittenSheet {
  const rows: WrittenCell[][] = [
    [{ text: '改正红色的单元格后，把本文件直接重新导入；黄色的请核对。本页和“问题”一列不会导入。' }],
    ['级别', '代码', '问题', '怎么办', '处数', '位置'].map((text) => ({ text, mark: 'header' })),
  ];
  for (const level of LEVELS) {
    const codes = new Set(findings.filter((item) => item.level === level).map(({ code }) => code));
    for (const code of codes) {
      const items = findings.filter((item) => item.code === code && item.level === level);
      const places = items.slice(0, MAX_PLACES).map(placeOf).join('、');
      const more = items.length > MAX_PLACES ? `……等 ${items.length} 处` : '';
      const message = items[0]?.message ?? '';
      const texts = [
        code,
        items.length === 1 ? message : message.replace(/（[^（）]*）$/u, ''),
        items[0]?.hint ?? '',
        String(items.length),
        `${places}${more}`,
      ];
      rows.push([
        { text: LEVEL_WORDS[level], mark: LEVEL_MARKS[level] },
        ...texts.map((text) => ({ text: shorten(text) })),
      ]);
    }
  }
  return {
    name: NOTES_NAME,
    columns: [10, 12, 36, 50, 8, 40].map((width) => ({ width })),
    rows: rows.map((cells, at) => ({ row: at + 1, cells })),
    frozenRows: 2,
  };
}

const [WIDTH, PROBLEM_WIDTH] = [16, 60];

/**
 * The worksheets of the annotated workbook: the register with its rows, places and merges as they were read, and the findings by code. A
 * formula comes back as its last result; a register of 64 columns has no room for ours and only colours.
 */
export function annotateSheet(sheet: Sheet, findings: readonly Finding[]): readonly WrittenSheet[] {
  const header = headerPlace(sheet.rows);
  const width = sheet.rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const earlier = header?.texts.indexOf(PROBLEM_HEADER) ?? -1;
  const column = earlier >= 0 ? earlier : width;
  const problemColumn = header === undefined || column >= MAX_COLUMNS ? undefined : column;
  const areas = new Set<number>();
  for (const [at, text] of (header?.texts ?? []).entries())
    if (fieldsOf(text).some((field) => (AREA_FIELDS as readonly string[]).includes(field))) areas.add(at);
  const problems = byRow(findings);
  const rows = sheet.rows.map((row) => {
    const annotated = annotateRow(row, problems.get(row.row) ?? [], areas, problemColumn);
    if (row.row !== header?.add || problemColumn === undefined) return annotated;
    const cells = [...annotated.cells];
    while (cells.length < problemColumn) cells.push(undefined);
    cells[problemColumn] = { text: PROBLEM_HEADER, mark: 'header' };
    return { row: row.row, cells };
  });
  const columns = Array.from({ length: Math.max(width, (problemColumn ?? -1) + 1) }, (_, at) => ({
    width: at === problemColumn ? PROBLEM_WIDTH : WIDTH,
    isText: !areas.has(at),
  }));
  const register = { name: sheet.name, columns, rows, frozenRows: header?.last ?? 0, merges: sheet.merges };
  return [sheet.name.trim() === NOTES_NAME ? { ...register, name: '名册' } : register, notesOf(findings)];
}
