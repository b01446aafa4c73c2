/** Restored casts: what the service promised and the log does not have is entered by two officers after the close (SPEC 6.12). */
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { lockMeeting, lockMeetingAlone } from '../assembly/store.ts';
import { listEntries } from '../auditlog/entries.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { armedMeeting, castFacts } from '../ballot/cast-facts.ts';
import type { CheckedCast } from '../ballot/domain/cast-checking.ts';
import { checkCast, readCast } from '../ballot/domain/cast-checking.ts';
import type { CastRefusalCode } from '../ballot/domain/cast-refusals.ts';
import { decideGroup } from '../ballot/domain/group-deciding.ts';
import { checkPromise } from '../ballot/domain/promise-checking.ts';
import { rowsOf } from '../ballot/entering.ts';
import { readGroup } from '../ballot/group-reading.ts';
import { chainLocks, restoredCasts } from '../ballot/store/casts.ts';
import type { RestorationRow } from '../ballot/store/restorations.ts';
import {
  insertRestoration,
  insertRestored,
  restorationByHash,
  restorationsOf,
} from '../ballot/store/restorations.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { promiseHash } from '../record/promise.ts';
import type { RollUnit } from '../record/roll.ts';
import type { Signature } from '../record/signature.ts';
import { signatureForm } from '../record/signature.ts';
import { leafOfEntitlement } from '../registry/frozen-roll.ts';
import { countAnew } from './counting.ts';
import type { TallyRefusalCode } from './refusals.ts';

type RestoringRefusal = Refusal<TallyRefusalCode | CastRefusalCode>;

/** What an owner's page kept of a cast that was acknowledged. */
export type LostCast = {
  readonly bytes: Uint8Array;
  readonly signature: Signature;
  readonly acknowledgement: string;
};

/** From `meeting.closed` to the final result; while the vote is open the owner sends his cast again. */
const STATES: readonly string[] = ['closed', 'counting', 'preliminary'];

/** A cast that may be restored unless its chain moves on, and the leaf hash of the entry that was promised. */
type Checked = CheckedCast & { readonly leaf: Uint8Array; readonly acknowledgement: string };

/** All that needs no lock: the promise, then the cast as if it came in when it was promised. */
async function check(
  tx: Tx,
  deps: BallotDeps,
  meeting: Meeting,
  lost: LostCast,
): Promise<Result<Checked, RestoringRefusal>> {
  const { memory } = deps.casts;
  const armed = present(await armedMeeting(tx, memory, meeting.meeting), 'a closed meeting was armed');
  const [closed] = await listEntries(tx, { meeting: meeting.meeting, kinds: ['meeting.closed'] });
  // No checkpoint covers a close that has no place yet.
  const closedIndex = closed?.index ?? Number.POSITIVE_INFINITY;
  const promised = checkPromise(armed, { ...meeting, closedIndex }, lost);
  if (!promised.ok) return promised;
  const { leaf, receivedAt } = promised.value;
  const read = readCast(armed, { bytes: lost.bytes, signature: lost.signature, receivedAt });
  if (!read.ok) return read;
  const [facts] = await castFacts(tx, memory, [read.value]);
  const checked = checkCast(read.value, present(facts, 'one for each'));
  return checked.ok ? ok({ ...checked.value, leaf, acknowledgement: lost.acknowledgement }) : checked;
}

/** Checks a lost cast and decides it under its locks: it stands nowhere, and its chain takes it as if the vote were open. */
async function decide(
  tx: Tx,
  deps: BallotDeps,
  meeting: Meeting,
  lost: LostCast,
): Promise<Result<Checked, RestoringRefusal>> {
  const checked = await check(tx, deps, meeting, lost);
  if (!checked.ok) return checked;
  const { meeting: id, opensAt, closesAt } = meeting;
  const { standing } = await readGroup(tx, [checked.value]);
  const windows = new Map([[id, { state: 'open', opensAt, closesAt }]]);
  const decision = present(decideGroup([checked.value], { ...standing, windows })[0], 'one is decided');
  // Its entry was written with it, in one transaction: where it does not stand, the log does not have the promised one either.
  if (decision.became === 'repeated') return refuse('CAST_STANDS');
  return decision.became === 'accepted' ? checked : { ok: false, refusal: decision.refusal };
}

/** Takes what an owner's page kept, once it is a promise that the log did not keep. */
export async function handIn(
  deps: BallotDeps,
  meetingId: string,
  lost: LostCast,
): Promise<Result<{ readonly castHash: string }, RestoringRefusal>> {
  return inTransaction(
    deps.db,
    async (tx): Promise<Result<{ readonly castHash: string }, RestoringRefusal>> => {
      // First of all locks, as for every step after the close: a result that becomes final meanwhile would leave this out.
      await lockMeetingAlone(tx, meetingId);
      const meeting = await readMeeting(tx, meetingId);
      if (meeting === undefined) return refuse('MEETING_UNKNOWN');
      const { community, state } = meeting;
      if (!STATES.includes(state)) return refuse('MEETING_STATE', undefined, { state });
      const decided = await decide(tx, deps, meeting, lost);
      if (!decided.ok) return decided;
      const { hash, cast } = decided.value;
      await insertRestoration(tx, {
        community_id: community,
        meeting_id: meetingId,
        cast_hash: hash,
        entitlement_id: cast.entitlement,
        cast_bytes: lost.bytes,
        signature: present(fromUtf8(signatureForm.bytes(lost.signature)), 'own text'),
        acknowledgement: lost.acknowledgement,
        asked_at_ms: BigInt(deps.clock()),
      });
      return ok({ castHash: toBase64Url(hash) });
    },
  );
}

