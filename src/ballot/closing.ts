/** Closing at the effective close, and the release of the box (SPEC 5, 6.8). */

import { meetingOf, readMeeting } from '../assembly/meetings.ts';
import { boxOf, changeMeeting, lockMeeting, lockMeetingAlone, releaseBox } from '../assembly/store.ts';
import { commitmentOver, listEntries, logSize } from '../auditlog/entries.ts';
import { writeEntry } from '../auditlog/entry-writing.ts';
import { sequenceAll } from '../auditlog/sequencing.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, sameBytes, toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { h256Text } from '../crypto/frame.ts';
import { boxPublicKey } from '../crypto/sealed-box.ts';
import type { Database } from '../db/connect.ts';
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { recordDeliveries } from '../notice/delivery-files.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { EntryOf, UnsignedEntry } from '../record/entry.ts';
import { BOX_ROLES } from '../record/two-officers.ts';
import type { BallotDeps } from './ballot-deps.ts';
import type { BallotRefusalCode } from './refusals.ts';
import { castsDecided } from './watermarks.ts';

/** The job kind that counts after the box is released; `tally` does it. */
export const COUNT_MEETING = 'tally.count';

/** Log kinds that are votes; every other entry of the community and the deployment is a control. */
export const VOTE_KINDS: readonly string[] = [
  'cast.accepted',
  'paper.accepted',
  'cast.voided',
  'cast.restored',
];

export type Commitments = Pick<EntryOf<'meeting.closed'>, 'votes' | 'controls'>;

/** `votes` and `controls` over the first `size` entries of the log (SPEC 6.8). */
export async function commitmentsOf(
  db: Database,
  community: string,
  meeting: string,
  size: number,
): Promise<Commitments> {
  const own = await listEntries(db, { community, below: size });
  const deployment = await listEntries(db, { community: '', below: size });
  const isVote = (kind: string): boolean => VOTE_KINDS.includes(kind);
  const votes = own.filter((entry) => isVote(entry.kind) && entry.meeting === meeting);
  const controls = [...own.filter((entry) => !isVote(entry.kind)), ...deployment].sort(
    (a, b) => a.index - b.index,
  );
  const commit = (entries: typeof votes) => {
    const { count, root } = commitmentOver(entries);
    return { size, count, root: toBase64Url(root) };
  };
  return { votes: commit(votes), controls: commit(controls) };
}

/**
 * The close is due: from now on only what was received before it is decided. Undefined where a former call went further, or the close
 * was moved since.
 */
async function beginClosing(
  deps: BallotDeps,
  meeting: string,
  due: Instant | undefined,
): Promise<Instant | undefined> {
  return inTransaction(deps.db, async (tx) => {
    await lockMeetingAlone(tx, meeting);
    const row = present(await lockMeeting(tx, meeting), 'the job names a meeting');
    const closesAt = Number(row.closes_at_ms);
    if (row.state === 'open' && due !== undefined && due < closesAt) return undefined;
    if (row.state === 'open' && deps.clock() >= closesAt) {
      await changeMeeting(tx, meeting, { state: 'closing' });
      await recordDeliveries(tx, deps, { community: row.community_id, meeting, moment: 'close' });
      return closesAt;
    }
    // A clock that stepped back leaves the meeting open: the job must rest and come again, not be done.
    assert(row.state !== 'open', `meeting ${meeting} is not due to close yet`);
    return row.state === 'closing' ? closesAt : undefined;
  });
}

/** Shuts casts out, drains the sequencer, and enters the close over what the log then has. */
async function finishClosing(deps: BallotDeps, meeting: string): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    await lockMeetingAlone(tx, meeting);
    const row = present(await lockMeeting(tx, meeting), 'the job names a meeting');
    if (row.state !== 'closing') return;
    // The lock keeps casts out until the state has changed; the sequencer needs no lock of ours.
    await sequenceAll(deps.log);
    const size = await logSize(deps.db);
    const commitments = await commitmentsOf(tx, row.community_id, meeting, size);
    const entry = {
      v: 1,
      kind: 'meeting.closed',
      community: row.community_id,
      meeting,
      ...commitments,
    } as const;
    await writeEntry(tx, entry, []);
    await changeMeeting(tx, meeting, { state: 'closed' });
  });
}

/** Closes a meeting, where the close that was `due` is still its last one: what any process received in time is decided, then nothing more, then the entry with its commitments. */
export async function closeMeeting(deps: BallotDeps, meeting: string, due?: Instant): Promise<void> {
  const closesAt = await beginClosing(deps, meeting, due);
  if (closesAt === undefined) return;
  await castsDecided(deps, closesAt);
  await finishClosing(deps, meeting);
}

type BoxRefusal = Refusal<BallotRefusalCode>;

/** Drafts the release of the box: its holder uploads the secret after the close and signs. */
export async function draftBoxRelease(
  deps: BallotDeps,
  officer: OfficerSession,
  meeting: string,
  secret: Uint8Array,
): Promise<Result<{ readonly act: string }, BoxRefusal>> {
  return inDraft(deps, async (tx) => {
    const row = await lockMeeting(tx, meeting);
    if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
    const { convenerRole } = meetingOf(row).definition;
    if (officer.role === convenerRole || !BOX_ROLES.includes(officer.role)) return refuse('BOX_NOT_HOLDER');
    if (row.state !== 'closed') return refuse('MEETING_STATE', undefined, { state: row.state });
    const box = present(await boxOf(tx, row.community_id, meeting), 'an opened meeting has a box');
    if (secret.length !== 32 || !sameBytes(boxPublicKey(secret), box.box_key)) return refuse('BOX_SECRET');
    const entry: UnsignedEntry<'box.released'> = {
      v: 1,
      kind: 'box.released',
      community: row.community_id,
      meeting,
      secretHash: h256Text('secret', secret),
    };
    const details = { secret: toBase64Url(secret) };
    return ok({
      act: await draftAct(tx, deps, { entry, details, excludes: convenerRole, draftedBy: officer.officer }),
    });
  });
}

/** Opens the box to the count. */
export async function applyBoxRelease(
  tx: Tx,
  deps: BallotDeps,
  act: SignedAct,
): Promise<Result<undefined, BoxRefusal>> {
  const entry = act.entry as UnsignedEntry<'box.released'>;
  const { meeting } = entry;
  const found = present(await readMeeting(tx, meeting), 'a drafted act has its meeting');
  if (found.state !== 'closed') return refuse('MEETING_STATE', undefined, { state: found.state });
  const secret = present(fromBase64Url(act.details['secret'] ?? ''), 'own bytes');
  assert(h256Text('secret', secret) === entry.secretHash, 'the act releases the secret that was signed');
  await releaseBox(tx, meeting, secret);
  await changeMeeting(tx, meeting, { state: 'counting' });
  const now = deps.clock();
  await enqueue(tx, { kind: COUNT_MEETING, payload: { meeting }, runAt: now, onceKey: meeting }, now);
  return ok(undefined);
}
