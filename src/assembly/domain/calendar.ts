/** Public holidays, working days that were swapped, and maintenance windows, as data (Civil Code §203; docs/operating.md). */
import type { CivilDate } from '../../base/civil-date.ts';
import { addDays, parseCivilDate } from '../../base/civil-date.ts';
import type { Instant } from '../../base/instant.ts';

export type Calendar = {
  /** Years of which the holidays are known; of all others every day counts as a working day. */
  readonly years: ReadonlySet<number>;
  readonly holidays: ReadonlySet<CivilDate>;
  /** Saturdays and Sundays on which people work. */
  readonly workdays: ReadonlySet<CivilDate>;
  /** In which no vote opens or closes: from the first instant on, until before the last. */
  readonly maintenance: readonly { readonly from: Instant; readonly until: Instant }[];
};

/** Nothing is known: every day counts. */
export const NO_CALENDAR: Calendar = {
  years: new Set(),
  holidays: new Set(),
  workdays: new Set(),
  maintenance: [],
};

/** Saturday or Sunday. */
export function isWeekend(day: CivilDate): boolean {
  // Day 0, 1970-01-01, was a Thursday.
  const at = ((parseCivilDate(day) ?? 0) + 4) % 7;
  return at === 0 || at === 6;
}

/** Whether the calendar knows the year of a day. */
export const knowsYear = ({ years }: Calendar, day: CivilDate): boolean => years.has(Number(day.slice(0, 4)));

/** Whether nobody works on a day; a day of an unknown year is a working day. */
export const isHoliday = (calendar: Calendar, day: CivilDate): boolean =>
  knowsYear(calendar, day) && (calendar.holidays.has(day) || (isWeekend(day) && !calendar.workdays.has(day)));

/** The last day of a period of so many days after a day, which is not counted; one that ends on a holiday ends on the next working day (Civil Code §201, §203). */
export function lastDayOf(from: CivilDate, days: number, calendar: Calendar): CivilDate {
  let day = addDays(from, days);
  while (isHoliday(calendar, day)) day = addDays(day, 1);
  return day;
}

/** Whether an instant lies in a maintenance window. */
export const isInMaintenance = ({ maintenance }: Calendar, at: Instant): boolean =>
  maintenance.some(({ from, until }) => from <= at && at < until);
