/** One row of a register under its columns: the text of each field, and the place that a finding names. */
import { cellFault, hasUnsafeCharacter, unwrap } from './cells.ts';
import type { FindingPlace, Report } from './findings.ts';
import type { Columns, Field } from './headers.ts';
import { headerOf } from './headers.ts';
import type { SheetRow } from './sheet.ts';

export type RowView = {
  readonly row: number;
  /**
   * Trimmed text of a field; empty where the file has no such column, or where the cell was found unusable.
   */
  readonly text: (field: Field) => string;
  /** Whether the cell was reported as unusable, so that its emptiness is not reported again. */
  readonly isFaulty: (field: Field) => boolean;
  /** Trimmed texts of the phone columns, with their places. */
  readonly phones: readonly { readonly text: string; readonly place: FindingPlace }[];
  /** Place of a field, with its raw value unless another is given. */
  readonly at: (field: Field, more?: FindingPlace) => FindingPlace;
};

/**
 * Where the marks that spreadsheets put before a number were taken off, by column: one notice for each
 * column.
 */
export type Unwrapped = Map<number, { readonly row: number; count: number }>;

/** Cells in which several persons or numbers may stand on lines of their own. */
const MANY_LINES: readonly Field[] = ['ownerName', 'idNo', 'idType', 'phone', 'share', 'mailingAddress'];
/** Cells that are text to be shown or are not read at all: a formula in them does no harm. */
const UNREAD: readonly Field[] = ['note', 'insideArea'];

/** Fields of which the last result of a formula is taken: whoever computes areas from floor plans means the result. */
const COMPUTED: readonly Field[] = ['area', 'parkArea'];

/** Reads one cell: unwraps it and reports error values, formulas and unsafe characters. */
function readCell(
  raw: string,
  field: Field,
  isFormula: boolean,
  place: () => FindingPlace,
  report: Report,
): { readonly text: string | undefined; readonly wrapped: boolean } {
  const { text, wrapped } = unwrap(raw);
  if (UNREAD.includes(field)) return { text, wrapped };
  const isComputed = isFormula && COMPUTED.includes(field) && text !== '';
  const fault = cellFault(text) ?? (isFormula && !isComputed ? 'REG-C350' : undefined);
  const oneLine = MANY_LINES.includes(field) ? text.replace(/[\r\n]/g, '') : text;
  const code = fault ?? (hasUnsafeCharacter(oneLine) ? 'REG-C333' : undefined);
  if (code === undefined && isComputed) report('REG-C351', place());
  if (code === undefined) return { text, wrapped };
  report(code, place());
  return { text: undefined, wrapped };
}

/** The row under its columns; reports what is wrong with any cell of any kind. */
export function viewRow(row: SheetRow, columns: Columns, unwrapped: Unwrapped, report: Report): RowView {
  const texts = new Map<Field, string>();
  let faulty: Set<Field> | undefined;
  const placeOf = (field: Field, column: number | undefined): FindingPlace => ({
    row: row.row,
    column,
    header: column === undefined ? headerOf(field) : columns.texts.at(column)?.trim(),
    field,
    ...(column === undefined ? {} : { value: unwrap(row.cells[column] ?? '').text }),
  });
  const read = (field: Field, column: number): string => {
    const { text, wrapped } = readCell(
      row.cells[column] ?? '',
      field,
      row.formulas?.has(column) === true,
      () => placeOf(field, column),
      report,
    );
    if (wrapped) {
      const seen = unwrapped.get(column);
      if (seen === undefined) unwrapped.set(column, { row: row.row, count: 1 });
      else seen.count += 1;
    }
    if (text !== undefined) return text;
    faulty ??= new Set();
    faulty.add(field);
    return '';
  };
  for (const [field, column] of columns.byField) texts.set(field, read(field, column));
  const phones = columns.phones.map((column) => ({
    text: read('phone', column),
    // Worked out where there is something to say: most phones are right.
    get place() {
      return placeOf('phone', column);
    },
  }));
  return {
    row: row.row,
    text: (field) => texts.get(field) ?? '',
    isFaulty: (field) => faulty?.has(field) === true,
    phones,
    at: (field, more = {}) => ({ ...placeOf(field, columns.byField.get(field)), ...more }),
  };
}
