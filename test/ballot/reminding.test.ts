// Goal: a reminder goes to exactly those who have not voted, at most three times and 48 hours apart, and tells officers nothing; the list
// for whoever goes from door to door is logged before it is given (SPEC 6.11). Method: one open meeting over HTTP, a gateway on loopback.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remindDue, timelinessNow } from '../../src/ballot/reminding.ts';
import type { AbsentAnswer, ReminderAnswer } from '../../src/ballot/reminding-contract.ts';
import { present } from '../../src/base/assert.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { deliverDue } from '../../src/notice/delivering.ts';
import { MAX_SHORT } from '../../src/notice/domain/announcement-text.ts';
import type { AnnouncingDeps } from '../../src/notice/notice-deps.ts';
import type { TestGateway } from '../notice/gateway.ts';
import { startGateway } from '../notice/gateway.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Voter } from './voting-world.ts';
import {
  castBy,
  honestCast,
  leap,
  meetingOf,
  openBody,
  paperOf,
  plainVoters,
  refusal,
} from './voting-world.ts';

const SECRET = new Uint8Array(32).fill(12);
const HOUR_MS = 3_600_000;

let service: TestService;
let settled: TestCommunity;
let gateway: TestGateway;
let meeting: string;
let voters: readonly Voter[];
let deps: AnnouncingDeps;

beforeAll(async () => {
  service = await startTestService({ beatMs: HOUR_MS });
  settled = await settle(service);
  gateway = await startGateway(SECRET);
  const body = meetingOf(service, settled, { windowMs: 200 * HOUR_MS });
  ({ meeting } = await openBody(service, settled, body));
  await service.world.beatNow();
  voters = await plainVoters(service, settled, meeting, 2);
  const notice = {
    gateway: { url: gateway.url, secrets: [SECRET] as const },
    helpLine: '0760-88888888',
    page: 'vote.example',
    maxQueued: 1000,
    answerMs: 1000,
  };
  deps = { ...service.service.deps, explain: explainEntry, timeliness: timelinessNow, notice };
}, 180_000);
afterAll(async () => {
  await gateway?.close();
  await service?.close();
});

const remind = (by: 'committee' | 'street' | 'registrar' | 'regulator' = 'committee') =>
  settled.officers[by].client.post<ReminderAnswer>(`/v1/meetings/${meeting}/reminders`);
const doors = (by: 'committee' | 'street' = 'committee', reason = '上门收票') =>
  settled.officers[by].client.post<AbsentAnswer>(`/v1/meetings/${meeting}/absent-units`, { reason });
const send = async () => {
  gateway.taken.length = 0;
  await remindDue(deps);
  await deliverDue(deps);
  return gateway.taken.filter(({ template }) => template === 'vote-reminder');
};
const unitOf = (at: number) => {
  const { leaf } = paperOf(present(voters[at], 'a voter'));
  const read = JSON.parse(Buffer.from(leaf, 'base64url').toString('utf8')) as {
    readonly units: readonly { readonly building: string; readonly stair: string; readonly room: string }[];
  };
  const { building, stair, room } = present(read.units[0], 'a unit');
  return [building, stair, room].join('/');
};
const shown = async () =>
  (await doors()).units.map(({ building, stair, room }) => [building, stair, room].join('/'));

describe('whoever has not voted', () => {
  it('is on the list with unit and area alone, and the list is logged before it is given', async () => {
    const { units } = await doors();
    expect(units.length).toBeGreaterThan(2);
    expect(new Set(units.flatMap((unit) => Object.keys(unit)))).toEqual(
      new Set(['building', 'stair', 'room', 'areaDm2']),
    );
    expect(await refusal(doors('street'))).toBe('403 NOT_ALLOWED');
    expect(await refusal(doors('committee', '无'))).toBe('400 REQUEST_MALFORMED');
    const rows = await service.fresh.owner.selectFrom('personal_access').selectAll().execute();
    expect(rows.filter(({ kind }) => kind === 'vote.absent')).toMatchObject([
      { subject_id: meeting, reason: '上门收票' },
    ]);
  });

  it('is reminded, and who voted meanwhile is not, whatever he chose', async () => {
    const before = await shown();
    expect(before).toEqual(expect.arrayContaining([unitOf(0), unitOf(1)]));
    expect(await remind()).toEqual({ round: 1 });
    const voter = present(voters[0], 'a voter');
    const cast = await honestCast(service, voter, 'against');
    expect((await castBy(service, meeting, voter, cast)).acknowledgement).not.toBe('');
    const first = await send();
    expect(first.length).toBeGreaterThan(2);
    const phones = (at: number) => present(present(voters[at], 'a voter').letter.owner.phones[0], 'a phone');
    const told = first.map(({ phone }) => phone);
    expect(told).not.toContain(phones(0));
    expect(told).toContain(phones(1));
    expect(new Set(told).size).toBe(told.length);
    for (const { text, facts } of first) {
      expect([...text].length).toBeLessThanOrEqual(MAX_SHORT - 8);
      expect(text).toContain('本户尚未表决');
      expect(Object.keys(facts).sort()).toEqual(['community', 'day', 'helpLine', 'page', 'place']);
    }
    expect(await shown()).not.toContain(unitOf(0));
    expect(await send()).toEqual([]);
  });

  it('is reminded again after 48 hours, three times at most, by conveners alone', async () => {
    expect(await refusal(remind())).toBe('409 REMINDER_TOO_SOON');
    expect(await refusal(remind('registrar'))).toBe('403 NOT_ALLOWED');
    expect(await refusal(remind('regulator'))).toBe('403 NOT_ALLOWED');
    await leap(service, settled, service.clock() + 48 * HOUR_MS);
    // Either may be first.
    const asks = [remind(), remind('street')].map((ask) => ask.catch((error: unknown) => String(error)));
    const both = await Promise.all(asks);
    expect(both.filter((each) => typeof each === 'object')).toHaveLength(1);
    const second = await send();
    expect(second.length).toBeGreaterThan(1);
    await leap(service, settled, service.clock() + 48 * HOUR_MS);
    expect(await remind()).toEqual({ round: 3 });
    // Each is a message of its own: a gateway that has the last one takes this one too.
    const third = await send();
    expect(third.map(({ id }) => id)).not.toEqual(expect.arrayContaining([second[0]?.id]));
    await leap(service, settled, service.clock() + 48 * HOUR_MS);
    expect(await refusal(remind())).toBe('409 REMINDERS_USED_UP');
  });

  it('is neither reminded nor listed after the close', async () => {
    await leap(service, settled, service.clock() + 100 * HOUR_MS);
    await service.world.beatNow();
    expect(await refusal(remind())).toBe('409 MEETING_STATE');
    expect(await refusal(doors())).toBe('409 MEETING_STATE');
  });
});
