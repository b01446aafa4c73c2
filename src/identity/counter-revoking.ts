/** Two officers take a bound key back with a reason: for an owner who cannot sign, or who did not bind it (SPEC 3.4). */
import { assert, present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import { revocationForm, revocationHash } from '../record/binding.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { maskedOwner, mayReceive, maySign } from './counter-desk.ts';
import { forgetEmailsUnder } from './email-forgetting.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import { endCredential, insertRevocation, lockCredential } from './store/bindings.ts';
import { insertRevocationDraft, openRevocations, revocationDraft } from './store/counter.ts';

/** A revocation that waits for officers, and whose key it ends. */
export type WaitingRevocation = {
  readonly act: string;
  /** Canonical bytes, base64url. */
  readonly revocation: string;
  readonly kind: 'passkey' | 'device';
  readonly name: string;
  readonly units: readonly string[];
};

/** The revocations of a community that wait, for those who may sign them. */
export async function listRevocations(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly WaitingRevocation[], IdentityRefusal>> {
  if (!maySign(officer, community)) return refuse('NOT_ALLOWED');
  const rows = await openRevocations(deps.db, community);
  return ok(
    await Promise.all(
      rows.map(async (row) => ({
        act: row.act_id,
        revocation: toBase64Url(row.revocation),
        kind: row.kind as WaitingRevocation['kind'],
        ...(await maskedOwner(deps, community, row.person_id)),
      })),
    ),
  );
}

/** Drafts the revocation of a bound key for two officers' signatures. */
export async function revokeForOwner(
  deps: IdentityDeps,
  officer: ActingOfficer,
  {
    community,
    credential,
    reason,
  }: { readonly community: string; readonly credential: string; readonly reason: string },
): Promise<Result<{ readonly act: string }, IdentityRefusal>> {
  if (!mayReceive(officer, community)) return refuse('NOT_ALLOWED');
  const why = reason.normalize('NFC').trim();
  if (why === '') return refuse('REVOCATION_REASON', 'reason');
  const nonce = toBase64Url(deps.random(16));
  const bytes = revocationForm.bytes({ v: 1, kind: 'revocation', community, credential, reason: why, nonce });
  return inTransaction(deps.db, async (tx) => {
    const fault = await revocationFault(tx, community, credential);
    if (fault !== undefined) return fault;
    const hash = toBase64Url(revocationHash(bytes));
    const act = await draftAct(tx, deps, {
      entry: { v: 1, kind: 'credential.revoked', community, revocationHash: hash, signedBy: 'officers' },
      details: { credential },
      draftedBy: officer.officer,
    });
    await insertRevocationDraft(tx, {
      community_id: community,
      act_id: act,
      credential_id: credential,
      revocation: bytes,
    });
    return ok({ act });
  });
}

/** Locks the key; a letter is ended by the registrar, who gives another for it. */
async function revocationFault(
  tx: Tx,
  community: string,
  credential: string,
): Promise<Extract<Result<never, IdentityRefusal>, { ok: false }> | undefined> {
  const row = await lockCredential(tx, community, credential);
  if (row === undefined || row.kind === 'letter') return refuse('CREDENTIAL_UNKNOWN');
  return row.ended_entry_id === null ? undefined : refuse('CREDENTIAL_ENDED');
}

/** Locks the key that a signed revocation ends, before the entry has its place: a cast under it gets a smaller index. */
export async function lockRevocationAct(tx: Tx, act: SignedAct): Promise<void> {
  const { entry } = act;
  assert(entry.kind === 'credential.revoked', `${act.kind} takes no key back`);
  await lockCredential(tx, entry.community, act.details['credential'] ?? '');
}

/** Takes the key of a signed act back; casts that were accepted stand. */
export async function applyCounterRevocation(
  tx: Tx,
  deps: IdentityDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'credential.revoked', `${act.kind} takes no key back`);
  const { community } = entry;
  const draft = present(await revocationDraft(tx, community, act.actId), 'drafted with the act');
  const fault = await revocationFault(tx, community, draft.credential_id);
  if (fault !== undefined) return fault;
  await endCredential(tx, community, draft.credential_id, entryId);
  await forgetEmailsUnder(tx, deps, community, [draft.credential_id]);
  await insertRevocation(tx, {
    community_id: community,
    credential_id: draft.credential_id,
    by_credential_id: null,
    revocation: draft.revocation,
    signature: null,
    revoked_at_ms: BigInt(deps.clock()),
    entry_id: entryId,
  });
  return ok(undefined);
}
