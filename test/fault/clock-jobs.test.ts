// Goal: a clock that runs ahead and is set right neither loses a job, nor makes it sleep until that clock's tomorrow, nor lets it run
// before its time. Method: the real queue, each call with the time that the process then shows; random jumps against the rules.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Instant } from '../../src/base/instant.ts';
import type { ClaimedJob, NewJob } from '../../src/db/jobs.ts';
import {
  claimJob,
  completeJob,
  deadJobs,
  enqueue,
  failJob,
  pauseAfter,
  postponeJob,
  reviveJob,
  unfinishedJobs,
} from '../../src/db/jobs.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { TEST_NOW } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { DAY_MS, HOUR_MS } from './jumping-clock.ts';

const KIND = 'test.effect';
const SECOND_MS = 1_000;
let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
beforeEach(async () => {
  await fresh.owner.deleteFrom('job').execute();
});
afterAll(async () => fresh.close());

const put = (runAt: Instant, now: Instant, over: Partial<NewJob> = {}): Promise<boolean> =>
  inTransaction(fresh.db, (tx) => enqueue(tx, { kind: KIND, payload: {}, runAt, ...over }, now));
const claim = (now: Instant): Promise<ClaimedJob | undefined> => claimJob(fresh.db, [KIND], now);
async function claimed(now: Instant): Promise<ClaimedJob> {
  const job = await claim(now);
  if (job === undefined) throw new Error('there was no job to claim');
  return job;
}
const complete = (job: ClaimedJob, now: Instant): Promise<void> =>
  inTransaction(fresh.db, (tx) => completeJob(tx, job, now));

describe('a job of a clock a day ahead, once the clock is right', () => {
  it('that was entered as due at once is due at once', async () => {
    await put(TEST_NOW + DAY_MS, TEST_NOW + DAY_MS);
    expect(await claim(TEST_NOW)).toBeDefined();
  });

  it('whose worker crashed is free again, and its late worker completes nothing', async () => {
    await put(TEST_NOW, TEST_NOW);
    const late = await claimed(TEST_NOW + DAY_MS);
    const second = await claimed(TEST_NOW);
    expect(second.attempt).toBe(2);
    await expect(complete(late, TEST_NOW)).rejects.toThrow(/taken over/);
    await complete(second, TEST_NOW);
  });

  it('that failed and rests does not rest until tomorrow', async () => {
    await put(TEST_NOW, TEST_NOW);
    await failJob(fresh.db, await claimed(TEST_NOW + DAY_MS), 'no answer', TEST_NOW + DAY_MS);
    expect(await claim(TEST_NOW)).toMatchObject({ attempt: 2 });
  });

  it('that used its last attempt is dead, not asleep', async () => {
    await put(TEST_NOW, TEST_NOW, { maxAttempts: 1 });
    await claimed(TEST_NOW + DAY_MS);
    expect(await claim(TEST_NOW)).toBeUndefined();
    expect(await deadJobs(fresh.db)).toBe(1);
  });
});

describe('a job with a time of its own', () => {
  const dueAt = TEST_NOW + HOUR_MS;

  it('that failed by a clock an hour ahead still waits for its time, and its attempts are not used up before', async () => {
    await put(dueAt, TEST_NOW);
    await failJob(fresh.db, await claimed(dueAt), 'not due yet', TEST_NOW);
    for (let now = TEST_NOW; now < dueAt; now += 60 * SECOND_MS) expect(await claim(now)).toBeUndefined();
    expect(await claim(dueAt)).toMatchObject({ attempt: 2 });
  });

  it('that finds itself too early comes again at its time with as many attempts as before', async () => {
    await put(TEST_NOW, TEST_NOW, { maxAttempts: 1 });
    const early = await claimed(TEST_NOW);
    await inTransaction(fresh.db, (tx) => postponeJob(tx, early, dueAt));
    expect(await claim(dueAt - 1)).toBeUndefined();
    await expect(complete(early, TEST_NOW)).resolves.toBeUndefined();
  });

  it('is postponed again and again without being lost or dying', async () => {
    await put(TEST_NOW, TEST_NOW, { maxAttempts: 1 });
    for (let round = 0; round < 5; round += 1) {
      const job = await claimed(dueAt);
      await inTransaction(fresh.db, (tx) => postponeJob(tx, job, dueAt));
      expect(await claim(TEST_NOW)).toBeUndefined();
    }
    await complete(await claimed(dueAt), dueAt);
    expect(await unfinishedJobs(fresh.db, 10)).toEqual([]);
  });
});

describe('any run of jumps', () => {
  const jump = fc.constantFrom(0, SECOND_MS, -SECOND_MS, HOUR_MS, -HOUR_MS, DAY_MS, -DAY_MS);
  const step = fc.record({ jump, does: fc.constantFrom('crash', 'fail', 'nothing') });

  it('leaves the job claimable within its longest lease or rest of a right clock, and never before its time by the clock that asks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), fc.boolean(), async (steps, isAtOnce) => {
        await fresh.owner.deleteFrom('job').execute();
        const dueAt = TEST_NOW + 10 * 60 * SECOND_MS;
        await put(isAtOnce ? TEST_NOW : dueAt, TEST_NOW);
        let [now, attempts] = [TEST_NOW, 0];
        for (const { jump: ahead, does } of steps) {
          now += 2 * SECOND_MS;
          const job = does === 'nothing' ? undefined : await claim(now + ahead);
          if (job === undefined) continue;
          if (!isAtOnce) expect(now + ahead).toBeGreaterThanOrEqual(dueAt);
          attempts = job.attempt;
          if (does === 'fail') await failJob(fresh.db, job, 'failed', now + ahead);
        }
        const longest = 2 * Math.max(60 * SECOND_MS, pauseAfter(Math.max(attempts, 1)));
        const right = Math.max(now, isAtOnce ? now : dueAt) + longest;
        expect(await claim(right)).toBeDefined();
      }),
      { numRuns: 40 },
    );
  });
});

describe('a dead job', () => {
  it('gets its attempts again by its id, once', async () => {
    await put(TEST_NOW, TEST_NOW, { maxAttempts: 1 });
    const job = await claimed(TEST_NOW);
    expect(await failJob(fresh.db, job, 'it broke', TEST_NOW)).toBe('dead');
    expect(await unfinishedJobs(fresh.db, 10)).toMatchObject([{ state: 'dead', lastError: 'it broke' }]);
    expect(await reviveJob(fresh.db, job.id + 1n)).toBe(false);
    expect(await reviveJob(fresh.db, job.id)).toBe(true);
    expect(await reviveJob(fresh.db, job.id)).toBe(false);
    const again = await claimed(TEST_NOW);
    expect(again).toMatchObject({ attempt: 2, maxAttempts: 13 });
    await complete(again, TEST_NOW);
  });
});
