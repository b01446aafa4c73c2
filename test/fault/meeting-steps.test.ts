// Goal: a job runner that is cut at any step of an opening, a pause, its end or a close does each of them once and in order, also when
// its clock falls back an hour or leaps a day ahead in between (SPEC 5, 6.8). Method: one meeting of the real service goes through its
// whole vote by a runner whose connection to the database is cut at one statement after the other, before and after it took effect.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResumptionDrafted } from '../../src/assembly/contract.ts';
import { CLOSE_MEETING } from '../../src/assembly/convening.ts';
import { checkLog } from '../../src/auditlog/checking.ts';
import type { BallotDeps } from '../../src/ballot/ballot-deps.ts';
import type { Instant } from '../../src/base/instant.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { unfinishedJobs } from '../../src/db/jobs.ts';
import { runDueJobs } from '../../src/jobs/clockwork.ts';
import { EXECUTE_ACT } from '../../src/officers/acts.ts';
import type { CutOutcome } from '../auditlog/cutting-proxy.ts';
import { cuttingDatabase } from '../auditlog/cutting-proxy.ts';
import { conveneBody, entryKindsOf, leap, meetingOf } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { DAY_MS, HOUR_MS } from './jumping-clock.ts';

/** Longer than any lease or rest of these few attempts. */
const LATER_MS = 40 * 60_000;
const COMMIT = 'commit\0';
const CLAIM = 'update "job" set "attempts"';
const ENTRY = 'insert into "log_entry"';
const MEETING = 'update "meeting" set';
const ENQUEUE = 'insert into "job"';
const DONE = 'update "job" set "done_at_ms"';
type Step = readonly [text: string, outcome: CutOutcome];

let service: TestService;
let settled: TestCommunity;
let wire: Awaited<ReturnType<typeof cuttingDatabase>>;
let cutDb: Database;
let deps: BallotDeps;
let now: Instant;
let meeting: string;
let opensAt: Instant;

beforeAll(async () => {
  service = await startTestService({ beatMs: HOUR_MS });
  settled = await settle(service, 12);
  const body = meetingOf(service, settled, { opensInMs: 2 * HOUR_MS, windowMs: 3 * DAY_MS });
  ({ meeting } = await conveneBody(service, settled, body));
  opensAt = Date.parse(body.opens);
  wire = await cuttingDatabase(service.fresh.appUrl);
  cutDb = connect(wire.url, { maxConnections: 4 });
  const whole = service.service.deps;
  const clock = () => now;
  deps = { ...whole, db: cutDb, clock, log: { ...whole.log, db: cutDb, clock } };
}, 300_000);
afterAll(async () => {
  await cutDb?.destroy();
  await wire?.close();
  await service?.close();
});

const run = (): Promise<unknown> => runDueJobs(deps, () => undefined).catch((error: unknown) => error);
const rowOf = () =>
  service.fresh.owner
    .selectFrom('meeting')
    .select(['state', 'closes_at_ms'])
    .where('meeting_id', '=', meeting)
    .executeTakeFirstOrThrow();
/** What the log says of the vote's course so far. */
const course = async (): Promise<readonly string[]> =>
  (await entryKindsOf(service, meeting)).filter((kind) =>
    ['meeting.opened', 'meeting.paused', 'meeting.resumed', 'meeting.closed'].includes(kind),
  );

/** Cuts one step after the other; after each the log and the state say the same, and nothing stands twice. */
async function cutAll(steps: readonly Step[], before: readonly string[], after: string): Promise<void> {
  for (const [text, outcome] of steps) {
    wire.cutNext(text, outcome);
    await run();
    expect(wire.isWaiting(), `${text} ${outcome}`).toBe(false);
    const kinds = await course();
    expect([before.join(), [...before, after].join()]).toContain(kinds.join());
    now += LATER_MS;
  }
  await run();
  expect(await course()).toEqual([...before, after]);
}

