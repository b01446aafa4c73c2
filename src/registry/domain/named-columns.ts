/**
 * A table of any file that the import takes, by the names of a few columns: what another floor reads of an old system's export, such as
 * opening balances (SPEC 8.3). Other columns are not read; the file is attacker-controlled.
 */
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { trimCell, unwrap } from './cells.ts';
import { DELIMITERS, peekCsv, readCsv } from './csv.ts';
import { HEADER_ROWS } from './headers.ts';
import type { ReadWorkbook, WorkbookFault } from './import-check.ts';
import { upperIn } from './merges.ts';
import type { Sheet, SheetRow } from './sheet.ts';
import { sniff } from './sniff.ts';

/** The columns that a table must have, each under one of its names, which are in NFKC and lower case. */
export type NamedColumns = Readonly<
  Record<
    string,
    {
      readonly names: readonly string[];
      /** Whether a merged cell of this column says its text for each of its rows. */
      readonly isFilled?: boolean;
    }
  >
>;

export type NamedTable = {
  /** Name of the worksheet; null where the file has none. */
  readonly sheet: string | null;
  /** Rows under the header with what stands in the columns; numbered from 1, as a spreadsheet shows them. */
  readonly rows: readonly { readonly row: number; readonly cells: Readonly<Record<string, string>> }[];
  /** Hidden rows and columns, which are read nevertheless. */
  readonly hidden: number;
  /** Cells of the columns whose text is the last result of a formula. */
  readonly formulas: number;
};

/** Why there is no table: a fault of the file, no header with all the columns, one with a column twice, or several worksheets that have it. */
export type NamedFault = {
  readonly code: WorkbookFault | 'no-header' | 'column-twice' | 'several-sheets';
  readonly row: number | null;
};
export type NamedReading = Result<NamedTable, NamedFault>;

const refused = (code: NamedFault['code'], row: unknown): NamedReading => ({
  ok: false,
  refusal: { code, row: row === undefined ? null : Number(row) },
});

const fold = (cell: string): string => trimCell(cell.normalize('NFKC')).toLowerCase();

type Header = {
  readonly row: number;
  readonly places: ReadonlyMap<string, number>;
  /** Nobody knows which of two columns is meant, above all of two amounts. */
  readonly isTwice: boolean;
};

function headerOf(row: SheetRow, columns: NamedColumns): Header | undefined {
  const cells = row.cells.map(fold);
  const isOf = (cell: string, name: string): boolean => columns[name]?.names.includes(cell) === true;
  const names = Object.keys(columns);
  const places = names.map((name) => [name, cells.findIndex((cell) => isOf(cell, name))] as const);
  if (places.some(([, place]) => place < 0)) return undefined;
  const isTwice = names.some((name) => cells.filter((cell) => isOf(cell, name)).length > 1);
  return { row: row.row, places: new Map(places), isTwice };
}

/** The first of the first rows that has all the columns. */
function findNamed(rows: readonly SheetRow[], columns: NamedColumns): Header | undefined {
  for (const row of rows) {
    if (row.row > HEADER_ROWS) return undefined;
    const header = headerOf(row, columns);
    if (header !== undefined) return header;
  }
  return undefined;
}

function tableUnder(
  header: Header,
  { rows, merges, hidden }: Omit<Sheet, 'name'>,
  sheet: string | null,
  columns: NamedColumns,
): NamedTable {
  const byRow = new Map(rows.map((row) => [row.row, row]));
  const filled = new Map(
    [...header.places].flatMap(([name, column]) =>
      columns[name]?.isFilled === true ? [[column, upperIn(merges, column)] as const] : [],
    ),
  );
  let formulas = 0;
  const data = rows.filter(({ row }) => row > header.row);
  return {
    sheet,
    rows: data.map((row) => {
      const textAt = (column: number): string => {
        if (row.formulas?.has(column) === true) formulas += 1;
        const top = filled.get(column)?.(row.row)?.top ?? row.row;
        // A merge that begins at the header or above says nothing of a row.
        const cells = top > header.row ? byRow.get(top)?.cells : row.cells;
        return unwrap(cells?.[column] ?? '').text;
      };
      const cells = [...header.places].map(([name, column]) => [name, textAt(column)] as const);
      return { row: row.row, cells: Object.fromEntries(cells) };
    }),
    hidden,
    formulas,
  };
}

/** Reads a text of separated values. */
export function readNamedText(text: string, columns: NamedColumns): NamedReading {
  const delimiter =
    DELIMITERS.find((each) => findNamed(peekCsv(text, each, HEADER_ROWS), columns) !== undefined) ?? ',';
  const read = readCsv(text, delimiter);
  if (!read.ok) return refused(read.refusal.code, read.refusal.facts?.['row']);
  const header = findNamed(read.value, columns);
  if (header === undefined) return refused('no-header', read.value[0]?.row);
  if (header.isTwice) return refused('column-twice', header.row);
  return ok(tableUnder(header, { rows: read.value, merges: [], hidden: 0 }, null, columns));
}

/** Reads the bytes of such a text, in any encoding that the import takes. */
export function readNamedFile(bytes: Uint8Array, columns: NamedColumns): NamedReading {
  const sniffed = sniff(bytes);
  return sniffed.ok ? readNamedText(sniffed.value.text, columns) : refused(sniffed.refusal.code, undefined);
}

/** Reads the one worksheet that has the columns. */
export function readNamedWorkbook(workbook: ReadWorkbook, columns: NamedColumns): NamedReading {
  if (!workbook.ok) return refused(workbook.refusal.code, workbook.refusal.facts?.['row']);
  const found = workbook.value.flatMap((sheet) => {
    const header = findNamed(sheet.rows, columns);
    return header === undefined ? [] : [{ sheet, header }];
  });
  const [only] = found;
  if (only === undefined) return refused('no-header', undefined);
  if (found.length > 1) return refused('several-sheets', undefined);
  if (only.header.isTwice) return refused('column-twice', only.header.row);
  return ok(tableUnder(only.header, only.sheet, only.sheet.name, columns));
}
