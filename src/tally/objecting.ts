/** Objections to a preliminary result, and the decisions on them (SPEC 8.2). */
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { lockMeeting } from '../assembly/store.ts';
import { writeEntry } from '../auditlog/entry-writing.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { chainOf } from '../ballot/store/casts.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { Decision } from '../record/objection.ts';
import { decisionForm, decisionHash, objectionForm, objectionHash } from '../record/objection.ts';
import { entitlementsOfPerson } from '../registry/frozen-roll.ts';
import { entitlementOfUnit } from '../registry/roll-corrections.ts';
import type { TallyRefusalCode } from './refusals.ts';
import type { ObjectionRow } from './store.ts';
import { decideObjection, insertObjection, objectionsOf, tallyOf } from './store.ts';

type TallyRefusal = Refusal<TallyRefusalCode>;

/** Each needs an officer's decision before the final result, so one owner may not hold it up without end. */
const MAX_OBJECTIONS = 3;

/** The entitlement of the owner who objects. */
export const objectorOf = ({ objection }: Pick<ObjectionRow, 'objection'>): string => {
  const parsed = objectionForm.parse(objection);
  return parsed.ok ? parsed.value.entitlement : '';
};

/** What the decision that upholds an objection condemns; undefined where it is not upheld. */
export function condemnedOf({ decision }: Pick<ObjectionRow, 'decision'>): readonly string[] | undefined {
  const decided = decision === null ? undefined : decisionForm.own(decision);
  return decided?.decision === 'upheld' ? decided.condemns : undefined;
}

/** From the opening of the vote until the time for objections to its result ends (SPEC 8.2). */
const OPEN_TO_OBJECTIONS: readonly string[] = [
  'open',
  'paused',
  'closing',
  'closed',
  'counting',
  'preliminary',
];

export function mayObject(
  { state, objectionsUntil }: Pick<Meeting, 'state' | 'objectionsUntil'>,
  now: Instant,
): boolean {
  if (!OPEN_TO_OBJECTIONS.includes(state)) return false;
  return state !== 'preliminary' || now < (objectionsUntil ?? 0);
}

/** Files an owner's objection while the time for it runs; `unit` says for which of his heads, else for the first. */
export async function fileObjection(
  deps: BallotDeps,
  owner: { readonly person: string; readonly community: string },
  meetingId: string,
  { text, unit }: { readonly text: string; readonly unit: string },
): Promise<Result<{ readonly objection: string }, TallyRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    await lockMeeting(tx, meetingId);
    const meeting = await readMeeting(tx, meetingId);
    if (meeting === undefined || meeting.community !== owner.community) return refuse('MEETING_UNKNOWN');
    if (!mayObject(meeting, deps.clock()))
      return refuse('MEETING_STATE', undefined, { state: meeting.state });
    const held = await entitlementsOfPerson(tx, meeting.community, meetingId, owner.person);
    const meant =
      unit === '' ? held[0] : held.find(({ leaf }) => leaf.units.some((each) => each.unit === unit));
    if (unit !== '' && meant === undefined) return refuse('OBJECTION_UNIT');
    const entitlement = meant?.entitlement ?? '';
    // A result that was counted again may be objected to anew.
    const counted = (await tallyOf(tx, meetingId))?.preliminary_entry_id ?? 0n;
    const filed = (await objectionsOf(tx, meetingId)).filter(
      (row) => row.entry_id > counted && objectorOf(row) === entitlement,
    );
    if (filed.length >= MAX_OBJECTIONS) return refuse('OBJECTIONS_TOO_MANY');
    const objection = newId(deps.random);
    const bytes = objectionForm.bytes({
      v: 1,
      kind: 'objection',
      meeting: meetingId,
      objection,
      entitlement,
      text: text.normalize('NFC'),
      nonce: toBase64Url(deps.random(16)),
    });
    const { community } = meeting;
    const { entryId } = await writeEntry(
      tx,
      {
        v: 1,
        kind: 'objection.filed',
        community,
        meeting: meetingId,
        objection,
        objectionHash: objectionHash(bytes),
      },
      [],
    );
    await insertObjection(tx, {
      community_id: community,
      meeting_id: meetingId,
      objection_id: objection,
      objection: bytes,
      entry_id: entryId,
    });
    return ok({ objection });
  });
}

