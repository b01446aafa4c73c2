// Goal: the committee brings the balances of the old system into the book from its own export: told by row what stands in the way, shown what would be
// booked, and only then booking it. Method: the whole service, a CSV and a workbook as offices keep them, Chromium at a desk's and a phone's width, the stored rows.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { civilDateAt } from '../../src/base/civil-date.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { book, merges, number, sheetXml } from '../registry/workbook-file.ts';
import { launch, watchedPage } from './browser.ts';
import { expectDecentAt } from './desk-signing.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console opening');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('a CSV with faults is told by row and books nothing; a workbook is read, shown, booked, and is not booked again', async () => {
  const { demo, community, officers } = world;
  const { units } = await officers.committee.client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
  const [one, two, three] = units.filter(({ kind }) => kind === 'dwelling');
  const place = (unit: typeof one) => `${unit?.building},${unit?.stair},${unit?.room}`;
  const today = civilDateAt(demo.clock());
  const { page, context, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 庚', '442000198606060066');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const section = page.locator('section.sheet', {
    has: page.getByRole('heading', { name: '期初余额', exact: true }),
  });
  await section.getByText('录入期初余额', { exact: true }).click();
  const file = section.getByLabel('期初余额文件（XLSX 或 CSV）');
  const review = section.getByRole('button', { name: '查看将要记入的内容' });
  await review.click();
  await section.getByText('请选择文件', { exact: true }).waitFor();
  await section.getByText('请填写2至8位数字', { exact: true }).waitFor();

  const csv = `幢,单元,室,金额\n${place(one)},100.00\n99栋,1,999,5.00\n${place(two)},五元\n合计,,,105.00\n`;
  const named = { name: '余额.csv', mimeType: 'text/csv' };
  await file.setInputFiles({ ...named, buffer: Buffer.from(csv) });
  await section.getByText('余额.csv：要记 1 户，共 100.00 元').waitFor();
  const group = (code: string) => section.locator('details details', { hasText: code });
  expect(await group('OPENING_UNIT_UNKNOWN').locator('li').allTextContents()).toEqual(['第 3 行 99栋 1 999']);
  expect(await group('OPENING_AMOUNT').locator('li').textContent()).toMatch(/^第 4 行 /);
  expect(await group('OPENING_TOTAL_DIFFERS').locator('li').textContent()).toBe('第 5 行 合计');
  expect(await group('OPENING_UNIT_MISSING').evaluate((each) => (each as HTMLDetailsElement).open)).toBe(
    false,
  );
  await review.click();
  await section.getByText('文件有错误，请改好以后重新选择').waitFor();
  await expectDecentAt(page, 'opening-refused');
  const deposits = () =>
    world.fresh.db
      .selectFrom('fund_entry')
      .select(['kind', 'value_on'])
      .where('community_id', '=', community)
      .execute();
  expect(await deposits()).toEqual([]);

  // A title, the building said once for two rows, numbers as a spreadsheet has them, and the total of the old books.
  const rows = [
    ['前山花园维修资金余额表'],
    ['序号', '幢', '单元', '室', '业主', '余额（元）'],
    [number('1'), one?.building, one?.stair, one?.room, '张三', number('1234.5')],
    [number('2'), undefined, two?.stair, two?.room, '李四', number('88.879999999999995')],
    ['', '合计', '', '', '', number('1323.38')],
  ];
  expect(two?.building).toBe(one?.building);
  const workbook = book({ sheets: [['余额', sheetXml(rows, merges('B3:B4'))]] });
  const xlsx = { name: '余额.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(workbook) };
  await file.setInputFiles(xlsx);
  await section.getByText('余额.xlsx（工作表“余额”）：要记 2 户，共 1,323.38 元').waitFor();
  await section.getByLabel('依据（原对账单或移交清单的名称和编号）').fill('专户对账单2026-09');
  await section.getByLabel('余额截至哪一天').fill('2099-01-01');
  await section.getByLabel('专户开户行（20个字以内）').fill('建行');
  await section.getByLabel('专户账号末几位（2至8位数字）').fill('0321');
  await review.click();
  await section.getByText('不能晚于今天').waitFor();
  await section.getByLabel('余额截至哪一天').fill(today);
  await review.click();
  await section
    .getByText('期初余额 2 户，共 1,323.38 元（大写：壹仟叁佰贰拾叁元叁角捌分）', { exact: true })
    .waitFor();
  await section.getByText(`名册中另有 ${units.length - 2} 套房屋没有余额`).waitFor();
  await section.getByText(`依据：专户对账单2026-09，截至 ${today}`).waitFor();
  await expectDecentAt(page, 'opening-review');
  await section.getByRole('button', { name: '记入账簿' }).click();
  await section.getByText('已记入账簿').waitFor();
  expect(await deposits()).toEqual([
    { kind: 'deposit', value_on: today },
    { kind: 'deposit', value_on: today },
  ]);
  await expect
    .poll(() => page.getByLabel('专户', { exact: true }).inputValue())
    .toBe('资产:专户存款:建行尾号0321');

  await section.getByRole('button', { name: '再填一份' }).click();
  await section.getByText('录入期初余额', { exact: true }).click();
  await file.setInputFiles({
    ...named,
    buffer: Buffer.from(csv.replace('五元', '88.88').replace(/99栋.*\n/, '')),
  });
  await group('OPENING_DIFFERS').waitFor();
  expect(await group('OPENING_DIFFERS').locator('li').allTextContents()).toEqual([
    `第 2 行 ${[one?.building, one?.stair, one?.room].filter(Boolean).join(' ')}`,
  ]);
  const later = `幢,单元,室,金额\n${place(one)},1234.50\n${place(three)},10.00\n`;
  await file.setInputFiles({ ...named, buffer: Buffer.from(later) });
  await section.getByText('余额.csv：要记 1 户，共 10.00 元').waitFor();
  await section.getByLabel('依据（原对账单或移交清单的名称和编号）').fill('补录单2026-11');
  await section.getByLabel('余额截至哪一天').fill(today);
  await section.getByLabel('专户开户行（20个字以内）').fill('工行');
  await section.getByLabel('专户账号末几位（2至8位数字）').fill('88');
  await review.click();
  await section.getByText('另有 1 户已在账，不再记').waitFor();
  await section.getByText('记入账簿里还没有的专户 工行尾号88').waitFor();
  await section.getByRole('button', { name: '记入账簿' }).click();
  await section.getByText('已记入账簿').waitFor();
  expect(await deposits()).toHaveLength(3);
  expect(complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await context.close();
}, 180_000);