const stepsOfAct: readonly Step[] = [
  [CLAIM, 'lost'],
  [CLAIM, 'done'],
  [ENTRY, 'lost'],
  [ENTRY, 'done'],
  [MEETING, 'lost'],
  [MEETING, 'done'],
  [DONE, 'lost'],
  [COMMIT, 'lost'],
  [COMMIT, 'done'],
];

/** The officers see the time that the runner sees. */
async function withOfficers(): Promise<void> {
  await leap(service, settled, now);
}

describe('a runner that is cut at every step', () => {
  it('opens the vote once, not before its time, although its clock falls back an hour', async () => {
    now = opensAt - 1;
    await run();
    expect([(await rowOf()).state, await course()]).toEqual(['armed', []]);
    now = opensAt;
    wire.cutNext(ENQUEUE, 'lost');
    await run();
    expect(wire.isWaiting()).toBe(false);
    now = opensAt - HOUR_MS;
    await run();
    expect([(await rowOf()).state, await course()]).toEqual(['armed', []]);
    now = opensAt + HOUR_MS;
    await cutAll(stepsOfAct, [], 'meeting.opened');
    expect((await rowOf()).state).toBe('open');
  }, 60_000);

  it('pauses it once and lets it go on once', async () => {
    await withOfficers();
    const { regulator } = settled.officers;
    const paused = await regulator.client.post<{ act: string }>(`/v1/meetings/${meeting}/pause`, {
      reason: '核实举报',
    });
    await signBy(service.world, paused.act, [regulator]);
    await cutAll(stepsOfAct, ['meeting.opened'], 'meeting.paused');
    expect((await rowOf()).state).toBe('paused');
    await withOfficers();
    const resumed = await regulator.client.post<ResumptionDrafted>(`/v1/meetings/${meeting}/resumption`);
    await signBy(service.world, resumed.act, [regulator]);
    // A resumption must come within ten minutes of its draft: here only its last step is cut, after it took effect.
    wire.cutNext(COMMIT, 'done');
    await run();
    expect(wire.isWaiting()).toBe(false);
    now += LATER_MS;
    await run();
    expect(await course()).toEqual(['meeting.opened', 'meeting.paused', 'meeting.resumed']);
    expect(Number((await rowOf()).closes_at_ms)).toBe(Date.parse(resumed.closes));
  }, 60_000);

  it('closes it once, at its moved close, although its clock falls back an hour and leaps a day ahead', async () => {
    const closesAt = Number((await rowOf()).closes_at_ms);
    const before = ['meeting.opened', 'meeting.paused', 'meeting.resumed'];
    // The job of the former close finds the vote moved, and is done.
    now = closesAt - 1;
    await run();
    expect([(await rowOf()).state, await course()]).toEqual(['open', before]);
    now = closesAt;
    wire.cutNext(MEETING, 'lost');
    await run();
    expect(wire.isWaiting()).toBe(false);
    now = closesAt - HOUR_MS;
    await run();
    expect([(await rowOf()).state, await course()]).toEqual(['open', before]);
    now = closesAt + DAY_MS;
    await cutAll(
      [
        [COMMIT, 'lost'],
        [COMMIT, 'done'],
        ['watermark', 'lost'],
        [ENTRY, 'lost'],
        [ENTRY, 'done'],
        [MEETING, 'lost'],
        [DONE, 'lost'],
      ],
      before,
      'meeting.closed',
    );
    now += LATER_MS;
    await run();
    expect([(await rowOf()).state, await course()]).toEqual(['closed', [...before, 'meeting.closed']]);
    const left = (await unfinishedJobs(service.fresh.db, 10)).map(({ kind }) => kind);
    expect(left.filter((kind) => kind === CLOSE_MEETING || kind === EXECUTE_ACT)).toEqual([]);
    expect((await checkLog(service.service.deps.log)).findings).toEqual([]);
  }, 60_000);
});