const lostOf = ({ cast_bytes: bytes, signature, acknowledgement }: RestorationRow): LostCast => ({
  bytes,
  signature: signatureForm.own(utf8(signature)),
  acknowledgement,
});

/** A cast that was handed in: what officers see, without a word of its choices. */
export type ShownRestoration = {
  readonly castHash: string;
  readonly units: readonly RollUnit[];
  readonly acknowledgement: string;
  readonly askedAt: Instant;
  readonly isRestored: boolean;
};

const READERS: readonly string[] = ['committee', 'street', 'regulator'];

/** What was handed in, the first one first. */
export async function listRestorations(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
): Promise<Result<readonly ShownRestoration[], RestoringRefusal>> {
  const meeting = await readMeeting(deps.db, meetingId);
  if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
  if (!READERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  const { community } = meeting;
  const restored = new Set(
    (await restoredCasts(deps.db, community, meetingId)).map((row) => toBase64Url(row.cast_hash)),
  );
  const shown: ShownRestoration[] = [];
  for (const row of await restorationsOf(deps.db, community, meetingId)) {
    const leaf = await leafOfEntitlement(deps.db, community, meetingId, row.entitlement_id);
    const castHash = toBase64Url(row.cast_hash);
    shown.push({
      castHash,
      units: leaf?.leaf.units ?? [],
      acknowledgement: row.acknowledgement,
      askedAt: Number(row.asked_at_ms),
      isRestored: restored.has(castHash),
    });
  }
  return ok(shown);
}

/** Drafts the restoring of a cast that was handed in, for its two officers. */
export async function draftRestoring(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  castHash: string,
): Promise<Result<{ readonly act: string }, RestoringRefusal>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, RestoringRefusal>> => {
    await lockMeetingAlone(tx, meetingId);
    const meeting = await readMeeting(tx, meetingId);
    if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
    if (!READERS.includes(officer.role)) return refuse('NOT_ALLOWED');
    const { community, state, definition } = meeting;
    if (!STATES.includes(state)) return refuse('MEETING_STATE', undefined, { state });
    const hash = present(fromBase64Url(castHash), 'checked hash');
    const row = await restorationByHash(tx, community, meetingId, hash);
    if (row === undefined) return refuse('RESTORATION_UNKNOWN');
    const decided = await decide(tx, deps, meeting, lostOf(row));
    if (!decided.ok) return decided;
    const { entitlement, seq } = decided.value.cast;
    const entry: UnsignedEntry<'cast.restored'> = {
      v: 1,
      kind: 'cast.restored',
      community,
      meeting: meetingId,
      entitlement,
      seq,
      castHash,
      promiseHash: promiseHash(row.acknowledgement),
    };
    const { convenerRole } = definition;
    return ok({
      act: await draftAct(tx, deps, { entry, details: {}, convenerRole, draftedBy: officer.officer }),
    });
  });
}

/** Whether a cast that was handed in could still be restored: the final result waits for it. The caller holds the meeting alone. */
export async function hasRestorable(tx: Tx, deps: BallotDeps, meeting: Meeting): Promise<boolean> {
  for (const row of await restorationsOf(tx, meeting.community, meeting.meeting)) {
    const decided = await decide(tx, deps, meeting, lostOf(row));
    if (decided.ok) return true;
  }
  return false;
}

const restoringOf = ({ entry }: SignedAct): UnsignedEntry<'cast.restored'> => {
  assert(entry.kind === 'cast.restored', `${entry.kind} restores nothing`);
  return entry;
};

/** What a restoring relies on, locked before its entry's place is drawn: the meeting and the chain alone, and the count (SPEC 6.6). */
export async function lockRestoring(tx: Tx, act: SignedAct): Promise<void> {
  const { meeting, entitlement } = restoringOf(act);
  await lockMeetingAlone(tx, meeting);
  await takeLocks(tx, [chainLocks([entitlement])]);
  await lockMeeting(tx, meeting);
}

/** Enters a signed restoring as the next item of its chain; after the count it takes the result back. */
export async function applyRestoring(
  tx: Tx,
  deps: BallotDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, RestoringRefusal>> {
  const { community, meeting: id, castHash } = restoringOf(act);
  const meeting = present(await readMeeting(tx, id), 'a drafted act has its meeting');
  const { state } = meeting;
  if (!STATES.includes(state)) return refuse('MEETING_STATE', undefined, { state });
  const hash = present(fromBase64Url(castHash), 'checked hash');
  const row = present(
    await restorationByHash(tx, community, id, hash),
    'a drafted act has what was handed in',
  );
  const decided = await decide(tx, deps, meeting, lostOf(row));
  if (!decided.ok) return decided;
  await insertRestored(tx, rowsOf(decided.value), entryId);
  if (state !== 'closed') await countAnew(tx, deps.clock(), id, entryId);
  return ok(undefined);
}
