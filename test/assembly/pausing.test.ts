// Goal: the regulator alone stops a vote and lets it go on; meanwhile nothing is cast, keyed, extended or closed, whatever the clock
// says; the close moves by as long as the pause took; a race of casts and the pause leaves no cast in between; and the bundle passes
// every check (SPEC 5, 6.5). Method: meetings over HTTP with a clock that is moved, and the log's own order.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer, ResumptionDrafted } from '../../src/assembly/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { showInstant } from '../../src/base/instant.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether, signBy } from '../../src/cli/demo/officer.ts';
import { textHash } from '../../src/record/meeting.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import type { Clerks } from '../ballot/paper-world.ts';
import { appointClerks, keyAlike, outcomeOf, print } from '../ballot/paper-world.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  entryKindsOf,
  honestCast,
  leap,
  meetingOf,
  NOTICED_MS,
  newClient,
  openBody,
  plainVoters,
  refusal,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';

const WINDOW_MS = 7_200_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const REASON = '收到举报，暂停核实';
let service: TestService;
let settled: TestCommunity;
let clerks: Clerks;
let meeting: Convened;
let voters: Voter[];
let closes: number;

beforeAll(async () => {
  service = await startTestService({ beatMs: HOUR_MS });
  settled = await settle(service, 60);
  clerks = await appointClerks(service, settled);
  meeting = await openBody(
    service,
    settled,
    meetingOf(service, settled, { opensInMs: NOTICED_MS, windowMs: WINDOW_MS }),
  );
  await service.world.beatNow();
  voters = [...(await plainVoters(service, settled, meeting.meeting, 14))];
  closes = await closeOf(meeting);
}, 300_000);
afterAll(async () => service.close());

const read = ({ meeting: id }: Convened) => newClient(service).get<MeetingAnswer>(`/v1/meetings/${id}`);
const closeOf = async (of: Convened) => Date.parse((await read(of)).closes);
const pause = (of: Convened, by: Officer = settled.officers.regulator, reason = REASON) =>
  by.client.post<{ act: string }>(`/v1/meetings/${of.meeting}/pause`, { reason });
const resume = (of: Convened, by: Officer = settled.officers.regulator) =>
  by.client.post<ResumptionDrafted>(`/v1/meetings/${of.meeting}/resumption`);
async function done(act: string): Promise<string> {
  await signBy(service.world, act, [settled.officers.regulator]);
  return outcomeOf(service, settled.officers.regulator, act);
}
const next = (): Voter => present(voters.shift(), 'a voter is left');
const vote = async (voter: Voter) =>
  castBy(service, meeting.meeting, voter, await honestCast(service, voter));

describe('who may pause', () => {
  it('is the regulator, of an open vote, with a reason', async () => {
    const { committee, street, registrar } = settled.officers;
    for (const officer of [committee, street, registrar])
      expect(await refusal(pause(meeting, officer))).toBe('403 NOT_ALLOWED');
    expect(await refusal(pause(meeting, undefined, '  '))).toMatch(/^(400|422) /);
    expect(await refusal(resume(meeting))).toBe('409 MEETING_STATE');
    const later = await refusal(pause({ ...meeting, meeting: 'aaaaaaaaaaaaaaaaaaaaaaaaaa' }));
    expect(later).toBe('404 MEETING_UNKNOWN');
  });
});

describe('while a vote is paused', () => {
  it('no cast is accepted, with a code of its own; what was cast stays', async () => {
    expect((await vote(next())).status).toBe(201);
    const { act } = await pause(meeting);
    expect(await done(act)).toBe('done');
    const { state, pauses, texts } = await read(meeting);
    expect([state, pauses]).toEqual([
      'paused',
      [{ pausedAt: expect.any(String), resumedAt: '', reason: REASON }],
    ]);
    const pausedAt = Date.parse(present(pauses[0], 'a pause').pausedAt);
    expect(Math.abs(pausedAt - service.clock())).toBeLessThan(MINUTE_MS);
    expect(texts).toContainEqual({ hash: textHash(REASON), body: REASON });
    const answer = await vote(next());
    expect(answer).toMatchObject({ status: 409, code: 'VOTING_PAUSED' });
    expect(answer.refusal).not.toBe('');
    expect(await refusal(pause(meeting))).toBe('409 MEETING_STATE');
  });

  it('no paper is accepted, and nothing is extended', async () => {
    const [printed] = await print(clerks, meeting.meeting);
    const { serial } = present(printed, 'a printed ballot');
    await expect(keyAlike(service, clerks, meeting.meeting, serial)).rejects.toThrow(/PAPER_PAUSED/);
    const { committee } = settled.officers;
    const later = { closes: showInstant(closes + HOUR_MS) };
    expect(await refusal(committee.client.post(`/v1/meetings/${meeting.meeting}/extension`, later))).toBe(
      '409 MEETING_STATE',
    );
  });

  it('it does not close at its time, and says nothing is broken', async () => {
    await leap(service, settled, closes + MINUTE_MS);
    expect((await read(meeting)).state).toBe('paused');
    expect(await vote(next())).toMatchObject({ status: 409, code: 'VOTING_PAUSED' });
    expect(await entryKindsOf(service, meeting.meeting)).not.toContain('meeting.closed');
  });
});

