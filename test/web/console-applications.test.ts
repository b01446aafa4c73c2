// Goal: an officer enters a property manager's application, sees it begin a meeting, and answers it under his signature; anybody reads both.
// Method: the whole service, the street office's console in Chromium, files that stay there, then the public page.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import { taken } from '../../src/base/result.ts';
import { demoMeeting } from '../../src/cli/demo/meeting-texts.ts';
import { actTogether, signAsRoot } from '../../src/cli/demo/officer.ts';
import { roofCapFen } from '../../src/cli/demo/story.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { ApplicationsAnswer } from '../../src/fund/application-routes.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { accountHash, definitionForm } from '../../src/record/meeting.ts';
import { hexGroups } from '../../src/web/kit/fingerprint.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import { fundOf } from './fund-story.ts';
import { rootActAnswer } from './root-act.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console applications');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('the street office enters applications, refuses one with a reason, and answers one by the meeting that it convened', async () => {
  const { demo, community, officers, generated } = world;
  const { deps } = demo.service;
  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  const person = { name: '演示街道', docKind: 'resident-id', number: '442000198505050055' };
  const invited = taken(await invite(deps, { community, role: 'street', ...person }));
  await addAuthenticator(page);
  await page.goto(`${demo.world.origin}/console/enrol#${invited.enrolment}.${invited.code}`);
  await page.getByLabel('显示名称').fill(person.name);
  await page.getByRole('button', { name: '登记' }).click();
  const text = await page.getByText('任命事项编号').textContent();
  const appointed = present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id');
  await signAsRoot(demo.world, officers.street.client, await rootActAnswer(deps, appointed), demo.root);
  await demo.world.beatNow();

  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: generated.name }).waitFor();
  const part = page.locator('section.sheet', {
    has: page.getByRole('heading', { name: '物业服务人的维修申请' }),
  });
  await part.getByRole('button', { name: '登记一份申请' }).click();
  const fill = (label: string, text: string) => part.getByLabel(label, { exact: true }).fill(text);
  const sealed = utf8('盖章的申请书');
  const choose = (label: string, name: string, bytes: Uint8Array) =>
    part.getByLabel(label).setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from(bytes) });
  await fill('物业服务人（公司全称）', '岐江物业服务有限公司');
  await fill('统一社会信用代码（18位）', '91350100m000100y43');
  await fill('维修项目', '1栋屋面防水翻修');
  await fill('使用方案（做什么、为什么、怎样施工和验收）', '铲除旧防水层，重做两道。');
  await fill('预算（元）', '107100');
  await part.getByLabel('由谁分摊', { exact: true }).selectOption('buildings');
  await fill('楼幢名称，与名册一致，用顿号分开', '1栋');
  await fill('出现紧急情况怎么办', '暴雨时先搭雨棚。');
  await part.getByRole('button', { name: '登记', exact: true }).click();
  await part.getByText('请填好“盖章的申请书（文件不上传，只记指纹）”。').waitFor();
  await choose('盖章的申请书（文件不上传，只记指纹）', '申请书.pdf', sealed);
  await choose('附件，如报价、检测报告、照片', '报价单.pdf', utf8('报价单'));
  await expectDecent(page, 'applications-form');
  await part.getByRole('button', { name: '登记', exact: true }).click();
  const told = await part.getByText('请把这个指纹交给物业服务人').textContent();
  const handedOver = present(/(?:[0-9a-f]{4} ?){16}/.exec(told ?? '')?.[0], 'the fingerprint');

  // What was entered begins a meeting of the building that pays, and nothing is sent by looking at it.
  await part.getByRole('button', { name: '据此拟写会议' }).click();
  await page.getByText('列支范围（也只有这些业主表决）：1栋').waitFor();
  // The meeting's own title comes first, the proposal's after it.
  expect(await page.getByLabel('标题', { exact: true }).last().inputValue()).toBe('1栋屋面防水翻修');
  expect(await page.locator('fieldset textarea').first().inputValue()).toContain('铲除旧防水层');
  await expectDecent(page, 'applications-meeting');
  await page.getByRole('button', { name: '返回' }).click();

  const reason = '仍在保修期内，由建设单位维修。';
  await part.getByLabel('不召开的理由（公开）').fill(reason);
  await part.getByRole('button', { name: '拟定答复：不召开' }).click();
  const act = page.locator('li.sheet', { hasText: '答复物业服务人的维修申请' });
  await act.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`不召开。理由：${reason}`).waitFor();
  await dialog.getByRole('button', { name: '签署' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await demo.world.beatNow();
  await demo.world.beatNow();

  // A second one is answered by a meeting that is announced for it, which the console finds.
  await officers.committee.client.post(`${fundOf(world)}/applications`, {
    company: '岐江物业服务有限公司',
    creditCode: '91350100M000100Y43',
    project: '更换水泵',
    plan: '更换两台水泵。',
    budgetFen: '5000000',
    payee: '',
    units: { kind: 'community', members: [] },
    emergencyPlan: '先送水。',
    documentHash: toBase64Url(sha256(sealed)),
    attachments: [],
  });
  const { meeting } = await openMeeting(world);
  await page.getByRole('button', { name: '刷新', exact: true }).click();
  const second = part.locator('li.sheet', { hasText: '更换水泵' });
  const choice = second.getByLabel('已公告的会议中，哪一项议题表决这个申请');
  await choice.selectOption({ index: 1 });
  await second.getByRole('button', { name: '拟定答复：已召开' }).click();
  await act.getByRole('button', { name: '签署' }).click();
  await dialog.getByText(`已召开会议（会议 ${meeting}`).waitFor();
  await dialog.getByRole('button', { name: '签署' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await demo.world.beatNow();
  await demo.world.beatNow();

  await page.goto(`${demo.world.origin}/communities/${community}/fund`);
  const pump = page.locator('li.sheet', { hasText: '更换水泵' });
  expect(await pump.getByRole('link').getAttribute('href')).toBe(`/meetings/${meeting}`);
  const shown = page.locator('li.sheet', { hasText: '1栋屋面防水翻修' });
  const read = (await shown.textContent()) ?? '';
  for (const line of ['岐江物业服务有限公司', '91350100M000100Y43', '107,100.00 元', '不召开会议', reason])
    expect(read).toContain(line);
  // What the manager was handed, whom it pays and what happens meanwhile, word by word.
  for (const line of [handedOver.trim(), '分摊范围：1栋。', '暴雨时先搭雨棚。']) expect(read).toContain(line);
  expect(read).toContain(hexGroups(toBase64Url(sha256(sealed)), 16).join(' '));
  await expectDecent(page, 'applications-public');
  await context.close();
}, 240_000);

it('an application whose meeting was called off is open again on the public page, with what became of its answer', async () => {
  const { demo, community, officers, generated } = world;
  const { client } = officers.committee;
  const both = [officers.committee, officers.street] as const;
  const { application } = await client.post<{ application: string }>(`${fundOf(world)}/applications`, {
    company: '岐江物业服务有限公司',
    creditCode: '91350100M000100Y43',
    project: '外墙补漏',
    plan: '修补东侧外墙。',
    budgetFen: '3000000',
    payee: '',
    units: { kind: 'community', members: [] },
    emergencyPlan: '先拉警戒线。',
    documentHash: toBase64Url(sha256(utf8('外墙'))),
    attachments: [],
  });
  const now = demo.clock();
  const body = demoMeeting({
    profile: 'DEMO-CN-2021',
    publishedOn: civilDateAt(now),
    opensAt: now + 3_600_000,
    closesAt: now + 864_000_000,
    capFen: roofCapFen(generated),
    payeeAccount: accountHash(new Uint8Array(16), '44050178020800000321'),
  });
  const { meeting } = await client.post<{ meeting: string }>(`/v1/communities/${community}/meetings`, body);
  await actTogether(demo.world, () => client.post(`/v1/meetings/${meeting}/notice`), both);
  const { definition } = await client.get<{ definition: string }>(`/v1/meetings/${meeting}`);
  const { proposals } = definitionForm.own(present(fromBase64Url(definition), 'bytes'));
  const proposal = present(
    proposals.find(({ fund }) => fund.length > 0),
    'a proposal that asks for money',
  ).proposal;
  const answers = `${fundOf(world)}/applications/${application}/answers`;
  const answer = { decision: 'convened', meeting, proposal };
  await actTogether(demo.world, () => client.post(answers, answer), [officers.committee]);
  const reason = { reason: '会场漏水，另行召集。' };
  await actTogether(demo.world, () => client.post(`/v1/meetings/${meeting}/cancellation`, reason), both);
  await demo.world.beatNow();

  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  await page.goto(`${demo.world.origin}/communities/${community}/fund`);
  const wall = page.locator('li.sheet', { hasText: '外墙补漏' });
  await wall.getByText('待答复', { exact: true }).waitFor();
  await wall.getByText('取消，申请须重新答复（公开日志第').waitFor();
  expect(await wall.getByRole('link').getAttribute('href')).toBe(`/meetings/${meeting}`);
  await expectDecent(page, 'applications-reopened');
  await context.close();

  const { applications } = await client.get<ApplicationsAnswer>(`${fundOf(world)}/applications`);
  expect(applications.find((one) => one.application === application)).toMatchObject({
    state: 'waiting',
    meeting: '',
    answerBy: addDays(civilDateAt(demo.clock()), 30),
    calledOff: [{ meeting, proposal, on: civilDateAt(demo.clock()) }],
  });
}, 120_000);
