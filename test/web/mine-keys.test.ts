// Goal: an owner sees his keys, takes all of them back when his phone is lost, and freezes his vote, after which the page casts nothing.
// Method: the whole service, Chromium at phone size without any authenticator.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('mine keys');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function enter(page: Page, code: string, numberTail: string): Promise<void> {
  await page.goto(`${world.demo.world.origin}/mine#${code}`);
  await page.getByLabel('证件号码后六位').fill(numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('heading', { name: '我的投票凭证' }).waitFor();
}

const keysInForce = async (): Promise<number> =>
  (
    await world.demo.service.deps.db
      .selectFrom('credential')
      .select('credential_id')
      .where('kind', '!=', 'letter')
      .where('ended_entry_id', 'is', null)
      .execute()
  ).length;

describe('the owner’s keys', () => {
  it('are kept, signed in with, shown, and all taken back by the letter', async () => {
    const { code, numberTail } = letterOf(world, ownsOneDwelling);
    const { page, context, complaints } = await watchedPage(browser);
    await enter(page, code, numberTail);
    await page.getByRole('button', { name: '保存本机密钥' }).click();
    await page.getByText('已保存。以后在这个浏览器里').waitFor();
    expect(await keysInForce()).toBe(1);

    await page.goto(`${world.demo.world.origin}/mine`);
    await page.getByRole('button', { name: '用本机密钥登录' }).click();
    await page.getByLabel('证件号码后六位').fill(numberTail);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByText('您现在用的就是它').waitFor();
    await page.getByText('手机丢了？请用信函上的投票码').waitFor();
    await expectDecent(page, 'mine-by-device');

    await page.goto('about:blank');
    await enter(page, code, numberTail);
    await page.getByRole('button', { name: '我的手机丢了' }).click();
    await expectDecent(page, 'mine-lost');
    await page.getByRole('button', { name: '全部停用' }).click();
    await page.getByText('已全部停用').waitFor();
    expect(await keysInForce()).toBe(0);
    await page.goto('about:blank');
    await page.goto(`${world.demo.world.origin}/mine`);
    await page.getByLabel('投票码').waitFor();
    expect(await page.getByRole('button', { name: '用本机密钥登录' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('stand still once the vote is frozen', async () => {
    const { code, numberTail } = letterOf(world, ownsOneDwelling);
    const { page, context } = await watchedPage(browser);
    await enter(page, code, numberTail);
    await page.getByRole('button', { name: '冻结', exact: true }).click();
    await page.getByRole('button', { name: '确认冻结' }).click();
    await page.getByText('您的电子投票已冻结').waitFor();
    await expectDecent(page, 'mine-frozen');
    await page.getByRole('button', { name: '保存本机密钥' }).click();
    await page.getByText('解除以前不能登记新的密钥').waitFor();
    const rows = await world.demo.service.deps.db.selectFrom('voting_freeze').selectAll().execute();
    expect(rows.map((row) => row.lifted_entry_id)).toEqual([null]);
    await context.close();
  });
});
