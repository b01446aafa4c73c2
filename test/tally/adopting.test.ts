// Goal: own rules come into force over a document or a resolution that carries them, signed by two; every later draft follows them, a
// draft from before does not go out, and the bundle passes (SPEC 5.2). Method: one community over HTTP: rules by document, a meeting that
// follows them and adopts others, and those by its resolution.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import type { RulesAnswer } from '../../src/assembly/rules-contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import type { Definition } from '../../src/record/meeting.ts';
import { definitionForm } from '../../src/record/meeting.ts';
import type { FollowUpAnswer } from '../../src/tally/contract.ts';
import type { Convened, MeetingBody, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  honestCast,
  leap,
  meetingOf,
  NOTICED_MS,
  newClient,
  openBody,
  paperOf,
  refusal,
  voterOf,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';

const NEW_RULES = '一名代理人最多接受一名业主委托。';
const HASH = `${'B'.repeat(42)}A`;
let service: TestService;
let settled: TestCommunity;
let carrying: Convened;

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
}, 120_000);
afterAll(async () => service.close());

const path = () => `/v1/communities/${settled.community}/rules`;
const rulesNow = () => newClient(service).get<RulesAnswer>(path());
const wish = (change: Record<string, unknown> = {}) => ({
  base: 'DEMO-CN-2021',
  parameters: { proxyCap: 2, letterRevote: true },
  text: '第十条 一名代理人最多接受两名业主委托。\n第十一条 凭信函可以改票。',
  adoptedOn: civilDateAt(service.clock()),
  meeting: '',
  proposal: '',
  document: HASH,
  ...change,
});
const draft = (change: Record<string, unknown> = {}, by: Officer = settled.officers.committee) =>
  by.client.post<{ act: string }>(path(), wish(change));
const adopt = (change: Record<string, unknown> = {}) =>
  actTogether(service.world, () => draft(change), [settled.officers.committee, settled.officers.street]);
const draftMeeting = (change: Partial<MeetingBody> = {}) =>
  settled.officers.committee.client.post<{ meeting: string }>(
    `/v1/communities/${settled.community}/meetings`,
    { ...meetingOf(service, settled, { windowMs: 7_200_000 }), ...change },
  );
async function definitionOf(meeting: string): Promise<Definition> {
  const { client } = settled.officers.committee;
  const { definition } = await client.get<MeetingAnswer>(`/v1/meetings/${meeting}`);
  return definitionForm.own(present(fromBase64Url(definition), 'bytes'));
}
const settingOf = ({ profile }: Definition, name: string) =>
  profile.parameters.find((parameter) => parameter.name === name)?.value;

describe('rules over a document', () => {
  it('are refused where they say what the profile does not permit, and where nobody adopted them', async () => {
    expect(await refusal(draft({ parameters: { proxyCap: 100 } }))).toBe('422 PARAMETER_NOT_PERMITTED');
    expect(await refusal(draft({ parameters: { quorumNum: 1 } }))).toBe('422 PARAMETER_NOT_PERMITTED');
    expect(await refusal(draft({ parameters: { silenceRule: 'DEEMED_FOR' } }))).toBe(
      '422 PARAMETER_NOT_PERMITTED',
    );
    expect(await refusal(draft({ parameters: { hair: 1 } }))).toBe('422 PARAMETER_UNKNOWN');
    expect(await refusal(draft({ base: 'CN-1999' }))).toBe('422 PROFILE_UNKNOWN');
    expect(await refusal(draft({ text: ' ' }))).toBe('422 TEXT_EMPTY');
    expect(await refusal(draft({ adoptedOn: '2999-01-01' }))).toBe('422 RULES_DATE');
    expect(await refusal(draft({ document: '' }))).toBe('422 RULES_ADOPTION');
    const id = 'a'.repeat(26);
    expect(await refusal(draft({ meeting: id, proposal: id }))).toBe('422 RULES_ADOPTION');
    expect(await refusal(draft({ meeting: id, document: '' }))).toBe('422 RULES_ADOPTION');
    expect(await refusal(draft({ meeting: id, proposal: id, document: '' }))).toBe('409 RULES_RESOLUTION');
    expect(await refusal(draft({}, settled.officers.registrar))).toBe('403 NOT_ALLOWED');
  });

  it('are the only way to a clause of silence: a convener cannot choose it', async () => {
    const chosen = draftMeeting({ parameters: { silenceRule: 'FOLLOW_MAJORITY' } });
    expect(await refusal(chosen)).toBe('422 SILENCE_NOT_ADOPTED');
  });

  it('come into force by two officers, and stop a draft that was made before them', async () => {
    const before = await rulesNow();
    expect(before.adopted).toEqual([]);
    const { meeting } = await draftMeeting();
    expect((await definitionOf(meeting)).profile.rulesHash).toBe('');
    await adopt();
    const notice = settled.officers.committee.client.post(`/v1/meetings/${meeting}/notice`);
    expect(await refusal(notice)).toBe('409 RULES_CHANGED');
    const now = await rulesNow();
    expect(now.adopted).toMatchObject([{ document: HASH, text: wish().text }]);
    const fixed = now.settings.filter(({ isFixed }) => isFixed).map(({ name, value }) => [name, value]);
    expect(fixed).toEqual(
      expect.arrayContaining([
        ['proxyCap', '2'],
        ['letterRevote', 'true'],
      ]),
    );
    expect(fixed).toHaveLength(2);
  });

  it('are what every later draft follows, and leave the rest to the convener', async () => {
    expect(await refusal(draftMeeting({ parameters: { proxyCap: 3 } }))).toBe('422 RULES_OTHERWISE');
    expect(await refusal(draftMeeting({ profile: 'CN-2021' }))).toBe('422 RULES_OTHERWISE');
    const { meeting } = await draftMeeting({ parameters: { proxyCap: 2, revoteLimit: 2 } });
    const definition = await definitionOf(meeting);
    expect(['proxyCap', 'letterRevote', 'revoteLimit'].map((name) => settingOf(definition, name))).toEqual([
      '2',
      'true',
      '2',
    ]);
    expect([definition.profile.rulesHash]).toEqual(
      (await rulesNow()).adopted.map(({ rulesHash }) => rulesHash),
    );
  });
});

