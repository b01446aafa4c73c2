/**
 * Owners demand a meeting: one files what he demands, others join it or leave it until it is answered, each by a signature of his own
 * credential; whoever is the fifth writes it into the log (Regulation on property management §13, Guidance Rules 2009/274 §21; SPEC 5.4).
 * The community is locked first, as by whatever changes its register or merges its persons, so that a count stands in the log after what it
 * was counted against (SPEC 6.6).
 */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromUtf8, sameBytes, toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OwnerSession } from '../identity/domain/owner-session.ts';
import { signsNow } from '../identity/owner-signing.ts';
import type { Support } from '../record/requisition.ts';
import {
  reachesFifth,
  requisitionCountForm,
  requisitionCountHash,
  requisitionForm,
  requisitionHash,
  supportForm,
  supportHash,
  supportSumsOf,
} from '../record/requisition.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import { communityById, lockCommunity } from '../registry/store/communities.ts';
import { registryUnits } from '../registry/units.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { countedHeads } from './domain/requisition-counting.ts';
import type { RequisitionRefusalCode } from './refusals.ts';
import type { RequisitionRow } from './store/requisitions.ts';
import {
  filedBy,
  insertRequisition,
  insertSupport,
  markReached,
  requisitionById,
  standingSupports,
  supportsBy,
} from './store/requisitions.ts';

type RequisitionRefusal = Refusal<RequisitionRefusalCode>;
export type SignedSupport = { readonly support: Uint8Array; readonly signature: Signature };

/** Each stays in the log for good, and each that reaches its fifth must be answered. */
const MAX_EVER_FILED = 5;
/** To join and to leave by turns fills the log as well. */
const MAX_EVER_SIGNED = 100;

/** Files a requisition, whose first supporter is who files it. */
export async function fileRequisition(
  deps: AssemblyDeps,
  owner: OwnerSession,
  { requisition: bytes, ...signed }: SignedSupport & { readonly requisition: Uint8Array },
): Promise<Result<{ readonly requisition: string }, RequisitionRefusal>> {
  const read = requisitionForm.parse(bytes);
  if (!read.ok) return refuse('REQUISITION_MALFORMED', read.refusal.where);
  const { community, requisition, title, text } = read.value;
  if (community !== owner.community) return refuse('REQUISITION_MALFORMED', 'community');
  if (title.trim() === '' || text.trim() === '') return refuse('REQUISITION_MALFORMED', 'text');
  return inTransaction(deps.db, async (tx) => {
    await lockCommunity(tx, community);
    if ((await requisitionById(tx, community, requisition)) !== undefined)
      return refuse('REQUISITION_REPEATED');
    const filed = await filedBy(tx, community, owner.person);
    if (filed.length >= MAX_EVER_FILED) return refuse('REQUISITION_TOO_MANY');
    const may = await mayStand(tx, deps, owner, { ...signed, about: bytes, wanted: ['joined'] });
    if (!may.ok) return may;
    if (await hasOpen(tx, owner, filed)) return refuse('REQUISITION_OPEN');
    const entry = {
      v: 1,
      kind: 'requisition.filed',
      community,
      requisition,
      requisitionHash: requisitionHash(bytes),
    } as const;
    const { entryId } = await writeEntry(tx, entry, []);
    const row = {
      community_id: community,
      requisition_id: requisition,
      record: bytes,
      filed_by: owner.person,
      filed_at_ms: BigInt(deps.clock()),
      entry_id: entryId,
    };
    await insertRequisition(tx, row);
    await enterSupport(tx, deps, owner, { ...row, reached_entry_id: null }, { ...signed, read: may.value });
    return ok({ requisition });
  });
}

/** Whether one that he filed waits for its answer while he stands behind it: whoever left his own may file another. */
async function hasOpen(
  tx: Tx,
  { community, person }: OwnerSession,
  filed: Awaited<ReturnType<typeof filedBy>>,
): Promise<boolean> {
  const signed = await supportsBy(tx, community, person);
  return filed.some(
    ({ requisition_id, answered_entry_id }) =>
      answered_entry_id === null &&
      signed.findLast((each) => each.requisition_id === requisition_id)?.stands === 'joined',
  );
}

/** Joins a requisition or leaves it, until it is answered. */
export async function supportRequisition(
  deps: AssemblyDeps,
  owner: OwnerSession,
  requisition: string,
  signed: SignedSupport,
): Promise<Result<{ readonly isReached: boolean }, RequisitionRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const { community, person } = owner;
    await lockCommunity(tx, community);
    const row = await requisitionById(tx, community, requisition);
    if (row === undefined) return refuse('REQUISITION_UNKNOWN');
    if (row.answered_entry_id !== null) return refuse('REQUISITION_ANSWERED');
    const before = await supportsBy(tx, community, person);
    if (before.length >= MAX_EVER_SIGNED) return refuse('REQUISITION_TOO_MANY');
    const stands = before.findLast((each) => each.requisition_id === requisition)?.stands ?? 'left';
    const wanted = stands === 'joined' ? 'left' : 'joined';
    const may = await mayStand(tx, deps, owner, { ...signed, about: row.record, wanted: [wanted] });
    if (!may.ok) return may;
    // Whoever sends the bytes by which he once joined would join again by an old signature.
    const hash = supportHash(signed.support);
    if (before.some((each) => sameBytes(each.support_hash, hash)))
      return refuse('REQUISITION_SUPPORT_REPEATED');
    const isReached = await enterSupport(tx, deps, owner, row, { ...signed, read: may.value });
    return ok({ isReached });
  });
}

