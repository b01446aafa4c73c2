// Goal: after the roof, a lift stands still and is repaired without a vote, the manager applies twice and is answered, and the common parts
// earn; all of it over HTTP, and an outsider verifies it from the bundle alone. Method: the demo's story, then the same officers, then `verify`.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { addDays, civilDateAt, startOfCivilDate } from '../../src/base/civil-date.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import { demoMeeting } from '../../src/cli/demo/meeting-texts.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import type { Told } from '../../src/cli/demo/story.ts';
import { tellStory } from '../../src/cli/demo/story.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { openedAccountHash } from '../../src/fund/account-opening.ts';
import { checkBook } from '../../src/fund/checking.ts';
import type { BookAnswer } from '../../src/fund/contract.ts';
import type { CalledHomesAnswer, TopUpCallsAnswer, TopUpListAnswer } from '../../src/fund/top-up-routes.ts';
import { definitionForm } from '../../src/record/meeting.ts';
import { trustForm } from '../../src/record/trust.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';

let service: TestService;
let told: Told;
beforeAll(async () => {
  service = await startTestService();
  told = await tellStory({ demo: service, seed: 'roof', units: 24, phase: () => undefined });
}, 180_000);
afterAll(async () => service.close());

const hash = (text: string): string => toBase64Url(sha256(utf8(text)));
const fund = (): string => `/v1/communities/${told.community}/fund`;

/** Regulator and street allow emergencies; committee and street authorise one, hold, accept and pay it, and close the work. */
async function repairLift(): Promise<void> {
  const { world } = service;
  const { committee, street, regulator } = told.officers;
  const { client } = committee;
  const rule = { emergencies: 'allowed', documentHash: hash('管理规约') };
  await actTogether(world, () => street.client.post(`${fund()}/emergency-declarations`, rule), [
    street,
    regulator,
  ]);
  const payeeOpening = { salt: toBase64Url(new Uint8Array(16).fill(3)), number: '44050178020800000321' };
  const payeeAccount = openedAccountHash(payeeOpening);
  const lift = {
    category: 'lift',
    text: '电梯钢丝绳断股，已停梯。\n有老人被困在楼上。',
    capFen: '300001',
    payee: '岐江电梯工程有限公司',
    payeeOpening,
    purpose: '更换电梯钢丝绳',
    reportHash: hash('检验报告'),
    quotationHash: hash('报价单'),
    units: { kind: 'community', members: [] },
  };
  await actTogether(world, () => client.post(`${fund()}/emergencies`, lift), [committee, street]);
  const { authorisations } = await client.get<BookAnswer>(fund());
  const { authorisation } = present(
    authorisations.find(({ kind }) => kind === 'emergency'),
    'the emergency',
  );
  const path = `${fund()}/authorisations/${authorisation}`;
  await client.post(`${path}/hold`);
  await client.post(`${path}/accruals`, {
    amountFen: '250000',
    stage: 'final',
    acceptanceHash: hash('电梯验收'),
  });
  const payment = { amountFen: '250000', payeeAccount, reference: '建行电汇' };
  await actTogether(world, () => client.post(`${path}/payments`, payment), [committee, street]);
  const closing = { documentHash: hash('电梯竣工验收') };
  await actTogether(world, () => client.post(`${path}/closings`, closing), [committee, street]);
}

