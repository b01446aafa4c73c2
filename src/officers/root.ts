/** The roots of a deployment: entry 0 of the log, signed by t of n keys that the server never held (SPEC 2.1). */

import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase32, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { verify } from '../crypto/ed25519.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { actionForm, actionHash } from '../record/action.ts';
import type { EntryOf, UnsignedEntry } from '../record/entry.ts';
import { entryForm, subjectOf, unsignedBytes } from '../record/entry.ts';
import { EMPTY_ROOT } from '../record/merkle.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import { fits } from './domain/signatures.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { firstEntry, insertAct, insertSignature, setActState } from './store.ts';

export type RootDeclaration = EntryOf<'root.declared'>;

/** The officer id under which a root key signs: base32 of the first 16 bytes of SHA-256(public key) (SPEC 2.3). */
export const rootOfficerId = (publicKey: Uint8Array): string => toBase32(sha256(publicKey).subarray(0, 16));

/** The declared roots, or undefined while the log is empty. */
export async function declaredRoots(db: Database | Tx): Promise<RootDeclaration | undefined> {
  const row = await firstEntry(db);
  if (row === undefined) return undefined;
  const parsed = entryForm.parse(row.data);
  return parsed.ok && parsed.value.kind === 'root.declared' ? parsed.value : undefined;
}

const signerName = (action: Uint8Array): string => {
  const parsed = actionForm.parse(action);
  return parsed.ok ? parsed.value.officer : '';
};

export type SignedRootAction = { readonly action: Uint8Array; readonly signature: Signature };

/** Writes the declaration as the first entry of an empty log, its root signatures verified. */
export async function declareRoot(
  deps: OfficerDeps,
  entry: UnsignedEntry<'root.declared'>,
  signed: readonly SignedRootAction[],
): Promise<Result<undefined, Refusal<OfficerRefusalCode>>> {
  for (const { action, signature } of signed) {
    const parsed = actionForm.parse(action);
    if (!parsed.ok || parsed.value.role !== 'root') return refuse('ROOT_MALFORMED');
    const facts = { kind: entry.kind, subject: subjectOf(entry), community: '', meeting: '' };
    const fit = fits(parsed.value, facts, deps.clock());
    if (!fit.ok) return refuse(fit.refusal.code === 'ACTION_EXPIRED' ? 'ACTION_EXPIRED' : 'ROOT_MALFORMED');
    // Entry 0 has nothing before it that a root could have seen.
    if (parsed.value.size !== 0 || parsed.value.root !== toBase64Url(EMPTY_ROOT))
      return refuse('ACTION_CHECKPOINT');
    if (rootKeyOf(entry.roots, parsed.value.officer, action, signature) === undefined)
      return refuse('ACTION_SIGNATURE');
  }
  const signers = new Set(signed.map(({ action }) => signerName(action)));
  const enrollable = entry.roots.every((key) =>
    isEnrollableKey(present(fromBase64Url(key), 'checked bytes')),
  );
  if (!enrollable || signers.size < entry.threshold || signers.size !== signed.length)
    return refuse('ROOT_MALFORMED');
  return inTransaction(deps.db, async (tx) => {
    if ((await firstEntry(tx)) !== undefined) return refuse('ROOT_DECLARED_ALREADY');
    await enterDeclaration(tx, deps, entry, signed);
    return ok(undefined);
  });
}

async function enterDeclaration(
  tx: Tx,
  deps: OfficerDeps,
  entry: UnsignedEntry<'root.declared'>,
  signed: readonly SignedRootAction[],
): Promise<void> {
  const actId = newId(deps.random);
  const now = deps.clock();
  await insertAct(tx, {
    act_id: actId,
    community_id: '',
    meeting_id: null,
    kind: entry.kind,
    entry: unsignedBytes(entry),
    subject: present(fromBase64Url(subjectOf(entry)), 'own hash'),
    rule_kind: null,
    details: '{}',
    drafted_by: 'root',
    drafted_at_ms: BigInt(now),
  });
  for (const { action, signature } of signed) {
    const parsed = actionForm.parse(action);
    if (!parsed.ok) continue;
    const publicKey = present(
      rootKeyOf(entry.roots, parsed.value.officer, action, signature),
      'verified above',
    );
    await insertSignature(tx, {
      act_id: actId,
      officer_id: parsed.value.officer,
      role: 'root',
      identity: sha256(publicKey),
      public_key: publicKey,
      action,
      signature: new TextDecoder().decode(signatureForm.bytes(signature)),
      evidence: present(fromBase64Url(evidenceHash(signature)), 'own hash'),
      signed_at_ms: BigInt(now),
    });
  }
  const { entryId } = await writeEntry(
    tx,
    entry,
    signed.map(({ signature }) => evidenceHash(signature)),
  );
  await setActState(tx, actId, { state: 'done', done_at_ms: now, entry_id: entryId });
}

/** The root key that signed an action as this officer, or undefined. */
export function rootKeyOf(
  roots: readonly string[],
  officer: string,
  action: Uint8Array,
  signature: Signature,
): Uint8Array | undefined {
  if (signature.alg !== 'Ed25519') return undefined;
  const keys = roots.map((text) => present(fromBase64Url(text), 'checked bytes'));
  const key = keys.find((candidate) => rootOfficerId(candidate) === officer);
  const bytes = present(fromBase64Url(signature.signature), 'checked bytes');
  return key !== undefined && verify(key, actionHash(action), bytes) ? key : undefined;
}
