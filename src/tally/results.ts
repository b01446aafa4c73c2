/** Reading results: the record, the certificate, who took part, the objections. */
import type { Meeting } from '../assembly/meetings.ts';
import { receiptOf } from '../auditlog/proving.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { ResolutionAnnulment } from './annulments.ts';
import { annulmentsOf } from './annulments.ts';
import { certificateOf, objectionsOf, talliesOf, tallyOf } from './store.ts';

export type MeetingResult = {
  readonly stage: 'preliminary' | 'final';
  readonly record: Uint8Array;
  /** Records that a recount replaced, the first one first (SPEC 8.2). */
  readonly former: readonly Uint8Array[];
  /** Empty before the final result. */
  readonly certificate: string;
  readonly objections: readonly { readonly objection: string; readonly decided: boolean }[];
  /** Resolutions that were annulled since, in the order of the log. */
  readonly annulments: readonly ResolutionAnnulment[];
};

/** The published result of a meeting, or undefined. */
export async function readResult(
  db: Database,
  { community, meeting }: Pick<Meeting, 'community' | 'meeting'>,
): Promise<MeetingResult | undefined> {
  const tallies = await talliesOf(db, meeting);
  const tally = tallies.at(-1);
  if (tally === undefined) return undefined;
  const certificate = await certificateOf(db, meeting);
  return {
    stage: certificate === undefined ? 'preliminary' : 'final',
    record: tally.record,
    former: tallies.slice(0, -1).map(({ record }) => record),
    certificate: certificate?.token ?? '',
    objections: (await objectionsOf(db, meeting)).map((row) => ({
      objection: row.objection_id,
      decided: row.decision !== null,
    })),
    annulments: await annulmentsOf(db, { community, meeting }),
  };
}

export type Participation = {
  readonly participation: string;
  readonly entry: string;
  readonly proof: string;
};

/** Who took part, with the proof that the log holds the list's hash. */
export async function readParticipation(
  deps: BallotDeps,
  meeting: Meeting,
): Promise<Result<Participation, Refusal<'RESULT_NOT_YET'>>> {
  const tally = await tallyOf(deps.db, meeting.meeting);
  const receipt = tally === undefined ? undefined : await receiptOf(deps.log, tally.preliminary_entry_id);
  if (tally === undefined || receipt?.ok !== true) return refuse('RESULT_NOT_YET');
  return ok({
    participation: toBase64Url(tally.participation),
    entry: toBase64Url(receipt.value.bytes),
    proof: receipt.value.text,
  });
}