type Asked = SignedSupport & {
  /** The bytes of the requisition that it must be about. */
  readonly about: Uint8Array;
  /** What he can do now. */
  readonly wanted: readonly Support['stands'][];
};

/** The record is of this owner and this requisition, signed by his credential now, and he owns something here. */
async function mayStand(
  tx: Tx,
  deps: AssemblyDeps,
  owner: OwnerSession,
  { support: bytes, signature, about, wanted }: Asked,
): Promise<Result<Support, RequisitionRefusal>> {
  const read = supportForm.parse(bytes);
  if (!read.ok) return refuse('REQUISITION_MALFORMED', read.refusal.where);
  const given = read.value;
  const { community, requisition } = requisitionForm.own(about);
  if (given.person !== owner.person || given.community !== community)
    return refuse('REQUISITION_MALFORMED', 'person');
  if (given.requisition !== requisition || given.requisitionHash !== requisitionHash(about))
    return refuse('REQUISITION_MALFORMED', 'requisitionHash');
  if (!wanted.includes(given.stands)) return refuse('REQUISITION_STANDS');
  const signs = await signsNow(tx, deps, owner, supportHash(bytes), signature);
  if (signs !== 'signed')
    return refuse(signs === 'not signed' ? 'REQUISITION_EVIDENCE' : 'REQUISITION_CREDENTIAL');
  const units = await registryUnits(tx, community);
  const isOwner = units.some(({ owners }) => owners.includes(owner.person));
  return isOwner || given.stands === 'left' ? ok(given) : refuse('REQUISITION_NO_HOME');
}

/** Enters a support that is in order, and the count where it is the one that reaches the fifth; gives whether it is. */
async function enterSupport(
  tx: Tx,
  deps: AssemblyDeps,
  owner: OwnerSession,
  row: Pick<RequisitionRow, 'community_id' | 'requisition_id' | 'reached_entry_id'>,
  { support: bytes, signature, read }: SignedSupport & { readonly read: Support },
): Promise<boolean> {
  const { community_id: community, requisition_id: requisition } = row;
  const hash = supportHash(bytes);
  const { entryId } = await writeEntry(
    tx,
    { v: 1, kind: 'requisition.supported', community, requisition, supportHash: toBase64Url(hash) },
    [evidenceHash(signature)],
  );
  await insertSupport(tx, {
    community_id: community,
    requisition_id: requisition,
    support_hash: hash,
    person_id: owner.person,
    credential_id: owner.credential,
    stands: read.stands,
    record: bytes,
    signature: present(fromUtf8(signatureForm.bytes(signature)), 'own text'),
    entry_id: entryId,
  });
  return row.reached_entry_id === null && read.stands === 'joined' && enterReached(tx, deps, row);
}

/** Counts by the register in force, and writes the count where both sums reach their fifth. */
async function enterReached(
  tx: Tx,
  deps: AssemblyDeps,
  row: Pick<RequisitionRow, 'community_id' | 'requisition_id'>,
): Promise<boolean> {
  const { community_id: community, requisition_id: requisition } = row;
  const standing = (await standingSupports(tx, community)).filter(
    (each) => each.requisition_id === requisition,
  );
  const joined = new Set(standing.map(({ person_id }) => person_id));
  const heads = countedHeads(await registryUnits(tx, community), joined);
  const sums = supportSumsOf({ heads });
  if (!reachesFifth(sums)) return false;
  const home = present(await communityById(tx, community), 'an owner has a community');
  const register = present(home.register_id, 'units stand in a register');
  const nonce = toBase64Url(deps.random(16));
  const count = requisitionCountForm.bytes({
    v: 1,
    kind: 'requisition-count',
    community,
    requisition,
    register,
    heads,
    nonce,
  });
  const { entryId } = await writeEntry(
    tx,
    {
      v: 1,
      kind: 'requisition.reached',
      community,
      requisition,
      register,
      heads: sums.heads,
      areaDm2: String(sums.areaDm2),
      totalHeads: sums.totalHeads,
      totalAreaDm2: String(sums.totalAreaDm2),
      countHash: requisitionCountHash(count),
    },
    [],
  );
  await markReached(tx, row, { at: deps.clock(), entryId, count });
  return true;
}
