/** The extension of a vote: once, before its close, while a proposal is not quorate; ballots that were cast stay (SPEC 5). */
import { CLOSE_MEETING } from '../assembly/convening.ts';
import { isInMaintenance } from '../assembly/domain/calendar.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { isExtended } from '../assembly/pausing.ts';
import { changeMeeting, lockMeeting, lockMeetingAlone } from '../assembly/store.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { assert, present } from '../base/assert.ts';
import { civilDateAt, daysBetween } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import { parseInstant, showInstant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { frozenLeaves } from '../registry/frozen-roll.ts';
import { parametersOf } from './counting.ts';
import { tallyProposal } from './domain/record-tally.ts';
import type { TallyRefusalCode } from './refusals.ts';
import { standingStatements, TAKES_PART, votersOf } from './statements.ts';

type ExtensionRefusal = Refusal<TallyRefusalCode>;

/** Whether every proposal has its quorum already, as the sealed answers stand. */
async function isQuorate(tx: Tx, meeting: Meeting): Promise<boolean> {
  const parameters = parametersOf(meeting.definition);
  const leaves = await frozenLeaves(tx, meeting.community, meeting.meeting);
  const { statements } = await standingStatements(tx, meeting);
  const answers = new Map(
    [...statements].map(([entitlement, statement]) => [
      entitlement,
      new Map(statement.answers.map(({ proposal }) => [proposal.proposal, TAKES_PART[proposal.form]])),
    ]),
  );
  return meeting.definition.proposals.every((proposal) => {
    const voters = votersOf(leaves, proposal, parameters, answers);
    const { outcome } = tallyProposal(proposal, voters, parameters);
    return outcome !== 'NOT_QUORATE' && outcome !== 'NO_SCOPE';
  });
}

/** Every rule of an extension; the caller holds the meeting where the answer must last. */
async function mayExtend(
  tx: Tx,
  meeting: Meeting,
  closesAt: Instant,
  { clock, calendar }: Pick<BallotDeps, 'clock' | 'calendar'>,
): Promise<Result<undefined, ExtensionRefusal>> {
  const { state, definition } = meeting;
  const now = clock();
  if (['closing', 'closed', 'counting', 'preliminary', 'final'].includes(state) || now >= meeting.closesAt)
    return refuse('EXTENSION_LATE');
  if (state !== 'open') return refuse('MEETING_STATE', undefined, { state });
  const { extensionCount, extensionDays } = parametersOf(definition);
  if (extensionCount === 0 || (await isExtended(tx, meeting))) return refuse('EXTENSION_USED');
  if (closesAt <= meeting.closesAt) return refuse('EXTENSION_TOO_LONG', 'closes', { extensionDays });
  const days = daysBetween(civilDateAt(meeting.closesAt), civilDateAt(closesAt));
  if (days > extensionDays) return refuse('EXTENSION_TOO_LONG', 'closes', { extensionDays });
  if (isInMaintenance(calendar, closesAt)) return refuse('WINDOW_MAINTENANCE', 'closes');
  return (await isQuorate(tx, meeting)) ? refuse('EXTENSION_QUORATE') : ok(undefined);
}

/** Drafts an extension for its two officers, who must sign before the close that it moves. */
export async function draftExtension(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  closes: string,
): Promise<Result<{ readonly act: string }, ExtensionRefusal>> {
  return inDraft(deps, async (tx) => {
    const meeting = await readMeeting(tx, meetingId);
    if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
    if (officer.role !== 'committee' && officer.role !== 'street') return refuse('NOT_ALLOWED');
    const closesAt = present(parseInstant(closes), 'checked instant');
    const may = await mayExtend(tx, meeting, closesAt, deps);
    if (!may.ok) return may;
    const { community, definition } = meeting;
    const entry: UnsignedEntry<'meeting.extended'> = {
      v: 1,
      kind: 'meeting.extended',
      community,
      meeting: meetingId,
      closes: showInstant(closesAt),
    };
    const { convenerRole } = definition;
    const act = { entry, details: {}, convenerRole, draftedBy: officer.officer };
    return ok({ act: await draftAct(tx, deps, act) });
  });
}

/** Shuts casts out for the moment in which the close moves, before the entry's place is drawn. */
export async function lockExtension(tx: Tx, { entry }: SignedAct): Promise<void> {
  assert(entry.kind === 'meeting.extended', `${entry.kind} extends nothing`);
  await lockMeetingAlone(tx, entry.meeting);
  await lockMeeting(tx, entry.meeting);
}

/** Moves the close; the job of the former one finds the meeting open and leaves it so. */
export async function applyExtension(
  tx: Tx,
  deps: BallotDeps,
  { entry }: SignedAct,
): Promise<Result<undefined, ExtensionRefusal>> {
  assert(entry.kind === 'meeting.extended', `${entry.kind} extends nothing`);
  const { meeting: id, closes } = entry;
  const meeting = present(await readMeeting(tx, id), 'a drafted act has its meeting');
  const closesAt = present(parseInstant(closes), 'checked instant');
  const may = await mayExtend(tx, meeting, closesAt, deps);
  if (!may.ok) return may;
  await changeMeeting(tx, id, { closes_at_ms: closesAt });
  const payload = { meeting: id, due: closesAt };
  const job = { kind: CLOSE_MEETING, payload, runAt: closesAt, onceKey: `${id}/${closes}` };
  await enqueue(tx, job, deps.clock());
  return ok(undefined);
}
