/**
 * The queue in the database (DESIGN §4): a lower room enqueues in its own transaction, `jobs/` claims and completes. A claim is
 * a lease, so that a crash only delays the work, and completion carries the attempt's number, so that a late worker cannot
 * complete what another has taken over. Work that writes completes in its own transaction; work outside may happen twice.
 * When a job is due and how long it is held are kept apart, so that a clock that jumps neither loses nor hastens it.
 */
import type { ExpressionBuilder, SqlBool } from 'kysely';
import { sql } from 'kysely';
import { assert } from '../base/assert.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from './connect.ts';
import type { Schema } from './schema-types.ts';
import type { Tx } from './transaction.ts';

/** Plain JSON, ids only: personal data stays in its own tables. */
export type JobPayload = Readonly<Record<string, string | number | boolean>>;

/** What to do, and when at the earliest. */
export type NewJob = {
  /** `<feature>.<what>`, for example `notice.deliver`. */
  readonly kind: string;
  readonly payload: JobPayload;
  readonly runAt: Instant;
  /** The same kind and key is entered once, ever. */
  readonly onceKey?: string;
  readonly maxAttempts?: number;
};

/** A claimed job; `attempt` counts from 1. */
export type ClaimedJob = {
  readonly id: bigint;
  readonly kind: string;
  readonly payload: JobPayload;
  readonly attempt: number;
  readonly maxAttempts: number;
};

const MAX_ATTEMPTS = 12;
const LEASE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 3_600_000;
const ERROR_LENGTH = 500;
/** `run_at_ms` of work that is due when it is entered: by any clock, also one that is set back afterwards. */
const AT_ONCE = 0;

