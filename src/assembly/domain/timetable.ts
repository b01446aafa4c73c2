/** The dates of a meeting: notice, window, objections; every date rule stands here (SPEC 5, 物业管理条例 §14). */
import type { CivilDate } from '../../base/civil-date.ts';
import { addDays, civilDateAt, startOfCivilDate } from '../../base/civil-date.ts';
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { RuleParameters } from './rule-parameters.ts';

export type TimetableCode =
  | 'NOTICE_TOO_SHORT'
  | 'NOTICE_DATE_PAST'
  | 'WINDOW_TOO_SHORT'
  | 'WINDOW_TOO_LONG'
  | 'WINDOW_REVERSED';

export type Timetable = {
  readonly publishedOn: CivilDate;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
};

const DAY_MS = 86_400_000;

/** The first instant at which a meeting noticed on a date may open: `noticeDays` full days lie between (Civil Code §201). */
export const earliestOpening = (publishedOn: CivilDate, noticeDays: number): Instant =>
  noticeDays === 0 ? startOfCivilDate(publishedOn) : startOfCivilDate(addDays(publishedOn, noticeDays + 1));

/** Whether the dates satisfy the profile; `now` is when the notice goes out. */
export function checkTimetable(
  { publishedOn, opensAt, closesAt }: Timetable,
  parameters: Pick<RuleParameters, 'noticeDays' | 'windowDaysMin' | 'windowDaysMax'>,
  now: Instant,
): Result<undefined, Refusal<TimetableCode>> {
  const { noticeDays, windowDaysMin, windowDaysMax } = parameters;
  if (civilDateAt(now) > publishedOn) return refuse('NOTICE_DATE_PAST', 'publishedOn');
  if (opensAt < earliestOpening(publishedOn, noticeDays))
    return refuse('NOTICE_TOO_SHORT', 'opens', { noticeDays });
  if (closesAt <= opensAt) return refuse('WINDOW_REVERSED', 'closes');
  if (closesAt - opensAt < windowDaysMin * DAY_MS)
    return refuse('WINDOW_TOO_SHORT', 'closes', { windowDaysMin });
  if (closesAt - opensAt > windowDaysMax * DAY_MS)
    return refuse('WINDOW_TOO_LONG', 'closes', { windowDaysMax });
  return ok(undefined);
}

/** Objections are taken for this many full days after the day of the preliminary result. */
export const objectionsUntil = (preliminaryAt: Instant, objectionDays: number): Instant =>
  objectionDays === 0
    ? preliminaryAt
    : startOfCivilDate(addDays(civilDateAt(preliminaryAt), objectionDays + 1));
