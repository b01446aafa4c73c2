/**
 * From the text to its columns, data rows and grand total: what stands around the data is told apart from
 * it.
 */
import { present } from '../../base/assert.ts';
import { readArea } from './area-cell.ts';
import { trimCell } from './cells.ts';
import { DELIMITERS, peekCsv, readCsv } from './csv.ts';
import type { Report } from './findings.ts';
import type { Columns, Field } from './headers.ts';
import { findHeader, HEADER_ROWS, mainAreaField, readColumns } from './headers.ts';
import { dataMerges, fillMerges, reportHorizontal } from './merges.ts';
import type { Sheet, SheetRow } from './sheet.ts';
import { MAX_DATA_ROWS } from './sheet.ts';

export type Table = {
  readonly columns: Columns;
  readonly rows: readonly SheetRow[];
  /** The last grand total with a readable area. */
  readonly total: { readonly row: SheetRow; readonly areaDm2: bigint } | undefined;
};

/** The delimiter under which the best header is found. */
export function delimiterOf(text: string): string {
  let best: { readonly delimiter: string; readonly score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = findHeader(peekCsv(text, delimiter, HEADER_ROWS))?.score ?? 0;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

const GRAND_TOTAL = /^(?:合计|总计|共计|总面积|合计面积)/u;
const FOOTER =
  /^(?:合计|总计|共计|总面积|合计面积|小计|(?:制表|审核|填表|填报|经办|复核|负责)(?:人|日期|时间)?[:：]|(?:制表|审核|填表|经办)人|备?注[:：]|说明[:：])/u;

const foldLabel = (cell: string): string => cell.normalize('NFKC').replace(/\s/g, '');

const cellOf = (row: SheetRow, column: number): string => trimCell(row.cells[column] ?? '');

/** Column of a field that every register has. */
const requiredColumn = (columns: Columns, field: Field): number =>
  present(columns.byField.get(field), 'a required column');

/**
 * A row of totals or signatures: it has such a label and no document, and no owner unless the label comes
 * first.
 */
function footerLabel(row: SheetRow, columns: Columns): string | undefined {
  const text = (field: Field): string => cellOf(row, requiredColumn(columns, field));
  if (text('idNo') !== '') return undefined;
  const labels = row.cells.map(foldLabel).filter((cell) => cell !== '');
  const label = labels.find((cell) => FOOTER.test(cell));
  if (label === undefined || label === labels[0]) return label;
  const isBare = (field: Field) => text(field) === '' || FOOTER.test(foldLabel(text(field)));
  return isBare('room') && isBare('ownerName') ? label : undefined;
}

/** The header once more, as printed registers repeat it on each page. */
function repeatsHeader(row: SheetRow, columns: Columns): boolean {
  const same = [...columns.byField.values()].filter((column) => {
    const text = cellOf(row, column);
    return text !== '' && text === columns.texts[column]?.trim();
  });
  return same.length >= 3;
}

function splitRows(rows: readonly SheetRow[], columns: Columns, report: Report): Table {
  const kept: SheetRow[] = [];
  let total: Table['total'];
  for (const row of rows) {
    if (row.row <= columns.row) continue;
    const label = footerLabel(row, columns);
    if (label === undefined && !repeatsHeader(row, columns)) {
      kept.push(row);
      continue;
    }
    report('REG-N701', { row: row.row });
    const field = mainAreaField((each) => columns.byField.has(each));
    const area =
      label !== undefined && GRAND_TOTAL.test(label) ? cellOf(row, requiredColumn(columns, field)) : '';
    const areaDm2 = totalOf(area);
    if (areaDm2 !== undefined) total = { row, areaDm2 };
  }
  return { columns, rows: kept, total };
}

/** A total in dm²; it may exceed any unit, so only its spelling is checked. */
function totalOf(text: string): bigint | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s,]/g, '')
    .replace(/(?:m2|平方米|平米)$/u, '');
  const match = /^(\d{1,12})(?:\.(\d{1,2})0*)?$/.exec(plain);
  if (match !== null) return BigInt(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`);
  return readArea(text).areaDm2;
}

/** Reads the table of a text, or undefined where a finding says why it cannot be read. */
export function readTable(text: string, report: Report): Table | undefined {
  const read = readCsv(text, delimiterOf(text));
  if (!read.ok) {
    const { code, facts } = read.refusal;
    report(code, { row: Number(facts?.['row']), column: Number(facts?.['column']) });
    return undefined;
  }
  return readSheet({ rows: read.value, merges: [], hidden: 0 }, report);
}

/** The one worksheet that looks like a register; the first where none does, and undefined where several do or there is none. */
export function chooseSheet(sheets: readonly Sheet[], report: Report): Sheet | undefined {
  const registers = sheets.filter(({ rows }) => findHeader(rows) !== undefined);
  if (sheets.length > 0 && registers.length <= 1) return registers[0] ?? sheets[0];
  report('REG-F004', registers.length === 0 ? {} : { detail: registers.map(({ name }) => name).join('、') });
  return undefined;
}

/** Reads the table of a worksheet, or undefined where a finding says why it cannot be read. */
export function readSheet(sheet: Omit<Sheet, 'name'>, report: Report): Table | undefined {
  const header = findHeader(sheet.rows);
  if (header === undefined) {
    report('REG-H101');
    return undefined;
  }
  const columns = readColumns(header, report);
  if (columns === undefined) return undefined;
  const merges = dataMerges(sheet.merges, columns.row, report);
  const { rows, total } = splitRows(sheet.rows, columns, report);
  reportHorizontal(merges, rows, columns, report);
  const table = { columns, rows: fillMerges(merges, rows, columns, report), total };
  const excess = table.rows[MAX_DATA_ROWS];
  if (excess !== undefined) {
    report('REG-F016', { row: excess.row });
    return undefined;
  }
  if (sheet.hidden > 0) report('REG-N707', { detail: `共 ${sheet.hidden} 处` });
  if (table.rows.length === 0) report('REG-H106', { row: columns.row });
  return table;
}
