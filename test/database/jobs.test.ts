// Goal: a job is done once, survives crashes and bad work, and never escapes its transaction. Method: the real queue under a clock that
// the test moves, with races that assert exact counts.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Instant } from '../../src/base/instant.ts';
import {
  type ClaimedJob,
  claimJob,
  completeJob,
  enqueue,
  failJob,
  type NewJob,
  pauseAfter,
} from '../../src/db/jobs.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { TEST_NOW } from '../support/clock.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase | undefined;
const database = async (): Promise<FreshDatabase> => {
  fresh ??= await freshDatabase();
  return fresh;
};
beforeEach(async () => {
  const { owner } = await database();
  await owner.deleteFrom('job').execute();
});
afterAll(async () => fresh?.close());

const KIND = 'notice.deliver';
const newJob = (over: Partial<NewJob> = {}): NewJob => ({
  kind: KIND,
  payload: { notice: 'n1' },
  runAt: TEST_NOW,
  ...over,
});

async function put(over: Partial<NewJob> = {}): Promise<boolean> {
  const { db } = await database();
  return inTransaction(db, (tx) => enqueue(tx, newJob(over), TEST_NOW));
}
async function claim(now: Instant = TEST_NOW, leaseMs?: number): Promise<ClaimedJob | undefined> {
  const { db } = await database();
  return claimJob(db, [KIND], now, leaseMs);
}
async function claimed(now?: Instant): Promise<ClaimedJob> {
  const job = await claim(now);
  if (job === undefined) throw new Error('there was no job to claim');
  return job;
}
const complete = async (job: ClaimedJob, now: Instant = TEST_NOW): Promise<void> => {
  const { db } = await database();
  await inTransaction(db, (tx) => completeJob(tx, job, now));
};

describe('a job', () => {
  it('is claimed with its payload, completed, and not claimed again', async () => {
    await put();
    const job = await claimed();
    expect(job).toMatchObject({ kind: KIND, payload: { notice: 'n1' }, attempt: 1 });
    await complete(job);
    expect(await claim(TEST_NOW + 10_000_000)).toBeUndefined();
  });

  it('of a rolled back transaction never existed', async () => {
    const { db } = await database();
    const broken = inTransaction(db, async (tx) => {
      await enqueue(tx, newJob(), TEST_NOW);
      throw new Error('the work failed');
    });
    await expect(broken).rejects.toThrow('the work failed');
    expect(await claim()).toBeUndefined();
  });

  it('is not claimed before its time, nor by a worker of other kinds', async () => {
    const { db } = await database();
    await put({ runAt: TEST_NOW + 1 });
    expect(await claim(TEST_NOW)).toBeUndefined();
    expect(await claimJob(db, ['tally.close'], TEST_NOW + 1)).toBeUndefined();
    expect(await claimJob(db, [], TEST_NOW + 1)).toBeUndefined();
    expect(await claim(TEST_NOW + 1)).toBeDefined();
  });

  it('comes in order of time, then of entry', async () => {
    await put({ payload: { n: 1 }, runAt: TEST_NOW + 5 });
    await put({ payload: { n: 2 }, runAt: TEST_NOW + 1 });
    await put({ payload: { n: 3 }, runAt: TEST_NOW + 1 });
    await put({ payload: { n: 4 } });
    const later = TEST_NOW + 5;
    const jobs = [await claimed(later), await claimed(later), await claimed(later), await claimed(later)];
    expect(jobs.map((job) => job.payload['n'])).toEqual([4, 2, 3, 1]);
  });

  it('with a once-key is entered once, also after it is done', async () => {
    expect(await put({ onceKey: 'm1' })).toBe(true);
    expect(await put({ onceKey: 'm1' })).toBe(false);
    await complete(await claimed());
    expect(await put({ onceKey: 'm1' })).toBe(false);
    expect(await put({ onceKey: 'm2' })).toBe(true);
  });

  it('goes to one worker each when many claim at once', async () => {
    for (let n = 0; n < 20; n += 1) await put({ payload: { n } });
    const taken = await Promise.all(Array.from({ length: 32 }, () => claim()));
    const ids = taken.flatMap((job) => (job === undefined ? [] : [job.id]));
    expect(ids.length).toBe(20);
    expect(new Set(ids).size).toBe(20);
  });
});

describe('a worker that crashes', () => {
  it('delays the job by its lease, no longer', async () => {
    await put();
    await claim(TEST_NOW, 5_000);
    expect(await claim(TEST_NOW + 4_999)).toBeUndefined();
    expect(await claim(TEST_NOW + 5_000)).toMatchObject({ attempt: 2 });
  });

  it('and returns late cannot complete what another took over, and its work is undone', async () => {
    const { db } = await database();
    await put();
    const late = await claimed();
    const second = await claimed(TEST_NOW + 60_000);
    const lateWork = inTransaction(db, async (tx) => {
      await enqueue(tx, newJob({ kind: 'test.effect' }), TEST_NOW);
      await completeJob(tx, late, TEST_NOW + 60_001);
    });
    await expect(lateWork).rejects.toThrow(/taken over/);
    await complete(second);
    expect(await claimJob(db, ['test.effect'], TEST_NOW + 60_002)).toBeUndefined();
  });

  it('at the last attempt leaves a dead job', async () => {
    const { db } = await database();
    await put({ maxAttempts: 1 });
    await claimed();
    expect(await claim(TEST_NOW + 60_000)).toBeUndefined();
    const row = await db.selectFrom('job').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      dead_at_ms: BigInt(TEST_NOW + 60_000),
      last_error: 'the last attempt never ended',
    });
  });
});

describe('work that fails', () => {
  it('rests longer each time and is dead after its last attempt', async () => {
    const { db } = await database();
    await put({ maxAttempts: 3 });
    let now = TEST_NOW;
    const outcomes: string[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const job = await claimed(now);
      expect(job.attempt).toBe(attempt);
      outcomes.push(await failJob(db, job, 'the gateway answered 500', now));
      expect(await claim(now + pauseAfter(attempt) - 1)).toBeUndefined();
      now += pauseAfter(attempt);
    }
    expect(outcomes).toEqual(['again', 'again', 'dead']);
    expect(await claim(now + 100_000_000)).toBeUndefined();
    const row = await db.selectFrom('job').selectAll().executeTakeFirstOrThrow();
    expect(row.last_error).toBe('the gateway answered 500');
  });

  it('rests at most an hour', () => {
    expect([1, 2, 3, 30].map(pauseAfter)).toEqual([1_000, 2_000, 4_000, 3_600_000]);
  });

  it('does not disturb the attempt that took over', async () => {
    const { db } = await database();
    await put();
    const late = await claimed();
    const second = await claimed(TEST_NOW + 60_000);
    await failJob(db, late, 'too late', TEST_NOW + 60_001);
    await complete(second, TEST_NOW + 60_002);
    const row = await db.selectFrom('job').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ last_error: null, done_at_ms: BigInt(TEST_NOW + 60_002) });
  });
});
