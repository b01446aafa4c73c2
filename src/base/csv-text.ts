/** Tables as CSV that spreadsheets open: Chinese is read as such, and no cell is taken for a formula (DESIGN §6 `fund journal`; SPEC 9.5). */

/** What a spreadsheet may take for a formula, also in full width, and also behind blanks. */
const FORMULA_START = /^\s*[=+\-@＝＋－＠|%]/u;
/** A plain number is none, also below zero. */
const PLAIN_NUMBER = /^-?[0-9]+\.[0-9]{2}$/;
const QUOTED = /[",\r\n]/;

function cellText(text: string): string {
  const safe = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const line = (cells: readonly string[]): string => `${cells.map(cellText).join(',')}\r\n`;

/** CSV with a byte order mark, without which spreadsheets read Chinese as another script; the first row is the header. */
export const csvText = (rows: readonly (readonly string[])[]): string => `\uFEFF${rows.map(line).join('')}`;
