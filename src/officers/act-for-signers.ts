/** Who may be shown what lies behind an act: an officer of its community whose role may sign it, while it is open (SPEC 2.4). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { ruleOf } from './acts.ts';
import type { OfficerSession } from './domain/session.ts';
import { actsIn } from './domain/session.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { ActRow } from './store.ts';
import { actById } from './store.ts';

/** Whether some signature of an act may come from this role. */
export const maySign = (act: ActRow, role: string): boolean =>
  ruleOf(act)
    .flat()
    .some((each) => each === role);

/** The open act, for an officer who may sign it; of another community it is unknown. */
export async function actForSigner(
  deps: OfficerDeps,
  officer: Pick<OfficerSession, 'community'> & { readonly role: string },
  { community, act: id }: { readonly community: string; readonly act: string },
): Promise<Result<ActRow, Refusal<'ACT_UNKNOWN' | 'ACT_NOT_OPEN' | 'NOT_ALLOWED'>>> {
  const act = await actById(deps.db, id);
  if (act === undefined || act.community_id !== community || !actsIn(officer, community))
    return refuse('ACT_UNKNOWN');
  if (!maySign(act, officer.role)) return refuse('NOT_ALLOWED');
  return act.state === 'open' ? ok(act) : refuse('ACT_NOT_OPEN');
}
