/** What we write into a workbook that a clerk opens: texts and plain numbers, never a formula (docs/decisions/workbooks.md). */
import type { Merge } from './sheet.ts';

/** How a cell is coloured. */
export type Mark = 'none' | 'header' | 'error' | 'warning' | 'sample';

/** A text; with `isNumber` it is a decimal number such as `88.88` and is stored as one. An empty text leaves only the colour. */
export type WrittenCell = { readonly text: string; readonly isNumber?: boolean; readonly mark?: Mark };

/** A row with its number from 1; undefined cells are left out. */
export type WrittenRow = { readonly row: number; readonly cells: readonly (WrittenCell | undefined)[] };

/** A column: its width in characters, and whether what a person types there stays text. */
export type WrittenColumn = { readonly width: number; readonly isText?: boolean };

/** Values that a column offers in the rows below the header; zero-based column, rows from 1, both ends included. */
export type OfferedValues = {
  readonly column: number;
  readonly top: number;
  readonly bottom: number;
  readonly values: readonly string[];
};

export type WrittenSheet = {
  readonly name: string;
  readonly columns: readonly WrittenColumn[];
  readonly rows: readonly WrittenRow[];
  /** Rows that stay in sight; 0 where none does. */
  readonly frozenRows: number;
  readonly merges?: readonly Merge[];
  readonly offers?: readonly OfferedValues[];
};