describe('rules over a resolution', () => {
  it('wait for its final result, need its class, and then hold', async () => {
    const body = meetingOf(service, settled, { opensInMs: NOTICED_MS, windowMs: 7_200_000 });
    const [, contract] = body.proposals;
    const motion = present(contract, 'a motion');
    const ofRules = { ...motion, title: '修改议事规则', text: NEW_RULES };
    carrying = await openBody(service, settled, {
      ...body,
      proposals: [{ ...ofRules, classes: ['M1'], basis: '议事规则中的代理条款，属第一项' }, motion],
    });
    const definition = await definitionOf(carrying.meeting);
    const [first, second] = definition.proposals.map(({ proposal }) => proposal);
    expect(definition.proposals.map(({ basis }) => basis)).toEqual([
      '议事规则中的代理条款，属第一项',
      '《民法典》第278条第1款第4项：选聘和解聘物业服务企业或者其他管理人',
    ]);
    const over = (proposal: string | undefined) => ({ meeting: carrying.meeting, proposal, document: '' });
    expect(await refusal(draft(over(first)))).toBe('409 RULES_RESOLUTION');
    for (const voter of await everybody())
      expect(await castBy(service, carrying.meeting, voter, await honestCast(service, voter))).toMatchObject({
        status: 201,
      });
    await finalise();
    expect(await refusal(draft(over(second)))).toBe('409 RULES_RESOLUTION');
    const adopted = { ...over(first), parameters: { proxyCap: 1 } };
    expect(await refusal(draft({ ...adopted, text: `${NEW_RULES}另有一条。` }))).toBe('422 RULES_TEXT');
    expect(await refusal(draft({ ...adopted, text: NEW_RULES, adoptedOn: '2020-01-01' }))).toBe(
      '409 RULES_OLDER',
    );
    await adopt({ ...adopted, text: NEW_RULES });
    const now = await rulesNow();
    const { settings } = now;
    expect(now.adopted).toMatchObject([{ meeting: carrying.meeting, proposal: first, document: '' }]);
    expect(settings.filter(({ isFixed }) => isFixed)).toMatchObject([{ name: 'proxyCap', value: '1' }]);
  });

  it('are followed up: a plan, its end once, and nothing of what did not pass', {
    timeout: 180_000,
  }, async () => {
    const definition = await definitionOf(carrying.meeting);
    const [first] = definition.proposals.map(({ proposal }) => proposal);
    const line = {
      proposal: first,
      step: '',
      state: 'planned',
      dueOn: '2027-01-01',
      text: '委员会公布新规则',
    };
    const follow = (change: Record<string, unknown> = {}, by: Officer = settled.officers.committee) =>
      by.client.post<{ act: string }>(`/v1/meetings/${carrying.meeting}/follow-ups`, { ...line, ...change });
    const record = (change: Record<string, unknown> = {}) =>
      actTogether(service.world, () => follow(change), [settled.officers.committee]);
    const lines = async () =>
      (await newClient(service).get<FollowUpAnswer>(`/v1/meetings/${carrying.meeting}/follow-ups`)).lines;
    expect(await refusal(follow({ proposal: 'a'.repeat(26) }))).toBe('409 FOLLOW_UP_RESOLUTION');
    expect(await refusal(follow({ state: 'done' }))).toBe('409 FOLLOW_UP_STEP');
    expect(await refusal(follow({ text: ' ' }))).toBe('422 FOLLOW_UP_TEXT');
    expect(await refusal(follow({}, settled.officers.regulator))).toBe('403 NOT_ALLOWED');
    await record();
    const step = present((await lines())[0], 'a line').step;
    await record({ step, dueOn: '2027-02-01', text: '延期一个月' });
    await record({ step, state: 'done', dueOn: '2027-02-01', text: '已公布' });
    expect(await refusal(follow({ step, state: 'dropped' }))).toBe('409 FOLLOW_UP_ENDED');
    expect((await lines()).map(({ state, dueOn, text }) => [state, dueOn, text])).toEqual([
      ['planned', '2027-01-01', '委员会公布新规则'],
      ['planned', '2027-02-01', '延期一个月'],
      ['done', '2027-02-01', '已公布'],
    ]);
    for (let at = 3; at <= 200; at += 1) await record({ text: `第${at}条` });
    expect(await refusal(follow())).toBe('409 FOLLOW_UP_TOO_MANY');
    const last = present((await lines()).at(-1), 'the last line').step;
    expect(await refusal(follow({ step: last }))).toBe('409 FOLLOW_UP_TOO_MANY');
    await record({ step: last, state: 'dropped', text: '不再需要' });
    expect(await lines()).toHaveLength(202);
    await service.world.beatNow();
    expect((await fetch(`${service.service.url}/meetings/${carrying.meeting}/archive.zip`)).status).toBe(200);
  });

  it('stand in the bundle with those before them, and every check passes', async () => {
    await service.world.beatNow();
    for (const audience of ['auditor', 'public'] as const) {
      const { files, failed } = await verifiedBundle(service, carrying.meeting, audience);
      expect(files.get('rules.jsonl')?.filter((byte) => byte === 10)).toHaveLength(2);
      expect(failed).toEqual([]);
    }
  });
});

