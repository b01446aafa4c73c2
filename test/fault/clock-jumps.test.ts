// Goal: a clock that jumps loses no acknowledged cast, makes nothing happen twice or before its time, is said clearly, and everything
// goes on by itself when it is right again (SPEC 6.5, 6.8). Method: the whole service in real time, its clock in the test's hand, the
// database's clock right; each jump around an opening, a close, an act, a session and the publisher's beat.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { signBy, signInOfficer, untilDone } from '../../src/cli/demo/officer.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm } from '../../src/record/cast.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  conveneBody,
  countRows,
  entryKindsOf,
  honestCast,
  meetingOf,
  newClient,
  openBody,
  plainVoters,
  postJson,
  refusal,
  signatureOver,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { DAY_MS, HOUR_MS, jumpingClock, until } from './jumping-clock.ts';

const clock = jumpingClock();
let service: TestService;
let settled: TestCommunity;
let running: Convened;
let voters: Voter[];
/** In whole seconds, how long this machine takes to convene a meeting and to find its first voters, with as much to spare. */
let paceMs: number;

beforeAll(async () => {
  service = await startTestService({ clock, realTime: true, beatMs: 3_600_000 });
  settled = await settle(service, 30);
  const startedAt = Date.now();
  running = await openBody(service, settled, meetingOf(service, settled));
  voters = [...(await plainVoters(service, settled, running.meeting, 3))];
  paceMs = Math.ceil((2 * (Date.now() - startedAt)) / 1000) * 1000;
}, 60_000);
afterEach(() => clock.jumpTo(0));
afterAll(async () => {
  clock.jumpTo(0);
  await service?.close();
});

const nextCast = async (): Promise<readonly [Voter, Cast]> => {
  const voter = present(voters.shift(), 'a voter is left');
  return [voter, await honestCast(service, voter)];
};
const kindsOf = (meeting: string): Promise<readonly string[]> => entryKindsOf(service, meeting);
const stateOf = async (meeting: string): Promise<string> =>
  (
    await service.fresh.owner
      .selectFrom('meeting')
      .select('state')
      .where('meeting_id', '=', meeting)
      .executeTakeFirstOrThrow()
  ).state;
const readyz = async (): Promise<readonly [number, string]> => {
  const response = await fetch(`${service.service.url}/readyz`);
  const { reason } = (await response.json()) as { reason: string };
  return [response.status, reason];
};

describe.each([
  ['forward a day', DAY_MS],
  ['back an hour', -HOUR_MS],
  ['forward by a second', 1_000],
] as const)('a clock that jumps %s while a vote runs', (_, jumpMs) => {
  it('refuses casts with 503 CLOCK_SKEW, says so in /readyz, changes nothing, and takes the same cast afterwards', async () => {
    const [voter, cast] = await nextCast();
    const before = await countRows(service);
    clock.jumpTo(jumpMs);
    const bytes = castForm.bytes(cast);
    const body = { cast: toBase64Url(bytes), signature: signatureOver(voter.seed, bytes) };
    const answer = await postJson(service, `/v1/meetings/${running.meeting}/casts`, body);
    expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([503, 'CLOCK_SKEW']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await readyz()).toEqual([503, 'clock differs from the database']);
    await service.world.beatNow();
    expect(await stateOf(running.meeting)).toBe('open');
    expect(await countRows(service)).toEqual(before);
    clock.jumpTo(0);
    expect(await readyz()).toEqual([200, '']);
    expect((await castBy(service, running.meeting, voter, cast)).status).toBe(201);
    expect((await castBy(service, running.meeting, voter, cast)).repeated).toBe(true);
  });
});

describe('an opening', () => {
  it('is not hastened by a jump forward, nor lost by it, and happens once', async () => {
    const soon = await conveneBody(service, settled, meetingOf(service, settled, { opensInMs: paceMs }));
    const opensAt = Number(
      (
        await service.fresh.owner
          .selectFrom('meeting')
          .select('opens_at_ms')
          .where('meeting_id', '=', soon.meeting)
          .executeTakeFirstOrThrow()
      ).opens_at_ms,
    );
    expect(await stateOf(soon.meeting)).toBe('armed');
    for (const jumpMs of [60_000, DAY_MS, -HOUR_MS]) {
      clock.jumpTo(jumpMs);
      await service.world.beatNow();
      expect(await stateOf(soon.meeting)).toBe('armed');
    }
    clock.jumpTo(0);
    await until(opensAt);
    await untilDone(service.world, soon.opening, settled.officers.committee);
    await service.world.beatNow();
    expect(await kindsOf(soon.meeting)).toEqual([
      'meeting.noticed',
      'roll.frozen',
      'meeting.opened',
      'delivery.recorded',
    ]);
  });
});

