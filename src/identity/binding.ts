/**
 * An owner binds a passkey or a device key to himself by his letter, and takes a key back (SPEC 3.4). The evidence is made outside the
 * server: it can neither invent a key for a silent owner nor keep one alive.
 */

import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { openAtRest } from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Binding, Revocation } from '../record/binding.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from '../record/binding.ts';
import type { BindingEvidence, PasskeyPlace } from '../record/binding-evidence.ts';
import { boundKey, isBindable, isSignedBy, isVouched } from '../record/binding-evidence.ts';
import type { BindingLine, RevocationLine } from '../record/bundle-lines.ts';
import { idTokenEvidenceForm } from '../record/id-token.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import { isInForce } from './credentials.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import { forgetEmailsUnder } from './email-forgetting.ts';
import type { BindingDeps, IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import {
  bindingsOf,
  credentialsOfPerson,
  endCredential,
  insertBinding,
  insertRevocation,
  lockCredential,
  revocationsOf,
} from './store/bindings.ts';
import type { CredentialRow } from './store/credentials.ts';
import { freezeBeforeEntering } from './store/freezes.ts';

/** Passkeys and device keys that one person may have at a time, and altogether: every one stays in the log. */
export const MAX_BOUND = 10;
const MAX_EVER_BOUND = 50;

/** What the database says where a key or a binding is already there. */
export const bindingConstraints = {
  credential_pk: 'BINDING_REPEATED',
  credential_public_key_key: 'BINDING_KEY_USED',
  credential_webauthn_id_key: 'BINDING_KEY_USED',
} as const;

export type NewBinding = { readonly binding: Uint8Array; readonly evidence: BindingEvidence };
export type NewRevocation = { readonly revocation: Uint8Array; readonly signature: Signature };

/** A key of a person as he is shown it; `boundAt` is empty for a letter. */
export type OwnKey = {
  readonly credential: string;
  readonly kind: 'letter' | 'passkey' | 'device';
  readonly boundAt: Instant | undefined;
  readonly isInForce: boolean;
};

const placeOf = ({ rpId, origins }: BindingDeps): PasskeyPlace => ({ rpId, origins });
const signatureText = (signature: Signature): string =>
  present(fromUtf8(signatureForm.bytes(signature)), 'own text');
const bytesOf = (text: string): Uint8Array => present(fromBase64Url(text), 'checked bytes');

/** Binds a key to the person whose letter is signed in, and logs it; the key is in force from that entry on. */
export async function bindKey(
  deps: BindingDeps,
  owner: OwnerSession,
  { binding: bytes, evidence }: NewBinding,
): Promise<Result<{ readonly credential: string }, IdentityRefusal>> {
  const read = bindingForm.parse(bytes);
  if (!read.ok) return refuse('BINDING_MALFORMED', read.refusal.where);
  const bound = read.value;
  if (bound.vouchedBy !== 'letter') return refuse('BINDING_MALFORMED', 'vouchedBy');
  if (bound.origin !== deps.deployment.origin || bound.rpId !== deps.rpId) return refuse('BINDING_ELSEWHERE');
  if (bound.community !== owner.community || bound.person !== owner.person) return refuse('BINDING_PERSON');
  if (!isBindable(bound)) return refuse('BINDING_KEY');
  try {
    return await inTransaction(deps.db, async (tx) => {
      // Whatever ends the letter waits for this lock, and gets a later entry.
      const letter = await lockCredential(tx, owner.community, owner.credential);
      const fault = await bindingFault(tx, deps, letter, { bound, bytes, evidence });
      if (fault !== undefined) return fault;
      await enterBinding(tx, deps, owner, { bound, bytes, evidence });
      return ok({ credential: bound.credential });
    });
  } catch (error) {
    const refusal = refusalOfConstraint(error, bindingConstraints);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

type ReadBinding = {
  readonly bound: Binding;
  readonly bytes: Uint8Array;
  readonly evidence: BindingEvidence;
};

async function bindingFault(
  tx: Tx,
  deps: BindingDeps,
  letter: CredentialRow | undefined,
  { bound, bytes, evidence }: ReadBinding,
): Promise<Extract<Result<never, IdentityRefusal>, { ok: false }> | undefined> {
  const today = civilDateAt(deps.clock());
  if (letter?.kind !== 'letter' || !isInForce(letter, today)) return refuse('BINDING_LETTER');
  if (toBase64Url(letter.identity) !== bound.identity) return refuse('BINDING_PERSON');
  if (!isVouched(bound, bytes, letter.public_key, evidence, placeOf(deps))) return refuse('BINDING_EVIDENCE');
  if ((await freezeBeforeEntering(tx, bound.community, bound.person)) !== undefined)
    return refuse('BINDING_FROZEN');
  return (await hasTooMany(tx, bound, today)) ? refuse('BINDING_TOO_MANY') : undefined;
}

/** Whether the person has as many keys as he may have. */
export async function hasTooMany(
  tx: Tx,
  { community, person }: Pick<Binding, 'community' | 'person'>,
  today: CivilDate,
): Promise<boolean> {
  const rows = await credentialsOfPerson(tx, community, person);
  const former = rows.filter((row) => row.kind !== 'letter');
  const inForce = former.filter((row) => isInForce(row, today));
  return inForce.length >= MAX_BOUND || former.length >= MAX_EVER_BOUND;
}

async function enterBinding(
  tx: Tx,
  deps: BindingDeps,
  owner: OwnerSession,
  { bound, bytes, evidence: [byLetter, byKey] }: ReadBinding,
): Promise<void> {
  const { community } = bound;
  const entry = {
    v: 1,
    kind: 'credential.bound',
    community,
    bindHash: toBase64Url(bindHash(bytes)),
    signedBy: 'owner',
  } as const;
  const { entryId } = await writeEntry(tx, entry, [evidenceHash(byLetter), evidenceHash(byKey)]);
  await insertBinding(tx, credentialRow(bound, entryId), {
    community_id: community,
    credential_id: bound.credential,
    letter_id: owner.credential,
    binding: bytes,
    letter_signature: signatureText(byLetter),
    id_token: null,
    key_signature: signatureText(byKey),
    bound_at_ms: BigInt(deps.clock()),
    entry_id: entryId,
  });
}

/** The credential that a binding makes at this entry of the log. */
export function credentialRow(bound: Binding, entryId: bigint): Omit<CredentialRow, 'ended_entry_id'> {
  const { publicKey, webauthnId, alg } = boundKey(bound);
  return {
    community_id: bound.community,
    credential_id: bound.credential,
    person_id: bound.person,
    identity: bytesOf(bound.identity),
    kind: bound.credentialKind,
    alg,
    public_key: publicKey,
    webauthn_id: webauthnId,
    until_on: null,
    entry_id: entryId,
  };
}

/** Takes back a key of the person who is signed in, signed by that key or by his letter; casts that were accepted stand. */
export async function revokeKey(
  deps: BindingDeps,
  owner: OwnerSession,
  { revocation: bytes, signature }: NewRevocation,
): Promise<Result<{ readonly credential: string }, IdentityRefusal>> {
  const read = revocationForm.parse(bytes);
  if (!read.ok) return refuse('REVOCATION_MALFORMED', read.refusal.where);
  const revocation = read.value;
  if (revocation.community !== owner.community) return refuse('CREDENTIAL_UNKNOWN');
  return inTransaction(deps.db, async (tx) => {
    // One order for all: the credentials' ids.
    const ids = [...new Set([revocation.credential, owner.credential])].sort();
    const rows = new Map<string, CredentialRow | undefined>();
    for (const id of ids) rows.set(id, await lockCredential(tx, owner.community, id));
    const [ended, by] = [rows.get(revocation.credential), rows.get(owner.credential)];
    // Whose a key is that is not his own, a stranger is not told.
    if (ended === undefined || by === undefined || ended.person_id !== owner.person)
      return refuse('CREDENTIAL_UNKNOWN');
    // A letter is ended by the registrar, who gives another for it.
    if (ended.kind === 'letter' || !mayRevoke(by, ended)) return refuse('REVOCATION_NOT_BY');
    if (ended.ended_entry_id !== null) return refuse('CREDENTIAL_ENDED');
    if (!isInForce(by, civilDateAt(deps.clock()))) return refuse('BINDING_LETTER');
    if (!isSignedBy(keyOf(by), revocationHash(bytes), signature, placeOf(deps)))
      return refuse('BINDING_EVIDENCE');
    await enterRevocation(tx, deps, owner, { revocation, bytes, signature });
    return ok({ credential: revocation.credential });
  });
}

const keyOf = (row: CredentialRow) => ({
  alg: row.alg as 'Ed25519' | 'webauthn',
  publicKey: row.public_key,
  webauthnId: row.webauthn_id,
});

const mayRevoke = (by: CredentialRow, ended: CredentialRow): boolean =>
  by.credential_id === ended.credential_id || by.kind === 'letter';

async function enterRevocation(
  tx: Tx,
  deps: BindingDeps,
  owner: OwnerSession,
  {
    revocation,
    bytes,
    signature,
  }: { readonly revocation: Revocation; readonly bytes: Uint8Array; readonly signature: Signature },
): Promise<void> {
  const { community, credential } = revocation;
  const hash = toBase64Url(revocationHash(bytes));
  const entry = {
    v: 1,
    kind: 'credential.revoked',
    community,
    revocationHash: hash,
    signedBy: 'owner',
  } as const;
  const { entryId } = await writeEntry(tx, entry, [evidenceHash(signature)]);
  await endCredential(tx, community, credential, entryId);
  await forgetEmailsUnder(tx, deps, community, [credential]);
  await insertRevocation(tx, {
    community_id: community,
    credential_id: credential,
    by_credential_id: owner.credential,
    revocation: bytes,
    signature: signatureText(signature),
    revoked_at_ms: BigInt(deps.clock()),
    entry_id: entryId,
  });
}

/** The keys of a person, the oldest first, and the identity of the one that is signed in, which a new key shares. */
export async function ownKeys(
  deps: BindingDeps,
  owner: OwnerSession,
): Promise<{ readonly identity: string; readonly keys: readonly OwnKey[] }> {
  const rows = await credentialsOfPerson(deps.db, owner.community, owner.person);
  const own = present(
    rows.find((row) => row.credential_id === owner.credential),
    'a session has a credential',
  );
  return { identity: toBase64Url(own.identity), keys: await keysOf(deps, owner.community, owner.person) };
}

/** The keys of a person, the oldest first. */
export async function keysOf(
  { db, clock }: Pick<IdentityDeps, 'db' | 'clock'>,
  community: string,
  person: string,
): Promise<readonly OwnKey[]> {
  const today = civilDateAt(clock());
  return (await credentialsOfPerson(db, community, person)).map((row) => ({
    credential: row.credential_id,
    kind: row.kind as OwnKey['kind'],
    boundAt: row.bound_at_ms === null ? undefined : Number(row.bound_at_ms),
    isInForce: isInForce(row, today),
  }));
}

/** Where the token of a binding rests sealed. */
export const idTokenPlace = (community: string, credential: string): string =>
  `credential_binding.id_token/${community}/${credential}`;

const signatureOf = (text: string): Signature => signatureForm.own(utf8(text));

/** `bindings.jsonl`: the bindings of a community among the first `size` entries of the log, in its order. */
export const bindingLines = async (
  { db, atRest }: Pick<IdentityDeps, 'db' | 'atRest'>,
  community: string,
  size: number,
): Promise<readonly BindingLine[]> =>
  (await bindingsOf(db, community, size)).map((row) => ({
    letter: row.letter_id ?? '',
    provider:
      row.id_token === null
        ? []
        : [
            idTokenEvidenceForm.own(
              openAtRest(atRest, idTokenPlace(community, row.credential_id), row.id_token),
            ),
          ],
    binding: toBase64Url(row.binding),
    evidence: [
      ...(row.letter_signature === null ? [] : [signatureOf(row.letter_signature)]),
      signatureOf(row.key_signature),
    ],
  }));

/** `revocations.jsonl`: the revocations of a community's keys among the first `size` entries of the log, in its order. */
export const revocationLines = async (
  db: Database,
  community: string,
  size: number,
): Promise<readonly RevocationLine[]> =>
  (await revocationsOf(db, community, size)).map((row) => ({
    by: row.by_credential_id ?? '',
    revocation: toBase64Url(row.revocation),
    evidence: row.signature === null ? [] : [signatureOf(row.signature)],
  }));