/** An officer's answer; `units` are those whose present statements an upheld one condemns. */
export type WantedDecision = Pick<Decision, 'decision' | 'reason'> & { readonly units: readonly string[] };

/** The statements that stand for these units: while the vote is open only the objector's own may be named, so that nobody learns by asking who has voted. */
async function condemnedBy(
  tx: Tx,
  meeting: Meeting,
  objector: string,
  units: readonly string[],
): Promise<Result<readonly string[], TallyRefusal>> {
  const { community, meeting: id, state } = meeting;
  const hashes = new Set<string>();
  for (const unit of units) {
    const entitlement = await entitlementOfUnit(tx, community, id, unit);
    if (entitlement === undefined) return refuse('VOID_UNIT_UNKNOWN');
    if ((state === 'open' || state === 'paused') && entitlement !== objector)
      return refuse('VOID_OTHER_ENTITLEMENT');
    const last = (await chainOf(tx, community, id, entitlement)).at(-1);
    if (last === undefined || last.channel === 'void') return refuse('VOID_NOTHING');
    hashes.add(toBase64Url(last.cast_hash));
  }
  return ok([...hashes]);
}

/** Drafts the decision on an objection for its officer. */
export async function draftDecision(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  objection: string,
  wanted: WantedDecision,
): Promise<Result<{ readonly act: string }, TallyRefusal>> {
  return inTransaction(deps.db, async (tx): Promise<Result<{ readonly act: string }, TallyRefusal>> => {
    await lockMeeting(tx, meetingId);
    const meeting = await readMeeting(tx, meetingId);
    if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
    if (officer.role !== 'committee' && officer.role !== 'street') return refuse('NOT_ALLOWED');
    const found = (await objectionsOf(tx, meetingId)).find((each) => each.objection_id === objection);
    if (found === undefined) return refuse('OBJECTION_UNKNOWN');
    if (found.decision !== null) return refuse('OBJECTION_DECIDED');
    const units = wanted.decision === 'upheld' ? wanted.units : [];
    const condemns = await condemnedBy(tx, meeting, objectorOf(found), units);
    if (!condemns.ok) return condemns;
    const bytes = decisionForm.bytes({
      v: 1,
      kind: 'decision',
      meeting: meetingId,
      objection,
      decision: wanted.decision,
      condemns: [...condemns.value],
      reason: wanted.reason.normalize('NFC'),
      nonce: toBase64Url(deps.random(16)),
    });
    const entry: UnsignedEntry<'objection.decided'> = {
      v: 1,
      kind: 'objection.decided',
      community: meeting.community,
      meeting: meetingId,
      objection,
      decisionHash: decisionHash(bytes),
    };
    const details = { decision: toBase64Url(bytes) };
    return ok({ act: await draftAct(tx, deps, { entry, details, draftedBy: officer.officer }) });
  });
}

/** Enters a signed decision. */
export async function applyDecision(
  tx: Tx,
  _deps: BallotDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, TallyRefusal>> {
  const entry = act.entry as UnsignedEntry<'objection.decided'>;
  const { meeting, objection } = entry;
  const found = (await objectionsOf(tx, meeting)).find((each) => each.objection_id === objection);
  if (found === undefined || found.decision !== null) return refuse('OBJECTION_DECIDED');
  const decision = present(fromBase64Url(act.details['decision'] ?? ''), 'own bytes');
  assert(decisionHash(decision) === entry.decisionHash, 'the act enters the decision that was signed');
  await decideObjection(tx, objection, decision, entryId);
  return ok(undefined);
}
