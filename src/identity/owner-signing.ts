/** Whether an owner who is signed in signed these bytes by the credential of his session, which is in force and not frozen (SPEC 3.3, 3.5). */
import { civilDateAt } from '../base/civil-date.ts';
import type { Tx } from '../db/transaction.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import type { Signature } from '../record/signature.ts';
import { areFrozen, isInForce } from './credentials.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { lockCredential } from './store/bindings.ts';

/** The credential stays as it is until the caller's transaction ends. */
export async function signsNow(
  tx: Tx,
  deps: IdentityDeps,
  { community, credential, person }: OwnerSession,
  hash: Uint8Array,
  signature: Signature,
): Promise<'signed' | 'not signed' | 'not in force'> {
  const row = await lockCredential(tx, community, credential);
  if (row === undefined || row.person_id !== person || !isInForce(row, civilDateAt(deps.clock())))
    return 'not in force';
  const [isFrozen] = await areFrozen(tx, [{ community, credential }]);
  if (isFrozen === true) return 'not in force';
  const key = {
    alg: row.alg as 'Ed25519' | 'webauthn',
    publicKey: row.public_key,
    webauthnId: row.webauthn_id,
  };
  return isSignedBy(key, hash, signature, deps) ? 'signed' : 'not signed';
}
