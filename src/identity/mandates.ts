/**
 * A principal gives a mandate with his own credential, and takes it back with any of his (SPEC 3.6). The server can neither invent
 * a mandate nor keep one alive: every use of it names these bytes, and the log names their hash.
 */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import type { Mandate } from '../record/mandate.ts';
import { mandateForm, mandateHash, mandateRevocationHash } from '../record/mandate.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import { areFrozen, isInForce, votingKeysOf } from './credentials.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import type { MandateDeps } from './mandate-rules.ts';
import { lockAgentOf, mayBeGranted } from './mandate-rules.ts';
import type { IdentityRefusal } from './refusals.ts';
import { lockCredential } from './store/bindings.ts';
import type { CredentialRow } from './store/credentials.ts';
import { endMandate, insertMandate, lockMandate } from './store/mandates.ts';

export type NewMandate = { readonly mandate: Uint8Array; readonly signature: Signature };
type Granted = Result<{ readonly mandate: string }, IdentityRefusal>;

const signatureText = (signature: Signature): string =>
  present(fromUtf8(signatureForm.bytes(signature)), 'own text');

const keyOf = (row: CredentialRow) => ({
  alg: row.alg as 'Ed25519' | 'webauthn',
  publicKey: row.public_key,
  webauthnId: row.webauthn_id,
});

/** Grants a mandate that its principal, who is signed in, has signed; it is in force from its log entry on. */
export async function grantMandate(
  deps: MandateDeps,
  owner: OwnerSession,
  { mandate: bytes, signature }: NewMandate,
): Promise<Granted> {
  const read = mandateForm.parse(bytes);
  if (!read.ok) return refuse('MANDATE_MALFORMED', read.refusal.where);
  const given = read.value;
  if (given.community !== owner.community || given.by.person !== owner.person)
    return refuse('MANDATE_PERSON', 'by');
  if (given.basis !== 'mandate') return refuse('MANDATE_BASIS', 'basis');
  if (given.scanHash !== '') return refuse('MANDATE_MALFORMED', 'scanHash');
  try {
    return await inTransaction(deps.db, async (tx) => {
      await lockAgentOf(tx, given);
      const signed = await signedByPrincipal(tx, deps, owner, given, { mandate: bytes, signature });
      if (!signed.ok) return signed;
      const granted = await mayBeGranted(tx, deps, given);
      if (!granted.ok) return granted;
      await enterMandate(tx, deps, owner, given, { mandate: bytes, signature });
      return ok({ mandate: given.mandate });
    });
  } catch (error) {
    const refusal = refusalOfConstraint(error, { mandate_pk: 'MANDATE_REPEATED' });
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

/** The credential is in force, is the principal's, and speaks for every unit that the mandate names (LET-02). */
async function signedByPrincipal(
  tx: Tx,
  deps: MandateDeps,
  owner: OwnerSession,
  given: Mandate,
  { mandate: bytes, signature }: NewMandate,
): Promise<Result<undefined, IdentityRefusal>> {
  const row = await lockCredential(tx, owner.community, owner.credential);
  if (row === undefined || !isInForce(row, civilDateAt(deps.clock()))) return refuse('MANDATE_CREDENTIAL');
  const [isFrozen] = await areFrozen(tx, [{ community: owner.community, credential: owner.credential }]);
  if (isFrozen === true) return refuse('MANDATE_FROZEN');
  if (toBase64Url(row.identity) !== given.by.identity) return refuse('MANDATE_PERSON', 'by');
  if (!isSignedBy(keyOf(row), mandateHash(bytes), signature, deps)) return refuse('MANDATE_EVIDENCE');
  const { community, credential } = owner;
  const [key] = await votingKeysOf(tx, [{ community, credential }]);
  // A key of the counter has no letter behind it, and speaks for whatever its person holds (SPEC 3.4).
  const named = key?.letterUnits;
  const isNamed = named === undefined || given.units.every((unit) => named.has(unit));
  return isNamed ? ok(undefined) : refuse('MANDATE_UNITS', 'units');
}

async function enterMandate(
  tx: Tx,
  deps: MandateDeps,
  owner: OwnerSession,
  given: Mandate,
  { mandate: bytes, signature }: NewMandate,
): Promise<void> {
  const hash = toBase64Url(mandateHash(bytes));
  const { community } = given;
  const { entryId } = await writeEntry(
    tx,
    { v: 1, kind: 'mandate.granted', community, mandateHash: hash, signedBy: 'owner' },
    [evidenceHash(signature)],
  );
  await insertMandate(tx, {
    ...mandateColumns(given, bytes),
    credential_id: owner.credential,
    signature: signatureText(signature),
    granted_at_ms: BigInt(deps.clock()),
    entry_id: entryId,
  });
}

/** The columns by which a mandate is found. */
export const mandateColumns = (given: Mandate, bytes: Uint8Array) => ({
  community_id: given.community,
  mandate_id: given.mandate,
  meeting_id: given.meeting === '' ? null : given.meeting,
  basis: given.basis,
  principal_id: given.by.person,
  agent_id: given.to.person,
  until_on: given.until,
  mandate: bytes,
});

export type MandateRevocation = { readonly mandate: string; readonly signature: Signature };

/** Takes back a mandate of the principal who is signed in; casts that were accepted under it stand until he casts himself. */
export async function revokeMandate(
  deps: MandateDeps,
  owner: OwnerSession,
  { mandate, signature }: MandateRevocation,
): Promise<Granted> {
  const { community, credential } = owner;
  return inTransaction(deps.db, async (tx) => {
    // In the order of casts: credential, then mandate.
    const by = await lockCredential(tx, community, credential);
    const row = await lockMandate(tx, community, mandate);
    // Whose a mandate is that is not his own, a stranger is not told.
    if (row === undefined || row.principal_id !== owner.person) return refuse('MANDATE_UNKNOWN');
    // What the law or a legal person's office made, only the officers who saw its papers end.
    if (row.basis !== 'mandate') return refuse('MANDATE_BASIS');
    if (row.ended_entry_id !== null) return refuse('MANDATE_ENDED');
    if (by === undefined || !isInForce(by, civilDateAt(deps.clock()))) return refuse('MANDATE_CREDENTIAL');
    if (!isSignedBy(keyOf(by), mandateRevocationHash(row.mandate), signature, deps))
      return refuse('MANDATE_EVIDENCE');
    const hash = toBase64Url(mandateHash(row.mandate));
    const { entryId } = await writeEntry(
      tx,
      { v: 1, kind: 'mandate.revoked', community, mandateHash: hash, signedBy: 'owner' },
      [evidenceHash(signature)],
    );
    await endMandate(tx, {
      community_id: community,
      mandate_id: mandate,
      credential_id: credential,
      signature: signatureText(signature),
      revoked_at_ms: BigInt(deps.clock()),
      entry_id: entryId,
    });
    return ok({ mandate });
  });
}

/** The record in the bytes of a row of ours. */
export const mandateIn = (bytes: Uint8Array): Mandate => mandateForm.own(bytes);

/** Bytes of a wire text that was checked. */
export const wireBytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();
