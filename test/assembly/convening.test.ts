// Goal: a meeting goes from draft to open only by the steps, officers and times that the table names, and a refused step leaves
// nothing. Method: the whole service over HTTP with the clock in the test's hand; log entries are counted and read.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { draftMeeting } from '../../src/assembly/meeting-drafts.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { newId } from '../../src/base/clock.ts';
import { showInstant } from '../../src/base/instant.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import { asNoticed, definitionForm, meetingHash, noticeHash } from '../../src/record/meeting.ts';
import type { MeetingBody } from '../ballot/voting-world.ts';
import { conveneBody, entryKindsOf, leap, meetingOf, newClient, refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
});
afterAll(async () => service.close());

const officers = () => settled.officers;
const both = () => [officers().committee, officers().street] as const;

const draft = async (body: MeetingBody, by: Officer = officers().committee): Promise<string> =>
  (await by.client.post<{ meeting: string }>(`/v1/communities/${settled.community}/meetings`, body)).meeting;

const step = (meeting: string, name: string, by: Officer = officers().committee) =>
  by.client.post<{ act: string }>(`/v1/meetings/${meeting}/${name}`);

const boxKey = (secret = service.world.random(32)) => ({ boxKey: toBase64Url(boxPublicKey(secret)) });

const uploadBox = (meeting: string, body: unknown, by: Officer = officers().street) =>
  by.client.post(`/v1/meetings/${meeting}/box`, body);

const kindsOf = (meeting: string): Promise<readonly string[]> => entryKindsOf(service, meeting);

const read = (meeting: string): Promise<MeetingAnswer> =>
  officers().committee.client.get<MeetingAnswer>(`/v1/meetings/${meeting}`);

const stateOf = async (meeting: string): Promise<string> => (await read(meeting)).state;

const good = (): MeetingBody => meetingOf(service, settled);
const firstOf = (body: MeetingBody) => present(body.proposals[0], 'a proposal');
const withFirst = (change: object): MeetingBody => {
  const body = good();
  return { ...body, proposals: [{ ...firstOf(body), ...change }, ...body.proposals.slice(1)] };
};

describe('a draft', () => {
  it.each<readonly [string, () => MeetingBody, string]>([
    ['an unknown profile', () => ({ ...good(), profile: 'CN-1999' }), '422 PROFILE_UNKNOWN'],
    ['an unknown parameter', () => ({ ...good(), parameters: { quorum: 1 } }), '422 PARAMETER_UNKNOWN'],
    ['a weaker quorum', () => ({ ...good(), parameters: { quorumNum: 1 } }), '422 PARAMETER_NOT_PERMITTED'],
    [
      'a parameter of another kind',
      () => ({ ...good(), parameters: { letterRevote: 'true' } }),
      '422 PARAMETER_NOT_PERMITTED',
    ],
    ['too few notice days', () => ({ ...good(), profile: 'CN-2021' }), '422 NOTICE_TOO_SHORT'],
    ['a notice of yesterday', () => ({ ...good(), publishedOn: '2026-11-01' }), '422 NOTICE_DATE_PAST'],
    [
      'a window that ends first',
      () => {
        const draft = good();
        return { ...draft, closes: draft.opens };
      },
      '422 WINDOW_REVERSED',
    ],
    ['a fund without class M5', () => withFirst({ classes: ['M4'] }), '422 PROPOSAL_FUND'],
    [
      'an instant that does not exist',
      () => ({ ...good(), opens: '2026-13-41T25:61:61Z' }),
      '400 REQUEST_MALFORMED',
    ],
    ['a date that does not exist', () => ({ ...good(), publishedOn: '2026-02-30' }), '400 REQUEST_MALFORMED'],
    ['a title of two lines', () => ({ ...good(), title: '第一次\n会议' }), '400 REQUEST_MALFORMED'],
    ['a blank title', () => ({ ...good(), title: '' }), '400 REQUEST_MALFORMED'],
    ['half a character', () => ({ ...good(), title: '会议\ud83d' }), '400 REQUEST_MALFORMED'],
    [
      'a zero byte in the notice',
      () => ({ ...good(), noticeText: '各位\u0000业主' }),
      '400 REQUEST_MALFORMED',
    ],
    [
      'a control character in a building',
      () => withFirst({ scope: { kind: 'buildings', members: ['1\t栋'] } }),
      '400 REQUEST_MALFORMED',
    ],
    [
      'an account hash that is none',
      () => withFirst({ fund: [{ ...firstOf(good()).fund[0], payeeAccount: 'abc' }] }),
      '400 REQUEST_MALFORMED',
    ],
    ['no proposal', () => ({ ...good(), proposals: [] }), '400 REQUEST_MALFORMED'],
    ['a member that nobody knows', () => ({ ...good(), quorum: 1 }) as MeetingBody, '400 REQUEST_MALFORMED'],
  ])('with %s is refused', async (_, body, code) => {
    const before = await service.fresh.owner.selectFrom('meeting').select('meeting_id').execute();
    expect(await refusal(draft(body()))).toBe(code);
    expect(await service.fresh.owner.selectFrom('meeting').select('meeting_id').execute()).toEqual(before);
  });

  it('whose texts are not in NFC is taken and stored in NFC, and its hash is of what is shown', async () => {
    const meeting = await draft({ ...good(), title: 'Cafe\u0301', noticeText: 'Cafe\u0301' });
    const { title, texts, definition } = await read(meeting);
    expect(title).toBe('Caf\u00e9');
    expect(texts.map(({ body }) => body)).toContain('Caf\u00e9');
    const parsed = definitionForm.parse(present(fromBase64Url(definition), 'bytes'));
    expect(parsed.ok && texts.some(({ hash }) => hash === parsed.value.notice.textHash)).toBe(true);
  });

  it('of a registrar or a regulator is refused, of the street it is not', async () => {
    expect(await refusal(draft(good(), officers().registrar))).toBe('403 NOT_ALLOWED');
    expect(await refusal(draft(good(), officers().regulator))).toBe('403 NOT_ALLOWED');
    expect(await refusal(draft(good(), officers().street))).toBe('accepted');
  });

  it('in an unknown community is refused', async () => {
    const path = `/v1/communities/${newId(service.world.random)}/meetings`;
    expect(await refusal(officers().street.client.post(path, good()))).toBe('404 COMMUNITY_UNKNOWN');
  });

  it('under the demo profile is refused where the root is a real one', async () => {
    const { deps } = service.service;
    const real = { ...deps, deployment: { ...deps.deployment, demoRoot: false } };
    const { opens, closes, ...body } = good();
    const wish = {
      ...body,
      community: settled.community,
      communityName: '测试花园',
      opensAt: Date.parse(opens),
      closesAt: Date.parse(closes),
    };
    const by = {
      officer: officers().committee.officer,
      name: '',
      role: 'committee',
      community: settled.community,
    } as const;
    const refused = await draftMeeting(real, by, wish);
    expect(refused.ok ? '' : refused.refusal.code).toBe('PROFILE_DEMO_ONLY');
    expect((await draftMeeting(deps, by, wish)).ok).toBe(true);
  });

  it('is seen by no stranger and by its officers', async () => {
    const meeting = await draft(good());
    expect(await refusal(newClient(service).get(`/v1/meetings/${meeting}`))).toBe('404 MEETING_UNKNOWN');
    expect(await stateOf(meeting)).toBe('draft');
    const open = await newClient(service).get<{ meetings: { meeting: string }[] }>('/v1/meetings');
    expect(open.meetings.map((each) => each.meeting)).not.toContain(meeting);
  });
});

