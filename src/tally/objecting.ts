/** Objections to a preliminary result, and the decisions on them (SPEC 8.2). */
import { readMeeting } from '../assembly/meetings.ts';
import { lockMeeting } from '../assembly/store.ts';
import { writeEntry } from '../auditlog/entry-writing.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
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
import type { TallyRefusalCode } from './refusals.ts';
import type { ObjectionRow } from './store.ts';
import { decideObjection, insertObjection, objectionsOf } from './store.ts';

type TallyRefusal = Refusal<TallyRefusalCode>;

/** Each needs an officer's decision before the final result, so one owner may not hold it up without end. */
const MAX_OBJECTIONS = 3;

const objectorOf = ({ objection }: ObjectionRow): string => {
  const parsed = objectionForm.parse(objection);
  return parsed.ok ? parsed.value.entitlement : '';
};

/** Files an owner's objection while the time for it runs. */
export async function fileObjection(
  deps: BallotDeps,
  owner: { readonly person: string; readonly community: string },
  meetingId: string,
  text: string,
): Promise<Result<{ readonly objection: string }, TallyRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    await lockMeeting(tx, meetingId);
    const meeting = await readMeeting(tx, meetingId);
    if (meeting === undefined || meeting.community !== owner.community) return refuse('MEETING_UNKNOWN');
    const open = meeting.state === 'preliminary' && deps.clock() < (meeting.objectionsUntil ?? 0);
    if (!open) return refuse('MEETING_STATE', undefined, { state: meeting.state });
    const held = await entitlementsOfPerson(tx, meeting.community, meetingId, owner.person);
    const entitlement = held[0]?.entitlement ?? '';
    const filed = (await objectionsOf(tx, meetingId)).filter((row) => objectorOf(row) === entitlement);
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

/** Drafts the decision on an objection for its officer. */
export async function draftDecision(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  objection: string,
  decision: Pick<Decision, 'decision' | 'reason'>,
): Promise<Result<{ readonly act: string }, TallyRefusal>> {
  return inTransaction(deps.db, async (tx) => {
    const row = await lockMeeting(tx, meetingId);
    if (row === undefined || !actsIn(officer, row.community_id)) return refuse('MEETING_UNKNOWN');
    if (officer.role !== 'committee' && officer.role !== 'street') return refuse('NOT_ALLOWED');
    const found = (await objectionsOf(tx, meetingId)).find((each) => each.objection_id === objection);
    if (found === undefined) return refuse('OBJECTION_UNKNOWN');
    if (found.decision !== null) return refuse('OBJECTION_DECIDED');
    const bytes = decisionForm.bytes({
      v: 1,
      kind: 'decision',
      meeting: meetingId,
      objection,
      decision: decision.decision,
      reason: decision.reason.normalize('NFC'),
      nonce: toBase64Url(deps.random(16)),
    });
    const entry: UnsignedEntry<'objection.decided'> = {
      v: 1,
      kind: 'objection.decided',
      community: row.community_id,
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
