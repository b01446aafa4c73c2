/**
 * Two persons of the register who are one, under two documents: drafted by whoever saw both, signed by two officers. From the entry
 * on the next roll counts one head, and letters, keys and mandates of the merged one have ended; an undoing entry makes them two
 * again and brings nothing of that back (SPEC 3.8).
 */
import { assert, present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { MergeLine } from '../record/bundle-lines.ts';
import type { Merge } from '../record/merge.ts';
import { mergeForm, mergeHash } from '../record/merge.ts';
import type { MaskedCandidate, MaskedDocument } from '../registry/merge-candidates.ts';
import { candidatesOf, documentViews } from '../registry/merge-candidates.ts';
import { readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import type { MergeRow } from '../registry/store/merges.ts';
import {
  allMerges,
  endMerge,
  enforceMerge,
  insertMerge,
  loggedMerges,
  mergeById,
  mergesInForce,
} from '../registry/store/merges.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import { freezeInForce, lockAllOf } from './store/freezes.ts';
import { endCredentialsOf, endMandatesOf, lockMandatesOf } from './store/merges.ts';

/** A merge as officers draft it: ids of two persons of the register, and a reason that names nobody. */
export type NewMerge = {
  readonly community: string;
  readonly keeps: string;
  readonly merged: string;
  readonly reason: string;
};

/** A merge as the officers see it who may sign it; `record` is the canonical bytes, base64url. */
export type ListedMerge = {
  readonly merge: string;
  readonly state: 'drafted' | 'in-force' | 'ended';
  readonly record: string;
  readonly keeps: MaskedDocument;
  readonly merged: MaskedDocument;
};

const SIGNERS: readonly string[] = ['registrar', 'street', 'regulator'];

/** Who sees the candidates, drafts and signs. */
const mayMerge = (officer: ActingOfficer, community: string): boolean =>
  SIGNERS.includes(officer.role) && actsIn(officer, community);

/** Persons of the register who might be one, for those who may merge them. */
export async function listCandidates(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly MaskedCandidate[], IdentityRefusal>> {
  return mayMerge(officer, community) ? ok(await candidatesOf(deps, community)) : refuse('NOT_ALLOWED');
}

const stateOf = (row: MergeRow): ListedMerge['state'] =>
  row.entry_id === null ? 'drafted' : row.ended_entry_id === null ? 'in-force' : 'ended';

const MAX_LISTED = 200;

/** The merges of a community, the newest first. */
export async function listMerges(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly ListedMerge[], IdentityRefusal>> {
  if (!mayMerge(officer, community)) return refuse('NOT_ALLOWED');
  const viewOf = await documentViews(deps, community);
  const listed: ListedMerge[] = [];
  for (const row of (await allMerges(deps.db, community)).slice(0, MAX_LISTED))
    listed.push({
      merge: row.merge_id,
      state: stateOf(row),
      record: toBase64Url(row.record),
      keeps: await viewOf(row.keeps_id),
      merged: await viewOf(row.merged_id),
    });
  return ok(listed);
}

/**
 * Whether the two can be merged now: both are persons as the record names them, neither is merged already, the merged one keeps
 * nobody himself – a chain would make the undoing of its first link ambiguous –, and neither has frozen his vote.
 */
async function mergeFault(
  tx: Tx,
  { community, keeps, merged }: Pick<Merge, 'community' | 'keeps' | 'merged'>,
): Promise<Extract<Result<never, IdentityRefusal>, { ok: false }> | undefined> {
  for (const party of [keeps, merged]) {
    const row = await readPerson({ db: tx }, community, party.person);
    if (row === undefined || toBase64Url(row.identity) !== party.identity) return refuse('MERGE_PERSON');
  }
  const standing = await mergesInForce(tx, community);
  const isTaken = standing.some(
    (row) =>
      row.merged_id === keeps.person || row.merged_id === merged.person || row.keeps_id === merged.person,
  );
  if (isTaken) return refuse('MERGE_MERGED');
  for (const { person } of [keeps, merged])
    if ((await freezeInForce(tx, community, person)) !== undefined) return refuse('MERGE_FROZEN');
  return undefined;
}

/** Drafts a merge for two officers' signatures. */
export async function draftMerge(
  deps: IdentityDeps,
  officer: ActingOfficer,
  { community, keeps, merged, reason }: NewMerge,
): Promise<Result<{ readonly act: string; readonly merge: string }, IdentityRefusal>> {
  if (!mayMerge(officer, community)) return refuse('NOT_ALLOWED');
  const why = reason.normalize('NFC').trim();
  if (why === '') return refuse('MERGE_REASON', 'reason');
  if (keeps === merged) return refuse('MERGE_PERSON', 'merged');
  return inTransaction(deps.db, async (tx) => {
    if ((await lockCommunity(tx, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
    const rows = [
      await readPerson({ db: tx }, community, keeps),
      await readPerson({ db: tx }, community, merged),
    ];
    const [kept, other] = rows.map(
      (row) => row && { person: row.person_id, identity: toBase64Url(row.identity) },
    );
    if (kept === undefined || other === undefined) return refuse('MERGE_PERSON');
    const named = { community, keeps: kept, merged: other };
    const fault = await mergeFault(tx, named);
    if (fault !== undefined) return fault;
    const nonce = toBase64Url(deps.random(16));
    const bytes = mergeForm.bytes({ v: 1, kind: 'merge', ...named, reason: why, nonce });
    const merge = newId(deps.random);
    await insertMerge(tx, {
      community_id: community,
      merge_id: merge,
      keeps_id: keeps,
      merged_id: merged,
      record: bytes,
      drafted_by: officer.officer,
      drafted_at_ms: BigInt(deps.clock()),
    });
    const entry = { v: 1, kind: 'persons.merged', community, mergeHash: mergeHash(bytes) } as const;
    const act = await draftAct(tx, deps, { entry, details: { merge }, draftedBy: officer.officer });
    return ok({ act, merge });
  });
}

/** Drafts the undoing of a merge; the same two bodies sign it. */
export async function draftSeparation(
  deps: IdentityDeps,
  officer: ActingOfficer,
  { community, merge }: { readonly community: string; readonly merge: string },
): Promise<Result<{ readonly act: string }, IdentityRefusal>> {
  if (!mayMerge(officer, community)) return refuse('NOT_ALLOWED');
  const row = await mergeById(deps.db, community, merge);
  if (row === undefined) return refuse('MERGE_UNKNOWN');
  if (stateOf(row) !== 'in-force') return refuse('MERGE_ENDED');
  const entry = { v: 1, kind: 'persons.separated', community, mergeHash: mergeHash(row.record) } as const;
  try {
    const act = await inTransaction(deps.db, (tx) =>
      draftAct(tx, deps, { entry, details: { merge }, draftedBy: officer.officer }),
    );
    return ok({ act });
  } catch (error) {
    const refusal = refusalOfConstraint(error, { act_subject_key: 'SEPARATION_DRAFTED' });
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

/** The community and the merge that a signed act is about. */
async function mergeOfAct(tx: Tx, act: SignedAct): Promise<MergeRow> {
  const { entry } = act;
  assert(entry.kind === 'persons.merged' || entry.kind === 'persons.separated', `${act.kind} merges nobody`);
  const row = present(
    await mergeById(tx, entry.community, act.details['merge'] ?? ''),
    'the act was drafted with its merge',
  );
  assert(mergeHash(row.record) === entry.mergeHash, 'the merge is the one that was signed');
  return row;
}

/**
 * Locks what the entry ends before its place in the log is drawn, so that a cast under a key of the merged person is before or after
 * it (SPEC 6.6). The community comes first: a roll is frozen before or after, and no third officer merges beside.
 */
export async function lockMergeAct(tx: Tx, act: SignedAct): Promise<void> {
  const { community_id: community, merged_id: merged } = await mergeOfAct(tx, act);
  await lockCommunity(tx, community);
  await lockAllOf(tx, community, merged);
  await lockMandatesOf(tx, community, merged);
}

/** Merges the two persons of a signed act. */
export async function applyMerge(
  tx: Tx,
  _deps: IdentityDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  assert(act.entry.kind === 'persons.merged', `${act.kind} merges nobody`);
  const row = await mergeOfAct(tx, act);
  const { community_id: community, merge_id: merge, merged_id: merged } = row;
  const fault = await mergeFault(tx, mergeForm.own(row.record));
  if (fault !== undefined) return fault;
  await enforceMerge(tx, community, merge, entryId);
  await endCredentialsOf(tx, community, merged, entryId);
  await endMandatesOf(tx, community, merged, entryId);
  return ok(undefined);
}

/** Undoes the merge of a signed act: the two are two again, and who was merged gets a letter as anybody who has none. */
export async function applySeparation(
  tx: Tx,
  _deps: IdentityDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  assert(act.entry.kind === 'persons.separated', `${act.kind} separates nobody`);
  const row = await mergeOfAct(tx, act);
  if (stateOf(row) !== 'in-force') return refuse('MERGE_ENDED');
  await endMerge(tx, row.community_id, row.merge_id, entryId);
  return ok(undefined);
}

/** `merges.jsonl`: the merges of a community among the first `size` entries of the log, in its order. */
export const mergeLines = async (
  db: Database,
  community: string,
  size: number,
): Promise<readonly MergeLine[]> =>
  (await loggedMerges(db, community, size)).map(({ record }) => ({ merge: toBase64Url(record) }));
