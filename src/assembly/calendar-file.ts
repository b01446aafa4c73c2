/** The form of a file of holidays, swapped working days and maintenance windows (Civil Code §203; docs/operating.md). */
import { z } from 'zod';
import type { CivilDate } from '../base/civil-date.ts';
import { addDays, daysBetween, parseCivilDate } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import { parseInstant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Calendar } from './domain/calendar.ts';
import { isWeekend } from './domain/calendar.ts';

/** A run of holidays longer than this is a slip of the pen. */
const MAX_RUN_DAYS = 15;

const date = z.iso.date().refine((text) => parseCivilDate(text) !== undefined);
const instant = z.string().refine((text) => parseInstant(text) !== undefined);
const ofYear = z
  .strictObject({
    year: z.int().min(2000).max(2199),
    /** The official notice that says so. */
    source: z.string().min(1).max(300),
    holidays: z
      .array(z.strictObject({ name: z.string().min(1).max(40), from: date, until: date }))
      .min(1)
      .max(40),
    workdays: z.array(date).max(40),
  })
  .refine(({ year, holidays, workdays }) =>
    [...holidays.flatMap(({ from, until }) => [from, until]), ...workdays].every((day) =>
      day.startsWith(`${year}-`),
    ),
  )
  .refine(({ holidays }) =>
    holidays.every(({ from, until }) => from <= until && daysBetween(from, until) < MAX_RUN_DAYS),
  )
  .refine(({ workdays }) => workdays.every(isWeekend))
  .refine(({ holidays, workdays }) =>
    workdays.every((day) => !holidays.some(({ from, until }) => from <= day && day <= until)),
  );
const calendarFile = z.strictObject({
  v: z.literal(1),
  kind: z.literal('calendar'),
  years: z.array(ofYear).max(50),
  maintenance: z
    .array(
      z
        .strictObject({ from: instant, until: instant, reason: z.string().max(200) })
        .refine(({ from, until }) => from < until),
    )
    .max(500),
});

/** One calendar out of the texts of some files; the refusal's `where` is the place of the file, or the year that stands in two. */
export function readCalendar(
  texts: readonly string[],
): Result<Calendar, Refusal<'CALENDAR_FILE' | 'CALENDAR_YEAR_TWICE'>> {
  const [years, holidays, workdays] = [new Set<number>(), new Set<CivilDate>(), new Set<CivilDate>()];
  const maintenance: { from: Instant; until: Instant }[] = [];
  for (const [at, text] of texts.entries()) {
    const parsed = calendarFile.safeParse(jsonOf(text));
    if (!parsed.success) return refuse('CALENDAR_FILE', String(at));
    for (const each of parsed.data.years) {
      if (years.has(each.year)) return refuse('CALENDAR_YEAR_TWICE', String(each.year));
      years.add(each.year);
      for (const day of each.workdays) workdays.add(day);
      for (const { from, until } of each.holidays)
        for (let day = from; day <= until; day = addDays(day, 1)) holidays.add(day);
    }
    for (const { from, until } of parsed.data.maintenance)
      maintenance.push({ from: parseInstant(from) ?? 0, until: parseInstant(until) ?? 0 });
  }
  return ok({ years, holidays, workdays, maintenance });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
