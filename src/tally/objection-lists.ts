/** Objections with their texts: all of them for whoever answers them, his own for an owner (SPEC 8.2). */
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
import type { ObjectionRow } from './store.ts';
import { objectionsOf } from './store.ts';
import { mendedObjections } from './voiding.ts';

type ShownUnit = Pick<RollUnit, 'unit' | 'building' | 'stair' | 'room'>;

/** An objection as people read it; `decision` and `reason` are empty while it is undecided. */
export type ShownObjection = {
  readonly objection: string;
  readonly text: string;
  readonly units: readonly ShownUnit[];
  readonly decision: '' | 'rejected' | 'upheld';
  readonly reason: string;
  /** A void names it, or its owner has voted anew since. */
  readonly isMended: boolean;
};

/** Who answers objections, and the office that supervises. */
const READERS: readonly string[] = ['committee', 'street', 'regulator'];

const unitsOf = (leaf: FrozenLeaf | undefined): readonly ShownUnit[] =>
  (leaf?.leaf.units ?? []).map(({ unit, building, stair, room }) => ({ unit, building, stair, room }));

function shown(row: ObjectionRow, units: readonly ShownUnit[], mended: ReadonlySet<string>): ShownObjection {
  const { text } = objectionForm.own(row.objection);
  const decided = row.decision === null ? undefined : decisionForm.own(row.decision);
  return {
    objection: row.objection_id,
    text,
    units,
    decision: decided?.decision ?? '',
    reason: decided?.reason ?? '',
    isMended: mended.has(row.objection_id),
  };
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
  const mended = await mendedObjections(deps.db, meeting);
  const list: ShownObjection[] = [];
  for (const row of await objectionsOf(deps.db, meetingId)) {
    const leaf = await leafOfEntitlement(deps.db, meeting.community, meetingId, objectorOf(row));
    list.push(shown(row, unitsOf(leaf), mended));
  }
  return ok(list);
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
  const held = new Map(leaves.map((leaf) => [leaf.entitlement, leaf]));
  const mended = await mendedObjections(deps.db, meeting);
  return ok({
    mayObject: held.size > 0 && mayObject(meeting, deps.clock()),
    until:
      meeting.state === 'preliminary' ? present(meeting.objectionsUntil, 'a result has its end') : undefined,
    heads: leaves.map(unitsOf),
    objections: (await objectionsOf(deps.db, meetingId)).flatMap((row) => {
      const leaf = held.get(objectorOf(row));
      return leaf === undefined ? [] : [shown(row, unitsOf(leaf), mended)];
    }),
  });
}
