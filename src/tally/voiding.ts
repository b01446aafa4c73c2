/** Voids: two officers take a statement out of its chain after an objection to it was upheld, and the count is made again (SPEC 6.7, 8.2). */
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting, windowLocks } from '../assembly/meetings.ts';
import { lockMeeting } from '../assembly/store.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import type { CastRow } from '../ballot/store/casts.ts';
import { castByHash, chainLocks, chainOf, insertVoid } from '../ballot/store/casts.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, sameBytes, toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { UnsignedEntry, VoidReason } from '../record/entry.ts';
import { entryForm, withEvidence } from '../record/entry.ts';
import { leafHash } from '../record/merkle.ts';
import { entitlementOfUnit } from '../registry/roll-corrections.ts';
import { countAnew } from './counting.ts';
import { condemnedOf, objectorOf } from './objecting.ts';
import type { TallyRefusalCode } from './refusals.ts';
import { objectionsOf } from './store.ts';

type VoidRefusal = Refusal<TallyRefusalCode>;

/** What an officer asks for: the last statement of the head that this unit belongs to. */
export type WantedVoid = { readonly unit: string; readonly reason: VoidReason };

/** What is about to be voided, without a word of its choices. */
export type DraftedVoid = {
  readonly act: string;
  readonly entitlement: string;
  readonly channel: string;
  readonly acceptedAt: number;
};

/** A void is taken while the vote is open, and from the release of the box to the final result. */
const STATES: readonly string[] = ['open', 'counting', 'preliminary'];

const voidOf = ({ entry }: SignedAct): UnsignedEntry<'cast.voided'> => {
  assert(entry.kind === 'cast.voided', `${entry.kind} voids nothing`);
  return entry;
};

type VoidGround = Pick<UnsignedEntry<'cast.voided'>, 'objection' | 'entitlement' | 'reason'>;

/** Whether the objection was upheld, and is of this entitlement where it must be. */
async function groundOf(
  tx: Tx,
  meeting: Pick<Meeting, 'meeting' | 'state'>,
  { objection, entitlement, reason }: VoidGround,
): Promise<Result<readonly string[], VoidRefusal>> {
  const row = (await objectionsOf(tx, meeting.meeting)).find((each) => each.objection_id === objection);
  if (row === undefined) return refuse('OBJECTION_UNKNOWN');
  const condemned = condemnedOf(row);
  if (condemned === undefined) return refuse('VOID_NOT_UPHELD');
  const mustBeOwn = reason === 'CLAIMED_BY_OWNER' || meeting.state === 'open';
  return mustBeOwn && objectorOf(row) !== entitlement ? refuse('VOID_OTHER_ENTITLEMENT') : ok(condemned);
}

/** Whether the reason can be true of the statement. */
const fitsReason = (reason: VoidReason, { channel, mandate_id }: CastRow): boolean =>
  (reason !== 'FORGED_PAPER' || channel === 'paper') && (reason !== 'NO_MANDATE' || mandate_id !== null);

/** A void takes what the decision condemned, for a reason that can be true of it. */
function takes(
  { reason }: Pick<VoidGround, 'reason'>,
  condemned: readonly string[],
  last: CastRow,
): Result<undefined, VoidRefusal> {
  if (!condemned.includes(toBase64Url(last.cast_hash))) return refuse('VOID_NOT_CONDEMNED');
  return fitsReason(reason, last) ? ok(undefined) : refuse('VOID_REASON');
}

/** The statement that stands, which alone can be voided. */
async function standing(
  tx: Tx,
  place: { readonly community: string; readonly meeting: string; readonly entitlement: string },
): Promise<CastRow | undefined> {
  const last = (await chainOf(tx, place.community, place.meeting, place.entitlement)).at(-1);
  return last?.channel === 'void' ? undefined : last;
}

