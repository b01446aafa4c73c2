/** Which shell executes which signed act: the only way up from the officers' floor (`docs/decisions/acts-and-jobs.md`). */

import { applyCancellation, disarmMeeting, lockCancellation } from '../assembly/cancelling.ts';
import { applyNotice, applyOpening, armMeeting, openingNotBefore } from '../assembly/convening.ts';
import { lettersMayChange } from '../assembly/letters-rule.ts';
import { personsMayMerge } from '../assembly/merges-rule.ts';
import { applyPause, applyResumption, lockPauseAct } from '../assembly/pausing.ts';
import { applyRequisitionAnswer, lockRequisitionAnswer } from '../assembly/requisition-answers.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { applyBoxRelease } from '../ballot/closing.ts';
import { applyRollCorrection, lockCorrection } from '../ballot/correcting.ts';
import { applyPaper, lockPaper } from '../ballot/keying.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { ClaimedJob } from '../db/jobs.ts';
import { completeJob, postponeJob } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { applyAnnulment, lockAnnulment } from '../fund/annulling.ts';
import { applyEmergencyAnnulment, lockEmergencyAnnulment } from '../fund/annulling-emergencies.ts';
import { answerConstraints, applyApplicationAnswer, lockApplicationAnswer } from '../fund/answering.ts';
import { applyCall, applyWithdrawal, lockCall, lockWithdrawal } from '../fund/calling.ts';
import { applyClosing, lockClosing } from '../fund/closing.ts';
import { applyDeclaration, lockDeclaration } from '../fund/declaring.ts';
import { applyEmergency, lockEmergency } from '../fund/emergencies.ts';
import { applyOrder } from '../fund/ordering.ts';
import { applyRefund, lockRefund } from '../fund/refunding.ts';
import { applySpending, lockSpending } from '../fund/revenue-booking.ts';
import { bindingConstraints } from '../identity/binding.ts';
import { applyCounterBinding } from '../identity/counter.ts';
import { applyCounterRevocation, lockRevocationAct } from '../identity/counter-revoking.ts';
import { applyUnfreezing } from '../identity/freezing.ts';
import { applyLetters, applyRevocation, lockLetterAct } from '../identity/issuing.ts';
import { applyMerge, applySeparation, lockMergeAct } from '../identity/merging.ts';
import { applyDesignation, lockDesignationAct } from '../identity/paper-designations.ts';
import { applyMandate, applyMandateEnd, lockMandateEnd } from '../identity/paper-mandates.ts';
import { applyProviders } from '../identity/providers.ts';
import type { SignedAct } from '../officers/acts.ts';
import { enterAct, refuseAct, stillSigned, takeSignedAct } from '../officers/acts.ts';
import { applyAppointment, appointmentConstraints, lockAppointment } from '../officers/appointing.ts';
import { applyRemoval, lockRemoval } from '../officers/removing.ts';
import type { EntryKind, UnsignedEntry } from '../record/entry.ts';
import { lockCommunityOf } from '../registry/communities.ts';
import { applyImport } from '../registry/importing.ts';
import { applyRoll } from '../registry/rolling.ts';
import { applyRules } from '../tally/adopting.ts';
import { applyExtension, lockExtension } from '../tally/extending.ts';
import { applyFinal, lockFinal } from '../tally/finalising.ts';
import { applyFollowUp, lockFollowUp } from '../tally/following-up.ts';
import { applyDecision } from '../tally/objecting.ts';
import { applyRestoring, lockRestoring } from '../tally/restoring.ts';
import { applyVoid, lockVoid } from '../tally/voiding.ts';

type Executor = {
  readonly apply: (
    tx: Tx,
    deps: BallotDeps,
    act: SignedAct,
    entryId: bigint,
  ) => Promise<Result<unknown, Refusal>>;
  /** An act that waits for its time, and what is done while it waits. */
  readonly waits?: {
    readonly until: (act: SignedAct) => Instant;
    readonly meanwhile: (tx: Tx, act: SignedAct) => Promise<void>;
  };
  /** What must be taken back where the act is refused after it has waited. */
  readonly whenRefused?: (tx: Tx, act: SignedAct) => Promise<void>;
  /** What must hold that a lower floor cannot know. */
  readonly permits?: (tx: Tx, act: SignedAct) => Promise<Result<unknown, Refusal>>;
  /** What must be locked before the entry's place in the log is drawn (SPEC 6.6). */
  readonly locks?: (tx: Tx, act: SignedAct) => Promise<void>;
  readonly constraints?: Readonly<Record<string, string>>;
};

const whileNoMeetingRuns = (tx: Tx, act: SignedAct): Promise<Result<unknown, Refusal>> =>
  lettersMayChange(tx, (act.entry as UnsignedEntry<'letters.issued' | 'letters.revoked'>).community);

const whileNoRollIsFrozen = (tx: Tx, act: SignedAct): Promise<Result<unknown, Refusal>> =>
  personsMayMerge(tx, (act.entry as UnsignedEntry<'persons.merged' | 'persons.separated'>).community);

