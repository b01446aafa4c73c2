/** The dates of a meeting: notice, window, objections; every date rule stands here (SPEC 5, 物业管理条例 §14, Civil Code §201, §203). */
import type { CivilDate } from '../../base/civil-date.ts';
import { addDays, civilDateAt, startOfCivilDate } from '../../base/civil-date.ts';
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { Calendar } from './calendar.ts';
import { isInMaintenance, knowsYear, lastDayOf, NO_CALENDAR } from './calendar.ts';
import type { RuleParameters } from './rule-parameters.ts';

export const TIMETABLE_FAULTS = [
  'NOTICE_TOO_SHORT',
  'NOTICE_ENDS_ON_HOLIDAY',
  'NOTICE_DATE_PAST',
  'WINDOW_TOO_SHORT',
  'WINDOW_TOO_LONG',
  'WINDOW_REVERSED',
  'WINDOW_MAINTENANCE',
] as const;
export type TimetableCode = (typeof TIMETABLE_FAULTS)[number];
export type TimetableFault = Refusal<TimetableCode>;

export type Timetable = {
  readonly publishedOn: CivilDate;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
};

type DateParameters = Pick<RuleParameters, 'noticeDays' | 'windowDaysMin' | 'windowDaysMax'>;

const DAY_MS = 86_400_000;

/** The first instant at which a meeting noticed on a date may open: the notice's last day must be over (Civil Code §201, §203). */
export const earliestOpening = (
  publishedOn: CivilDate,
  noticeDays: number,
  calendar: Calendar = NO_CALENDAR,
): Instant =>
  noticeDays === 0
    ? startOfCivilDate(publishedOn)
    : startOfCivilDate(addDays(lastDayOf(publishedOn, noticeDays, calendar), 1));

/** Everything that is wrong with the dates, in the order in which somebody would mend them; `now` is when the notice goes out. */
export function faultsOf(
  { publishedOn, opensAt, closesAt }: Timetable,
  { noticeDays, windowDaysMin, windowDaysMax }: DateParameters,
  now: Instant,
  calendar: Calendar,
): readonly TimetableFault[] {
  const faults: TimetableFault[] = [];
  const say = (code: TimetableCode, where: string, facts?: TimetableFault['facts']): void => {
    faults.push(facts === undefined ? { code, where } : { code, where, facts });
  };
  if (civilDateAt(now) > publishedOn) say('NOTICE_DATE_PAST', 'publishedOn');
  const earliest = earliestOpening(publishedOn, noticeDays, calendar);
  if (opensAt < earliestOpening(publishedOn, noticeDays)) say('NOTICE_TOO_SHORT', 'opens', { noticeDays });
  else if (opensAt < earliest)
    say('NOTICE_ENDS_ON_HOLIDAY', 'opens', { noticeDays, opensFrom: civilDateAt(earliest) });
  if (isInMaintenance(calendar, opensAt)) say('WINDOW_MAINTENANCE', 'opens');
  if (isInMaintenance(calendar, closesAt)) say('WINDOW_MAINTENANCE', 'closes');
  if (closesAt <= opensAt) say('WINDOW_REVERSED', 'closes');
  else if (closesAt - opensAt < windowDaysMin * DAY_MS) say('WINDOW_TOO_SHORT', 'closes', { windowDaysMin });
  else if (closesAt - opensAt > windowDaysMax * DAY_MS) say('WINDOW_TOO_LONG', 'closes', { windowDaysMax });
  return faults;
}

/** The years from the notice to the end of the time for objections of which the calendar knows nothing: whoever drafts looks at the official notice himself. */
export const unknownYears = (
  { publishedOn, closesAt }: Pick<Timetable, 'publishedOn' | 'closesAt'>,
  { noticeDays, objectionDays }: Pick<RuleParameters, 'noticeDays' | 'objectionDays'>,
  calendar: Calendar,
): readonly string[] => {
  // Counted on the day after the close at the earliest.
  const counted = addDays(civilDateAt(closesAt), 1);
  const days = [publishedOn, addDays(publishedOn, noticeDays), counted, addDays(counted, objectionDays)];
  return [...new Set(days.filter((day) => !knowsYear(calendar, day)).map((day) => day.slice(0, 4)))];
};

/** Whether the dates satisfy the profile: the first fault, where there is one. */
export function checkTimetable(
  timetable: Timetable,
  parameters: DateParameters,
  now: Instant,
  calendar: Calendar = NO_CALENDAR,
): Result<undefined, TimetableFault> {
  const [refusal] = faultsOf(timetable, parameters, now, calendar);
  return refusal === undefined ? ok(undefined) : { ok: false, refusal };
}

/** Objections are taken for this many full days after the day of the preliminary result; the last one is a working day. */
export const objectionsUntil = (
  preliminaryAt: Instant,
  objectionDays: number,
  calendar: Calendar = NO_CALENDAR,
): Instant =>
  objectionDays === 0
    ? preliminaryAt
    : startOfCivilDate(addDays(lastDayOf(civilDateAt(preliminaryAt), objectionDays, calendar), 1));
