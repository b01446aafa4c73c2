/**
 * Jobs that take many seconds, in a worker of their own or in turns: they run beside the beat, so that no index, no checkpoint and no act
 * waits for the check of a register or a count (DESIGN §7 "Register import"; docs/decisions/acts-and-jobs.md). Any number of processes
 * may take them.
 */
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { COUNT_MEETING } from '../ballot/closing.ts';
import { present } from '../base/assert.ts';
import type { ClaimedJob, JobPayload } from '../db/jobs.ts';
import { claimJob, completeJob, failJob, holdJob, postponeJob } from '../db/jobs.ts';
import { inTransaction } from '../db/transaction.ts';
import { checkImport } from '../registry/import-checking.ts';
import { CHECK_IMPORT } from '../registry/imports.ts';
import { countMeeting } from '../tally/counting.ts';
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
  [COUNT_MEETING]: async (deps, payload) => {
    await countMeeting(deps, String(payload['meeting']));
    return 'done';
  },
};

/** Files have as many lines as there are workers for them in a process; a count has one, since it takes turns with everything else. */
const LANES: readonly { readonly kind: string; readonly atOnce: number }[] = [
  { kind: CHECK_IMPORT, atOnce: 2 },
  { kind: COUNT_MEETING, atOnce: 1 },
];

/** Renewed while the work goes on; where a process dies, another takes over after it. */
const LEASE_MS = 90_000;
const RENEWAL_MS = 30_000;
const BUSY_PAUSE_MS = 1_000;

export type SideJobs = {
  /** Takes what is due, without waiting for it. */
  readonly start: () => void;
  /** When no count is due or under way any more: how many there were. */
  readonly counted: () => Promise<number>;
  /** Takes nothing more, and waits for what is under way. */
  readonly stop: () => Promise<void>;
};

async function run(deps: BallotDeps, log: BeatLog, job: ClaimedJob): Promise<void> {
  const renewing = setInterval(() => {
    // Where this cannot be said, the lease ends and another process repeats what is safe to repeat.
    holdJob(deps.db, job, deps.clock(), LEASE_MS).catch(() => undefined);
  }, RENEWAL_MS);
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
  } finally {
    clearInterval(renewing);
  }
}

/** The side jobs of one process. */
export function sideJobs(deps: BallotDeps, log: BeatLog): SideJobs {
  const running = new Map(LANES.map(({ kind }) => [kind, new Set<Promise<number>>()]));
  let isStopped = false;
  /** One job after the other, until none is due; gives how many there were. */
  const line = async (kind: string): Promise<number> => {
    for (let done = 0; ; done += 1) {
      const job = isStopped ? undefined : await claimJob(deps.db, [kind], deps.clock(), LEASE_MS);
      if (job === undefined) return done;
      await run(deps, log, job);
    }
  };
  const ofKind = (kind: string): Set<Promise<number>> => present(running.get(kind), 'a lane each');
  return {
    start() {
      for (const { kind, atOnce } of LANES) {
        const lines = ofKind(kind);
        while (!isStopped && lines.size < atOnce) {
          const one: Promise<number> = line(kind)
            .catch((error: unknown) => {
              // The database is away: the next beat tries again, and says so.
              log('warn', 'side jobs wait', {
                reason: error instanceof Error ? error.message : String(error),
              });
              return 0;
            })
            .finally(() => lines.delete(one));
          lines.add(one);
        }
      }
    },
    async counted() {
      const counts = await Promise.all(ofKind(COUNT_MEETING));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async stop() {
      isStopped = true;
      await Promise.all([...running.values()].flatMap((lines) => [...lines]));
    },
  };
}
