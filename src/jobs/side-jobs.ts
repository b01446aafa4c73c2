/**
 * Jobs that take many seconds in a worker of their own: they run beside the beat, so that no index, no checkpoint and no act waits for
 * the check of a register (DESIGN §7 "Register import"; docs/decisions/acts-and-jobs.md). Any number of processes may take them.
 */
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { present } from '../base/assert.ts';
import type { ClaimedJob, JobPayload } from '../db/jobs.ts';
import { claimJob, completeJob, failJob, postponeJob } from '../db/jobs.ts';
import { inTransaction } from '../db/transaction.ts';
import { checkImport } from '../registry/import-checking.ts';
import { CHECK_IMPORT } from '../registry/imports.ts';
import type { BeatLog } from './clockwork.ts';

/** Safe to do twice; `busy` where it is to be tried again without counting. */
type SideWork = (deps: BallotDeps, payload: JobPayload, attempt: number) => Promise<'done' | 'busy'>;

const SIDE_WORK: Readonly<Record<string, SideWork>> = {
  [CHECK_IMPORT]: (deps, payload, attempt) =>
    checkImport(
      deps,
      { community: String(payload['community']), importId: String(payload['import']) },
      attempt,
    ),
};

/** As many as there are workers for files in a process. */
const AT_ONCE = 2;
/** Longer than a check waits for a worker, runs and compares; where a process dies, another takes over after it. */
const LEASE_MS = 90_000;
const BUSY_PAUSE_MS = 1_000;

export type SideJobs = {
  /** Takes what is due, without waiting for it. */
  readonly start: () => void;
  /** Takes nothing more, and waits for what is under way. */
  readonly stop: () => Promise<void>;
};

async function run(deps: BallotDeps, log: BeatLog, job: ClaimedJob): Promise<void> {
  try {
    const work = present(SIDE_WORK[job.kind], 'claimed kinds are known');
    const ended = await work(deps, job.payload, job.attempt);
    await inTransaction(deps.db, (tx) =>
      ended === 'done'
        ? completeJob(tx, job, deps.clock())
        : postponeJob(tx, job, deps.clock() + BUSY_PAUSE_MS),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const next = await failJob(deps.db, job, reason, deps.clock());
    log('error', 'job failed', { kind: job.kind, attempt: job.attempt, next, reason });
  }
}

/** The side jobs of one process. */
export function sideJobs(deps: BallotDeps, log: BeatLog): SideJobs {
  const running = new Set<Promise<void>>();
  let isStopped = false;
  /** One job after the other, until none is due. */
  const line = async (): Promise<void> => {
    while (!isStopped) {
      const job = await claimJob(deps.db, Object.keys(SIDE_WORK), deps.clock(), LEASE_MS);
      if (job === undefined) return;
      await run(deps, log, job);
    }
  };
  return {
    start() {
      while (!isStopped && running.size < AT_ONCE) {
        const one: Promise<void> = line()
          .catch((error: unknown) => {
            // The database is away: the next beat tries again, and says so.
            log('warn', 'side jobs wait', { reason: error instanceof Error ? error.message : String(error) });
          })
          .finally(() => running.delete(one));
        running.add(one);
      }
    },
    async stop() {
      isStopped = true;
      await Promise.all(running);
    },
  };
}
