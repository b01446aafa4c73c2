// Goal: an owner opens the notice on his page and is told that he was served; an officer sees whom nothing reached, hands over with a
// document, and the warning goes when nobody is left. Method: the whole service, Chromium, virtual authenticators.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveriesAnswer } from '../../src/assembly/delivery-contract.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { taken } from '../../src/base/result.ts';
import { demoMeeting } from '../../src/cli/demo/meeting-texts.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { roofCapFen } from '../../src/cli/demo/story.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { accountHash } from '../../src/record/meeting.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let meeting: string;
let opensAt: number;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('delivery');
  const { demo, officers, community, generated } = world;
  opensAt = Math.ceil((demo.clock() + 300_000) / 1000) * 1000;
  const body = demoMeeting({
    profile: 'DEMO-CN-2021',
    publishedOn: civilDateAt(demo.clock()),
    opensAt,
    closesAt: opensAt + 86_400_000,
    capFen: roofCapFen(generated),
    payeeAccount: accountHash(demo.world.random(16), '44050178020800000321'),
  });
  const { client } = officers.committee;
  ({ meeting } = await client.post<{ meeting: string }>(`/v1/communities/${community}/meetings`, body));
  const notice = () => client.post<{ act: string }>(`/v1/meetings/${meeting}/notice`);
  await actTogether(demo.world, notice, [officers.committee, officers.street]);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const register = () =>
  world.officers.committee.client.get<DeliveriesAnswer>(`/v1/meetings/${meeting}/deliveries`);

async function enter(page: Page, wanted: ReturnType<typeof letterOf>): Promise<void> {
  await page.goto(`${world.demo.world.origin}/mine#${wanted.code}`);
  await page.getByLabel('证件号码后六位').fill(wanted.numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('heading', { name: '您的房屋' }).waitFor();
}

/** A committee officer enrols a passkey and signs in. */
async function enrol(page: Page): Promise<void> {
  const { demo, community, officers } = world;
  const invited = taken(
    await invite(demo.service.deps, {
      community,
      role: 'committee',
      name: '演示委员 丙',
      docKind: 'resident-id',
      number: '442000198303030033',
    }),
  );
  await addAuthenticator(page);
  await page.goto(`${demo.world.origin}/console/enrol#${invited.enrolment}.${invited.code}`);
  await page.getByLabel('显示名称').fill('演示委员 丙');
  await page.getByRole('button', { name: '登记' }).click();
  const text = await page.getByText('任命事项编号').textContent();
  const act = present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id');
  await signBy(demo.world, act, [officers.regulator, officers.street]);
  await demo.world.beatNow();
  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: world.generated.name }).waitFor();
}

/** Roll, box and opening by the officers, and the clock at the opening. */
async function openMeeting(): Promise<void> {
  const { demo, officers } = world;
  const both = [officers.committee, officers.street] as const;
  const draft = (step: string) => () =>
    officers.committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/${step}`);
  await actTogether(demo.world, draft('roll'), both);
  const boxKey = toBase64Url(boxPublicKey(demo.world.random(32)));
  await officers.street.client.post(`/v1/meetings/${meeting}/box`, { boxKey });
  const { act } = await draft('opening')();
  await signBy(demo.world, act, both);
  await demo.world.beatNow();
  world.demo.clock.moveTo(opensAt);
  await demo.world.beatNow();
  await untilDone(demo.world, act, officers.committee);
}

describe('the delivery of a notice', () => {
  it('is service when an owner opens it signed in, and not before', async () => {
    const before = await register();
    const phone = await watchedPage(browser);
    await enter(phone.page, letterOf(world, ownsOneDwelling));
    await phone.page.getByRole('heading', { name: '会议公告' }).waitFor();
    expect((await register()).counts.reached).toBe(before.counts.reached);
    await phone.page.getByRole('button', { name: '阅读公告' }).click();
    await phone.page.getByText('即为送达。').last().waitFor();
    await expectDecent(phone.page, 'notice-read');
    expect((await register()).counts.reached).toBe(before.counts.reached + 1);
    expect(phone.complaints).toEqual([]);
  });

  it('is recorded by an officer with a document that stays with him, until nobody is left', async () => {
    const office = await watchedPage(browser, { width: 1280, height: 900 });
    const { page } = office;
    await enrol(page);
    const { counts } = await register();
    expect(counts.none).toBeGreaterThan(0);
    await page.getByText('送达登记', { exact: true }).click();
    await page.getByText(`还有 ${counts.none} 户没有送达记录`).waitFor();
    await page.getByRole('button', { name: '选中列出的全部' }).click();
    const save = page.getByRole('button', { name: '登记', exact: true });
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel('登记什么').selectOption('posted');
    await page
      .getByLabel('收条或照片')
      .setInputFiles({ name: 'posting.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('照片') });
    await expectDecent(page, 'delivery-record');
    await save.click();
    await page.getByText('每一户都已送达或张贴。').waitFor();
    await expectDecent(page, 'delivery-all');
    const after = (await register()).counts;
    expect(after).toEqual({ ...counts, posted: counts.heads - counts.reached, none: 0 });
    await openMeeting();
    await page.getByRole('button', { name: '刷新' }).click();
    await page.getByText('提醒表决、上门名单', { exact: true }).click();
    await page.getByRole('button', { name: '提醒还没有表决的业主' }).click();
    await page.getByText('第 1 次提醒已登记').waitFor();
    const open = page.getByRole('button', { name: '打开上门名单' });
    expect(await open.isDisabled()).toBe(true);
    await page.getByLabel('取名单的理由').fill('上门收票');
    await expectDecent(page, 'reminding');
    await open.click();
    await page.getByRole('heading', { name: '上门名单：还没有表决的房屋' }).waitFor();
    await expectDecent(page, 'doors');
    const text = (await page.locator('main').textContent()) ?? '';
    for (const { owner } of world.codes) expect(text).not.toContain(owner.name);
    await page.getByRole('button', { name: '返回' }).click();
    const own = office.complaints.filter((each) => !each.includes('pubKeyCredParams'));
    expect(own).toEqual([]);
  });
});
