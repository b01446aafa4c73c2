/** Civil dates in Asia/Shanghai (UTC+8 all year since 1992) and day counts; Civil Code §201, SPEC 1.5. */
import type { Instant } from './instant.ts';
import { dateOfDay, dayNumber } from './instant.ts';

/** A date such as `2026-12-10`. */
export type CivilDate = string;

const TEXT = /^(\d{4})-(\d{2})-(\d{2})$/;
const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000;
const DAY_MS = 86400 * 1000;

function show(days: number): CivilDate {
  const { year, month, day } = dateOfDay(days);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Day number of a date text, or undefined where it is no real date. */
export function parseCivilDate(text: string): number | undefined {
  const match = TEXT.exec(text);
  if (match === null) return undefined;
  const days = dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
  return show(days) === text ? days : undefined;
}

/** The date that Shanghai's calendar shows at an instant. */
export const civilDateAt = (instant: Instant): CivilDate =>
  show(Math.floor((instant + SHANGHAI_OFFSET_MS) / DAY_MS));

/** The first instant of a date in Shanghai. */
export function startOfCivilDate(date: CivilDate): Instant {
  const days = parseCivilDate(date);
  if (days === undefined) throw new RangeError(`not a date: ${date}`);
  return days * DAY_MS - SHANGHAI_OFFSET_MS;
}

/** Whole days from one date to a later one; the first day is not counted (Civil Code §201). */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  const [first, last] = [parseCivilDate(from), parseCivilDate(to)];
  if (first === undefined || last === undefined) throw new RangeError(`not a date: ${from} or ${to}`);
  return last - first;
}

/** The date `days` after `date`. */
export function addDays(date: CivilDate, days: number): CivilDate {
  const first = parseCivilDate(date);
  if (first === undefined) throw new RangeError(`not a date: ${date}`);
  return show(first + days);
}