/** Two applications; the later one is answered first, by a meeting that is announced for it, the earlier one with a reason. */
async function answerManager(): Promise<void> {
  const { world } = service;
  const { committee, street } = told.officers;
  const file = async (project: string): Promise<string> => {
    const asked = {
      company: '岐江物业服务有限公司',
      creditCode: '91350100M000100Y43',
      project,
      plan: '铲除旧防水层，重做两道。',
      budgetFen: '10000000',
      payee: '',
      units: { kind: 'community', members: [] },
      emergencyPlan: '先搭雨棚。',
      documentHash: hash(project),
      attachments: [{ name: '报价单.pdf', sha256: hash('报价单') }],
    };
    const filed = await committee.client.post<{ application: string }>(`${fund()}/applications`, asked);
    return filed.application;
  };
  const [gate, roof] = [await file('更换大门'), await file('屋面防水')];
  const publishedOn = civilDateAt(service.clock());
  const opensAt = startOfCivilDate(addDays(publishedOn, 20));
  const { meeting } = await committee.client.post<{ meeting: string }>(
    `/v1/communities/${told.community}/meetings`,
    demoMeeting({
      profile: 'CN-2021',
      publishedOn,
      opensAt,
      closesAt: opensAt + 10 * 86_400_000,
      capFen: 10_000_000n,
      payeeAccount: hash('防水公司账户'),
    }),
  );
  const notice = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/notice`);
  await actTogether(world, notice, [committee, street]);
  const { definition } = await committee.client.get<MeetingAnswer>(`/v1/meetings/${meeting}`);
  const { proposals } = definitionForm.own(present(fromBase64Url(definition), 'bytes'));
  const asked = present(
    proposals.find((one) => one.fund.length > 0),
    'a proposal of the fund',
  );
  const answer = (application: string, body: Readonly<Record<string, string>>) =>
    committee.client.post<{ act: string }>(`${fund()}/applications/${application}/answers`, body);
  const convened = { decision: 'convened', meeting, proposal: asked.proposal };
  await actTogether(world, () => answer(roof, convened), [committee]);
  await actTogether(world, () => answer(gate, { decision: 'refused', reason: '大门可以修好。' }), [street]);
}

/** Parking comes in, tax goes out, and the half-year before is published. */
async function earn(): Promise<void> {
  const { world } = service;
  const { committee, street } = told.officers;
  const base = `/v1/communities/${told.community}/revenue`;
  const year = Number(civilDateAt(service.clock()).slice(0, 4)) - 1;
  const before = { bookedOn: `${year}-03-01`, documentHash: hash('合同') };
  await committee.client.post(`${base}/incomes`, {
    ...before,
    heading: 'advertising',
    amountFen: '1200000',
    text: '电梯广告',
  });
  const spend = (body: Readonly<Record<string, string>>) =>
    actTogether(world, () => committee.client.post(`${base}/spendings`, { ...before, ...body }), [
      committee,
      street,
    ]);
  await spend({ entryKind: 'cost', heading: 'tax', amountFen: '60000', text: '增值税' });
  await committee.client.post(`${base}/periods`, { period: `${year}-H1` });
  await spend({ entryKind: 'transfer', amountFen: '5000', text: '转入维修资金', bookedOn: `${year}-09-01` });
}

/** By the rule of the city the owners of two homes are called to top up; both are told, and nobody else. */
async function callHomes(): Promise<void> {
  const { world, service: running, fresh } = service;
  const { committee, street, regulator } = told.officers;
  const { units } = await committee.client.get<UnitsAnswer>(`/v1/communities/${told.community}/units`);
  const owned = units.filter(({ state }) => state !== 'unsold').slice(0, 2);
  const rows = owned.map(({ building, stair, room }) => `${building},${stair},${room},9000000`);
  const question = { csv: ['幢,单元,室,金额', ...rows, ''].join('\n'), targetPercent: 30 };
  const list = await committee.client.post<TopUpListAnswer>(`${fund()}/top-up-lists`, question);
  expect(list.below.map(({ unit }) => unit).sort()).toEqual(owned.map(({ unit }) => unit).sort());
  const wanted = {
    ...question,
    ...{ meeting: '', proposal: '', documentHash: hash('续交办法') },
    dueOn: addDays(civilDateAt(service.clock()), 60),
    text: '请到专户银行柜台续交，写明楼栋和房号。',
  };
  await actTogether(world, () => committee.client.post(`${fund()}/top-up-calls`, wanted), [
    street,
    regulator,
  ]);
  const { calls } = await committee.client.get<TopUpCallsAnswer>(`${fund()}/top-up-calls`);
  const [call] = calls;
  expect(call).toMatchObject({ state: 'open', homes: 2, open: { homes: 2 } });
  const { homes } = await street.client.get<CalledHomesAnswer>(`${fund()}/top-up-calls/${call?.call}`);
  expect(homes.reduce((sum, { dueFen }) => sum + BigInt(dueFen), 0n)).toBe(BigInt(call?.dueFen ?? ''));
  await service.world.beatNow();
  await running.announceNow();
  const announced = await fresh.db
    .selectFrom('outbox')
    .select(['facts', 'channel'])
    .where('event', '=', 'top-up-called')
    .execute();
  const owners = await fresh.db
    .selectFrom('ownership')
    .select('person_id')
    .distinct()
    .where('community_id', '=', told.community)
    .where(
      'unit_id',
      'in',
      owned.map(({ unit }) => unit),
    )
    .execute();
  expect(announced.length).toBe(owners.length);
  for (const { facts } of announced) expect(facts).not.toMatch(/fen|yuan|元|account/);
}

it.each(['auditor', 'public'] as const)('the %s bundle verifies', async (audience) => {
  if (audience === 'auditor') {
    await repairLift();
    await answerManager();
    await earn();
    await callHomes();
    await service.world.beatNow();
    await service.world.beatNow();
  }
  const { deps } = service.service;
  const [files, trust] = [
    await exportBundle(deps, told.meeting, audience),
    await exportTrust(deps, told.meeting),
  ];
  if (!files.ok || !trust.ok) throw new Error('not exported');
  const report = await verifyBundle(
    { files: files.value, irregular: [] },
    { trust: trustForm.own(trust.value) },
  );
  if (!report.ok) throw new Error(report.refusal.code);
  const { checks } = report.value;
  expect(checks.flatMap(({ id, outcome, findings }) => (outcome === 'fail' ? [[id, findings]] : []))).toEqual(
    [],
  );
  const passed = checks.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id);
  const wanted = ['FUND-01', 'FUND-04', 'FUND-05', ...(audience === 'auditor' ? ['FUND-06'] : [])];
  expect(passed).toEqual(expect.arrayContaining(wanted));
  const lines = new TextDecoder().decode(files.value.get('fund.jsonl'));
  for (const kind of ['emergency', 'application', 'application-answer', 'revenue-entry', 'revenue-period'])
    expect(lines).toContain(`"kind":"${kind}"`);
  // The developer's units had nothing: what he owed of the roof was claimed, and settled in the step before the hold.
  const journal = new TextDecoder().decode(files.value.get('fund.journal'));
  expect(journal.match(/kind:(?:claim|claim_settled|hold),/g)?.slice(0, 3)).toEqual([
    'kind:claim,',
    'kind:claim_settled,',
    'kind:hold,',
  ]);
  expect(await checkBook(service.fresh.db, told.community)).toMatchObject({
    ok: true,
    value: { findings: [] },
  });
});
