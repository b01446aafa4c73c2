// Goal: the committee books a bank's receipts from the page of the fund, is told row by row what stands in the way, compares the bank's statement
// and says why a difference stands. Method: the whole service, Chromium, a GB18030 file as banks write it, the stored rows.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import { openBook } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console bank');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** `回单号,日期,金额` and its line in GB18030, which a browser reads and Node's Buffer cannot write; the codes are the standard's. */
const GB18030_HEAD = Buffer.from('bbd8b5a5bac52cc8d5c6da2cbdf0b6ee0a', 'hex');

it('receipts with findings by row, a statement with differences, and why one stands', async () => {
  const { demo, community, officers } = world;
  const depositedFen = await openBook(world);
  const { units } = await officers.committee.client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
  const unit = units.find(({ kind }) => kind === 'dwelling');
  const yesterday = addDays(civilDateAt(demo.clock()), -1);
  const { page, context, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 辛', '442000198808080088');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const section = page.locator('section.sheet', { hasText: '维修资金：银行文件' });
  await section.waitFor();
  await expect.poll(() => section.getByLabel('专户').inputValue()).toBe('资产:专户存款:建行尾号0321');
  const receipts = async (buffer: Buffer) => {
    await section
      .getByLabel('回单文件（CSV）')
      .setInputFiles({ name: '回单.csv', mimeType: 'text/csv', buffer });
    await section.getByRole('button', { name: '检查并记账' }).click();
  };
  const line = (no: string, place: string, amount: string) => `${no},${yesterday},${place},${amount}\n`;
  const head = '回单号,日期,楼栋,单元,房号,金额\n';
  const place = `${unit?.building},${unit?.stair},${unit?.room}`;
  const good = line('甲1', place, '1000.00');

  await receipts(
    Buffer.from(`${head}${good}${line('甲2', '99栋,1,999', '5.00')}${line('甲3', place, '五元')}`),
  );
  await section.getByText('文件有误，没有记账').waitFor();
  const rows = section.locator('li', { hasText: 'FUND-F' });
  expect(await rows.evaluateAll((all) => all.map((row) => row.textContent))).toEqual([
    expect.stringMatching(/^第 3 行 名册中没有这一户 .*FUND-F015$/),
    expect.stringMatching(/^第 4 行 金额应为.*甲3 FUND-F012$/),
  ]);
  await expectDecent(page, 'bank-refused');
  const booked = () =>
    world.fresh.db
      .selectFrom('fund_entry')
      .select('kind')
      .where('community_id', '=', community)
      .where('idempotency_key', 'like', 'receipt:%')
      .orderBy('seq')
      .execute();
  expect(await booked()).toEqual([]);

  await receipts(Buffer.from(`${head}${good}`));
  await section.getByText('已记账 1 笔，原已在账 0 笔，共 1,000.00 元').waitFor();
  await receipts(Buffer.concat([GB18030_HEAD, Buffer.from(`K2,${yesterday},5.00\n`)]));
  await section.getByText('已记账 1 笔，原已在账 0 笔，共 5.00 元').waitFor();
  expect((await booked()).map(({ kind }) => kind)).toEqual(['deposit', 'deposit_unidentified']);

  // The bank knows of the first receipt, not of the second, and of 7.00 yuan that the book has not.
  const statement = `交易日期,流水号,收入,支出\n${yesterday},甲1,1000.00,\n${yesterday},丙9,7.00,\n`;
  await section
    .getByLabel('对账单文件（CSV）')
    .setInputFiles({ name: '对账单.csv', mimeType: 'text/csv', buffer: Buffer.from(statement) });
  await section.getByLabel('第一天').fill(yesterday);
  await section.getByLabel('最后一天（须是昨天以前）').fill(yesterday);
  const closingFen = depositedFen + 100_000n + 700n;
  await section.getByLabel('最后一天的银行余额').fill('一千');
  await section.getByText('请填写金额').waitFor();
  await section
    .getByLabel('最后一天的银行余额')
    .fill(`${closingFen / 100n}.${String(closingFen % 100n).padStart(2, '0')}`);
  await section.getByRole('button', { name: '核对' }).click();
  const result = section.locator('li.sheet');
  await result.getByText('相符 1 笔，差异 2 处，未说明 2 处').waitFor();
  const missing = result.locator('li', { hasText: '银行有，账簿没有' });
  expect(await missing.textContent()).toContain('回单 丙9 · 7.00 元');
  expect(await result.locator('li', { hasText: '账簿有，银行没有' }).textContent()).toContain('5.00 元');
  await expectDecent(page, 'bank-differences');
  const explain = missing.getByRole('button', { name: '说明这处差异' });
  expect(await explain.isDisabled()).toBe(true);
  await missing.getByLabel('说明（4至200字）').fill('银行结息，次月入账');
  await explain.click();
  await result.getByText('说明：银行结息，次月入账').waitFor();
  await result.getByText('差异 2 处，未说明 1 处').waitFor();
  const explained = await world.fresh.db.selectFrom('fund_difference_explanation').select('reason').execute();
  expect(explained).toEqual([{ reason: '银行结息，次月入账' }]);

  // The month of this book is still running.
  await section.getByText('还没有公布过。').waitFor();
  const publish = section.getByRole('button', { name: '公布这个月' });
  expect(await publish.isDisabled()).toBe(true);
  await section.getByLabel('要公布的月份').fill(civilDateAt(demo.clock()).slice(0, 7));
  await publish.click();
  await section.getByText('这个月还没有结束').waitFor();
  await expectDecent(page, 'bank-month');
  const refused = complaints.filter((each) => !/pubKeyCredParams|409/.test(each));
  expect(refused).toEqual([]);
  await context.close();
}, 180_000);