describe('a step', () => {
  it('out of turn is refused', async () => {
    const meeting = await draft(good());
    for (const name of ['roll', 'opening']) {
      expect(await refusal(step(meeting, name))).toBe('409 MEETING_STATE');
    }
    expect(await refusal(uploadBox(meeting, boxKey()))).toBe('409 MEETING_STATE');
    expect(await refusal(step(newId(service.world.random), 'notice'))).toBe('404 MEETING_UNKNOWN');
    expect(await refusal(step(meeting, 'notice', officers().registrar))).toBe('403 NOT_ALLOWED');
    expect(await kindsOf(meeting)).toEqual([]);
  });

  it('is drafted once: the second draft of the same entry is refused, not broken', async () => {
    const meeting = await draft(good());
    expect(await refusal(step(meeting, 'notice'))).toBe('accepted');
    expect(await refusal(step(meeting, 'notice'))).toBe('409 ACT_DRAFTED');
  });

  it('needs roll and box before the opening, each from the right hands, once', async () => {
    const meeting = await draft(good());
    await actTogether(service.world, () => step(meeting, 'notice'), both());
    expect(await refusal(step(meeting, 'notice'))).toBe('409 MEETING_STATE');
    expect(await refusal(step(meeting, 'opening'))).toBe('409 ROLL_MISSING');
    await actTogether(service.world, () => step(meeting, 'roll'), both());
    expect(await refusal(step(meeting, 'opening'))).toBe('409 BOX_MISSING');
    expect(await refusal(uploadBox(meeting, boxKey(), officers().committee))).toBe('403 BOX_HOLDER_ROLE');
    const weak = { boxKey: toBase64Url(new Uint8Array(32)) };
    expect(await refusal(uploadBox(meeting, weak))).toBe('422 BOX_KEY_MALFORMED');
    const own = boxKey();
    expect(await refusal(uploadBox(meeting, own))).toBe('accepted');
    expect(await refusal(uploadBox(meeting, boxKey()))).toBe('409 BOX_KEY_TAKEN');
    expect(await refusal(step(meeting, 'opening'))).toBe('accepted');
    const second = await draft(good());
    await actTogether(service.world, () => step(second, 'notice'), both());
    expect(await refusal(uploadBox(second, own))).toBe('409 BOX_KEY_TAKEN');
  });

  it('of a meeting that the street convenes is signed by street and regulator', async () => {
    const meeting = await draft(good(), officers().street);
    const { act } = await step(meeting, 'notice', officers().street);
    await signBy(service.world, act, [officers().street]);
    const wrong = signBy(service.world, act, [officers().committee]);
    expect(await refusal(wrong)).toBe('403 ACTION_ROLE');
    await signBy(service.world, act, [officers().regulator]);
    await untilDone(service.world, act, officers().street);
    expect(await stateOf(meeting)).toBe('noticed');
    expect(await refusal(uploadBox(meeting, boxKey(), officers().street))).toBe('403 BOX_HOLDER_ROLE');
    const roll = await step(meeting, 'roll', officers().street);
    expect(await refusal(signBy(service.world, roll.act, [officers().committee]))).toBe('403 ACTION_ROLE');
  });

  it('of a meeting that the committee convenes is never signed by street and regulator', async () => {
    const meeting = await draft(good());
    await actTogether(service.world, () => step(meeting, 'notice'), both());
    const { act } = await step(meeting, 'roll');
    expect(await refusal(signBy(service.world, act, [officers().regulator]))).toBe('403 ACTION_ROLE');
  });
});

