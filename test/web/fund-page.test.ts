// Goal: anybody reads a community's fund without scripts: balance, resolutions with split and payments, months, checkpoint, and no
// household. Method: the whole service with a roof under repair, Chromium with JavaScript off, compared with the stored sums.
import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { showYuan } from '../../src/base/fen.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { roofUnderRepair } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let roof: Awaited<ReturnType<typeof roofUnderRepair>>;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('fund page');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const grouped = (fen: bigint): string => showYuan(fen).replace(/\B(?=(\d{3})+\.)/g, ',');

it('a community without a book says so, and an unknown one is not there', async () => {
  const at = (path: string) => fetch(`${world.demo.service.url}/communities/${path}/fund`);
  expect(await (await at(world.community)).text()).toContain('还没有建账');
  expect((await at('a'.repeat(26))).status).toBe(404);
  expect((await at('x')).status).toBe(404);
});

it('the page shows the book and nobody in it', async () => {
  roof = await roofUnderRepair(world);
  const { page, context, complaints } = await watchedPage(
    browser,
    { width: 360, height: 740 },
    { javaScriptEnabled: false },
  );
  await page.goto(`${world.demo.world.origin}/meetings/${roof.meeting}`);
  await page.getByRole('link', { name: '本小区的维修资金' }).click();
  await page.getByRole('heading', { name: '维修资金公开' }).waitFor();
  const text = (await page.locator('main').textContent()) ?? '';
  const sheet = page.locator('li.sheet');
  expect(await sheet.count()).toBe(1);
  expect(await sheet.getByRole('link').getAttribute('href')).toBe(`/meetings/${roof.meeting}`);
  const charge = (await sheet.textContent()) ?? '';
  expect(charge).toContain(roof.title);
  expect(charge).toContain(`${grouped(roof.capFen)} 元`);
  expect(charge).toContain(`仍冻结${grouped(roof.capFen - roof.paidFen)} 元`);
  expect(charge).toContain(`已拨付${grouped(roof.paidFen)} 元`);
  expect(text).toContain(grouped(roof.depositedFen - roof.paidFen));
  expect(await page.getByRole('link', { name: '日志检查点' }).getAttribute('href')).toBe('/log/checkpoint');
  expect(text).toContain('日志根');

  // Nobody's name, unit, or amount: no stored balance of a household stands on the page.
  const html = await page.content();
  for (const { owner } of world.codes) expect(html).not.toContain(owner.name);
  const households = await world.fresh.db
    .selectFrom('fund_account')
    .select(['unit_id', 'balance_fen'])
    .where('unit_id', 'is not', null)
    .execute();
  expect(households.length).toBeGreaterThan(20);
  for (const { unit_id: unit, balance_fen: fen } of households) {
    expect(html).not.toContain(unit);
    if (fen > 0n) expect(html).not.toContain(`>${grouped(fen)}`);
  }
  await context.close();
  const seen = await watchedPage(browser);
  await seen.page.goto(`${world.demo.world.origin}/communities/${world.community}/fund`);
  await expectDecent(seen.page, 'fund-page');
  await seen.page.emulateMedia({ media: 'print' });
  expect(await seen.page.locator('.no-print').first().isVisible()).toBe(false);
  const shots = process.env['WEB_SHOTS'];
  if (shots !== undefined) await writeFile(`${shots}/fund-page.pdf`, await seen.page.pdf());
  expect([...complaints, ...seen.complaints]).toEqual([]);
  await seen.context.close();
}, 120_000);
