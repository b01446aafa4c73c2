/** Taking an office away, by the regulator and the street office or by the roots: `officer.removed` (SPEC 2.2). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { SignedAct } from './acts.ts';
import { draftAct, inDraft } from './acts.ts';
import type { OfficerSession } from './domain/session.ts';
import { actsIn } from './domain/session.ts';
import { endKeysOf } from './ending.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { lockOfficer, markRemoved } from './store/ending.ts';
import { officerById } from './store.ts';

type Removed = Result<{ readonly act: string }, Refusal<OfficerRefusalCode | 'ACT_DRAFTED'>>;

/** The two roles that may appoint and remove together. */
export const APPOINTERS: readonly string[] = ['regulator', 'street'];

/** Drafts a removal for its signers; a removed officer's own rows stay, so that what he signed can be checked for ever. */
export function draftRemoval(deps: OfficerDeps, by: OfficerSession, officer: string): Promise<Removed> {
  return inDraft<Removed>(deps, async (tx) => {
    const found = await officerById(tx, officer);
    if (found === undefined || !actsIn(by, found.community_id)) return refuse('OFFICER_UNKNOWN');
    if (!APPOINTERS.includes(by.role)) return refuse('NOT_ALLOWED');
    if (found.removed_entry_id !== null) return refuse('OFFICER_UNKNOWN');
    const entry: UnsignedEntry<'officer.removed'> = {
      v: 1,
      kind: 'officer.removed',
      officer,
      community: found.community_id,
    };
    const details = { name: found.name, role: found.role, officer };
    return ok({ act: await draftAct(tx, deps, { entry, details, draftedBy: by.officer }) });
  });
}

/** For the executor: nobody may execute what this officer signed while his removal draws its place in the log. */
export async function lockRemoval(tx: Tx, act: SignedAct): Promise<void> {
  await lockOfficer(tx, (act.entry as UnsignedEntry<'officer.removed'>).officer);
}

/** Executes a signed removal. */
export async function applyRemoval(
  tx: Tx,
  deps: OfficerDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, Refusal<OfficerRefusalCode>>> {
  const { officer } = act.entry as UnsignedEntry<'officer.removed'>;
  const row = await lockOfficer(tx, officer);
  if (row === undefined || row.removed_entry_id !== null) return refuse('OFFICER_UNKNOWN');
  await markRemoved(tx, officer, entryId);
  await endKeysOf(tx, deps, officer, [], entryId);
  return ok(undefined);
}
