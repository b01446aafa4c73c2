/**
 * Whoever has not voted is reminded, and listed for whoever goes from door to door: chosen by whether a statement stands, never by what it
 * says, which nobody can read before the close (SPEC 6.11).
 */
import { parameterOf } from '../assembly/domain/drafting.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { meetingOf, readMeeting } from '../assembly/meetings.ts';
import { lockMeeting } from '../assembly/store.ts';
import { present } from '../base/assert.ts';
import { showInstant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { queueReminders } from '../notice/announcing.ts';
import { MOST_REMINDERS, REMINDER } from '../notice/domain/outgoing.ts';
import type { AnnouncingDeps, TimelinessNow } from '../notice/notice-deps.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { RollUnit } from '../record/roll.ts';
import { weightOf } from '../record/roll.ts';
import type { FrozenLeaf } from '../registry/frozen-roll.ts';
import { entitlementsOfPerson, frozenLeaves, standingsOf } from '../registry/frozen-roll.ts';
import { recordAccess } from '../registry/personal-accesses.ts';
import type { BallotDeps } from './ballot-deps.ts';
import type { BallotRefusalCode } from './refusals.ts';
import { votedEntitlements } from './store/casts.ts';
import { insertReminder, markQueued, nextReminder, openingEntry, remindersOf } from './store/reminders.ts';

type RemindingRefusal = Refusal<BallotRefusalCode>;

const BETWEEN_MS = 48 * 3_600_000;

const REMINDERS: readonly string[] = ['committee', 'street'];
const WALKERS: readonly string[] = ['clerk', 'committee'];

/** Entitlements that count for some proposal and for which no statement stands. */
async function absentLeaves(db: Database, meeting: Meeting): Promise<readonly FrozenLeaf[]> {
  const { community } = meeting;
  const voted = await votedEntitlements(db, community, meeting.meeting);
  return absentAmong(meeting, await frozenLeaves(db, community, meeting.meeting), voted);
}

function absentAmong(
  { definition }: Meeting,
  leaves: readonly FrozenLeaf[],
  voted: readonly string[],
): readonly FrozenLeaf[] {
  const known = new Set(voted);
  const special = parameterOf(definition, 'countSpecialSpaces') === 'true';
  return leaves.filter(
    ({ entitlement, leaf }) =>
      !known.has(entitlement) &&
      definition.proposals.some(({ scope }) => weightOf(leaf, scope, special).heads > 0),
  );
}

/** The units of a person that count for a proposal and for which no statement stands. */
async function absentUnitsOf(db: Database, meeting: Meeting, person: string): Promise<readonly RollUnit[]> {
  const { community, meeting: id } = meeting;
  const own = await entitlementsOfPerson(db, community, id, person);
  if (own.length === 0) return [];
  const among = own.map(({ entitlement }) => entitlement);
  const absent = absentAmong(meeting, own, await votedEntitlements(db, community, id, among));
  const standings = await standingsOf(
    db,
    absent.map(({ entitlement }) => ({ community, meeting: id, entitlement })),
  );
  return standings.flatMap((standing) => present(standing, 'on the roll').leaf.units);
}

const BEFORE_ITS_END: readonly string[] = ['noticed', 'armed', 'open', 'paused'];

/** Whether what is told of a meeting is of use now, and of a reminder for which homes (SPEC 3.7). A pause stops the clock of the close. */
export const timelinessNow: TimelinessNow = async (db, { event, meeting: id, person }, now) => {
  const meeting = present(await readMeeting(db, id), 'an entry is of a meeting');
  if (!BEFORE_ITS_END.includes(meeting.state)) return { isTimely: false };
  if (meeting.state !== 'paused' && now >= meeting.closesAt) return { isTimely: false };
  if (event !== REMINDER) return { isTimely: true };
  const units = await absentUnitsOf(db, meeting, person);
  return units.length === 0 ? { isTimely: false } : { isTimely: true, units };
};

/** Asks for a reminder; the messenger sends it to whoever has not voted by then. The answer says nothing of how many that are. */
export async function askReminder(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
): Promise<Result<{ readonly round: number }, RemindingRefusal>> {
  return inTransaction(deps.db, async (tx): Promise<Result<{ readonly round: number }, RemindingRefusal>> => {
    const row = await lockMeeting(tx, meetingId);
    if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
    if (!REMINDERS.includes(officer.role)) return refuse('NOT_ALLOWED');
    const { community, state, closesAt } = meetingOf(row);
    const now = deps.clock();
    if (state !== 'open' || now >= closesAt) return refuse('MEETING_STATE', undefined, { state });
    const before = await remindersOf(tx, community, meetingId);
    if (before.length >= MOST_REMINDERS) return refuse('REMINDERS_USED_UP');
    const last = before.at(-1);
    // A clock that was set back must not hold reminders up for longer than the pause.
    if (last !== undefined && Math.abs(now - Number(last.asked_at_ms)) < BETWEEN_MS)
      return refuse('REMINDER_TOO_SOON');
    const round = before.length + 1;
    await insertReminder(tx, {
      community_id: community,
      meeting_id: meetingId,
      round,
      officer_id: officer.officer,
      asked_at_ms: BigInt(now),
    });
    return ok({ round });
  });
}

/** Queues the next reminder that was asked for, in one transaction; false where there is none. */
async function queueNext(tx: Tx, deps: AnnouncingDeps): Promise<boolean> {
  const row = await nextReminder(tx);
  if (row === undefined) return false;
  const { community_id: community, meeting_id: meeting, round } = row;
  const found = present(await readMeeting(tx, meeting), 'a reminder is of a meeting');
  const opened = await openingEntry(tx, meeting);
  // An entry gets its index within a second or two: the next round finds it.
  if (opened === undefined) return false;
  await markQueued(tx, row, deps.clock());
  if (found.state !== 'open') return true;
  const leaves = await absentLeaves(tx, found);
  const standings = await standingsOf(
    tx,
    leaves.map(({ entitlement }) => ({ community, meeting, entitlement })),
  );
  const units = new Map<string, RollUnit[]>();
  for (const standing of standings) {
    const { holders, leaf } = present(standing, 'on the roll');
    for (const person of holders.keys()) units.set(person, [...(units.get(person) ?? []), ...leaf.units]);
  }
  const owners = [...units].map(([person, own]) => ({ person, units: own }));
  const closes = showInstant(found.closesAt);
  await queueReminders(tx, deps, { community, round, closes, entry: opened, owners });
  return true;
}

/** Queues every reminder that was asked for; gives how many. */
export async function remindDue(deps: AnnouncingDeps): Promise<number> {
  for (let done = 0; ; done += 1)
    if (!(await inTransaction(deps.db, (tx) => queueNext(tx, deps)))) return done;
}

/** A unit of somebody who has not voted. */
export type AbsentUnit = Pick<RollUnit, 'building' | 'stair' | 'room' | 'areaDm2'>;

/** The units of those who have not voted, in the order of the roll's places; that it was given, and why, stands before it is. */
export async function absentUnits(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  reason: string,
): Promise<Result<readonly AbsentUnit[], RemindingRefusal>> {
  const meeting = await readMeeting(deps.db, meetingId);
  if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
  if (!WALKERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  if (meeting.state !== 'open') return refuse('MEETING_STATE', undefined, { state: meeting.state });
  await recordAccess(deps, officer, {
    community: meeting.community,
    kind: 'vote.absent',
    subject: meetingId,
    reason,
  });
  const leaves = await absentLeaves(deps.db, meeting);
  const place = (unit: AbsentUnit): string => [unit.building, unit.stair, unit.room].join('\u0000');
  return ok(
    leaves
      .flatMap(({ leaf }) => leaf.units)
      .map(({ building, stair, room, areaDm2 }) => ({ building, stair, room, areaDm2 }))
      .sort((a, b) => place(a).localeCompare(place(b), 'zh', { numeric: true })),
  );
}
