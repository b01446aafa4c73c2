/** A roll in sight of its owners while it may still be changed, and what they ask of it: who sees and asks what, and until when (SPEC 4.4). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { RequestSubject } from '../registry/domain/request-subjects.ts';
import type { RegistryRefusalCode } from '../registry/refusals.ts';
import type { ShownRequest } from '../registry/roll-requests.ts';
import { answerOfRoll, askOfRoll, readRequests, readRollSheet } from '../registry/roll-requests.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import type { Meeting } from './meetings.ts';
import { readMeeting } from './meetings.ts';

type RollPublicityRefusal = Refusal<RegistryRefusalCode | 'MEETING_UNKNOWN' | 'MEETING_STATE'>;
type Owner = { readonly community: string; readonly person: string };

/** Who reads and answers what owners ask: those who convene. */
const ANSWERING: readonly string[] = ['committee', 'street'];

/** A meeting of an owner's community; to owners a draft is not there. */
async function meetingOfOwner(deps: AssemblyDeps, owner: Owner, id: string): Promise<Meeting | undefined> {
  const meeting = await readMeeting(deps.db, id);
  return meeting?.community === owner.community && meeting.state !== 'draft' ? meeting : undefined;
}

async function meetingOfOfficer(
  deps: AssemblyDeps,
  officer: OfficerSession,
  id: string,
): Promise<Meeting | undefined> {
  const meeting = await readMeeting(deps.db, id);
  return meeting !== undefined && actsIn(officer, meeting.community) ? meeting : undefined;
}

type Sheet = NonNullable<Awaited<ReturnType<typeof readRollSheet>>>;

async function sheetOf(
  deps: AssemblyDeps,
  meeting: Meeting | undefined,
): Promise<Result<Sheet, RollPublicityRefusal>> {
  if (meeting === undefined) return refuse('MEETING_UNKNOWN');
  const sheet = await readRollSheet(deps.db, meeting.community, meeting.meeting);
  return sheet === undefined ? refuse('ROLL_UNKNOWN') : ok(sheet);
}

/** The drawn-up roll for owners of the community. */
export const rollForOwner = async (deps: AssemblyDeps, owner: Owner, meeting: string) =>
  sheetOf(deps, await meetingOfOwner(deps, owner, meeting));

/** The same for officers, who print it. */
export const rollForOfficer = async (deps: AssemblyDeps, officer: OfficerSession, meeting: string) =>
  sheetOf(deps, await meetingOfOfficer(deps, officer, meeting));

/** Takes an owner's request from the notice to the freeze. */
export async function askForCorrection(
  deps: AssemblyDeps,
  owner: Owner,
  meetingId: string,
  wish: { readonly about: RequestSubject; readonly unit: string; readonly text: string },
): Promise<Result<{ readonly request: string }, RollPublicityRefusal>> {
  const meeting = await meetingOfOwner(deps, owner, meetingId);
  if (meeting === undefined) return refuse('MEETING_UNKNOWN');
  if (meeting.state !== 'noticed') return refuse('MEETING_STATE', undefined, { state: meeting.state });
  return inTransaction(deps.db, (tx) => askOfRoll(tx, deps, owner, { meeting: meetingId, ...wish }));
}

/** An owner's own requests with their answers. */
export async function ownRequests(
  deps: AssemblyDeps,
  owner: Owner,
  meetingId: string,
): Promise<Result<readonly ShownRequest[], RollPublicityRefusal>> {
  const meeting = await meetingOfOwner(deps, owner, meetingId);
  if (meeting === undefined) return refuse('MEETING_UNKNOWN');
  const { community, person } = owner;
  return ok(await readRequests(deps, { community, meeting: meetingId, person }));
}

/** A meeting's requests for the officers who answer them. */
export async function requestsForOfficer(
  deps: AssemblyDeps,
  officer: OfficerSession,
  meetingId: string,
): Promise<Result<readonly ShownRequest[], RollPublicityRefusal>> {
  const meeting = await meetingOfOfficer(deps, officer, meetingId);
  if (meeting === undefined) return refuse('MEETING_UNKNOWN');
  if (!ANSWERING.includes(officer.role)) return refuse('NOT_ALLOWED');
  return ok(await readRequests(deps, { community: meeting.community, meeting: meetingId }));
}

/** Answers a request with a reason, whatever the meeting's state: nobody is left without an answer. */
export async function answerRequestOf(
  deps: AssemblyDeps,
  officer: OfficerSession,
  { meeting: meetingId, request }: { readonly meeting: string; readonly request: string },
  answer: { readonly outcome: 'accepted' | 'refused'; readonly reason: string },
): Promise<Result<Record<string, never>, RollPublicityRefusal>> {
  const meeting = await meetingOfOfficer(deps, officer, meetingId);
  if (meeting === undefined) return refuse('MEETING_UNKNOWN');
  if (!ANSWERING.includes(officer.role)) return refuse('NOT_ALLOWED');
  const asked = { community: meeting.community, meeting: meetingId, request };
  return inTransaction(deps.db, (tx) =>
    answerOfRoll(tx, deps, asked, { ...answer, officer: officer.officer }),
  );
}