/** Leaves a job, in the caller's transaction. False where its once-key stands already. */
export async function enqueue(tx: Tx, job: NewJob, now: Instant): Promise<boolean> {
  const inserted = await tx
    .insertInto('job')
    .values({
      kind: job.kind,
      once_key: job.onceKey ?? null,
      payload: JSON.stringify(job.payload),
      run_at_ms: job.runAt <= now ? AT_ONCE : job.runAt,
      max_attempts: job.maxAttempts ?? MAX_ATTEMPTS,
      created_at_ms: now,
    })
    .onConflict((conflict) => conflict.constraint('job_once_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/**
 * Due, and neither leased nor resting. A hold that lies twice as far ahead as it can is of a clock that ran ahead and was set
 * right since: it is void, or the work would sleep until that clock's tomorrow.
 */
function isFree(now: Instant, leaseMs: number) {
  return ({ and, or, eb, val }: ExpressionBuilder<Schema, 'job'>) => {
    const rest = sql<number>`least(${FIRST_PAUSE_MS} * power(2, greatest(attempts, 1) - 1), ${LONGEST_PAUSE_MS})`;
    const isVoid = sql<SqlBool>`held_until_ms > ${now}::bigint + 2 * greatest(${leaseMs}, ${rest})`;
    return and([
      eb('done_at_ms', 'is', null),
      eb('dead_at_ms', 'is', null),
      eb('run_at_ms', '<=', val(BigInt(now))),
      or([eb('held_until_ms', 'is', null), eb('held_until_ms', '<=', val(BigInt(now))), isVoid]),
    ]);
  };
}

/** Jobs whose last allowed attempt ended without a word (a crash) are dead. */
async function buryExhausted(db: Database, now: Instant, leaseMs: number): Promise<void> {
  await db
    .updateTable('job')
    .set({ dead_at_ms: now, last_error: sql<string>`coalesce(last_error, 'the last attempt never ended')` })
    .where(isFree(now, leaseMs))
    .whereRef('attempts', '>=', 'max_attempts')
    .execute();
}

/** Takes the oldest due job of these kinds for `leaseMs`, or undefined. Several processes may claim at once. */
export async function claimJob(
  db: Database,
  kinds: readonly string[],
  now: Instant,
  leaseMs: number = LEASE_MS,
): Promise<ClaimedJob | undefined> {
  if (kinds.length === 0) return undefined;
  await buryExhausted(db, now, leaseMs);
  const row = await db
    .updateTable('job')
    .set({ attempts: sql<number>`attempts + 1`, held_until_ms: now + leaseMs })
    .where('id', '=', (inner) =>
      inner
        .selectFrom('job')
        .select('id')
        .where(isFree(now, leaseMs))
        .whereRef('attempts', '<', 'max_attempts')
        .where('kind', 'in', kinds)
        .orderBy('run_at_ms')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'kind', 'payload', 'attempts', 'max_attempts'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const payload = JSON.parse(row.payload) as JobPayload;
  return { id: row.id, kind: row.kind, payload, attempt: row.attempts, maxAttempts: row.max_attempts };
}

/** An update of a job that reaches it only while this attempt holds it. */
const updateHeld = (db: Database | Tx, job: ClaimedJob) =>
  db
    .updateTable('job')
    .where('id', '=', job.id)
    .where('attempts', '=', job.attempt)
    .where('done_at_ms', 'is', null)
    .where('dead_at_ms', 'is', null);

/** Keeps a job for longer while its work goes on; without effect where it was taken over. */
export async function holdJob(
  db: Database,
  job: ClaimedJob,
  now: Instant,
  leaseMs: number = LEASE_MS,
): Promise<void> {
  await updateHeld(db, job)
    .set({ held_until_ms: now + leaseMs })
    .execute();
}

/** Marks a claimed job done, in the transaction of its work; throws where the lease was lost, so that the work is undone. */
export async function completeJob(tx: Tx, job: ClaimedJob, now: Instant): Promise<void> {
  const done = await updateHeld(tx, job).set({ done_at_ms: now, last_error: null }).executeTakeFirst();
  assert(done.numUpdatedRows === 1n, `job ${job.id} was taken over before attempt ${job.attempt} ended`);
}

/** Puts a claimed job that is not due yet off until `until`, in the transaction that found it so; the attempt does not count. */
export async function postponeJob(tx: Tx, job: ClaimedJob, until: Instant): Promise<void> {
  const moved = await updateHeld(tx, job)
    .set({ run_at_ms: until, held_until_ms: null, max_attempts: sql<number>`max_attempts + 1` })
    .executeTakeFirst();
  assert(moved.numUpdatedRows === 1n, `job ${job.id} was taken over before attempt ${job.attempt} ended`);
}

/** How long a job rests after its n-th failed attempt: 1 s, 2 s, 4 s … at most an hour. */
export const pauseAfter = (attempt: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);

/** Records a failed attempt: the job rests, or is dead after its last. Says nothing where the lease was lost. */
export async function failJob(
  db: Database,
  job: ClaimedJob,
  reason: string,
  now: Instant,
): Promise<'again' | 'dead'> {
  const dead = job.attempt >= job.maxAttempts;
  await updateHeld(db, job)
    .set({
      last_error: reason.slice(0, ERROR_LENGTH),
      ...(dead ? { dead_at_ms: now } : { held_until_ms: now + pauseAfter(job.attempt) }),
    })
    .execute();
  return dead ? 'dead' : 'again';
}

/** A job that is not done, as an operator sees it; `runAt` is 0 for at once, instants are of the clock that wrote them. */
export type UnfinishedJob = {
  readonly id: bigint;
  readonly kind: string;
  readonly payload: JobPayload;
  readonly state: 'dead' | 'waiting';
  readonly runAt: Instant;
  readonly heldUntil: Instant | undefined;
  readonly attempts: number;
  readonly maxAttempts: number;
  /** Empty where no attempt has failed. */
  readonly lastError: string;
};

/** Every job that is not done, the dead first, then in the order in which they are due; at most `limit`. */
export async function unfinishedJobs(db: Database, limit: number): Promise<readonly UnfinishedJob[]> {
  const rows = await db
    .selectFrom('job')
    .selectAll()
    .where('done_at_ms', 'is', null)
    .orderBy(sql`dead_at_ms is null`)
    .orderBy('run_at_ms')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    payload: JSON.parse(row.payload) as JobPayload,
    state: row.dead_at_ms === null ? 'waiting' : 'dead',
    runAt: Number(row.run_at_ms),
    heldUntil: row.held_until_ms === null ? undefined : Number(row.held_until_ms),
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    lastError: row.last_error ?? '',
  }));
}

/** How many jobs have given up and wait for a person. */
export async function deadJobs(db: Database): Promise<number> {
  const { dead } = await db
    .selectFrom('job')
    .select(sql<bigint>`count(*)`.as('dead'))
    .where('dead_at_ms', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(dead);
}

/** Gives a dead job as many attempts again as a new one has; false where no dead job has this id. */
export async function reviveJob(db: Database, id: bigint): Promise<boolean> {
  const revived = await db
    .updateTable('job')
    .set({
      dead_at_ms: null,
      held_until_ms: null,
      max_attempts: sql<number>`attempts + ${MAX_ATTEMPTS}`,
    })
    .where('id', '=', id)
    .where('dead_at_ms', 'is not', null)
    .executeTakeFirst();
  return revived.numUpdatedRows === 1n;
}
