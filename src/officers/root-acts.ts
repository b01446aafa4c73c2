/** What waits for the roots, for files that their holders take to a computer without a network (SPEC 2.1, 2.2). */
import { latestCheckpoint } from '../auditlog/checkpoints.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { refuse } from '../base/result.ts';
import type { Role } from '../record/action.ts';
import { actionForm } from '../record/action.ts';
import { EMPTY_ROOT } from '../record/merkle.ts';
import { answerOf } from './act-answer.ts';
import type { SignOutcome } from './acts.ts';
import { ruleOf, signAct } from './acts.ts';
import type { ActAnswer } from './contract.ts';
import { canLeadTo } from './domain/signatures.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { SignedRootAction } from './root.ts';
import { openActs, signaturesOf } from './store.ts';

const KINDS = ['officer.appointed', 'officer.removed'] as const;

/** An act with the newest checkpoint, over which it is to be signed. */
type RootAct = ActAnswer & { readonly seen: { readonly size: number; readonly root: string } };

/** The open acts that roots may sign. */
export async function rootActs(deps: Pick<OfficerDeps, 'db'>): Promise<readonly RootAct[]> {
  const latest = await latestCheckpoint(deps.db);
  const seen = { size: latest?.size ?? 0, root: toBase64Url(latest?.root ?? EMPTY_ROOT) };
  const found: RootAct[] = [];
  for (const act of await openActs(deps.db, KINDS)) {
    const signatures = await signaturesOf(deps.db, act.act_id);
    const roles = [...signatures.map((row) => row.role as Role), 'root' as const];
    if (canLeadTo(ruleOf(act), roles)) found.push({ ...answerOf(act, signatures, new Map()), seen });
  }
  return found;
}

/** Hands in a root's action for the open act that it names. */
export async function signRootAct(
  deps: OfficerDeps,
  { action, signature }: SignedRootAction,
): Promise<Result<SignOutcome>> {
  const parsed = actionForm.parse(action);
  if (!parsed.ok || parsed.value.role !== 'root') return refuse('ACTION_MALFORMED');
  const { subject } = parsed.value;
  const act = (await openActs(deps.db, KINDS)).find((row) => toBase64Url(row.subject) === subject);
  return act === undefined ? refuse('ACT_UNKNOWN') : signAct(deps, act.act_id, action, signature);
}