describe('a vote that goes on', () => {
  it('needs a fresh draft: one that was signed after ten minutes is refused', async () => {
    const { act } = await resume(meeting);
    await leap(service, settled, service.clock() + 11 * MINUTE_MS);
    expect(await done(act)).toBe('RESUMPTION_STALE');
    expect((await read(meeting)).state).toBe('paused');
    for (const officer of [settled.officers.committee, settled.officers.street])
      expect(await refusal(resume(meeting, officer))).toBe('403 NOT_ALLOWED');
  });

  it('closes later by as long as it was paused, and takes casts again', async () => {
    const [shown] = (await read(meeting)).pauses;
    const length = service.clock() - Date.parse(present(shown, 'a pause').pausedAt);
    const drafted = await resume(meeting);
    expect(await done(drafted.act)).toBe('done');
    const moved = await closeOf(meeting);
    expect(showInstant(moved)).toBe(drafted.closes);
    expect(moved - closes).toBeGreaterThanOrEqual(length);
    expect(moved - closes).toBeLessThanOrEqual(length + 11 * MINUTE_MS);
    expect(await read(meeting)).toMatchObject({ state: 'open', pauses: [{ reason: REASON }] });
    expect((await vote(next())).status).toBe(201);
    closes = moved;
  });

  it('may still be extended once, and paused again for the same reason', async () => {
    const { committee, street } = settled.officers;
    const path = `/v1/meetings/${meeting.meeting}/extension`;
    const later = { closes: showInstant(closes + HOUR_MS) };
    await actTogether(service.world, () => committee.client.post<{ act: string }>(path, later), [
      committee,
      street,
    ]);
    closes += HOUR_MS;
    expect(await closeOf(meeting)).toBe(closes);
    expect(await done((await pause(meeting)).act)).toBe('done');
    expect(await done((await resume(meeting)).act)).toBe('done');
    closes = await closeOf(meeting);
    const again = { closes: showInstant(closes + HOUR_MS) };
    expect(await refusal(committee.client.post(path, again))).toBe('409 EXTENSION_USED');
  });
});

describe('a race of casts and the pause', () => {
  it('leaves each cast either before the pause and counted, or refused and in no log', async () => {
    const racers = voters.splice(0, 7);
    const casts = await Promise.all(racers.map((voter) => honestCast(service, voter)));
    const before = (await entryKindsOf(service, meeting.meeting)).length;
    const { act } = await pause(meeting);
    await signBy(service.world, act, [settled.officers.regulator]);
    const send = (voter: Voter, at: number) =>
      castBy(service, meeting.meeting, voter, present(casts[at], 'a cast'));
    const stopping = service.world.beatNow();
    const answers = await Promise.all(racers.map(send));
    await stopping;
    expect(await outcomeOf(service, settled.officers.regulator, act)).toBe('done');
    const voted = answers.filter(({ status }) => status === 201).length;
    const refused = answers.filter(({ code }) => code === 'VOTING_PAUSED').length;
    expect(voted + refused).toBe(racers.length);
    const since = (await entryKindsOf(service, meeting.meeting)).slice(before);
    expect(since).toEqual([...Array<string>(voted).fill('cast.accepted'), 'meeting.paused']);
    expect(await done((await resume(meeting)).act)).toBe('done');
    for (const [at, voter] of racers.entries()) {
      const again = await send(voter, at);
      expect(again).toMatchObject({ status: 201, repeated: answers[at]?.status === 201 });
    }
  }, 60_000);
});

describe('after all pauses', () => {
  it('the vote closes once, the count is whole, and the bundle passes every check', async () => {
    closes = await closeOf(meeting);
    await leap(service, settled, closes - 12 * MINUTE_MS);
    const late = await pause(meeting);
    // What the signings before have added would be taken off, and leave no time to vote.
    await leap(service, settled, closes - 1000);
    expect(await refusal(pause(meeting))).toBe('409 PAUSE_LATE');
    await leap(service, settled, closes);
    expect((await read(meeting)).state).toBe('closed');
    expect(await done(late.act)).toBe('MEETING_STATE');
    const kinds = await entryKindsOf(service, meeting.meeting);
    expect(kinds.filter((kind) => kind === 'meeting.closed')).toHaveLength(1);
    const { street } = settled.officers;
    const secret = toBase64Url(meeting.boxSecret);
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${meeting.meeting}/box/release`, { secret });
    await actTogether(service.world, release, [street]);
    await service.world.beatNow();
    const { record } = await newClient(service).get<ResultAnswer>(`/v1/meetings/${meeting.meeting}/result`);
    const tally = tallyRecordForm.own(present(fromBase64Url(record), 'bytes'));
    expect(tally.refusals.find(({ code }) => code === 'VOTING_PAUSED')?.count).toBeGreaterThanOrEqual(2);
    for (const page of ['', '/documents/announcement', '/documents/minutes']) {
      const shown = await (await fetch(`${service.service.url}/meetings/${meeting.meeting}${page}`)).text();
      expect(shown.split(`理由：${REASON}`), page).toHaveLength(4);
      expect(shown).toContain('投票曾由住房主管部门暂停');
    }
    const { checks, failed } = await verifiedBundle(service, meeting.meeting, 'auditor');
    expect(failed).toEqual([]);
    expect(checks.find(({ id }) => id === 'EXT-01')?.outcome).toBe('pass');
  }, 60_000);
});
