// Goal: owners ask of a draft that its convener opened, read each other's questions without names, and the exchange is frozen into the
// notice, what was kept back and what was not answered said as such; nobody else reads a draft, and nothing of who asked is left
// (SPEC 5.3). Method: one community over HTTP up to the notice, beside the text worked out by hand.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsultationsAnswer, QuestionsAnswer } from '../../src/assembly/consulting-contract.ts';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url } from '../../src/base/bytes.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signBy } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import { exchangeText } from '../../src/record/exchange.ts';
import { definitionForm, textHash } from '../../src/record/meeting.ts';
import { meetingOf, newClient, refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let meeting: string;
let owners: readonly HttpClient[];

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  owners = await Promise.all([0, 1, 2].map(ownerAt));
  ({ meeting } = await committee().client.post<{ meeting: string }>(
    `/v1/communities/${settled.community}/meetings`,
    meetingOf(service, settled),
  ));
}, 120_000);
afterAll(async () => service.close());

const committee = () => settled.officers.committee;
const owner = (at: number): HttpClient => present(owners[at], 'an owner');
const path = (rest: string) => `/v1/meetings/${meeting}/${rest}`;

/** An owner of another household than the one before him. */
async function ownerAt(at: number): Promise<HttpClient> {
  const people = [...new Map(settled.codes.map((code) => [code.owner.number, code])).values()];
  const { code, owner: person } = present(people[at], 'a letter');
  const client = newClient(service);
  await signInOwner(service.world, client, { code, number: person.number });
  return client;
}
async function read() {
  const answer = await committee().client.get<MeetingAnswer>(`/v1/meetings/${meeting}`);
  return { ...answer, noticed: definitionForm.own(present(fromBase64Url(answer.definition), 'bytes')) };
}
const seen = async (at: number) =>
  (await owner(at).get<ConsultationsAnswer>('/v1/consultations')).consultations;
const ask = (at: number, proposal: string, text: string) =>
  owner(at).post<{ question: string }>(path('questions'), { proposal, text });
const answer = (question: string, outcome: 'answered' | 'withheld', text: string, by = committee()) =>
  by.client.post(path(`questions/${question}/answer`), { outcome, answer: text });

describe('a draft', () => {
  it('is nobody else’s before its convener opens it', async () => {
    expect(await seen(0)).toEqual([]);
    const [first] = (await read()).noticed.proposals;
    expect(await refusal(ask(0, present(first, 'one').proposal, '问'))).toBe('404 MEETING_UNKNOWN');
    expect(await refusal(settled.officers.registrar.client.post(path('consultation')))).toBe(
      '403 NOT_ALLOWED',
    );
    expect(await refusal(settled.officers.street.client.post(path('consultation')))).toBe('403 NOT_ALLOWED');
    await committee().client.post(path('consultation'));
    const [open] = await seen(0);
    expect(open).toMatchObject({ meeting, isOpen: true, questions: [] });
    expect(open?.proposals.every(({ text }) => text.length > 20)).toBe(true);
    expect(await refusal(newClient(service).get(`/v1/meetings/${meeting}`))).toBe('404 MEETING_UNKNOWN');
  });

  it('is asked about, three times by one, and read by all without names', async () => {
    const [first, second] = (await read()).noticed.proposals.map(({ proposal }) => proposal);
    const [one, two] = [present(first, 'one'), present(second, 'two')];
    expect(await refusal(ask(0, 'a'.repeat(26), '问'))).toBe('422 QUESTION_PROPOSAL');
    expect(await refusal(ask(0, one, ' '))).toBe('422 TEXT_EMPTY');
    expect(await refusal(ask(0, one, '费用多少？\n答：全免。'))).toBe('400 REQUEST_MALFORMED');
    const late = await ask(0, two, '合同能看吗？');
    const paid = await ask(0, one, '分几期付款？');
    const rude = await ask(1, one, '某某某是不是收了钱？');
    await ask(2, one, '什么时候开工？');
    await ask(0, one, '质保几年？');
    expect(await refusal(ask(0, one, '还有呢？'))).toBe('409 QUESTIONS_TOO_MANY');
    await answer(late.question, 'answered', '在公告栏。');
    await answer(paid.question, 'answered', '两期。');
    await answer(paid.question, 'answered', '三期。');
    await answer(rude.question, 'withheld', '涉及个人');
    expect(await refusal(answer(rude.question, 'answered', '答', settled.officers.registrar))).toBe(
      '403 NOT_ALLOWED',
    );
    expect(await refusal(answer('a'.repeat(26), 'answered', '答'))).toBe('404 QUESTION_UNKNOWN');
    const [mine] = await seen(1);
    const [other] = await seen(2);
    const textOf = (draft: typeof mine) =>
      draft?.questions.find(({ question }) => question === rude.question)?.text;
    expect([textOf(mine), textOf(other)]).toEqual(['某某某是不是收了钱？', '']);
    expect(mine?.questions.filter(({ isOwn }) => isOwn)).toHaveLength(1);
    const readBy = async (by = committee()) =>
      (await by.client.get<QuestionsAnswer>(path('questions'))).questions.map(({ text }) => text);
    expect(await readBy()).toContain('某某某是不是收了钱？');
    expect(await readBy(settled.officers.street)).not.toContain('某某某是不是收了钱？');
    expect(await refusal(readBy(settled.officers.registrar))).toBe('403 NOT_ALLOWED');
  });
});

