/**
 * RFC 4180 with bounds: the text is attacker-controlled, so rows, columns and cells are counted while
 * reading and the reader stops at the first excess (DESIGN §7: 20,000 data rows, 64 columns, 512 characters
 * a cell).
 */
import type { Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { SheetRow } from './sheet.ts';
import { isTooLong, MAX_COLUMNS, MAX_ROWS } from './sheet.ts';

/** The first excess or broken quote, with its place. */
type CsvRefusal = {
  readonly code: 'REG-F003' | 'REG-F015' | 'REG-F016' | 'REG-F017';
  readonly facts?: Readonly<Record<string, string | number>>;
};

type Cell = { readonly value: string; readonly end: number; readonly broken: boolean };

/** A quoted cell that opens at `start`; `end` is the position after its closing quote. */
function readQuoted(text: string, start: number): Cell {
  let value = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return { value, end: text.length, broken: true };
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1, broken: false };
    value += '"';
    from = quote + 2;
  }
}

function readPlain(text: string, start: number, delimiter: string): Cell {
  let end = start;
  while (end < text.length) {
    const letter = text[end];
    if (letter === delimiter || letter === '\n' || letter === '\r') break;
    end += 1;
  }
  return { value: text.slice(start, end), end, broken: false };
}

const lineBreakAt = (text: string, position: number): number =>
  text.startsWith('\r\n', position) ? 2 : text[position] === '\n' || text[position] === '\r' ? 1 : 0;

type Fault = Exclude<CsvRefusal['code'], 'REG-F016'>;

const faultOf = (cell: Cell, closed: boolean, column: number): Fault | undefined => {
  if (cell.broken || !closed) return 'REG-F003';
  if (cell.value.trim() === '') return undefined;
  if (column >= MAX_COLUMNS) return 'REG-F017';
  return isTooLong(cell.value) ? 'REG-F015' : undefined;
};

/** Rows one by one, and at the end undefined or the fault that stopped the reading. */
function* rowsOf(text: string, delimiter: string): Generator<SheetRow, CsvRefusal | undefined> {
  let cells: string[] = [];
  let row = 1;
  let column = 0;
  let position = 0;
  while (position < text.length || column > 0) {
    const cell = text[position] === '"' ? readQuoted(text, position) : readPlain(text, position, delimiter);
    position = cell.end;
    const breakSize = lineBreakAt(text, position);
    const ended = position >= text.length || breakSize > 0;
    const fault = faultOf(cell, ended || text[position] === delimiter, column);
    if (fault !== undefined) return { code: fault, facts: { row, column } };
    if (cell.value.trim() !== '') {
      while (cells.length < column) cells.push('');
      cells.push(cell.value);
    }
    if (!ended) {
      column += 1;
      position += 1;
      continue;
    }
    if (cells.length > 0) yield { row, cells };
    cells = [];
    position += breakSize;
    row += 1;
    column = 0;
  }
  return undefined;
}

/**
 * Rows of the text that have content; the refusal's facts are `row` from 1 and `column` from 0. A cell that
 * opens with a quote must close it right before a delimiter or a line end.
 */
export function readCsv(text: string, delimiter: string): Result<readonly SheetRow[], CsvRefusal> {
  const rows: SheetRow[] = [];
  const reader = rowsOf(text, delimiter);
  for (let step = reader.next(); ; step = reader.next()) {
    if (step.done === true) return step.value === undefined ? ok(rows) : { ok: false, refusal: step.value };
    if (rows.length >= MAX_ROWS) return refuse('REG-F016', undefined, { row: step.value.row, column: 0 });
    rows.push(step.value);
  }
}

/** Delimiters in the order in which a tie is decided. */
export const DELIMITERS: readonly string[] = [',', '\t', ';'];

/** The rows up to row `last`, as far as they are readable: for finding out which delimiter the file uses. */
export function peekCsv(text: string, delimiter: string, last: number): readonly SheetRow[] {
  const rows: SheetRow[] = [];
  for (const row of rowsOf(text, delimiter)) {
    if (row.row > last) break;
    rows.push(row);
  }
  return rows;
}
