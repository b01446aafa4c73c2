// Goal: an owner reads what his unit has in the fund, line by line, with the resolution behind each charge, and of no other unit.
// Method: the whole service with a roof under repair, Chromium at phone size and as paper.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { showYuan } from '../../src/base/fen.ts';
import type { OwnAccountsAnswer, StatementAnswer } from '../../src/fund/contract.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { roofUnderRepair } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let roof: Awaited<ReturnType<typeof roofUnderRepair>>;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('mine fund');
  roof = await roofUnderRepair(world);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const grouped = (fen: bigint): string => showYuan(fen).replace(/\B(?=(\d{3})+\.)/g, ',');

it('the owner sees his balance, the statement with the resolution, and prints it', async () => {
  const { letter, code, numberTail } = letterOf(
    world,
    ({ units }) => units.length === 1 && units[0]?.building === '1栋' && units[0].kind === 'dwelling',
  );
  const own = present(letter.units[0], 'one unit');
  const { page, context, complaints } = await watchedPage(browser);
  await page.goto(`${world.demo.world.origin}/mine#${code}`);
  await page.getByLabel('证件号码后六位').fill(numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
  const section = page.locator('section.sheet', { hasText: '我的维修资金' });
  await section.getByText('合计').waitFor();
  // The figures are those of the unit's own rows in the database.
  const unit = present(
    (await world.demo.service.deps.db
      .selectFrom('unit')
      .select('unit_id')
      .where('community_id', '=', world.community)
      .where('building', '=', own.building)
      .where('stair', '=', own.stair)
      .where('room', '=', own.room)
      .executeTakeFirst()) ?? undefined,
    'the unit',
  ).unit_id;
  const stored = await world.fresh.db
    .selectFrom('fund_account')
    .select(['kind', 'balance_fen'])
    .where('unit_id', '=', unit)
    .execute();
  const fenOf = (kind: string) =>
    present(
      stored.find((row) => row.kind === kind),
      kind,
    ).balance_fen;
  const [available, held] = [fenOf('unit_available'), fenOf('unit_held')];
  expect(held).toBeGreaterThan(0n);
  expect(await section.textContent()).toContain(`合计 ${grouped(available + held)} 元`);
  expect(await section.locator('li').count()).toBe(1);
  await expectDecent(page, 'mine-fund');

  await section.getByRole('button', { name: '查看' }).click();
  await page.getByRole('heading', { name: '维修资金对账单' }).waitFor();
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  expect(await rows.locator('strong').allTextContents()).toEqual([
    '存入',
    '按决议冻结',
    '工程验收，应付给施工单位',
  ]);
  const link = rows.nth(1).getByRole('link', { name: roof.title });
  expect(await link.getAttribute('href')).toBe(`/meetings/${roof.meeting}`);
  expect(await rows.nth(1).textContent()).toContain(`全部 ${grouped(roof.capFen)} 元按面积分摊`);
  expect(await rows.last().textContent()).toContain(`冻结 ${grouped(held)}`);
  await expectDecent(page, 'mine-fund-statement');
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('button', { name: '打印对账单' }).isVisible()).toBe(false);
  expect(await rows.last().isVisible()).toBe(true);
  await page.emulateMedia({ media: 'screen' });

  // The page's session reads its own unit and no other.
  const get = (path: string) =>
    page.evaluate(async (address) => {
      const response = await fetch(address);
      return { status: response.status, body: (await response.json()) as unknown };
    }, path);
  const accounts = (await get('/v1/owners/me/fund/accounts')).body as OwnAccountsAnswer;
  expect(accounts.accounts.map((each) => each.unit)).toEqual([unit]);
  const statement = (await get(`/v1/owners/me/fund/units/${unit}`)).body as StatementAnswer;
  expect(BigInt(statement.totalFen)).toBe(available + held);
  const foreign = await world.fresh.db
    .selectFrom('fund_account')
    .select('unit_id')
    .where('unit_id', 'is not', null)
    .where('unit_id', '!=', unit)
    .executeTakeFirst();
  expect((await get(`/v1/owners/me/fund/units/${foreign?.unit_id}`)).status).toBe(404);
  await page.getByRole('button', { name: '返回' }).click();
  await section.getByText('合计').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
}, 120_000);