describe('the exchange', () => {
  it('is frozen when the notice is drafted, stands in it word by word, and names nobody', async () => {
    const draft = () => committee().client.post<{ act: string }>(path('notice'));
    const first = await draft();
    const { noticed, texts } = await read();
    const body =
      '议题1　使用维修资金翻修1栋屋面防水层\n\n问：分几期付款？\n答：三期。\n\n问：（未公布，理由：涉及个人）\n\n' +
      '问：什么时候开工？\n答：（公告前没有答复）\n\n问：质保几年？\n答：（公告前没有答复）\n\n' +
      '议题2　续聘现物业服务企业三年\n\n问：合同能看吗？\n答：在公告栏。';
    expect(noticed.notice.questionsHash).toBe(textHash(body));
    // Published with the notice, not before.
    expect(texts.map((text) => text.body)).not.toContain(body);
    const [proposal] = noticed.proposals;
    expect(await refusal(ask(2, present(proposal, 'one').proposal, '问'))).toBe('409 QUESTIONS_CLOSED');
    expect((await seen(2))[0]).toMatchObject({ isOpen: false });

    await committee().client.post(path('consultation'));
    const { questions } = await committee().client.get<QuestionsAnswer>(path('questions'));
    const asked = present(
      questions.find(({ text }) => text === '什么时候开工？'),
      'a question',
    );
    await answer(asked.question, 'answered', '下月。');
    const both = [committee(), settled.officers.street] as const;
    await signBy(service.world, first.act, both);
    await service.world.beatNow();
    const stale = await committee()
      .client.get<ActAnswer>(`/v1/acts/${first.act}`)
      .catch(() => undefined);
    expect(stale?.refusal ?? (await read()).state).toMatch(/NOTICE_CHANGED|draft/);

    await actTogether(service.world, draft, both);
    const after = await read();
    expect(after.state).toBe('noticed');
    const frozen = after.texts.find(({ hash }) => hash === after.noticed.notice.questionsHash)?.body;
    expect(frozen).toBe(body.replace('开工？\n答：（公告前没有答复）', '开工？\n答：下月。'));
    expect(after.texts.map((text) => text.body)).not.toContain(body);
    const left = await service.fresh.owner.selectFrom('meeting_question').selectAll().execute();
    expect(left).toEqual([]);
    expect(await seen(0)).toEqual([]);
  });

  it('is not swallowed by a notice that was drafted before the draft was opened', async () => {
    const other = await committee().client.post<{ meeting: string }>(
      `/v1/communities/${settled.community}/meetings`,
      meetingOf(service, settled),
    );
    const at = `/v1/meetings/${other.meeting}`;
    const { act } = await committee().client.post<{ act: string }>(`${at}/notice`);
    await committee().client.post(`${at}/consultation`);
    const [draft] = await seen(1);
    const proposal = present(draft?.proposals[0], 'a proposal').proposal;
    await owner(1).post(`${at}/questions`, { proposal, text: '为什么这么急？' });
    await signBy(service.world, act, [committee(), settled.officers.street]);
    await service.world.beatNow();
    const { state } = await committee().client.get<MeetingAnswer>(at);
    expect(state).toBe('draft');
    const { questions } = await committee().client.get<QuestionsAnswer>(`${at}/questions`);
    expect(questions.map(({ text }) => text)).toEqual(['为什么这么急？']);
  });

  it('keeps every line of an answer under its own mark', () => {
    const line = {
      proposal: 'p',
      outcome: 'answered' as const,
      text: '多少钱？',
      answer: '见下。\n问：假的？',
    };
    expect(exchangeText([{ proposal: 'p', title: '议题' }], [line])).toBe(
      '议题1　议题\n\n问：多少钱？\n答：见下。\n　　问：假的？',
    );
  });

  it('says so where nobody asked', () => {
    expect(exchangeText([{ proposal: 'p', title: '议题' }], [])).toBe('公告前征询过意见，没有业主提问。');
  });
});
