// Goal: the committee calls two homes to top up from a file of first deposits, both officers compare it, the owner reads what he is asked for, the public
// its sums, each home gets its sheet of paper, and the call is taken back. Method: the whole service, Chromium at a desk's and a phone's width, and as paper.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import type { BookAnswer } from '../../src/fund/contract.ts';
import type { TopUpCallsAnswer } from '../../src/fund/top-up-routes.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { t } from '../../src/web/console/fund-words.ts';
import { dayWords } from '../../src/web/kit/times.ts';
import { unitWords } from '../../src/web/kit/unit-words.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { expectDecentAt, fileOf, signInConsole, signTogether } from './desk-signing.ts';
import { enrolOfficer } from './enrolment.ts';
import { BANK, fundOf, openBook } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console top-up');
  await openBook(world);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('homes are called, told on their own page and on paper, answer by a deposit, and the call is withdrawn', async () => {
  const { demo, community, officers } = world;
  const { units } = await officers.committee.client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
  const { letter, code, numberTail } = letterOf(world, ownsOneDwelling);
  const owned = present(letter.units[0], 'one unit');
  const isOwned = (one: (typeof units)[number]) =>
    one.building === owned.building && one.stair === owned.stair && one.room === owned.room;
  const own = present(units.find(isOwned), 'his unit');
  const [other, rich] = units.filter((one) => one.kind === 'dwelling' && one.unit !== own.unit);
  const row = (unit: typeof own | undefined, yuan: string) =>
    `${unit?.building},${unit?.stair},${unit?.room},${yuan}`;
  const dueOn = addDays(civilDateAt(demo.clock()), 90);
  const { page, context, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 辛', '442000198707070077');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const section = page.locator('section.sheet', {
    has: page.getByRole('heading', { name: '续交维修资金', exact: true }),
  });
  await section.getByText('还没有发过续交通知。').waitFor();
  await section.getByText('拟写续交通知', { exact: true }).click();
  const review = section.getByRole('button', { name: '查看将要签署的内容' });
  await review.click();
  await section.getByText('请填今天以后的日期').waitFor();
  const file = section.getByLabel('首期交存额文件（CSV）');
  const check = section.getByRole('button', { name: '核对哪些户要续交' });
  const wrong = `幢,单元,室,金额\n${row(own, '许多')}\n`;
  await file.setInputFiles(fileOf('首期.csv', wrong));
  await check.click();
  await section.getByText('文件有错误，没有核对。请改正以后重新选择。').waitFor();
  await section.getByText('第 2 行').waitFor();
  await expectDecentAt(page, 'top-up-refused');

  const csv = `幢,单元,室,金额\n${row(own, '900000')}\n${row(other, '900000')}\n${row(rich, '1')}\n`;
  await file.setInputFiles(fileOf('首期.csv', csv));
  await review.click();
  await section.getByText('请先核对哪些户要续交').waitFor();
  await section.getByLabel('补足到首期交存额的百分之几（30 到 100）').fill('30');
  await check.click();
  await section.getByText(/^有 2 户不足三成，应续交合计/).waitFor();
  expect((await section.locator('tbody th').allTextContents()).sort()).toEqual(
    [unitWords(own), unitWords(present(other, 'another'))].sort(),
  );
  await section
    .getByText(`另有 ${units.length - 3} 户文件里没有首期交存额，不能判断，也不会通知。`)
    .waitFor();
  await section
    .getByLabel('依据', { exact: true })
    .selectOption({ label: '当地的续交规定（没有成立业主大会时）' });
  await section.getByLabel('续交规定的文件').setInputFiles(fileOf('续交办法.pdf', '续交办法'));
  await section.getByLabel('最后交款日').fill(dueOn);
  await section.getByLabel(/^怎样交/).fill('请到建设银行小榄支行对公柜台，\n写明楼栋、单元和房号。');
  await review.click();
  await section
    .getByText(/^通知 2 户，应续交合计 .*（大写：.*整|分）$/)
    .first()
    .waitFor();
  await expectDecentAt(page, 'top-up-review');
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  await section.getByText('已拟写，等待两人签署').waitFor();
  // Nobody voted on the rule of the city: street office and regulator sign.
  const desk = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, desk.page, 'regulator', '演示监管 壬', '442000198808080088');
  await signInConsole(world, desk.page, '发出一份续交通知', officers.street, {
    '首期交存额的文件（CSV）': fileOf('首期.csv', csv),
    当地续交规定的文件: fileOf('续交办法.pdf', '续交办法'),
  });
  const calls = async () =>
    (await officers.street.client.get<TopUpCallsAnswer>(`${fundOf(world)}/top-up-calls`)).calls;
  const call = present((await calls())[0], 'a call');
  expect(call).toMatchObject({ state: 'open', homes: 2, targetPercent: 30, dueOn });
  await demo.world.beatNow();

  // The owner, on his own page and on his statement.
  const mine = await watchedPage(browser);
  await mine.page.goto(`${demo.world.origin}/mine#${code}`);
  await mine.page.getByLabel('证件号码后六位').fill(numberTail);
  await mine.page.getByRole('button', { name: '下一步' }).click();
  const ownSection = mine.page.locator('section.sheet', { hasText: '我的维修资金' });
  await ownSection.getByText('这套房需要续交维修资金').waitFor();
  await ownSection.getByText(`最迟 ${dayWords(dueOn)}。`).waitFor();
  await ownSection.getByText('写明楼栋、单元和房号。').waitFor();
  await expectDecent(mine.page, 'mine-top-up');
  await ownSection.getByRole('button', { name: '查看' }).click();
  await mine.page.getByRole('heading', { name: '维修资金对账单' }).waitFor();
  await mine.page.getByText('这套房需要续交维修资金').waitFor();
  await expectDecent(mine.page, 'mine-top-up-statement');

  // Everybody, in sums.
  await mine.page.goto(`${demo.world.origin}/communities/${community}/fund`);
  await mine.page.getByText(/^通知 2 户，应续交合计/).waitFor();
  await mine.page.getByText(/^现在还有 2 户没有交足/).waitFor();
  await expectDecent(mine.page, 'fund-page-top-up');

  // He pays in part at the bank; the other home pays all.
  const { homes } = await officers.street.client.get<{ homes: { unit: string; dueFen: string }[] }>(
    `${fundOf(world)}/top-up-calls/${call.call}`,
  );
  const receipts = homes.map(({ unit, dueFen }, at) => ({
    ...{ receipt: `续交${at}`, unit, valueOn: civilDateAt(demo.clock()) },
    amountFen: unit === own.unit ? '100' : dueFen,
  }));
  await officers.committee.client.post(`${fundOf(world)}/receipts`, { bank: BANK, receipts });
  await page.goto('about:blank');
  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  await section.getByText(/^现在还有 1 户没有交足/).waitFor();
  await section.getByRole('button', { name: '打印没有交足各户的通知书' }).click();
  const sheets = page.locator('.home-letter');
  await sheets.first().waitFor();
  expect(await sheets.count()).toBe(1);
  await page.getByText(`${unitWords(own)} 业主：`).waitFor();
  await page.getByText(/^已收到 1\.00 元，还应交：.*（大写：/).waitFor();
  await expectDecentAt(page, 'top-up-letter');
  await page.getByRole('button', { name: '返回' }).click();

  await section.getByText('撤回这份通知', { exact: true }).click();
  await section.getByLabel('说明为什么撤回的文件').setInputFiles(fileOf('说明.pdf', '发错了'));
  await review.first().click();
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  await section.getByText('已拟写，等待两人签署').waitFor();
  await signTogether(world, page, '撤回续交通知', officers.street, {
    [t('documentFile')]: fileOf('说明.pdf', '发错了'),
  });
  expect((await calls()).map(({ state }) => state)).toEqual(['withdrawn']);
  expect((await officers.street.client.get<BookAnswer>(fundOf(world))).lastSeq).not.toBe('0');
  expect(
    [...complaints, ...mine.complaints, ...desk.complaints].filter((each) => !/pubKeyCredParams/.test(each)),
  ).toEqual([]);
  await mine.context.close();
  await desk.context.close();
  await context.close();
}, 240_000);
