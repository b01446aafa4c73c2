/** The number of a cell as the text that a person sees in it: dates, percent and leading zeros come from the cell's style. */
import { addDays } from '../../base/civil-date.ts';

/** How a number is shown, as far as a register's meaning depends on it. */
export type NumberStyle =
  | { readonly shows: 'number' | 'date' | 'percent' }
  | { readonly shows: 'digits'; readonly least: number };

const DATES = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]);
const PERCENTS = new Set([9, 10]);

/** What a format code says apart from quoted texts, colours, conditions and escaped letters. */
const bareCode = (code: string): string =>
  (code.split(';')[0] ?? '').replace(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, '').toLowerCase();

/** The style of a number format: `code` where the workbook defines it, else by its number in the standard. */
export function styleOf(id: number, code: string | undefined): NumberStyle {
  if (code === undefined) return { shows: DATES.has(id) ? 'date' : PERCENTS.has(id) ? 'percent' : 'number' };
  const bare = bareCode(code);
  if (/^0{2,}$/.test(bare)) return { shows: 'digits', least: bare.length };
  if (bare.includes('%')) return { shows: 'percent' };
  return { shows: /[yd]/.test(bare) ? 'date' : 'number' };
}

/** A double holds 15 decimal digits for certain; 88.879999999999995 was written as 88.88. */
const CERTAIN_DIGITS = 15;
const MAX_CERTAIN = 10 ** CERTAIN_DIGITS;
/** 31 December 9999. */
const LAST_SERIAL = 2_958_465;
/** The 1900 calendar of spreadsheets has a 29 February 1900, at this serial. */
const FALSE_LEAP_DAY = 60;
const DAYS_FROM_1904 = 1_462;

function dateText(number: number, date1904: boolean): string | undefined {
  const serial = Math.floor(number) + (date1904 ? DAYS_FROM_1904 : 0);
  if (serial < 1 || serial > LAST_SERIAL || serial === FALSE_LEAP_DAY) return undefined;
  return addDays('1899-12-31', serial > FALSE_LEAP_DAY ? serial - 1 : serial);
}

const plain = (number: number): string => String(Number(number.toPrecision(CERTAIN_DIGITS)));

/** The text of a stored number. One of more digits than a number keeps is shown with an exponent, as the program shows it. */
export function numberText(stored: string, style: NumberStyle, date1904: boolean): string {
  const number = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(number)) return stored;
  if (style.shows === 'date') return dateText(number, date1904) ?? plain(number);
  if (style.shows === 'percent') return `${plain(number * 100)}%`;
  if (Math.abs(number) >= MAX_CERTAIN) return number.toExponential().toUpperCase();
  const isWhole = Number.isInteger(number) && number >= 0;
  return style.shows === 'digits' && isWhole ? plain(number).padStart(style.least, '0') : plain(number);
}
