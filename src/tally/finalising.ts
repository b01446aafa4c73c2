/** The final result: after the objections, by two officers, with certificate and resolutions (SPEC 8.2, 8.3). */

import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { changeMeeting, lockMeeting, lockMeetingAlone } from '../assembly/store.ts';
import { indexOfEntry, logSize } from '../auditlog/entries.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { tallyInputs } from '../ballot/ballot-files.ts';
import { commitmentsOf } from '../ballot/closing.ts';
import { signToken } from '../ballot/tokens.ts';
import { assert, present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import { inputsHash } from '../record/bundle-lines.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { entryForm, withEvidence } from '../record/entry.ts';
import { leafHash } from '../record/merkle.ts';
import { certificateForm, tallyHash, tallyRecordForm } from '../record/tally-record.ts';
import type { TallyRefusalCode } from './refusals.ts';
import { hasRestorable } from './restoring.ts';
import type { ObjectionRow } from './store.ts';
import { insertCertificate, insertResolutions, objectionsOf, tallyOf } from './store.ts';
import type { Condemned } from './voiding.ts';
import { condemnedStatements } from './voiding.ts';

type TallyRefusal = Refusal<TallyRefusalCode>;

/** The job kind that opens the fund for passed resolutions; `fund` does it. */
export const AUTHORISE_RESOLUTIONS = 'fund.authorise';

/** Each is decided, and nothing counts any more that a decision condemned (SPEC 8.2). */
function objectionsSettled(
  rows: readonly ObjectionRow[],
  condemned: ReadonlyMap<string, readonly Condemned[]>,
): Result<undefined, TallyRefusal> {
  for (const row of rows) {
    if (row.decision === null) return refuse('OBJECTIONS_UNDECIDED', row.objection_id);
    const waits = condemned.get(row.objection_id)?.some(({ isSettled }) => !isSettled);
    if (waits === true) return refuse('OBJECTION_UPHELD', row.objection_id);
  }
  return ok(undefined);
}

/** The meeting as it can be made final, or why not yet; locked alone before, since chains are locked on the way and its row last (SPEC 6.6). */
async function finalisable(
  tx: Tx,
  deps: BallotDeps,
  before: Meeting,
): Promise<Result<Meeting, TallyRefusal>> {
  const { meeting: id } = before;
  const waits = await hasRestorable(tx, deps, before);
  await lockMeeting(tx, id);
  const meeting = present(await readMeeting(tx, id), 'a meeting stays');
  if (meeting.state !== 'preliminary') return refuse('MEETING_STATE', undefined, { state: meeting.state });
  if (deps.clock() < (meeting.objectionsUntil ?? Number.POSITIVE_INFINITY)) return refuse('OBJECTIONS_OPEN');
  if (waits) return refuse('RESTORATIONS_OPEN');
  const settled = objectionsSettled(await objectionsOf(tx, id), await condemnedStatements(tx, meeting));
  return settled.ok ? ok(meeting) : settled;
}

/** Drafts the final result for its two officers. */
export async function draftFinal(
  deps: BallotDeps,
  officer: OfficerSession,
  id: string,
): Promise<Result<{ readonly act: string }, TallyRefusal>> {
  return inDraft(deps, async (tx) => {
    await lockMeetingAlone(tx, id);
    const found = await readMeeting(tx, id);
    if (found === undefined || !actsIn(officer, found.community)) return refuse('MEETING_UNKNOWN');
    if (officer.role !== 'committee' && officer.role !== 'street') return refuse('NOT_ALLOWED');
    const may = await finalisable(tx, deps, found);
    if (!may.ok) return may;
    const meeting = may.value;
    const tally = present(await tallyOf(tx, id), 'a preliminary result has its record');
    const size = await logSize(tx);
    assert(
      ((await indexOfEntry(tx, tally.preliminary_entry_id)) ?? size) < size,
      'the preliminary result is sequenced',
    );
    const entry: UnsignedEntry<'tally.final'> = {
      v: 1,
      kind: 'tally.final',
      community: meeting.community,
      meeting: id,
      recordHash: tallyHash(tally.record),
      ...(await commitmentsOf(tx, meeting.community, id, size)),
      inputsHash: inputsHash(await tallyInputs(tx, meeting)),
    };
    const { convenerRole } = meeting.definition;
    return ok({
      act: await draftAct(tx, deps, { entry, details: {}, convenerRole, draftedBy: officer.officer }),
    });
  });
}

/** What a final result relies on, locked before its entry's place is drawn: nothing of the meeting moves beside it (SPEC 6.6). */
export const lockFinal = (tx: Tx, act: SignedAct): Promise<void> =>
  lockMeetingAlone(tx, (act.entry as UnsignedEntry<'tally.final'>).meeting);

/** Makes a signed result final. */
export async function applyFinal(
  tx: Tx,
  deps: BallotDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, TallyRefusal>> {
  const entry = act.entry as UnsignedEntry<'tally.final'>;
  const { meeting: id, community } = entry;
  const found = present(await readMeeting(tx, id), 'a drafted act has its meeting');
  const may = await finalisable(tx, deps, found);
  if (!may.ok) return may;
  const meeting = may.value;
  const tally = present(await tallyOf(tx, id), 'a preliminary result has its record');
  // A void or a restored cast came between: what these officers signed is no longer the result.
  if (tallyHash(tally.record) !== entry.recordHash) return refuse('RESULT_RECOUNTED');
  const record = tallyRecordForm.parse(tally.record);
  assert(record.ok, 'the stored record');
  const proposals = record.value.proposals;
  const token = await signToken(
    {
      iss: meeting.definition.origin,
      meeting: meeting.meetingHash,
      recordHash: entry.recordHash,
      entry: toBase64Url(leafHash(entryForm.bytes(withEvidence(entry, act.evidence)))),
      outcomes: proposals.map(({ proposal, outcome }) => ({ proposal, outcome })),
    },
    'owners-vote-result+jws',
    deps.keys.certificate,
    certificateForm,
  );
  await insertCertificate(tx, { community_id: community, meeting_id: id, token, entry_id: entryId });
  await insertResolutions(
    tx,
    proposals.map(({ proposal, outcome }) => {
      const fund = meeting.definition.proposals.find((each) => each.proposal === proposal)?.fund[0];
      return {
        community_id: community,
        meeting_id: id,
        proposal_id: proposal,
        outcome,
        cap_fen: fund === undefined ? null : BigInt(fund.capFen),
        entry_id: entryId,
      };
    }),
  );
  await changeMeeting(tx, id, { state: 'final' });
  const now = deps.clock();
  const payload = { community, meeting: id };
  await enqueue(tx, { kind: AUTHORISE_RESOLUTIONS, payload, runAt: now, onceKey: id }, now);
  return ok(undefined);
}
