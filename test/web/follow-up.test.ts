// Goal: after an adopted resolution an officer records what follows, compares it before he signs, and everybody reads plan and outcome, also
// that a day has passed (SPEC 8.2). Method: the whole service, a meeting in which everybody votes for, Chromium with a virtual authenticator.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { voteWith } from '../../src/cli/demo/owner.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let meeting: string;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('follow-up');
  const { demo, officers, codes } = world;
  const opened = await openMeeting(world);
  ({ meeting } = opened);
  const newClient = () => httpClient(demo.service.url, () => toBase64Url(demo.world.random(16)));
  for (const { code, owner } of codes)
    await voteWith(demo.world, newClient(), { code, number: owner.number }, meeting, () => ['for']);
  demo.clock.moveTo(opened.closesAt + 1000);
  await demo.world.beatNow();
  for (const officer of Object.values(officers)) await signInOfficer(demo.world, officer);
  const post = (path: string, body?: unknown) =>
    officers.street.client.post<{ act: string }>(`/v1/meetings/${meeting}/${path}`, body);
  const secret = toBase64Url(opened.boxSecret);
  await actTogether(demo.world, () => post('box/release', { secret }), [officers.street]);
  await demo.world.beatNow();
  await actTogether(demo.world, () => post('final'), [officers.committee, officers.street]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function sign(page: Page, shows: string): Promise<void> {
  await page.getByText('已拟定，签署后公开').waitFor();
  await page.getByRole('button', { name: '刷新', exact: true }).click();
  const sheet = page.locator('li.sheet', { has: page.getByRole('heading', { name: '后续事项' }) }).first();
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(shows).first().waitFor();
  await dialog.getByRole('button', { name: '签署' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await world.demo.world.beatNow();
  await page.getByRole('button', { name: '刷新', exact: true }).click();
}

describe('what follows from a resolution', () => {
  it('is planned and ended in the console, and read on the public page', async () => {
    const { page, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, page, 'committee', '演示委员 丙', '442000198303030033');
    await page.getByText('决议的后续事项').click();
    await page.getByLabel('完成期限').fill('2020-03-01');
    await page.getByLabel('由谁做什么').fill('委员会与防水公司签约');
    await expectDecent(page, 'follow-up-form');
    await page.getByRole('button', { name: '拟定', exact: true }).click();
    await sign(page, '委员会与防水公司签约');

    const open = await watchedPage(browser);
    await open.page.goto(`${world.demo.world.origin}/meetings/${meeting}`);
    await open.page.getByText('委员会与防水公司签约').waitFor();
    await open.page.getByText('已过期限').waitFor();
    await expectDecent(open.page, 'follow-up-public');

    await page.getByLabel('事项', { exact: true }).selectOption({ index: 1 });
    expect(await page.getByLabel('完成期限').inputValue()).toBe('2020-03-01');
    await page.getByLabel('由谁做什么').fill('合同已签，公示在公告栏');
    await page.getByRole('button', { name: '拟定', exact: true }).click();
    await sign(page, '合同已签');
    await open.page.reload();
    await open.page.getByText('合同已签，公示在公告栏').waitFor();
    expect(await open.page.getByText('已过期限').count()).toBe(0);
    for (const each of [complaints, open.complaints])
      expect(each.filter((text) => !text.includes('pubKeyCredParams'))).toEqual([]);
  }, 180_000);
});
