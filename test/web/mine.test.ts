// Goal: an owner who signs in at /mine sees his own units, and nobody else's page comes of a second scanned letter. Method: the whole
// service, Chromium at phone size.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('mine');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

describe('the owner’s own page', () => {
  it('shows his units after the letter’s code and the end of his number, and forgets him at the next letter', async () => {
    const { letter, code, numberTail } = letterOf(world, ownsOneDwelling);
    const { page, context, complaints } = await watchedPage(browser);
    await page.goto(`${world.demo.world.origin}/mine#${code}`);
    expect(page.url()).not.toContain('#');
    await page.getByLabel('证件号码后六位').fill(numberTail);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('heading', { name: '您的房屋' }).waitFor();
    expect(await page.locator('section ul li').count()).toBeGreaterThan(0);
    await page.getByRole('heading', { name: '我的个人信息' }).waitFor();
    const person = await page.locator('section:has(h2:text-is("我的个人信息")) code').textContent();
    expect(person).toBe(letter.person);
    await expectDecent(page, 'mine');
    await page.evaluate(() => {
      location.hash = 'ANOTHER';
    });
    await page.getByText('扫描到的投票码不完整').waitFor();
    expect(await page.getByRole('heading', { name: '您的房屋' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
