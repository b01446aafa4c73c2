// Goal: the regulator pauses a vote in the console and lets it go on; the owner's phone and the public page say what happened, why, and
// what to do (SPEC 5). Method: the whole service, Chromium at phone size for the owner, a virtual authenticator for the console.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

const REASON = '收到举报,暂停投票核实。';
let world: WebWorld;
let browser: Browser;
let meeting: string;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('pauses');
  ({ meeting } = await openMeeting(world));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** Signs the first act whose words contain a text, and waits until the service has done it. */
async function sign(page: Page, words: string, shows: string): Promise<void> {
  await page.getByRole('button', { name: '刷新', exact: true }).click();
  const sheet = page.locator('li.sheet', { has: page.getByRole('heading', { name: words }) }).first();
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(shows).first().waitFor();
  await expectDecent(page, `pauses-sign-${words}`);
  await dialog.getByRole('button', { name: '签署' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await world.demo.world.beatNow();
  await page.getByRole('button', { name: '刷新', exact: true }).click();
}

async function enter(page: Page): Promise<void> {
  const owner = letterOf(world, ownsOneDwelling);
  await page.goto('about:blank');
  await page.goto(`${world.demo.world.origin}/e#${owner.code}`);
  await page.getByLabel('证件号码后六位').fill(owner.numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
}

describe('a pause', () => {
  it('is drafted and signed by the regulator, is told to owners and the public, and ends', async () => {
    const phone = await watchedPage(browser);
    await enter(phone.page);
    await phone.page.getByRole('button', { name: '开始' }).waitFor();

    const { page, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, page, 'regulator', '演示监管 丁', '442000198303030033');
    await page.getByText('暂停投票', { exact: true }).click();
    await page.getByLabel('暂停的理由').fill(REASON);
    await page.getByRole('button', { name: '拟定暂停' }).click();
    await page.getByText('已拟定暂停,签署后立即生效').waitFor();
    await sign(page, '暂停投票', REASON);
    await page.getByText('现在不能投票、录入纸质票或延长').waitFor();
    await expectDecent(page, 'pauses-console');

    await enter(phone.page);
    await phone.page.getByText('投票已由住房主管部门暂停').first().waitFor();
    await expectDecent(phone.page, 'pauses-phone');
    const open = await watchedPage(browser);
    await open.page.goto(`${world.demo.world.origin}/meetings/${meeting}`);
    await open.page.getByText(REASON).waitFor();
    await open.page.getByText('起暂停了投票').waitFor();
    await expectDecent(open.page, 'pauses-public');

    await page.getByRole('button', { name: '拟定恢复投票' }).click();
    await page.getByText('请在十分钟内签署').first().waitFor();
    await sign(page, '恢复投票', '恢复投票');
    await page.getByText('暂停投票', { exact: true }).waitFor();
    await enter(phone.page);
    await phone.page.getByRole('button', { name: '开始' }).click();
    await open.page.reload();
    await open.page.getByText('投票曾由住房主管部门暂停').waitFor();
    expect(await open.page.getByText('因参与人数或面积不足').count()).toBe(0);
    for (const each of [complaints, phone.complaints, open.complaints])
      expect(each.filter((text) => !text.includes('pubKeyCredParams'))).toEqual([]);
  }, 180_000);
});
