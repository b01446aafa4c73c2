// Goal: an opening that a downtime outlived leaves no meeting armed for ever: it is taken back, may be signed again while its window
// runs, or is cancelled by two officers with a record (SPEC 2.4, 5). Method: the whole service, whose clock leaps over the downtime.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { lettersMayChange } from '../../src/assembly/letters-rule.ts';
import { checkLog } from '../../src/auditlog/checking.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import { textHash } from '../../src/record/meeting.ts';
import type { Convened } from '../ballot/voting-world.ts';
import {
  castBy,
  conveneBody,
  entryKindsOf,
  honestCast,
  leap,
  meetingOf,
  openBody,
  plainVoters,
  refusal,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { HOUR_MS } from './jumping-clock.ts';

let service: TestService;
let settled: TestCommunity;
beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service, 30);
}, 60_000);
afterAll(async () => service?.close());

const REASON = '开票时间已过,会议未能开票,另行召集。';
const both = () => [settled.officers.committee, settled.officers.street] as const;
const read = (meeting: string): Promise<MeetingAnswer> =>
  settled.officers.committee.client.get<MeetingAnswer>(`/v1/meetings/${meeting}`);
const readAct = (act: string): Promise<ActAnswer> =>
  settled.officers.committee.client.get<ActAnswer>(`/v1/acts/${act}`);
const cancel = (meeting: string, by = settled.officers.committee, reason = REASON) =>
  by.client.post<{ act: string }>(`/v1/meetings/${meeting}/cancellation`, { reason });
const kindsOf = (meeting: string): Promise<readonly string[]> => entryKindsOf(service, meeting);
const mayLettersChange = async (): Promise<boolean> =>
  (await inTransaction(service.fresh.db, (tx) => lettersMayChange(tx, settled.community))).ok;

async function armed(opensInMs: number, windowMs: number): Promise<Convened & { readonly opensAt: number }> {
  const body = meetingOf(service, settled, { opensInMs, windowMs });
  const convened = await conveneBody(service, settled, body);
  expect((await read(convened.meeting)).state).toBe('armed');
  return { ...convened, opensAt: Date.parse(body.opens) };
}

describe('a meeting armed past its whole window', () => {
  it('is taken back to its notice with its noticed bytes, and its letters are free again', async () => {
    const { meeting, opening, opensAt } = await armed(60_000, 60_000);
    expect(await mayLettersChange()).toBe(false);
    await leap(service, settled, opensAt + 120_000);
    expect(await readAct(opening)).toMatchObject({ state: 'refused', refusal: 'OPENING_LATE' });
    const meetingNow = await read(meeting);
    expect([meetingNow.state, meetingNow.meetingHash]).toEqual(['noticed', '']);
    expect(await mayLettersChange()).toBe(true);
    await actTogether(service.world, () => cancel(meeting), both());
    const cancelled = await read(meeting);
    expect(cancelled.state).toBe('cancelled');
    expect(cancelled.texts).toContainEqual({ hash: textHash(REASON), body: REASON });
    expect(await kindsOf(meeting)).toEqual(['meeting.noticed', 'roll.frozen', 'meeting.cancelled']);
    expect(await refusal(cancel(meeting))).toBe('409 MEETING_STATE');
  });
});

describe('an opening whose signatures ran out in a downtime', () => {
  it('is taken back, signed again while the window runs, and then takes casts', async () => {
    const { meeting, opening, opensAt } = await armed(60_000, 60 * HOUR_MS);
    const before = (await read(meeting)).meetingHash;
    await leap(service, settled, opensAt + 49 * HOUR_MS);
    expect(await readAct(opening)).toMatchObject({ state: 'refused', refusal: 'ACTION_EXPIRED' });
    expect((await read(meeting)).state).toBe('noticed');
    const { committee } = settled.officers;
    const again = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/opening`);
    await actTogether(service.world, again, both());
    expect(await read(meeting)).toMatchObject({ state: 'open', meetingHash: before });
    const [voter] = await plainVoters(service, settled, meeting, 1);
    if (voter === undefined) throw new Error('no voter');
    const answer = await castBy(service, meeting, voter, await honestCast(service, voter));
    expect(answer.status).toBe(201);
  });
});

describe('a cancellation', () => {
  it('of an armed meeting ends it: its opening is refused when its time comes', async () => {
    const { meeting, opening, opensAt } = await armed(HOUR_MS, HOUR_MS);
    await actTogether(service.world, () => cancel(meeting), both());
    await leap(service, settled, opensAt + 1_000);
    expect(await readAct(opening)).toMatchObject({ state: 'refused', refusal: 'MEETING_STATE' });
    expect((await read(meeting)).state).toBe('cancelled');
    expect(await kindsOf(meeting)).toEqual(['meeting.noticed', 'roll.frozen', 'meeting.cancelled']);
  });

  it('is refused to a registrar, without a reason, and once the vote is open', async () => {
    const { meeting } = await armed(HOUR_MS, HOUR_MS);
    expect(await refusal(cancel(meeting, settled.officers.registrar))).toBe('403 NOT_ALLOWED');
    expect(await refusal(cancel(meeting, undefined, '  '))).toMatch(/^(400|422) /);
    const open = await openBody(service, settled, meetingOf(service, settled));
    expect(await refusal(cancel(open.meeting))).toBe('409 MEETING_STATE');
  });

  it('leaves a log that recomputes', async () => {
    await service.world.beatNow();
    expect((await checkLog(service.service.deps.log)).findings).toEqual([]);
  });
});
