// Goal: whoever drafts is told of every fault of his dates at once, and a draft or an extension that the calendar forbids is refused
// (SPEC 5). Method: the real service whose deployment has the shipped calendar and a maintenance window.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssemblyDeps } from '../../src/assembly/assembly-deps.ts';
import { readCalendar } from '../../src/assembly/calendar-file.ts';
import { judgeTimetable } from '../../src/assembly/judging.ts';
import { draftMeeting } from '../../src/assembly/meeting-drafts.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { showInstant } from '../../src/base/instant.ts';
import { taken } from '../../src/base/result.ts';
import type { OfficerSession } from '../../src/officers/domain/session.ts';
import { packageRoot } from '../../src/package-root.ts';
import { draftExtension } from '../../src/tally/extending.ts';
import { meetingOf, newClient, openBody, refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
let service: TestService;
let settled: TestCommunity;
beforeAll(async () => {
  service = await startTestService({ beatMs: HOUR_MS });
  settled = await settle(service, 12);
}, 300_000);
afterAll(async () => service.close());

/** The deployment with the shipped calendar, under maintenance for an hour from an instant on. */
function depsUnder(from: number) {
  const shipped = readFileSync(join(packageRoot(), 'calendars', 'cn-2026.json'), 'utf8');
  const maintenance = [{ from: showInstant(from), until: showInstant(from + HOUR_MS), reason: '升级' }];
  const own = JSON.stringify({ v: 1, kind: 'calendar', years: [], maintenance });
  return { ...service.service.deps, calendar: taken(readCalendar([shipped, own])) };
}
const committee = (): OfficerSession => ({
  officer: settled.officers.committee.officer,
  name: '',
  role: 'committee',
  community: settled.community,
});
const bodyIn = (opensInMs: number) => meetingOf(service, settled, { opensInMs, windowMs: 10 * DAY_MS });
const wishOf = (deps: AssemblyDeps, opensInMs: number, profile: string) => {
  const { opens, closes, ...body } = bodyIn(opensInMs);
  const dates = { opensAt: Date.parse(opens), closesAt: Date.parse(closes) };
  return { deps, wish: { ...body, ...dates, profile, parameters: {}, community: settled.community } };
};

describe('the dates of a draft', () => {
  it('are judged in full, and the same dates are refused as a draft', async () => {
    const opensAt = Math.ceil((service.clock() + HOUR_MS) / 1000) * 1000;
    const { deps, wish } = wishOf(depsUnder(opensAt), HOUR_MS, 'CN-2021');
    const judged = taken(await judgeTimetable(deps, committee(), wish));
    expect(judged.faults.map(({ code, where }) => [code, where])).toEqual([
      ['NOTICE_TOO_SHORT', 'opens'],
      ['WINDOW_MAINTENANCE', 'opens'],
    ]);
    expect(judged.opensFrom > civilDateAt(service.clock() + 15 * DAY_MS)).toBe(true);
    const drafted = await draftMeeting(deps, committee(), {
      ...wish,
      communityName: '小区',
      profile: 'DEMO-CN-2021',
    });
    expect(drafted).toMatchObject({ ok: false, refusal: { code: 'WINDOW_MAINTENANCE', where: 'opens' } });
  });

  it('are judged for conveners of the community only', async () => {
    const { officers, community } = settled;
    const { profile, publishedOn, opens, closes } = bodyIn(HOUR_MS);
    const body = { profile, parameters: {}, publishedOn, opens, closes };
    const ask = (by: keyof typeof officers, of = community) =>
      officers[by].client.post<unknown>(`/v1/communities/${of}/timetable`, body);
    expect(await ask('committee')).toMatchObject({ faults: [] });
    expect(await refusal(ask('registrar'))).toBe('403 NOT_ALLOWED');
    expect(await refusal(ask('committee', 'aaaaaaaaaaaaaaaaaaaaaaaaaa'))).toBe('404 COMMUNITY_UNKNOWN');
    const stranger = newClient(service).post(`/v1/communities/${community}/timetable`, body);
    expect(await refusal(stranger)).toMatch(/^401 /);
  });
});

describe('an extension', () => {
  it('does not end under maintenance', async () => {
    const { meeting } = await openBody(service, settled, meetingOf(service, settled, { windowMs: HOUR_MS }));
    await service.world.beatNow();
    const at = Math.ceil((service.clock() + 2 * HOUR_MS) / 1000) * 1000;
    const deps = depsUnder(at);
    expect(await draftExtension(deps, committee(), meeting, showInstant(at))).toMatchObject({
      refusal: { code: 'WINDOW_MAINTENANCE' },
    });
    expect(await draftExtension(deps, committee(), meeting, showInstant(at + HOUR_MS))).toMatchObject({
      ok: true,
    });
  });
});
