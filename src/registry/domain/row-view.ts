/** One row of a register under its columns: the text of each field, and the place that a finding names. */
import { cellFault, hasUnsafeCharacter, unwrap } from './cells.ts';
import type { FindingPlace, Report } from './findings.ts';
import type { Columns, Field } from './headers.ts';
import { AREA_FIELDS, headerOf } from './headers.ts';
import type { SheetRow } from './sheet.ts';

export type RowView = {
  readonly row: number;
  /**
   * Trimmed text of a field; empty where the file has no such column, or where the cell was found unusable.
   */
  readonly text: (field: Field) => string;
  /** Whether the file has a column of the field. */
  readonly has: (field: Field) => boolean;
  /** Whether the cell was reported as unusable, so that its emptiness is not reported again. */
  readonly isFaulty: (field: Field) => boolean;
  /** Trimmed texts of the phone columns. */
  readonly phones: readonly string[];
  /** Place of the phone in that column, by its position in `phones`. */
  readonly phoneAt: (position: number, more?: FindingPlace) => FindingPlace;
  /** Place of a field, with its raw value unless another is given. */
  readonly at: (field: Field, more?: FindingPlace) => FindingPlace;
  /** All that the row says, to tell a copy from a contradiction; put together only where it is asked for. */
  readonly everything: () => string;
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

/** What rows of one unit are compared by. */
const COMPARED: readonly Field[] = [
  'phase',
  'building',
  'stair',
  'room',
  ...AREA_FIELDS,
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

/** Fields of which the last result of a formula is taken: whoever computes areas from floor plans means the result. */
const COMPUTED: readonly Field[] = [...AREA_FIELDS, 'parkArea'];

/**
 * A text in which there is nothing to take off and nothing to find: of ASCII and common Chinese characters, without spaces around it, and
 * without a first character that marks a formula, an error or a number as text.
 */
const PLAIN = /^(?:[!$-&(-<>-~\u4e00-\u9fff](?:[ -~\u4e00-\u9fff]*[!-~\u4e00-\u9fff])?)?$/;

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

/** The row under its columns. A class, since a register has twenty thousand of them and each would have its own functions else. */
class Row implements RowView {
  readonly row: number;
  readonly phones: RowView['phones'];
  readonly #cells: readonly string[];
  readonly #columns: Columns;
  /** By column: the cells themselves where all are plain, which is the case in most rows. */
  #texts: readonly string[];
  #faulty: Set<Field> | undefined;
  #everything: string | undefined;

  constructor(row: SheetRow, columns: Columns, unwrapped: Unwrapped, report: Report) {
    this.row = row.row;
    this.#cells = row.cells;
    this.#columns = columns;
    this.#texts = row.cells;
    for (const [field, column] of columns.byField) {
      const text = this.#read(row, field, column, unwrapped, report);
      if (text !== (this.#texts[column] ?? '')) this.#texts = this.#texts.with(column, text);
    }
    this.phones = columns.phones.map((column) => this.#read(row, 'phone', column, unwrapped, report));
  }

  #placeOf(field: Field, column: number | undefined): FindingPlace {
    return {
      row: this.row,
      column,
      header: column === undefined ? headerOf(field) : this.#columns.texts.at(column)?.trim(),
      field,
      ...(column === undefined ? {} : { value: unwrap(this.#cells[column] ?? '').text }),
    };
  }

  /** Text of a cell, empty where it is unusable. */
  #read(row: SheetRow, field: Field, column: number, unwrapped: Unwrapped, report: Report): string {
    const raw = row.cells[column] ?? '';
    if (row.formulas === undefined && PLAIN.test(raw)) return raw;
    const { text, wrapped } = readCell(
      raw,
      field,
      row.formulas?.has(column) === true,
      () => this.#placeOf(field, column),
      report,
    );
    if (wrapped) {
      const seen = unwrapped.get(column);
      if (seen === undefined) unwrapped.set(column, { row: row.row, count: 1 });
      else seen.count += 1;
    }
    if (text !== undefined) return text;
    this.#faulty ??= new Set();
    this.#faulty.add(field);
    return '';
  }

  text(field: Field): string {
    const column = this.#columns.byField.get(field);
    return column === undefined ? '' : (this.#texts[column] ?? '');
  }

  has(field: Field): boolean {
    return this.#columns.byField.has(field);
  }

  isFaulty(field: Field): boolean {
    return this.#faulty?.has(field) === true;
  }

  at(field: Field, more: FindingPlace = {}): FindingPlace {
    return { ...this.#placeOf(field, this.#columns.byField.get(field)), ...more };
  }

  phoneAt(position: number, more: FindingPlace = {}): FindingPlace {
    return { ...this.#placeOf('phone', this.#columns.phones[position]), ...more };
  }

  everything(): string {
    this.#everything ??= JSON.stringify([...COMPARED.map((field) => this.text(field)), ...this.phones]);
    return this.#everything;
  }
}

/** The row under its columns; reports what is wrong with any cell of any kind. */
export const viewRow = (row: SheetRow, columns: Columns, unwrapped: Unwrapped, report: Report): RowView =>
  new Row(row, columns, unwrapped, report);
