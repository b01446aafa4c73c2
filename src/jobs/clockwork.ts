/** The beat of a process: due jobs, then the sequencer, then the publisher; any number of processes may beat (SPEC 6.6, 7.1). */

import { CLOSE_MEETING } from '../assembly/convening.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { guardSentence } from '../auditlog/guard-sentences.ts';
import { isPublished, standingOf } from '../auditlog/guarding.ts';
import { publishOnce } from '../auditlog/publishing.ts';
import { sequenceOnce } from '../auditlog/sequencing.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { closeMeeting } from '../ballot/closing.ts';
import { raiseWatermark } from '../ballot/watermarks.ts';
import { assert, present } from '../base/assert.ts';
import type { Instant } from '../base/instant.ts';
import type { ClaimedJob } from '../db/jobs.ts';
import { claimJob, completeJob, failJob } from '../db/jobs.ts';
import { inTransaction } from '../db/transaction.ts';
import { authoriseResolutions } from '../fund/authorising.ts';
import { EXECUTE_ACT } from '../officers/acts.ts';
import { frozenLeaves } from '../registry/frozen-roll.ts';
import { END_IMPORT, endOldImport } from '../registry/imports.ts';
import { AUTHORISE_RESOLUTIONS } from '../tally/finalising.ts';
import { executeAct } from './act-executors.ts';
import { forbiddenSkew } from './clock-watch.ts';

/** What a beat reports to the operator; never personal data. */
export type BeatLog = (
  level: 'info' | 'warn' | 'error',
  what: string,
  facts: Readonly<Record<string, string | number>>,
) => void;

type Work = (deps: BallotDeps, job: ClaimedJob) => Promise<void>;

/** Work that may safely happen twice, and is marked done afterwards. */
const repeatable =
  (work: (deps: BallotDeps, payload: ClaimedJob['payload']) => Promise<unknown>): Work =>
  async (deps, job) => {
    await work(deps, job.payload);
    await inTransaction(deps.db, (tx) => completeJob(tx, job, deps.clock()));
  };

async function openFund(deps: BallotDeps, community: string, meeting: string): Promise<void> {
  const { definition } = present(await readMeeting(deps.db, meeting), 'the job names a meeting');
  const leaves = (await frozenLeaves(deps.db, community, meeting)).map(({ leaf }) => leaf);
  const { unusable } = await authoriseResolutions(deps, { definition, leaves });
  // The definition was checked at drafting, so a resolution that cannot open the fund is a broken promise of ours.
  assert(unusable.length === 0, `resolutions of ${meeting} cannot open the fund`);
}

const WORK: Readonly<Record<string, Work>> = {
  [EXECUTE_ACT]: executeAct,
  [CLOSE_MEETING]: repeatable((deps, payload) =>
    closeMeeting(deps, String(payload['meeting']), Number(payload['due'])),
  ),
  [AUTHORISE_RESOLUTIONS]: repeatable((deps, payload) =>
    openFund(deps, String(payload['community']), String(payload['meeting'])),
  ),
  [END_IMPORT]: repeatable((deps, payload) =>
    endOldImport(deps, { community: String(payload['community']), importId: String(payload['import']) }),
  ),
};

/** Runs every due job while the clock is right; a failed one rests and is reported. */
export async function runDueJobs(deps: BallotDeps, log: BeatLog): Promise<number> {
  for (let done = 0; ; done += 1) {
    const skewMs = await forbiddenSkew({ ...deps, maxSkewMs: deps.casts.maxSkewMs });
    if (skewMs !== 0) {
      log('error', 'clock differs from the database, jobs wait', { skewMs });
      return done;
    }
    const job = await claimJob(deps.db, Object.keys(WORK), deps.clock());
    if (job === undefined) return done;
    try {
      await present(WORK[job.kind], 'claimed kinds are known')(deps, job);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const next = await failJob(deps.db, job, reason, deps.clock());
      log('error', 'job failed', { kind: job.kind, attempt: job.attempt, next, reason });
    }
  }
}

/** The database does not continue what was signed: the process must stop, since every further signature could fork the log. */
export class LogRefusesError extends Error {
  override readonly name = 'LogRefusesError';
}

const REPUBLISH_MS = 600_000;
const AT_ONCE = Number.NEGATIVE_INFINITY;

/**
 * One beat. The guard comes first, so that a database that was put back gets no job, no index and no signature. A refusal of the
 * guard throws LogRefusesError, with a sentence for people; every other error may pass by itself, and the next beat tries again.
 * Returns when the head was published last; witnesses that are missing are asked again in the next beat.
 */
export async function beat(deps: BallotDeps, log: BeatLog, publishedAt: Instant): Promise<Instant> {
  const standing = await standingOf(deps.db, deps.log);
  if (!standing.ok) throw new LogRefusesError(guardSentence(standing.refusal));
  await raiseWatermark(deps);
  await runDueJobs(deps, log);
  const head = await sequenceOnce(deps.log);
  const now = deps.clock();
  const hasGrown = head.size !== standing.value.size || !isPublished(standing.value);
  if (!hasGrown && Math.abs(now - publishedAt) < REPUBLISH_MS) return publishedAt;
  const published = await publishOnce(deps.log);
  if (!published.ok) {
    if (published.refusal.code === 'LOG_PUBLISHER_BUSY') return publishedAt;
    throw new LogRefusesError(guardSentence(published.refusal));
  }
  const { alarms } = published.value;
  for (const alarm of alarms.filter(({ isFresh }) => isFresh)) {
    const level = alarm.code === 'WITNESS_SAW_A_FORK' ? 'error' : 'warn';
    log(level, 'witness', { code: alarm.code, witness: alarm.where ?? '' });
  }
  return alarms.length > 0 ? AT_ONCE : now;
}
