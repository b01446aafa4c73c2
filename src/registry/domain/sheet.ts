/** What a register file holds, whatever its format: rows of texts as a person sees them, within bounds (DESIGN §7). */

/** One row that has content. `row` counts from 1, blank rows included, as a spreadsheet numbers them. */
export type SheetRow = {
  readonly row: number;
  readonly cells: readonly string[];
  /** Zero-based columns whose text is the last result of a formula. */
  readonly formulas?: ReadonlySet<number>;
};

/** Cells that are shown as one: rows from 1 and zero-based columns, both ends included. Only the first has a text. */
export type Merge = {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
};

/** A worksheet; `hidden` counts rows and columns that a person does not see and that are read nevertheless. */
export type Sheet = {
  readonly name: string;
  readonly rows: readonly SheetRow[];
  readonly merges: readonly Merge[];
  readonly hidden: number;
};

export const MAX_DATA_ROWS = 20_000;
/** Titles, header and footer rows that may stand around the data. */
const SLACK_ROWS = 200;
export const MAX_ROWS = MAX_DATA_ROWS + SLACK_ROWS;
export const MAX_COLUMNS = 64;
export const MAX_CELL_CHARACTERS = 512;

/** Whether a cell's text exceeds its bound, in characters. */
export const isTooLong = (text: string): boolean =>
  text.length > MAX_CELL_CHARACTERS && [...text].length > MAX_CELL_CHARACTERS;