describe('rules over a resolution that is annulled', () => {
  it('are out of force, those before them are in it again, and no others come over it', async () => {
    const [first] = (await definitionOf(carrying.meeting)).proposals.map(({ proposal }) => proposal);
    const { regulator, street } = settled.officers;
    const annulment = () =>
      street.client.post<{ act: string }>(`/v1/communities/${settled.community}/fund/annulments`, {
        meeting: carrying.meeting,
        proposal: first,
        documentHash: HASH,
      });
    await actTogether(service.world, annulment, [street, regulator]);
    const { adopted, settings } = await rulesNow();
    expect(adopted).toMatchObject([{ document: HASH, meeting: '' }]);
    expect(
      settings
        .filter(({ isFixed }) => isFixed)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['letterRevote', 'proxyCap']);
    const again = { meeting: carrying.meeting, proposal: first, document: '', text: NEW_RULES };
    expect(await refusal(draft(again))).toBe('409 RULES_RESOLUTION');
  });
});

/** One voter for each entitlement of the carrying meeting. */
async function everybody(): Promise<readonly Voter[]> {
  const byEntitlement = new Map<string, Voter>();
  for (const letter of settled.codes) {
    const voter = await voterOf(service, letter, carrying.meeting).catch(() => undefined);
    if (voter !== undefined) byEntitlement.set(paperOf(voter).entitlement, voter);
  }
  return [...byEntitlement.values()];
}

/** The carrying meeting is closed, counted and made final. */
async function finalise(): Promise<void> {
  const { committee, street } = settled.officers;
  const { meeting, boxSecret } = carrying;
  await leap(service, settled, service.clock() + 7_300_000);
  const release = () =>
    street.client.post<{ act: string }>(`/v1/meetings/${meeting}/box/release`, {
      secret: toBase64Url(boxSecret),
    });
  await actTogether(service.world, release, [street]);
  await service.world.beatNow();
  const final = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/final`);
  await actTogether(service.world, final, [committee, street]);
  const { state } = await newClient(service).get<MeetingAnswer>(`/v1/meetings/${meeting}`);
  expect(state).toBe('final');
}
