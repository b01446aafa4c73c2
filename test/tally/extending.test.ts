// Goal: a vote is extended once, by two officers, before its close and only while it lacks its quorum; ballots that were cast stay, and one
// second after the close nothing is extended (SPEC 5; law cases P13, P14). Method: meetings over HTTP with a clock that is moved.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { showInstant } from '../../src/base/instant.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { signBy, signInOfficer } from '../../src/cli/demo/officer.ts';
import { voteWith } from '../../src/cli/demo/owner.ts';
import { outcomeOf } from '../ballot/paper-world.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  entryKindsOf,
  honestCast,
  leap,
  meetingOf,
  newClient,
  openBody,
  plainVoters,
  refusal,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let meeting: Convened;

const DAY_MS = 86_400_000;
const WINDOW_MS = 7_200_000;

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service, 12);
  meeting = await openBody(service, settled, meetingOf(service, settled, { windowMs: WINDOW_MS }));
  await service.world.beatNow();
}, 300_000);
afterAll(async () => service.close());

const read = ({ meeting: id }: Convened) => newClient(service).get<MeetingAnswer>(`/v1/meetings/${id}`);
const closeOf = async (of: Convened) => Date.parse((await read(of)).closes);
const extend = (of: Convened, closesAt: number, by: Officer = settled.officers.committee) =>
  by.client.post<{ act: string }>(`/v1/meetings/${of.meeting}/extension`, { closes: showInstant(closesAt) });
const two = () => [settled.officers.committee, settled.officers.street] as const;

async function vote(of: Convened, voters: readonly Voter[]): Promise<void> {
  for (const voter of voters)
    expect(await castBy(service, of.meeting, voter, await honestCast(service, voter))).toMatchObject({
      status: 201,
    });
}

describe('a vote without its quorum', () => {
  it('is not extended by who may not, backwards, or for longer than the rules permit', async () => {
    const closesAt = await closeOf(meeting);
    expect(await refusal(extend(meeting, closesAt + DAY_MS, settled.officers.registrar))).toBe(
      '403 NOT_ALLOWED',
    );
    expect(await refusal(extend(meeting, closesAt))).toBe('422 EXTENSION_TOO_LONG');
    expect(await refusal(extend(meeting, closesAt - 1000))).toBe('422 EXTENSION_TOO_LONG');
    expect(await refusal(extend(meeting, closesAt + 21 * DAY_MS))).toBe('422 EXTENSION_TOO_LONG');
    const { client } = settled.officers.committee;
    const path = `/v1/meetings/${meeting.meeting}/extension`;
    expect(await refusal(client.post(path, { closes: 'soon' }))).toBe('400 REQUEST_MALFORMED');
  });

  it('is extended once by two; what was cast stays, and votes come in after the former close', async () => {
    const [first, ...others] = await plainVoters(service, settled, meeting.meeting, 2);
    if (first === undefined) throw new Error('no voter');
    await vote(meeting, [first]);
    const former = await closeOf(meeting);
    const { act } = await extend(meeting, former + 20 * DAY_MS);
    await signBy(service.world, act, two());
    expect(await outcomeOf(service, settled.officers.committee, act)).toBe('done');
    expect(await closeOf(meeting)).toBe(former + 20 * DAY_MS);
    expect(await refusal(extend(meeting, former + 21 * DAY_MS))).toBe('409 EXTENSION_USED');
    await leap(service, settled, former + 1000);
    expect((await read(meeting)).state).toBe('open');
    await vote(meeting, others);
    const kinds = await entryKindsOf(service, meeting.meeting);
    expect(kinds.filter((kind) => kind === 'meeting.closed')).toEqual([]);
    expect(kinds.filter((kind) => kind === 'meeting.extended')).toHaveLength(1);
  });
});

describe('after the close', () => {
  it('one second is too late, also for what was drafted before it', async () => {
    const late = await openBody(service, settled, meetingOf(service, settled, { windowMs: WINDOW_MS }));
    await service.world.beatNow();
    const closesAt = await closeOf(late);
    const { act } = await extend(late, closesAt + DAY_MS);
    await leap(service, settled, closesAt + 1000);
    expect(await refusal(extend(late, closesAt + 2 * DAY_MS))).toBe('409 EXTENSION_LATE');
    await signBy(service.world, act, two());
    expect(await outcomeOf(service, settled.officers.street, act)).toBe('EXTENSION_LATE');
    expect((await read(late)).state).toBe('closed');
  });

  it('the extended vote closes at its new end, once', async () => {
    await leap(service, settled, (await closeOf(meeting)) - 1000);
    expect((await read(meeting)).state).toBe('open');
    await leap(service, settled, await closeOf(meeting));
    for (const officer of two()) await signInOfficer(service.world, officer);
    expect((await read(meeting)).state).toBe('closed');
    const kinds = await entryKindsOf(service, meeting.meeting);
    expect(kinds.filter((kind) => kind === 'meeting.closed')).toHaveLength(1);
    expect(await refusal(extend(meeting, (await closeOf(meeting)) + DAY_MS))).toBe('409 EXTENSION_LATE');
  });
});

describe('a vote with its quorum', () => {
  it('is not extended', async () => {
    const full = await openBody(service, settled, meetingOf(service, settled, { windowMs: WINDOW_MS }));
    await service.world.beatNow();
    for (const { code, owner } of settled.codes)
      await voteWith(service.world, newClient(service), { code, number: owner.number }, full.meeting, () => [
        'for',
      ]);
    expect(await refusal(extend(full, (await closeOf(full)) + DAY_MS))).toBe('409 EXTENSION_QUORATE');
  });
});