const EXECUTORS: Readonly<Partial<Record<EntryKind, Executor>>> = {
  'officer.appointed': {
    apply: applyAppointment,
    locks: lockAppointment,
    constraints: appointmentConstraints,
  },
  'officer.removed': { apply: applyRemoval, locks: lockRemoval },
  // A requisition is counted against the register in force, under this lock.
  'register.imported': { apply: applyImport, locks: lockCommunityOf },
  'letters.issued': { apply: applyLetters, permits: whileNoMeetingRuns, locks: lockLetterAct },
  'letters.reissued': { apply: applyLetters, locks: lockLetterAct },
  'letters.revoked': { apply: applyRevocation, permits: whileNoMeetingRuns, locks: lockLetterAct },
  'mandate.granted': { apply: applyMandate },
  'mandate.revoked': { apply: applyMandateEnd, locks: lockMandateEnd },
  'providers.declared': { apply: applyProviders, locks: lockCommunityOf },
  'designation.recorded': { apply: applyDesignation, locks: lockDesignationAct },
  'credential.bound': { apply: applyCounterBinding, locks: lockCommunityOf, constraints: bindingConstraints },
  'credential.revoked': { apply: applyCounterRevocation, locks: lockRevocationAct },
  'voting.unfrozen': { apply: applyUnfreezing, locks: lockCommunityOf },
  'persons.merged': { apply: applyMerge, permits: whileNoRollIsFrozen, locks: lockMergeAct },
  'persons.separated': { apply: applySeparation, permits: whileNoRollIsFrozen, locks: lockMergeAct },
  'roll.frozen': { apply: applyRoll },
  'roll.corrected': { apply: applyRollCorrection, locks: lockCorrection },
  'rules.adopted': { apply: applyRules, locks: lockCommunityOf },
  'meeting.noticed': { apply: applyNotice, locks: lockCommunityOf },
  'meeting.opened': {
    apply: applyOpening,
    locks: lockCommunityOf,
    waits: { until: openingNotBefore, meanwhile: armMeeting },
    whenRefused: disarmMeeting,
  },
  'meeting.extended': { apply: applyExtension, locks: lockExtension },
  'meeting.paused': { apply: applyPause, locks: lockPauseAct },
  'meeting.resumed': { apply: applyResumption, locks: lockPauseAct },
  'meeting.cancelled': { apply: applyCancellation, locks: lockCancellation },
  'requisition.answered': { apply: applyRequisitionAnswer, locks: lockRequisitionAnswer },
  'paper.accepted': { apply: applyPaper, locks: lockPaper },
  'cast.restored': { apply: applyRestoring, locks: lockRestoring },
  'cast.voided': { apply: applyVoid, locks: lockVoid },
  'box.released': { apply: applyBoxRelease },
  'objection.decided': { apply: applyDecision },
  'tally.final': { apply: applyFinal, locks: lockFinal },
  'followup.recorded': { apply: applyFollowUp, locks: lockFollowUp },
  'resolution.annulled': { apply: applyAnnulment, locks: lockAnnulment },
  'refund.authorised': { apply: applyRefund, locks: lockRefund },
  'application.answered': {
    apply: applyApplicationAnswer,
    locks: lockApplicationAnswer,
    constraints: answerConstraints,
  },
  'revenue.spent': { apply: applySpending, locks: lockSpending },
  'emergencies.declared': { apply: applyDeclaration, locks: lockDeclaration },
  'emergency.annulled': { apply: applyEmergencyAnnulment, locks: lockEmergencyAnnulment },
  'emergency.authorised': { apply: applyEmergency, locks: lockEmergency },
  'fund.closed': { apply: applyClosing, locks: lockClosing },
  'fund.entry': { apply: applyOrder },
  'topup.called': { apply: applyCall, locks: lockCall },
  'topup.withdrawn': { apply: applyWithdrawal, locks: lockWithdrawal },
};

/** Ends the transaction of an act that its feature refuses. */
class ActRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

async function runAct(tx: Tx, deps: BallotDeps, job: ClaimedJob, actId: string): Promise<void> {
  const now = deps.clock();
  const act = await takeSignedAct(tx, actId);
  const executor = act === undefined ? undefined : EXECUTORS[act.kind];
  if (act === undefined || executor === undefined) return completeJob(tx, job, now);
  // Also while it waits: a signer who was removed meanwhile is told of now, not when the meeting should have opened.
  if (!(await stillSigned(tx, deps, actId))) throw new ActRefused({ code: 'ACTION_EXPIRED' });
  const until = executor.waits?.until(act) ?? now;
  if (until > now) {
    await executor.waits?.meanwhile(tx, act);
    // The job itself comes again: a second one under a key of its own would be lost where the clock is set back in between.
    return postponeJob(tx, job, until);
  }
  const permitted = (await executor.permits?.(tx, act)) ?? ok(undefined);
  if (!permitted.ok) throw new ActRefused(permitted.refusal);
  await executor.locks?.(tx, act);
  const entryId = await enterAct(tx, deps, act);
  const applied = await executor.apply(tx, deps, act, entryId);
  if (!applied.ok) throw new ActRefused(applied.refusal);
  return completeJob(tx, job, now);
}

/** Executes a complete act in one transaction: its log entry and what it means stand together or not at all. */
export async function executeAct(deps: BallotDeps, job: ClaimedJob): Promise<void> {
  const actId = String(job.payload['act']);
  try {
    await inTransaction(deps.db, (tx) => runAct(tx, deps, job, actId));
  } catch (error) {
    const code = error instanceof ActRefused ? error.refusal.code : codeOfConstraint(error);
    if (code === undefined) throw error;
    await inTransaction(deps.db, (tx) => endRefused(tx, deps, job, actId, code));
  }
}

async function endRefused(
  tx: Tx,
  deps: BallotDeps,
  job: ClaimedJob,
  actId: string,
  code: string,
): Promise<void> {
  const act = await takeSignedAct(tx, actId);
  if (act !== undefined) {
    await refuseAct({ ...deps, db: tx }, actId, code);
    await EXECUTORS[act.kind]?.whenRefused?.(tx, act);
  }
  await completeJob(tx, job, deps.clock());
}

function codeOfConstraint(error: unknown): string | undefined {
  for (const executor of Object.values(EXECUTORS)) {
    const refusal = refusalOfConstraint(error, executor.constraints ?? {});
    if (refusal !== undefined) return refusal.code;
  }
  return undefined;
}
