// Goal: inside WeChat, where the passkey API is there and every call of it fails at once, all but the passkey works: letter, vote, receipt,
// a device key with a PIN, the next vote by it; and the way out is an address without a code. Method: the whole service, Chromium.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { castAll } from './casting-all.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

const WECHAT =
  'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49';
const PIN = '246813';
let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('wechat');
  await openMeeting(world);
  await world.demo.world.beatNow();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** WeChat's browser as owners meet it: the API is there, says yes, and refuses; nothing can be copied by script. */
async function wechatPage() {
  const watched = await watchedPage(browser, undefined, { userAgent: WECHAT });
  await watched.page.addInitScript(() => {
    const refused = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
    Object.defineProperty(navigator, 'credentials', { value: { create: refused, get: refused } });
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = () => Promise.resolve(true);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: refused } });
  });
  return watched;
}

const channels = async (): Promise<readonly string[]> =>
  (
    await world.demo.service.deps.db
      .selectFrom('cast_statement')
      .select('channel')
      .orderBy('entry_id')
      .execute()
  ).map(({ channel }) => channel);

async function typeTail(page: Page, numberTail: string): Promise<void> {
  await page.getByLabel('证件号码后六位').fill(numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
}

describe('inside WeChat', () => {
  it('an owner votes by letter, keeps a device key with a PIN, and votes by it at the next meeting', async () => {
    const { origin } = world.demo.world;
    const { code, numberTail } = letterOf(world, ownsOneDwelling);
    const { page, context, complaints, requests } = await wechatPage();
    await page.goto(`${origin}/e#${code}`);
    await typeTail(page, numberTail);
    await page.getByText('已核对 6 项，全部一致').waitFor();
    await castAll(page);
    expect(await page.getByRole('button', { name: '添加通行密钥' }).count()).toBe(0);
    await page.getByText('微信等程序清理缓存时，密钥会丢失').waitFor();
    await expectDecent(page, 'wechat-device-offer');

    await page.getByRole('button', { name: '复制链接' }).click();
    expect(await page.getByLabel('请按住下面的地址').inputValue()).toBe(`${origin}/e`);

    await page.getByLabel('设一个 6 位数字密码').fill('12');
    await page.getByRole('button', { name: '保存本机密钥' }).click();
    await page.getByText('密码应为 6 位数字').waitFor();
    await page.getByLabel('设一个 6 位数字密码').fill(PIN);
    await page.getByRole('button', { name: '保存本机密钥' }).click();
    await page.getByText('已保存。以后在这个浏览器里').waitFor();
    expect(await channels()).toEqual(['letter']);

    await openMeeting(world);
    await world.demo.world.beatNow();
    await page.goto(`${origin}/e`);
    await page.getByRole('button', { name: '用本机密钥登录' }).click();
    await page.getByLabel('本机密钥的 6 位密码').fill('000000');
    await page.getByRole('button', { name: '下一步' }).last().click();
    await page.getByText('密码不对').waitFor();
    await expectDecent(page, 'wechat-pin-wrong');
    await page.getByLabel('本机密钥的 6 位密码').fill(PIN);
    await page.getByRole('button', { name: '下一步' }).last().click();
    await typeTail(page, numberTail);
    await page.getByRole('heading', { name: '请选择要参加的表决' }).waitFor();
    await page.locator('.actions button').first().click();
    await page.getByText('已核对 6 项，全部一致').waitFor();
    await castAll(page);
    expect(await channels()).toEqual(['letter', 'device']);
    // Neither the PIN nor the letter's code has left the page.
    for (const each of requests) {
      expect(each).not.toContain(PIN);
      expect(each).not.toContain(code);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