describe('a close', () => {
  it('comes neither early nor twice, waits while the clock is wrong, and loses no acknowledged cast', async () => {
    const body = meetingOf(service, settled, { windowMs: 1_000 + paceMs });
    const short = await openBody(service, settled, body);
    const [voter] = await plainVoters(service, settled, short.meeting, 1);
    const cast = await honestCast(service, present(voter, 'a voter'));
    expect((await castBy(service, short.meeting, present(voter, 'a voter'), cast)).status).toBe(201);
    clock.jumpTo(DAY_MS);
    await service.world.beatNow();
    expect(await stateOf(short.meeting)).toBe('open');
    clock.jumpTo(-HOUR_MS);
    await until(Date.parse(body.closes));
    await service.world.beatNow();
    expect(await stateOf(short.meeting)).toBe('open');
    clock.jumpTo(0);
    await service.world.beatNow();
    await service.world.beatNow();
    expect(await stateOf(short.meeting)).toBe('closed');
    const kinds = await kindsOf(short.meeting);
    expect(kinds.slice(4)).toEqual(['cast.accepted', 'delivery.recorded', 'meeting.closed']);
    clock.jumpTo(-HOUR_MS);
    const late = await castBy(service, short.meeting, present(voter, 'a voter'), { ...cast, seq: 2 });
    expect(late.status).not.toBe(201);
  });
});

describe('an act', () => {
  const draftNotice = async (): Promise<string> => {
    const { committee } = settled.officers;
    const body = meetingOf(service, settled, { opensInMs: 60_000 });
    const path = `/v1/communities/${settled.community}/meetings`;
    const { meeting } = await committee.client.post<{ meeting: string }>(path, body);
    return (await committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/notice`)).act;
  };
  const both = () => [settled.officers.committee, settled.officers.street] as const;
  const actState = async (act: string): Promise<string> =>
    (await settled.officers.committee.client.get<ActAnswer>(`/v1/acts/${act}`)).state;

  it('that was signed in time does not expire by a jump past its end', async () => {
    const act = await draftNotice();
    await signBy(service.world, act, both());
    clock.jumpTo(4 * DAY_MS);
    await service.world.beatNow();
    clock.jumpTo(0);
    expect(await actState(act)).toBe('signed');
    await service.world.beatNow();
    expect(await actState(act)).toBe('done');
  });

  it('that is signed by a clock a day ahead is executed as soon as the clock is right, not a day later', async () => {
    const act = await draftNotice();
    clock.jumpTo(DAY_MS);
    for (const officer of both()) await signInOfficer(service.world, officer);
    await signBy(service.world, act, both());
    await service.world.beatNow();
    clock.jumpTo(0);
    for (const officer of both()) await signInOfficer(service.world, officer);
    expect(await actState(act)).toBe('signed');
    await service.world.beatNow();
    expect(await actState(act)).toBe('done');
  });
});

describe('a session', () => {
  it('of a clock a day ahead ends when the clock is right', async () => {
    clock.jumpTo(DAY_MS);
    const { street } = settled.officers;
    const officer = { ...street, client: newClient(service) };
    await signInOfficer(service.world, officer);
    expect(await refusal(officer.client.get('/v1/officers/me'))).toBe('accepted');
    clock.jumpTo(0);
    expect(await refusal(officer.client.get('/v1/officers/me'))).toBe('401 NOT_SIGNED_IN');
  });
});

describe('the log', () => {
  /** Commits an entry, as a request would that needs no clock. */
  const enter = (): Promise<unknown> =>
    inTransaction(service.service.deps.db, (tx) =>
      writeEntry(
        tx,
        {
          v: 1,
          kind: 'assets.published',
          files: [
            { path: `a-${newId(service.world.random)}.js`, sha256: toBase64Url(service.world.random(32)) },
          ],
        },
        [],
      ),
    );
  const headSize = async (): Promise<bigint> =>
    (await service.fresh.owner.selectFrom('log_head').select('size').executeTakeFirstOrThrow()).size;
  const cosignedAt = async (size: bigint): Promise<readonly number[]> =>
    (
      await service.fresh.owner
        .selectFrom('log_cosignature')
        .select('at_s')
        .where('size', '=', size)
        .orderBy('at_s')
        .execute()
    ).map(({ at_s }) => Number(at_s));

  it('goes on while the clock is wrong, and asks the witnesses again for a right time afterwards', async () => {
    const before = await headSize();
    await enter();
    clock.jumpTo(DAY_MS);
    await service.world.beatNow();
    const size = await headSize();
    expect(size).toBe(before + 1n);
    const note = await (await fetch(`${service.service.url}/log/checkpoint`)).text();
    expect(note.split('\n')[1]).toBe(String(size));
    const isAhead = (at: number): boolean => at > Date.now() / 1000 + 3600;
    expect((await cosignedAt(size)).map(isAhead)).toEqual([true, true, true]);
    clock.jumpTo(0);
    await service.world.beatNow();
    expect(await headSize()).toBe(size);
    expect((await cosignedAt(size)).map(isAhead)).toEqual([false, false, false, true, true, true]);
  });
});
