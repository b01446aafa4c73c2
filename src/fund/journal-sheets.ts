/** The journal as files that spreadsheets open: CSV and XLSX of the same rows, without a formula in either (DESIGN §6 `fund journal`). */
import { csvText } from '../base/csv-text.ts';
import type { WrittenCell } from '../registry/domain/written-sheet.ts';
import { writeWorkbook } from '../registry/workbook/writer.ts';
import type { JournalRow } from './domain/journal-sheet.ts';
import { AMOUNT_COLUMNS, JOURNAL_COLUMNS, journalRows } from './domain/journal-sheet.ts';
import type { Journal } from './domain/journal-text.ts';

/** The rows under their header. */
export const journalCsv = (journal: Journal): string => csvText([JOURNAL_COLUMNS, ...journalRows(journal)]);

/** As many rows as a worksheet can have. */
const MAX_ROWS = 1_048_576;
/** Spreadsheets keep fifteen digits of a number; a longer amount stays a text, to the fen. */
const EXACT_NUMBER = /^[0-9]{1,13}\.[0-9]{2}$/;
const WIDTHS = [8, 12, 12, 10, 28, 24, 24, 40, 16, 16] as const;

const cellOf = (text: string, column: number): WrittenCell => ({
  text,
  isNumber: AMOUNT_COLUMNS.has(column) && EXACT_NUMBER.test(text),
});

/** XLSX of one worksheet, or undefined where the journal has more rows than one can hold. */
export async function journalWorkbook(journal: Journal): Promise<Uint8Array | undefined> {
  const rows: readonly JournalRow[] = journalRows(journal);
  if (rows.length + 1 > MAX_ROWS) return undefined;
  const header = JOURNAL_COLUMNS.map((text): WrittenCell => ({ text, mark: 'header' }));
  return writeWorkbook([
    {
      name: `维修资金日记账 ${journal.asOf}`,
      columns: JOURNAL_COLUMNS.map((_, at) => ({
        width: WIDTHS[at] ?? 16,
        isText: !AMOUNT_COLUMNS.has(at),
      })),
      rows: [
        { row: 1, cells: header },
        ...rows.map((cells, at) => ({ row: at + 2, cells: cells.map(cellOf) })),
      ],
      frozenRows: 1,
    },
  ]);
}
