// Goal: after a vote by letter an owner adds a passkey, and at the next meeting votes by it alone; where passkeys do not work, the letter
// does. Method: the whole service, Chromium at phone size with a virtual authenticator, and a WeChat user agent without one.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import { castAll } from './casting-all.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('own passkey');
  await openMeeting(world);
  await world.demo.world.beatNow();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function signInByLetter(page: Page, code: string, numberTail: string): Promise<void> {
  await page.goto(`${world.demo.world.origin}/e#${code}`);
  await page.getByLabel('证件号码后六位').fill(numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
}

const channels = async (): Promise<readonly string[]> =>
  (
    await world.demo.service.deps.db
      .selectFrom('cast_statement')
      .select('channel')
      .orderBy('entry_id')
      .execute()
  ).map(({ channel }) => channel);

describe('an owner’s passkey', () => {
  it('is offered after the vote, and votes at the next meeting without the letter', async () => {
    const { origin } = world.demo.world;
    const { code, numberTail } = letterOf(world, ownsOneDwelling);
    const { page, context, complaints } = await watchedPage(browser);
    await addAuthenticator(page);
    await signInByLetter(page, code, numberTail);
    await page.getByText('已核对 6 项，全部一致').waitFor();
    await castAll(page);
    await page.getByRole('button', { name: '添加通行密钥' }).waitFor();
    await expectDecent(page, 'passkey-offer');
    await page.getByRole('button', { name: '添加通行密钥' }).click();
    await page.getByText('已添加。以后在这台设备上').waitFor();
    await expectDecent(page, 'passkey-added');
    expect(await channels()).toEqual(['letter']);

    await openMeeting(world);
    await world.demo.world.beatNow();
    await page.goto(`${origin}/e`);
    await page.getByRole('button', { name: '用通行密钥登录' }).waitFor();
    await expectDecent(page, 'passkey-sign-in');
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.getByRole('heading', { name: '请选择要参加的表决' }).waitFor();
    // The newest one comes first.
    await page.locator('.actions button').first().click();
    await page.getByText('已核对 6 项，全部一致').waitFor();
    await castAll(page);
    expect(await page.getByRole('button', { name: '添加通行密钥' }).count()).toBe(0);
    expect(await channels()).toEqual(['letter', 'passkey']);
    // RS256 is no part of our suite (SPEC 1.1), which Chromium advises against.
    expect(complaints.filter((text) => !text.startsWith('publicKey.pubKeyCredParams'))).toEqual([]);
    await context.close();
  });

  it('is not offered inside WeChat, whatever it claims, and the letter votes as ever', async () => {
    const { code, numberTail } = letterOf(world, ownsOneDwelling);
    const { page, context } = await watchedPage(browser, undefined, {
      userAgent:
        'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49',
    });
    await addAuthenticator(page);
    await signInByLetter(page, code, numberTail);
    await page.waitForLoadState('networkidle');
    expect(await page.getByRole('button', { name: '用通行密钥登录' }).count()).toBe(0);
    await context.close();
  });
});
