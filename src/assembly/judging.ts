/** What is wrong with the dates of a meeting that somebody is drafting, all of it at once; nothing is kept (SPEC 5). */
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { RuleWish } from './chosen-rules.ts';
import { chosenRules } from './chosen-rules.ts';
import type { Timetable, TimetableFault } from './domain/timetable.ts';
import { earliestOpening, faultsOf, unknownYears } from './domain/timetable.ts';
import type { AssemblyRefusalCode } from './refusals.ts';

export type Judged = {
  /** The first day on which the vote may open under this notice. */
  readonly opensFrom: CivilDate;
  readonly faults: readonly TimetableFault[];
  /** Years whose holidays the deployment does not know. */
  readonly unknownYears: readonly string[];
};

/** Judges the dates as the notice would be judged if it went out now. */
export async function judgeTimetable(
  deps: AssemblyDeps,
  officer: OfficerSession,
  wish: Timetable & RuleWish & { readonly community: string },
): Promise<Result<Judged, Refusal<AssemblyRefusalCode>>> {
  if (!actsIn(officer, wish.community)) return refuse('COMMUNITY_UNKNOWN');
  if (officer.role !== 'committee' && officer.role !== 'street') return refuse('NOT_ALLOWED');
  const rules = await chosenRules(deps, wish);
  if (!rules.ok) return rules;
  const { parameters } = rules.value;
  const { calendar } = deps;
  return ok({
    opensFrom: civilDateAt(earliestOpening(wish.publishedOn, parameters.noticeDays, calendar)),
    faults: faultsOf(wish, parameters, deps.clock(), calendar),
    unknownYears: unknownYears(wish, parameters, calendar),
  });
}
