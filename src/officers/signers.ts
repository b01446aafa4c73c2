/** Who signed an action: a root key, or an officer in force with a key of his appointment (SPEC 2.2, 2.3). */

import { present } from '../base/assert.ts';
import { fromBase64Url, sameBytes } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { verify } from '../crypto/ed25519.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { Action } from '../record/action.ts';
import { actionHash } from '../record/action.ts';
import { checkAssertion } from '../record/assertion.ts';
import type { Signature } from '../record/signature.ts';
import { actsIn } from './domain/session.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { declaredRoots, rootKeyOf } from './root.ts';
import type { OfficerKeyRow, OfficerRow } from './store.ts';
import { keysOfOfficer, officerById } from './store.ts';

export type Signer = { readonly identity: Uint8Array; readonly publicKey: Uint8Array };
type SignerRefusal = Refusal<OfficerRefusalCode>;

/** Whether an officer may act on this day: appointed, not removed, not past his term. */
export const isInForce = (officer: Pick<OfficerRow, 'removed_entry_id' | 'until_on'>, now: number): boolean =>
  officer.removed_entry_id === null && civilDateAt(now) <= officer.until_on;

/** The signer of an action, its signature verified. */
export async function signerOf(
  db: Tx,
  deps: OfficerDeps,
  action: Action,
  actionBytes: Uint8Array,
  signature: Signature,
): Promise<Result<Signer, SignerRefusal>> {
  if (action.role === 'root') {
    const roots = (await declaredRoots(db))?.roots ?? [];
    const key = rootKeyOf(roots, action.officer, actionBytes, signature);
    return key === undefined ? refuse('ACTION_SIGNATURE') : ok({ identity: sha256(key), publicKey: key });
  }
  const officer = await officerById(db, action.officer);
  if (officer === undefined || officer.role !== action.role) return refuse('ACTION_OFFICER');
  if (!isInForce(officer, deps.clock()) || !actsIn({ community: officer.community_id }, action.community)) {
    return refuse('ACTION_OFFICER');
  }
  const verified = await verifyByOfficer(db, deps, officer.officer_id, actionHash(actionBytes), signature);
  return verified.ok ? ok({ identity: officer.identity, publicKey: verified.value.public_key }) : verified;
}

/** Verifies a signature of 32 bytes under one of an officer's keys, by the very check that auditors use. */
async function verifyByOfficer(
  db: Database | Tx,
  deps: Pick<OfficerDeps, 'rpId' | 'origins'>,
  officer: string,
  challenge: Uint8Array,
  signature: Signature,
): Promise<Result<OfficerKeyRow, SignerRefusal>> {
  const keys = await keysOfOfficer(db, officer);
  if (signature.alg === 'Ed25519') {
    const bytes = present(fromBase64Url(signature.signature), 'checked bytes');
    const key = keys.find((row) => row.alg === 'Ed25519' && verify(row.public_key, challenge, bytes));
    return key === undefined ? refuse('ACTION_SIGNATURE') : ok(key);
  }
  const credentialId = present(fromBase64Url(signature.credentialId), 'checked bytes');
  const key = keys.find((row) => row.alg === 'webauthn' && sameBytes(row.webauthn_id, credentialId));
  if (key === undefined) return refuse('ASSERTION_CREDENTIAL');
  const { rpId, origins } = deps;
  const checked = checkAssertion(signature, {
    challenge,
    rpId,
    origins,
    coseKey: key.public_key,
    credentialId,
  });
  return checked.ok ? ok(key) : checked;
}
