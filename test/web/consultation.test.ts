// Goal: a committee opens a draft, an owner asks on his phone, is answered in the console, and the exchange stands in the notice that
// anybody reads and prints (SPEC 5.3). Method: the whole service, Chromium at phone size for the owner, a virtual authenticator.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { demoMeeting } from '../../src/cli/demo/meeting-texts.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { roofCapFen } from '../../src/cli/demo/story.ts';
import { accountHash } from '../../src/record/meeting.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, ownsOneDwelling, webWorld } from './web-world.ts';

const [QUESTION, ANSWER] = ['屋面工程分几期付款？', '分三期，每期验收以后才付。'];
let world: WebWorld;
let browser: Browser;
let meeting: string;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('consultation');
  const { demo, officers, community, generated } = world;
  const opensAt = Math.ceil((demo.clock() + 300_000) / 1000) * 1000;
  const body = demoMeeting({
    profile: 'DEMO-CN-2021',
    publishedOn: civilDateAt(demo.clock()),
    opensAt,
    closesAt: opensAt + 86_400_000,
    capFen: roofCapFen(generated),
    payeeAccount: accountHash(demo.world.random(16), '44050178020800000321'),
  });
  ({ meeting } = await officers.committee.client.post<{ meeting: string }>(
    `/v1/communities/${community}/meetings`,
    body,
  ));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function enter(page: Page): Promise<void> {
  const owner = letterOf(world, ownsOneDwelling);
  await page.goto('about:blank');
  await page.goto(`${world.demo.world.origin}/mine#${owner.code}`);
  await page.getByLabel('证件号码后六位').fill(owner.numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('heading', { name: '您的房屋' }).waitFor();
}

describe('questions before the vote', () => {
  it('are asked on the phone, answered in the console, and stand in the notice', async () => {
    const { demo, officers } = world;
    const phone = await watchedPage(browser);
    await enter(phone.page);
    expect(await phone.page.getByText('会议草案，请您提问').count()).toBe(0);

    const { page, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, page, 'committee', '演示委员 丙', '442000198303030033');
    await page.getByText('公告前征询业主意见').click();
    await page.getByRole('button', { name: '向业主开放草案' }).click();
    await page.getByText('还没有业主提问').waitFor();

    await enter(phone.page);
    await phone.page.getByText('会议草案，请您提问').waitFor();
    await phone.page.getByLabel('我的问题').fill(QUESTION);
    await expectDecent(phone.page, 'consultation-ask');
    await phone.page.getByRole('button', { name: '提交问题' }).click();
    await phone.page.getByText('已提交').waitFor();
    await phone.page.getByText('等待答复').waitFor();

    await page.getByRole('button', { name: '刷新', exact: true }).click();
    await page.getByText(QUESTION).waitFor();
    await page.getByLabel('答复（公开）').fill(ANSWER);
    await page.getByRole('button', { name: '保存答复' }).click();
    await page.getByText(`已答复：${ANSWER}`).waitFor();
    expect(await page.getByLabel('答复（公开）').inputValue()).toBe(ANSWER);
    await expectDecent(page, 'consultation-answer');

    const notice = () => officers.committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/notice`);
    await actTogether(demo.world, notice, [officers.committee, officers.street]);
    const open = await watchedPage(browser);
    for (const address of [`/meetings/${meeting}`, `/meetings/${meeting}/documents/notice`]) {
      await open.page.goto(`${demo.world.origin}${address}`);
      await open.page.getByRole('heading', { name: '公告前的问答' }).waitFor();
      await open.page.getByText(`答：${ANSWER}`).waitFor();
      await expectDecent(open.page, `consultation-${address.split('/').at(-1)?.slice(0, 6)}`);
    }
    await enter(phone.page);
    expect(await phone.page.getByText('会议草案，请您提问').count()).toBe(0);
    for (const each of [complaints, phone.complaints, open.complaints])
      expect(each.filter((text) => !text.includes('pubKeyCredParams'))).toEqual([]);
  }, 180_000);
});
