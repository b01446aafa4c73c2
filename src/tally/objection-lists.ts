/** Objections with their texts: all of them for whoever answers them, his own for an owner (SPEC 8.2). */
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting } from '../assembly/meetings.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { present } from '../base/assert.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import { decisionForm, objectionForm } from '../record/objection.ts';
import type { RollUnit } from '../record/roll.ts';
import type { FrozenLeaf } from '../registry/frozen-roll.ts';
import { entitlementsOfPerson, leafOfEntitlement } from '../registry/frozen-roll.ts';
import { mayObject, objectorOf } from './objecting.ts';
import { objectionsOf } from './store.ts';
import type { Condemned } from './voiding.ts';
import { condemnedStatements } from './voiding.ts';

type ShownUnit = Pick<RollUnit, 'unit' | 'building' | 'stair' | 'room'>;

/** An objection as people read it; `decision` and `reason` are empty while it is undecided. */
export type ShownObjection = {
  readonly objection: string;
  readonly text: string;
  readonly units: readonly ShownUnit[];
  readonly decision: '' | 'rejected' | 'upheld';
  readonly reason: string;
  /** The statements that its decision condemns, with their units, and whether each counts no more. */
  readonly condemned: readonly (Condemned & { readonly units: readonly ShownUnit[] })[];
};

/** Who answers objections, and the office that supervises. */
const READERS: readonly string[] = ['committee', 'street', 'regulator'];

const unitsOf = (leaf: FrozenLeaf | undefined): readonly ShownUnit[] =>
  (leaf?.leaf.units ?? []).map(({ unit, building, stair, room }) => ({ unit, building, stair, room }));

/** The objections of a meeting as people read them, with the entitlements of those who filed them. */
async function shownObjections(
  deps: BallotDeps,
  meeting: Meeting,
): Promise<readonly { readonly objector: string; readonly shown: ShownObjection }[]> {
  const condemned = await condemnedStatements(deps.db, meeting);
  const unitsOfHead = async (entitlement: string): Promise<readonly ShownUnit[]> =>
    unitsOf(await leafOfEntitlement(deps.db, meeting.community, meeting.meeting, entitlement));
  const list: { objector: string; shown: ShownObjection }[] = [];
  for (const row of await objectionsOf(deps.db, meeting.meeting)) {
    const decided = row.decision === null ? undefined : decisionForm.own(row.decision);
    const objector = objectorOf(row);
    const statements: ShownObjection['condemned'][number][] = [];
    for (const each of condemned.get(row.objection_id) ?? [])
      statements.push({ ...each, units: await unitsOfHead(each.entitlement) });
    const shown = {
      objection: row.objection_id,
      text: objectionForm.own(row.objection).text,
      units: await unitsOfHead(objector),
      decision: decided?.decision ?? ('' as const),
      reason: decided?.reason ?? '',
      condemned: statements,
    };
    list.push({ objector, shown });
  }
  return list;
}

/** Every objection to a meeting, in the order of the log. */
export async function objectionsForOfficer(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
): Promise<Result<readonly ShownObjection[], Refusal<'MEETING_UNKNOWN' | 'NOT_ALLOWED'>>> {
  const meeting = await readMeeting(deps.db, meetingId);
  if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
  if (!READERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  return ok((await shownObjections(deps, meeting)).map(({ shown }) => shown));
}

export type OwnObjections = {
  /** Whether he may file one now, and until when; undefined while no result has set an end. */
  readonly mayObject: boolean;
  readonly until: Instant | undefined;
  /** One list of units for each of his heads. */
  readonly heads: readonly (readonly ShownUnit[])[];
  readonly objections: readonly ShownObjection[];
};

/** An owner's objections to a meeting, and for what he may file more. */
export async function objectionsOfOwner(
  deps: BallotDeps,
  owner: { readonly person: string; readonly community: string },
  meetingId: string,
): Promise<Result<OwnObjections, Refusal<'MEETING_UNKNOWN'>>> {
  const meeting = await readMeeting(deps.db, meetingId);
  if (meeting === undefined || meeting.community !== owner.community || meeting.state === 'draft')
    return refuse('MEETING_UNKNOWN');
  const leaves = await entitlementsOfPerson(deps.db, meeting.community, meetingId, owner.person);
  const held = new Set(leaves.map(({ entitlement }) => entitlement));
  return ok({
    mayObject: held.size > 0 && mayObject(meeting, deps.clock()),
    until:
      meeting.state === 'preliminary' ? present(meeting.objectionsUntil, 'a result has its end') : undefined,
    heads: leaves.map(unitsOf),
    objections: (await shownObjections(deps, meeting)).flatMap(({ objector, shown }) =>
      held.has(objector) ? [shown] : [],
    ),
  });
}