/** Drafts the void of what stands for a unit, for its two officers. */
export async function draftVoid(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  objection: string,
  { unit, reason }: WantedVoid,
): Promise<Result<DraftedVoid, VoidRefusal>> {
  return inDraft(deps, async (tx): Promise<Result<DraftedVoid, VoidRefusal>> => {
    const meeting = await readMeeting(tx, meetingId);
    if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
    const { community, state, definition } = meeting;
    if (!['committee', 'street', 'regulator'].includes(officer.role)) return refuse('NOT_ALLOWED');
    if (!STATES.includes(state)) return refuse('MEETING_STATE', undefined, { state });
    const entitlement = await entitlementOfUnit(tx, community, meetingId, unit);
    if (entitlement === undefined) return refuse('VOID_UNIT_UNKNOWN');
    // First whether he may ask at all, so that nobody learns by asking who has voted.
    const ground = await groundOf(tx, meeting, { objection, entitlement, reason });
    if (!ground.ok) return ground;
    await takeLocks(tx, [chainLocks([entitlement])]);
    const last = await standing(tx, { community, meeting: meetingId, entitlement });
    if (last === undefined) return refuse('VOID_NOTHING');
    const may = takes({ reason }, ground.value, last);
    if (!may.ok) return may;
    const hash = toBase64Url(last.cast_hash);
    const entry: UnsignedEntry<'cast.voided'> = {
      v: 1,
      kind: 'cast.voided',
      community,
      meeting: meetingId,
      entitlement,
      seq: last.seq + 1,
      prev: hash,
      voids: hash,
      reason,
      objection,
    };
    const { channel, accepted_at_ms: acceptedAt } = last;
    const details = { unit, channel };
    const { convenerRole } = definition;
    const act = await draftAct(tx, deps, { entry, details, convenerRole, draftedBy: officer.officer });
    return ok({ act, entitlement, channel, acceptedAt: Number(acceptedAt) });
  });
}

/** What a void relies on, locked before its entry's place is drawn: the window as it is, the chain alone, and the count (SPEC 6.6). */
export async function lockVoid(tx: Tx, act: SignedAct): Promise<void> {
  const { meeting, entitlement } = voidOf(act);
  await takeLocks(tx, [windowLocks([meeting]), chainLocks([entitlement])]);
  await lockMeeting(tx, meeting);
}

/** Enters a signed void as the next item of its chain; after the count it takes the result back. */
export async function applyVoid(
  tx: Tx,
  deps: BallotDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, VoidRefusal>> {
  const entry = voidOf(act);
  const { community, meeting: id, entitlement } = entry;
  const meeting = present(await readMeeting(tx, id), 'a drafted act has its meeting');
  const { state } = meeting;
  if (!STATES.includes(state)) return refuse('MEETING_STATE', undefined, { state });
  // Between the close and the beat that begins it nobody could vote anew.
  if (state === 'open' && deps.clock() >= meeting.closesAt)
    return refuse('MEETING_STATE', undefined, { state });
  const ground = await groundOf(tx, meeting, entry);
  if (!ground.ok) return ground;
  const last = await standing(tx, { community, meeting: id, entitlement });
  if (last === undefined || toBase64Url(last.cast_hash) !== entry.voids) return refuse('VOID_SUPERSEDED');
  const may = takes(entry, ground.value, last);
  if (!may.ok) return may;
  const bytes = entryForm.bytes(withEvidence(entry, act.evidence));
  const now = deps.clock();
  await insertVoid(tx, {
    community_id: community,
    meeting_id: id,
    cast_hash: leafHash(bytes),
    entitlement_id: entitlement,
    seq: entry.seq,
    prev: present(fromBase64Url(entry.prev), 'checked hash'),
    cast_bytes: bytes,
    entry_id: entryId,
    accepted_at_ms: BigInt(now),
  });
  if (state === 'open') return ok(undefined);
  await countAnew(tx, now, id, entryId);
  return ok(undefined);
}

/** A condemned statement, and whether it counts no more: void, or replaced by its owner with another credential (SPEC 8.2). */
export type Condemned = { readonly hash: string; readonly entitlement: string; readonly isSettled: boolean };

/** What the decisions of a meeting condemn, by objection; rejected and undecided ones are absent. */
export async function condemnedStatements(
  db: Database | Tx,
  { community, meeting }: Pick<Meeting, 'community' | 'meeting'>,
): Promise<ReadonlyMap<string, readonly Condemned[]>> {
  const settles = (row: CastRow, later: CastRow): boolean =>
    later.channel === 'void'
      ? sameBytes(later.prev, row.cast_hash)
      : later.mandate_id === null && later.channel !== 'paper' && later.credential_id !== row.credential_id;
  const standingOf = async (hash: string): Promise<Condemned> => {
    const bytes = present(fromBase64Url(hash), 'checked hash');
    const row = present(await castByHash(db, community, meeting, bytes), 'a decision condemns what stood');
    const { entitlement_id: entitlement } = row;
    const chain = await chainOf(db, community, meeting, entitlement);
    const isSettled = chain.some((each) => each.seq > row.seq && settles(row, each));
    return { hash, entitlement, isSettled };
  };
  const found = new Map<string, readonly Condemned[]>();
  for (const row of await objectionsOf(db, meeting)) {
    const condemned = condemnedOf(row);
    if (condemned === undefined) continue;
    const statements: Condemned[] = [];
    for (const hash of condemned) statements.push(await standingOf(hash));
    found.set(row.objection_id, statements);
  }
  return found;
}
