/**
 * The holders of a head designate the one who casts for it: each of the others signs the same bytes by a credential of his own, and
 * with the last signature it is recorded (SPEC 3.6). What it means is asked here by the ballot box and the bundle.
 */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { compareText, fromUtf8, toBase64Url, utf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import type { DesignationLine } from '../record/bundle-lines.ts';
import type { Designation, Head } from '../record/designation.ts';
import { designatedOf, designationForm, designationHash, needsDesignation } from '../record/designation.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import { areFrozen, isInForce, votingKeysOf } from './credentials.ts';
import { mayBeDesignated } from './designation-rules.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import type { MandateDeps } from './mandate-rules.ts';
import type { IdentityRefusal } from './refusals.ts';
import { lockCredential } from './store/bindings.ts';
import { credentialsById } from './store/credentials.ts';
import type { DesignationSignatureRow } from './store/designations.ts';
import {
  countSignaturesOf,
  designationLocks,
  enterDesignation,
  insertDesignation,
  insertSignatureOf,
  lockDesignation,
  loggedDesignations,
  recordedFor,
  signaturesOfDesignations,
} from './store/designations.ts';

export type SignedDesignation = { readonly designation: Uint8Array; readonly signature: Signature };
type Proposed = Result<{ readonly designation: string; readonly isRecorded: boolean }, IdentityRefusal>;

/** The columns by which a designation is found. */
export const designationColumns = (given: Designation, bytes: Uint8Array) => ({
  community_id: given.community,
  designation_id: given.designation,
  meeting_id: given.meeting === '' ? null : given.meeting,
  designee_id: given.to.person,
  until_on: given.until,
  designation: bytes,
});

/** Each stays in the log, so nobody signs without end. */
const MAX_EVER_SIGNED = 50;

/** Signs a designation as one of the other holders, proposing it where he is the first; the last signature records it. */
export async function signDesignation(
  deps: MandateDeps,
  owner: OwnerSession,
  { designation: bytes, signature }: SignedDesignation,
): Promise<Proposed> {
  const read = designationForm.parse(bytes);
  if (!read.ok) return refuse('DESIGNATION_MALFORMED', read.refusal.where);
  const given = read.value;
  if (given.scanHash !== '') return refuse('DESIGNATION_MALFORMED', 'scanHash');
  if (given.community !== owner.community) return refuse('DESIGNATION_HOLDERS', 'community');
  // Proved before the lock is taken, which casts wait for.
  const proved = await isSignedByHolder(deps, owner, given, { designation: bytes, signature });
  if (!proved.ok) return proved;
  return inTransaction(deps.db, async (tx): Promise<Proposed> => {
    await takeLocks(tx, [designationLocks([given.community], false)]);
    if ((await countSignaturesOf(tx, given.community, owner.person)) >= MAX_EVER_SIGNED)
      return refuse('DESIGNATION_TOO_MANY');
    const may = await mayBeDesignated(tx, deps, given);
    if (!may.ok) return may;
    const known = await lockDesignation(tx, given.community, given.designation);
    if (known !== undefined && toBase64Url(known.designation) !== toBase64Url(bytes))
      return refuse('DESIGNATION_REPEATED');
    if (known !== undefined && known.entry_id !== null) return refuse('DESIGNATION_RECORDED');
    const signs = await maySignNow(tx, deps, owner, given);
    if (!signs.ok) return signs;
    const own: DesignationSignatureRow = {
      community_id: given.community,
      designation_id: given.designation,
      person_id: owner.person,
      credential_id: owner.credential,
      signature: present(fromUtf8(signatureForm.bytes(signature)), 'own text'),
      signed_at_ms: BigInt(deps.clock()),
    };
    const before = await signaturesOfDesignations(tx, given.community, [given.designation]);
    if (before.some(({ person_id }) => person_id === owner.person)) return refuse('DESIGNATION_SIGNED');
    const isWhole = before.length + 1 === given.by.length;
    if (isWhole && !(await areInForceStill(tx, deps, before))) return refuse('DESIGNATION_STALE');
    if (isWhole && known !== undefined && (await wasOvertaken(tx, deps, given, known.proposed_at_ms)))
      return refuse('DESIGNATION_STALE');
    if (known === undefined)
      await insertDesignation(tx, {
        ...designationColumns(given, bytes),
        needed: given.by.length,
        proposed_at_ms: BigInt(deps.clock()),
        entry_id: null,
      });
    await insertSignatureOf(tx, own);
    if (isWhole) await record(tx, given, bytes, inOrderOf(given, [...before, own]));
    return ok({ designation: given.designation, isRecorded: isWhole });
  });
}

/** The signature is of one of the other holders, by a credential of his: what never changes, and needs no lock. */
async function isSignedByHolder(
  deps: MandateDeps,
  { community, credential, person }: OwnerSession,
  given: Designation,
  { designation: bytes, signature }: SignedDesignation,
): Promise<Result<undefined, IdentityRefusal>> {
  const party = given.by.find((each) => each.person === person);
  if (party === undefined) return refuse('DESIGNATION_HOLDERS', 'by');
  const [row] = await credentialsById(deps.db, community, [credential]);
  if (row === undefined || toBase64Url(row.identity) !== party.identity)
    return refuse('DESIGNATION_CREDENTIAL');
  const key = {
    alg: row.alg as 'Ed25519' | 'webauthn',
    publicKey: row.public_key,
    webauthnId: row.webauthn_id,
  };
  return isSignedBy(key, designationHash(bytes), signature, deps)
    ? ok(undefined)
    : refuse('DESIGNATION_EVIDENCE');
}

/** The credential is in force, its owner has not frozen his vote, and it speaks for the units (LET-02). */
async function maySignNow(
  tx: Tx,
  deps: MandateDeps,
  { community, credential }: OwnerSession,
  given: Designation,
): Promise<Result<undefined, IdentityRefusal>> {
  const row = await lockCredential(tx, community, credential);
  if (row === undefined || !isInForce(row, civilDateAt(deps.clock())))
    return refuse('DESIGNATION_CREDENTIAL');
  const [isFrozen] = await areFrozen(tx, [{ community, credential }]);
  if (isFrozen === true) return refuse('DESIGNATION_FROZEN');
  const [voting] = await votingKeysOf(tx, [{ community, credential }]);
  const named = voting?.letterUnits;
  const isNamed = named === undefined || given.units.every((unit) => named.has(unit));
  return isNamed ? ok(undefined) : refuse('DESIGNATION_UNITS', 'units');
}

/** Whether the same holders have designated somebody since this one was proposed: what was signed before that is no longer meant. */
async function wasOvertaken(
  tx: Tx,
  deps: MandateDeps,
  { community, designation, by, to, units }: Designation,
  proposedAtMs: bigint,
): Promise<boolean> {
  const persons = [...by, to].map(({ person }) => person);
  const recorded = await recordedFor(tx, community, persons, civilDateAt(deps.clock()));
  const others = recorded.filter(
    (row) =>
      row.designation_id !== designation &&
      designationForm.own(row.designation).units.some((unit) => units.includes(unit)),
  );
  const ids = others.map((row) => row.designation_id);
  const signed = await signaturesOfDesignations(tx, community, ids);
  return [
    ...others.map(({ proposed_at_ms }) => proposed_at_ms),
    ...signed.map(({ signed_at_ms }) => signed_at_ms),
  ].some((at) => at > proposedAtMs);
}

/** Whether whoever signed before could sign now, which is the designation's place in the log. */
async function areInForceStill(
  tx: Tx,
  deps: MandateDeps,
  rows: readonly DesignationSignatureRow[],
): Promise<boolean> {
  const today = civilDateAt(deps.clock());
  // In one order, as every transaction that locks more than one.
  const inOrder = rows.toSorted((a, b) => compareText(a.credential_id, b.credential_id));
  for (const { community_id: community, credential_id: credential } of inOrder) {
    const row = await lockCredential(tx, community, credential);
    const [isFrozen] = await areFrozen(tx, [{ community, credential }]);
    if (row === undefined || !isInForce(row, today) || isFrozen === true) return false;
  }
  return true;
}

async function record(
  tx: Tx,
  { community, designation }: Designation,
  bytes: Uint8Array,
  signed: DesignationLine['signed'],
): Promise<void> {
  const { entryId } = await writeEntry(
    tx,
    {
      v: 1,
      kind: 'designation.recorded',
      community,
      designationHash: toBase64Url(designationHash(bytes)),
      signedBy: 'owner',
    },
    signed.map(({ signature }) => evidenceHash(signature)),
  );
  await enterDesignation(tx, community, designation, entryId);
}

const inOrderOf = (
  { by }: Designation,
  rows: readonly { readonly person_id: string; readonly credential_id: string; readonly signature: string }[],
): DesignationLine['signed'] =>
  by.flatMap(({ person }) =>
    rows
      .filter((row) => row.person_id === person)
      .map((row) => ({ by: row.credential_id, signature: signatureForm.own(utf8(row.signature)) })),
  );

/** A head in a meeting in which only the designated holder may cast, and when he does. */
export type DesignationQuestion = Head & {
  readonly community: string;
  readonly meeting: string;
  readonly at: Instant;
};

/** Who is designated for each head, in the order asked; empty where nobody is, and where nobody need be. */
export async function designatedVoters(
  db: Database | Tx,
  questions: readonly (DesignationQuestion | undefined)[],
): Promise<readonly string[]> {
  const voters: string[] = [];
  for (const question of questions) {
    const isAsked = question !== undefined && needsDesignation(question);
    voters.push(isAsked ? await designatedVoter(db, question) : '');
  }
  return voters;
}

async function designatedVoter(db: Database | Tx, question: DesignationQuestion): Promise<string> {
  const { community, meeting, holders, at } = question;
  const rows = await recordedFor(db, community, [...holders.keys()], civilDateAt(at));
  return designatedOf(
    rows.map((row) => designationForm.own(row.designation)),
    meeting,
    question,
  );
}

/** `designations.jsonl`: the designations of a community among the first `size` entries of the log, in its order. */
export async function designationLines(
  db: Database,
  community: string,
  size: number,
): Promise<readonly DesignationLine[]> {
  const rows = await loggedDesignations(db, community, size);
  const signed = await signaturesOfDesignations(
    db,
    community,
    rows.map((row) => row.designation_id),
  );
  return rows.map((row) => ({
    designation: toBase64Url(row.designation),
    signed: [
      ...inOrderOf(
        designationForm.own(row.designation),
        signed.filter((each) => each.designation_id === row.designation_id),
      ),
    ],
  }));
}
