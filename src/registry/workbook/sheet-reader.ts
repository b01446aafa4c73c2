/**
 * The rows of a worksheet: cells in the order of the file, with the text that a person sees, counted against the bounds while they are read
 * (DESIGN §7). Comments, phonetic guides and pictures are not read.
 */
import type { Merge, Sheet, SheetRow } from '../domain/sheet.ts';
import { isTooLong, MAX_COLUMNS, MAX_ROWS } from '../domain/sheet.ts';
import type { NumberStyle } from './number-text.ts';
import { numberText } from './number-text.ts';
import type { Package } from './parts.ts';
import { WorkbookError } from './parts.ts';
import type { Attributes } from './xml.ts';
import { readXml } from './xml.ts';

/** What cells refer to. */
export type Lookup = {
  readonly strings: readonly string[];
  readonly styles: readonly NumberStyle[];
  readonly date1904: boolean;
};

const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_383;
const MAX_MERGES = 50_000;
/** `XFD1048576`. */
const MAX_REFERENCE = 10;
const GENERAL: NumberStyle = { shows: 'number' };

const [LETTER_A, LETTER_Z, DIGIT_0, DIGIT_9] = [65, 90, 48, 57];

/** Zero-based column and row from 1 of a reference such as `AB12`; by hand, since there is one for each cell. */
function place(reference: string): { readonly column: number; readonly row: number } {
  let column = 0;
  let row = 0;
  let at = 0;
  for (; at < reference.length; at += 1) {
    const code = reference.charCodeAt(at);
    if (code < LETTER_A || code > LETTER_Z) break;
    column = column * 26 + code - LETTER_A + 1;
  }
  for (; at < reference.length; at += 1) {
    const code = reference.charCodeAt(at);
    if (code < DIGIT_0 || code > DIGIT_9) break;
    row = row * 10 + code - DIGIT_0;
  }
  const isWhole = at === reference.length && at <= MAX_REFERENCE;
  if (!isWhole || column < 1 || column - 1 > LAST_COLUMN || row < 1 || row > LAST_ROW)
    throw new WorkbookError('REG-F013');
  return { column: column - 1, row };
}

function mergeOf(reference: string): Merge {
  const [first = '', last = first] = reference.split(':');
  const [from, to] = [place(first), place(last)];
  if (to.row < from.row || to.column < from.column) throw new WorkbookError('REG-F013');
  return { top: from.row, bottom: to.row, left: from.column, right: to.column };
}

const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;
/** Texts hold control characters and underscores as `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

const isOn = (value: string | undefined): boolean => value === '1' || value === 'true';

type Cell = { column: number; type: string; style: NumberStyle; text: string; isFormula: boolean };

/** The state of a reading. */
class SheetReading {
  readonly rows: SheetRow[] = [];
  readonly merges: Merge[] = [];
  hidden = 0;
  readonly #lookup: Lookup;
  #row = 0;
  #cells: string[] = [];
  #formulas: Set<number> | undefined;
  #column = -1;
  #cell: Cell | undefined;
  #isText = false;
  #phonetic = 0;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'row') this.#openRow(attributes);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'f' && this.#cell !== undefined) this.#cell.isFormula = true;
    else if (name === 'rPh') this.#phonetic += 1;
    else if (name === 'v' || name === 't') this.#isText = this.#cell !== undefined && this.#phonetic === 0;
    else if (name === 'col' && isOn(attributes['hidden'])) this.hidden += 1;
    else if (name === 'mergeCell') this.#addMerge(attributes);
  }

  text(text: string): void {
    if (this.#isText && this.#cell !== undefined) this.#cell.text += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#isText = false;
    else if (name === 'rPh') this.#phonetic -= 1;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row') this.#closeRow();
  }

  #addMerge(attributes: Attributes): void {
    if (this.merges.length >= MAX_MERGES) throw new WorkbookError('REG-F013');
    this.merges.push(mergeOf(attributes['ref'] ?? ''));
  }

  /** Rows and cells without a number follow each other; a number must go on, or two programs would see two registers. */
  #openRow(attributes: Attributes): void {
    const said = attributes['r'];
    const row = said === undefined ? this.#row + 1 : Number(said);
    if (!Number.isInteger(row) || row <= this.#row || row > LAST_ROW) throw new WorkbookError('REG-F013');
    if (isOn(attributes['hidden'])) this.hidden += 1;
    this.#row = row;
    this.#column = -1;
    this.#cells = [];
    this.#formulas = undefined;
  }

  #openCell(attributes: Attributes): void {
    const said = attributes['r'];
    const at = said === undefined ? { column: this.#column + 1, row: this.#row } : place(said);
    if (at.row !== this.#row || at.column <= this.#column) throw new WorkbookError('REG-F013');
    this.#column = at.column;
    const style = this.#lookup.styles[Number(attributes['s'] ?? 0)] ?? GENERAL;
    const type = attributes['t'] ?? 'n';
    this.#cell = { column: at.column, type, style, text: '', isFormula: false };
  }

  #textOf({ type, style, text }: Cell): string {
    const { strings, date1904 } = this.#lookup;
    if (type === 's') {
      const found = strings[Number(text.trim() === '' ? 'none' : text)];
      if (found === undefined) throw new WorkbookError('REG-F013');
      return found;
    }
    if (type === 'b') return isOn(text) ? 'TRUE' : 'FALSE';
    if (type === 'n') return numberText(text, style, date1904);
    return type === 'd' ? text.slice(0, 10) : unescapeText(text);
  }

  #closeCell(): void {
    const cell = this.#cell;
    this.#cell = undefined;
    if (cell === undefined || (cell.text === '' && !cell.isFormula)) return;
    const text = cell.text === '' ? '' : this.#textOf(cell);
    const facts = { row: this.#row, column: cell.column };
    if (text.trim() !== '' && cell.column >= MAX_COLUMNS) throw new WorkbookError('REG-F017', facts);
    if (cell.column >= MAX_COLUMNS) return;
    if (isTooLong(text)) throw new WorkbookError('REG-F015', facts);
    while (this.#cells.length < cell.column) this.#cells.push('');
    this.#cells.push(text);
    if (!cell.isFormula) return;
    this.#formulas ??= new Set();
    this.#formulas.add(cell.column);
  }

  #closeRow(): void {
    if (this.#formulas === undefined && this.#cells.every((cell) => cell.trim() === '')) return;
    if (this.rows.length >= MAX_ROWS) throw new WorkbookError('REG-F016', { row: this.#row, column: 0 });
    const row = { row: this.#row, cells: this.#cells };
    this.rows.push(this.#formulas === undefined ? row : { ...row, formulas: this.#formulas });
  }
}

/** Reads a worksheet; throws a WorkbookError where it exceeds a bound or is malformed. */
export async function readSheetPart(
  parts: Package,
  part: string,
  name: string,
  lookup: Lookup,
): Promise<Sheet> {
  const reading = new SheetReading(lookup);
  await readXml(parts, part, {
    open: (element, attributes) => reading.open(element, attributes),
    text: (text) => reading.text(text),
    close: (element) => reading.close(element),
  });
  return { name, rows: reading.rows, merges: reading.merges, hidden: reading.hidden };
}