describe('an opening', () => {
  it('that is signed waits for its time, armed, and then opens what was noticed', async () => {
    const body = meetingOf(service, settled, { opensInMs: 600_000 });
    const { meeting, opening } = await conveneBody(service, settled, body);
    const armed = await read(meeting);
    expect(armed.state).toBe('armed');
    expect(await kindsOf(meeting)).toEqual(['meeting.noticed', 'roll.frozen']);
    expect(await refusal(step(meeting, 'roll'))).toBe('409 MEETING_STATE');
    expect(await refusal(uploadBox(meeting, boxKey()))).toBe('409 MEETING_STATE');
    service.clock.moveTo(Date.parse(body.opens) - 1000);
    await service.world.beatNow();
    expect(await stateOf(meeting)).toBe('armed');
    await leap(service, settled, Date.parse(body.opens));
    await untilDone(service.world, opening, officers().committee);
    const open = await read(meeting);
    expect(open).toEqual({ ...armed, state: 'open' });
    expect(await kindsOf(meeting)).toEqual([
      'meeting.noticed',
      'roll.frozen',
      'meeting.opened',
      'delivery.recorded',
    ]);
    const bytes = present(fromBase64Url(open.definition), 'bytes');
    expect(meetingHash(bytes)).toBe(open.meetingHash);
    const parsed = definitionForm.parse(bytes);
    if (!parsed.ok) throw new Error('malformed');
    const noticed = await service.fresh.owner
      .selectFrom('log_entry')
      .select('data')
      .where('meeting_id', '=', meeting)
      .where('kind', '=', 'meeting.noticed')
      .executeTakeFirstOrThrow();
    expect(new TextDecoder().decode(noticed.data)).toContain(noticeHash(parsed.value));
    expect(asNoticed(parsed.value)).not.toEqual(parsed.value);
  });

  it('that is signed after the close is refused at execution and writes no entry', async () => {
    const body = meetingOf(service, settled, { windowMs: 60_000 });
    const meeting = await draft(body);
    await actTogether(service.world, () => step(meeting, 'notice'), both());
    await actTogether(service.world, () => step(meeting, 'roll'), both());
    await uploadBox(meeting, boxKey());
    const { act } = await step(meeting, 'opening');
    await leap(service, settled, Date.parse(body.closes) + 1000);
    await signBy(service.world, act, both());
    await service.world.beatNow();
    const ended = await officers().committee.client.get<ActAnswer>(`/v1/acts/${act}`);
    expect(ended).toMatchObject({ state: 'refused', refusal: 'OPENING_LATE' });
    expect(await stateOf(meeting)).toBe('noticed');
    expect(await kindsOf(meeting)).toEqual(['meeting.noticed', 'roll.frozen']);
  });
});

describe('a notice', () => {
  it('whose date has passed when it is signed is refused at execution and writes no entry', async () => {
    const tomorrow = service.clock() + 86_400_000;
    const opensAt = Math.ceil(tomorrow / 1000) * 1000 + 3_600_000;
    const body = {
      ...good(),
      publishedOn: civilDateAt(service.clock()),
      opens: showInstant(opensAt),
      closes: showInstant(opensAt + 3_600_000),
    };
    const meeting = await draft(body);
    const { act } = await step(meeting, 'notice');
    await leap(service, settled, tomorrow);
    await signBy(service.world, act, both());
    await service.world.beatNow();
    const ended = await officers().committee.client.get<ActAnswer>(`/v1/acts/${act}`);
    expect(ended).toMatchObject({ state: 'refused', refusal: 'NOTICE_DATE_PAST' });
    expect(await stateOf(meeting)).toBe('draft');
    expect(await kindsOf(meeting)).toEqual([]);
    expect(await refusal(step(meeting, 'notice'))).toBe('422 NOTICE_DATE_PAST');
  });
});
