/** What the fund's routes share: who prepares, and how a refusal shows the lists that a person needs (DESIGN §7 "Fund"). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Handled, OfficerCaller } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import { shortfallAnswer } from './answers.ts';
import type { BookedEntry } from './booking.ts';
import type { FundRefusal } from './refusals.ts';

type NotAllowed = Refusal<'NOT_ALLOWED'>;

/** Who prepares entries: the committee, or the street where it convenes. */
export function mayPrepare(officer: OfficerCaller, community: string): Result<undefined, NotAllowed> {
  const fits = officer.role === 'committee' || officer.role === 'street';
  return fits && actsIn(officer, community) ? ok(undefined) : refuse('NOT_ALLOWED');
}

/** Who enters that a resolution or an emergency was annulled: those who sign it, the regulator among them. */
export function mayAnnul(officer: OfficerCaller, community: string): Result<undefined, NotAllowed> {
  const fits = ['committee', 'street', 'regulator'].includes(officer.role);
  return fits && actsIn(officer, community) ? ok(undefined) : refuse('NOT_ALLOWED');
}

/** A refusal that may have lists; that of a drafted act has none. */
type Listed = Refusal & Pick<FundRefusal, 'shortfalls' | 'gaps' | 'findings'>;

/** A refusal with its lists beside it. */
function refused({ shortfalls, findings, gaps, ...refusal }: Listed): Handled {
  const extras = {
    ...(shortfalls === undefined ? {} : { shortfalls: shortfalls.map(shortfallAnswer) }),
    ...(gaps === undefined ? {} : { gaps }),
    ...(findings === undefined ? {} : { findings }),
  };
  return { ok: false, refusal, extras };
}

export const handled = <T>(result: Result<T, Listed>, show: (value: T) => unknown): Handled =>
  result.ok ? ok(show(result.value)) : refused(result.refusal);

export const entryAnswer = ({ entry, seq }: BookedEntry) => ({ entry, seq: String(seq) });

export const BASE = '/v1/communities/:community/fund';
