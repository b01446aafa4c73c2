/**
 * An owner freezes his electronic vote, and two officers lift the freeze once he has shown his document (SPEC 3.5). From the entry on
 * no cast under his credentials and no new key of his is accepted; paper stays possible, and what was cast before stands.
 */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { forgetEmails } from '../notice/email-address.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import { actsIn } from '../officers/domain/session.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import type { FreezeLine } from '../record/bundle-lines.ts';
import { freezeForm, freezeHash } from '../record/freeze.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { maskedPerson, unitsOfPerson } from '../registry/units.ts';
import { isInForce } from './credentials.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import type { CredentialRow } from './store/credentials.ts';
import { credentialsById } from './store/credentials.ts';
import {
  freezeByHash,
  freezeInForce,
  freezesInForce,
  freezesOf,
  insertFreeze,
  liftFreeze,
  lockAllOf,
} from './store/freezes.ts';

/** A freeze as a page sends it: `by` is the credential that signed. */
export type NewFreeze = {
  readonly by: string;
  readonly freeze: Uint8Array;
  readonly signature: Signature;
};

/** A freeze in force as officers see it; the name is masked. */
export type StandingFreeze = {
  readonly freeze: string;
  readonly frozenAt: Instant;
  readonly name: string;
  readonly units: readonly { readonly building: string; readonly stair: string; readonly room: string }[];
};

const isSigned = (deps: IdentityDeps, row: CredentialRow, hash: Uint8Array, signature: Signature): boolean =>
  isSignedBy(
    {
      alg: row.alg as 'Ed25519' | 'webauthn',
      publicKey: row.public_key,
      webauthnId: row.webauthn_id,
    },
    hash,
    signature,
    deps,
  );

/**
 * Freezes the vote of whoever signed. It needs no session, so that a letter which a thief has locked by wrong numbers can still do it.
 * A stranger, an ended key and a wrong signature are refused alike.
 */
export async function freezeVote(
  deps: IdentityDeps,
  { by, freeze: bytes, signature }: NewFreeze,
): Promise<Result<{ readonly freeze: string }, IdentityRefusal>> {
  const read = freezeForm.parse(bytes);
  if (!read.ok) return refuse('FREEZE_MALFORMED', read.refusal.where);
  const { community, person } = read.value;
  const hash = freezeHash(bytes);
  const [claimed] = await credentialsById(deps.db, community, [by]);
  // Checked before any lock is taken: a stranger holds nobody's row.
  if (claimed === undefined || claimed.person_id !== person || !isSigned(deps, claimed, hash, signature))
    return refuse('FREEZE_REFUSED');
  return inTransaction(deps.db, async (tx) => {
    const rows = await lockAllOf(tx, community, person);
    const signer = present(
      rows.find((row) => row.credential_id === by),
      'credentials stay',
    );
    if (!isInForce(signer, civilDateAt(deps.clock()))) return refuse('FREEZE_REFUSED');
    if ((await freezeInForce(tx, community, person)) !== undefined) return refuse('FREEZE_STANDS');
    // Sent again after it was lifted, by whoever kept it.
    if ((await freezeByHash(tx, community, hash)) !== undefined) return refuse('FREEZE_REFUSED');
    const entry = { v: 1, kind: 'voting.frozen', community, freezeHash: toBase64Url(hash) } as const;
    const { entryId } = await writeEntry(tx, entry, [evidenceHash(signature)]);
    await insertFreeze(tx, {
      community_id: community,
      freeze_hash: hash,
      person_id: person,
      by_credential_id: by,
      record: bytes,
      signature: present(fromUtf8(signatureForm.bytes(signature)), 'own text'),
      frozen_at_ms: BigInt(deps.clock()),
      entry_id: entryId,
    });
    await forgetEmails(tx, deps, community, [person]);
    return ok({ freeze: entry.freezeHash });
  });
}

/** Since when the vote of who is signed in stands still; undefined where it does not. */
export async function ownFreeze(
  db: Database,
  { community, person }: OwnerSession,
): Promise<{ readonly freeze: string; readonly frozenAt: Instant } | undefined> {
  const row = await freezeInForce(db, community, person);
  return row === undefined
    ? undefined
    : { freeze: toBase64Url(row.freeze_hash), frozenAt: Number(row.frozen_at_ms) };
}

/** Who sees freezes and drafts their end: one of the two who sign it. */
const mayLift = (officer: ActingOfficer, community: string): boolean =>
  (officer.role === 'registrar' || officer.role === 'street') && actsIn(officer, community);

/** The freezes in force of a community, the newest first. */
export async function standingFreezes(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly StandingFreeze[], IdentityRefusal>> {
  if (!mayLift(officer, community)) return refuse('NOT_ALLOWED');
  const found: StandingFreeze[] = [];
  for (const row of await freezesInForce(deps.db, community)) {
    const shown = await maskedPerson(deps, community, row.person_id);
    const units = await unitsOfPerson(deps.db, community, row.person_id);
    found.push({
      freeze: toBase64Url(row.freeze_hash),
      frozenAt: Number(row.frozen_at_ms),
      name: shown?.name ?? '',
      units: units.map(({ building, stair, room }) => ({ building, stair, room })),
    });
  }
  return ok(found);
}

/** Drafts the end of a freeze, which registrar and street office sign after its owner has shown his document. */
export async function draftUnfreezing(
  deps: IdentityDeps,
  officer: ActingOfficer,
  { community, freeze }: { readonly community: string; readonly freeze: string },
): Promise<Result<{ readonly act: string }, IdentityRefusal>> {
  if (!mayLift(officer, community)) return refuse('NOT_ALLOWED');
  const hash = fromBase64Url(freeze);
  const row = hash === undefined ? undefined : await freezeByHash(deps.db, community, hash);
  if (row === undefined) return refuse('FREEZE_UNKNOWN');
  if (row.lifted_entry_id !== null) return refuse('FREEZE_ENDED');
  const entry = { v: 1, kind: 'voting.unfrozen', community, freezeHash: freeze } as const;
  try {
    const act = await inTransaction(deps.db, (tx) =>
      draftAct(tx, deps, { entry, details: {}, draftedBy: officer.officer }),
    );
    return ok({ act });
  } catch (error) {
    const refusal = refusalOfConstraint(error, { act_subject_key: 'UNFREEZING_DRAFTED' });
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

/** Lifts the freeze of a signed act. */
export async function applyUnfreezing(
  tx: Tx,
  _deps: IdentityDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'voting.unfrozen', `${act.kind} lifts no freeze`);
  const hash = present(fromBase64Url(entry.freezeHash), 'checked bytes');
  return (await liftFreeze(tx, entry.community, hash, entryId)) ? ok(undefined) : refuse('FREEZE_ENDED');
}

/** `freezes.jsonl`: the freezes of a community among the first `size` entries of the log, in its order. */
export const freezeLines = async (
  db: Database,
  community: string,
  size: number,
): Promise<readonly FreezeLine[]> =>
  (await freezesOf(db, community, size)).map((row) => ({
    by: row.by_credential_id,
    freeze: toBase64Url(row.record),
    signature: signatureForm.own(utf8(row.signature)),
  }));
