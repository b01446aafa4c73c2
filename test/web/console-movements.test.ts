// Goal: bank moves, identifications, reversals, interest and returned payments are drafted without the API, each is refused beside its field, shows
// what it will do, and ends in the book: two signatures where money moves, at once where the bank's receipt proves it. Method: the whole service,
// Chromium at a desk's and at a phone's width, the stored rows.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import { signBy, untilDone } from '../../src/cli/demo/officer.ts';
import type { BookAnswer, StatementAnswer } from '../../src/fund/contract.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { unitWords } from '../../src/web/kit/unit-words.ts';
import type { Watched } from './browser.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import { BANK, fundOf, openBook, payStage, resolveRoof } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let desk: Watched;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console movements');
  desk = await watchedPage(browser, { width: 1280, height: 900 });
  page = desk.page;
  await openBook(world);
  await enrolOfficer(world, page, 'committee', '演示委员 寅', '442000197404040044');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const section = () => page.locator('section.sheet', { hasText: '划转、认领、冲回与结息' });
/** A form by its title. */
const formOf = (title: string) =>
  section()
    .locator('details', { has: page.locator('summary', { hasText: title }) })
    .last();
const today = () => civilDateAt(world.demo.clock());
const bookNow = () => world.officers.street.client.get<BookAnswer>(fundOf(world));
const REVIEW_ACT = '查看将要签署的内容';
const REVIEW_ENTRY = '查看将要记入的内容';

async function toDesk(): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${world.demo.world.origin}/console/fund#${world.community}`);
  await section().waitFor();
}

/** Desk and phone. */
async function expectDecentAt(step: string): Promise<void> {
  await expectDecent(page, step);
  const size = present(page.viewportSize(), 'a size');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectDecent(page, `${step}-390`);
  await page.setViewportSize(size);
}

/** Sends the act that is shown; the officer at the page signs it in the console where these lines stand, the street office by its own key. */
async function sendAndSign(title: string, ...lines: readonly (string | RegExp)[]): Promise<void> {
  const { street } = world.officers;
  await section().getByRole('button', { name: '拟写，等两人签署' }).click();
  await section().getByText('已拟写，等待两人签署').waitFor();
  await section()
    .getByText(/：等待签署$/)
    .first()
    .waitFor();
  await section().getByRole('link', { name: '到管理页签署' }).click();
  const sheet = page.locator('li.sheet', { hasText: title });
  await sheet.getByRole('button', { name: /^签署/ }).click();
  const dialog = page.getByRole('dialog');
  for (const line of lines) await dialog.getByText(line).first().waitFor();
  await dialog.getByRole('button', { name: '签署', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const { acts } = await street.client.get<{ acts: { act: string; state: string }[] }>(
    `/v1/acts?community=${world.community}`,
  );
  const { act } = present(
    acts.find(({ state }) => state === 'open'),
    'an open act',
  );
  await signBy(world.demo.world, act, [street]);
  await untilDone(world.demo.world, act, street);
  await toDesk();
  await section()
    .getByText(/：已记账$/)
    .first()
    .waitFor();
}

async function dwellings() {
  const { client } = world.officers.committee;
  const { units } = await client.get<UnitsAnswer>(`/v1/communities/${world.community}/units`);
  return units.filter(({ kind }) => kind === 'dwelling');
}
const statementOf = (unit: string) =>
  world.officers.committee.client.get<StatementAnswer>(`${fundOf(world)}/units/${unit}`);
const receive = (receipt: string, unit: string, amountFen: string) =>
  world.officers.committee.client.post(`${fundOf(world)}/receipts`, {
    bank: BANK,
    receipts: [{ receipt, unit, amountFen, valueOn: addDays(today(), -1) }],
  });

it('a move into a new term deposit: refused above the balance, shown account by account, signed by two, in the book', async () => {
  await toDesk();
  await section().getByText('待分配利息', { exact: true }).waitFor();
  await section().getByText('现在没有要认领的待查收款。').waitFor();
  await section().getByText('现在没有待分配的利息。').waitFor();
  await section().getByText('现在没有可以退回的拨付。').waitFor();
  await section().getByText('拟写专户划转', { exact: true }).click();
  const form = formOf('拟写专户划转');
  await form.getByRole('button', { name: REVIEW_ACT }).click();
  expect(await form.getByText('请选择一项').count()).toBe(2);
  const bankOption = present(
    await form.getByLabel('从哪个账户').locator('option', { hasText: '建行尾号0321' }).getAttribute('value'),
    'the bank',
  );
  await form.getByLabel('从哪个账户').selectOption(bankOption);
  await form.getByLabel('到哪个账户').selectOption('new');
  await form.getByLabel(/^新账户的银行简称/).fill('建行定期');
  await form.getByLabel('新账户账号的末几位').fill('9');
  await form.getByLabel('金额（元）').fill('99999999999');
  await form.getByLabel('依据（写在账簿上）').fill('业委会会议纪要第3号');
  await form.getByRole('button', { name: REVIEW_ACT }).click();
  await form.getByText('超过了这个账户的余额').waitFor();
  await form.getByText('请填写2至8位数字').waitFor();
  await expectDecentAt('movements-refused');
  await form.getByLabel('新账户账号的末几位').fill('9001');
  await form.getByLabel('金额（元）').fill('800');
  await form.getByText('大写：捌佰元整').waitFor();
  await form.getByRole('button', { name: REVIEW_ACT }).click();
  await form.getByText('转入新账户 建行定期尾号9001，签齐后列入账簿').waitFor();
  await expectDecentAt('movements-move');
  await sendAndSign(
    '在维修资金的专户之间划转',
    '转入 资产:专户存款:建行定期尾号9001：800.00 元',
    '从 资产:专户存款:建行尾号0321 转出：800.00 元',
  );
  await section().getByText('专户划转 800.00 元：已记账').waitFor();
  await section().locator('dt', { hasText: '建行定期尾号9001' }).waitFor();
  const { banks } = await bookNow();
  expect(banks.find(({ name }) => name.endsWith('建行定期尾号9001'))?.balanceFen).toBe('80000');
}, 240_000);

it('an identification: two homes of one receipt, refused above it, signed by two, the rest waits', async () => {
  const [one, other] = await dwellings();
  const homes = [present(one, 'a dwelling'), present(other, 'another dwelling')];
  await receive('待查01', '', '50000');
  await toDesk();
  await section().getByText('拟写待查认领', { exact: true }).click();
  const form = formOf('拟写待查认领');
  await form.getByLabel('哪一笔待查收款').selectOption({ index: 1 });
  await form.getByLabel(/^第1户（/).fill('99栋 1');
  await form.getByLabel('第1户的金额（元）').fill('300');
  await form.getByRole('button', { name: '再加一户' }).click();
  await form.getByLabel(/^第2户（/).fill(unitWords(present(homes[1], 'the second')));
  await form.getByLabel('第2户的金额（元）').fill('200.01');
  await form.getByLabel('依据（写在账簿上）').fill('付款人提交的转账凭证');
  await form.getByRole('button', { name: REVIEW_ACT }).click();
  await form.getByText('名册里没有这一户').waitFor();
  await form.getByText('合计超过了这一笔尚待查的 500.00 元').waitFor();
  await expectDecentAt('movements-identification-refused');
  await form.getByLabel(/^第1户（/).fill(unitWords(present(homes[0], 'the first')));
  await form.getByLabel('第2户的金额（元）').fill('150');
  await form.getByRole('button', { name: REVIEW_ACT }).click();
  await form.getByText('认领后这一笔尚待查 50.00 元').waitFor();
  await expectDecentAt('movements-identification');
  await sendAndSign('把待查收款记入业主分户账', '负债:待查收款 减少：450.00 元', /摘要：认领第\d+笔/);
  await section().getByText('待查认领 450.00 元：已记账').waitFor();
  const last = async (unit: string) => (await statementOf(unit)).lines.at(-1);
  expect(await last(present(homes[0], 'the first').unit)).toMatchObject({ availableFen: '30000' });
  expect(await last(present(homes[1], 'the second').unit)).toMatchObject({
    availableFen: '15000',
    reference: '付款人提交的转账凭证',
  });
  await section().getByText('拟写待查认领', { exact: true }).click();
  const waits = form.getByLabel('哪一笔待查收款').locator('option', { hasText: '回单 待查01' });
  expect(await waits.textContent()).toContain('尚待查 50.00 元');
}, 240_000);

it('a reversal: found by the bank’s number, one whose money went on said so, drafted, signed by two, once', async () => {
  const home = present((await dwellings())[2], 'a dwelling');
  await receive('甲77', home.unit, '123450');
  await toDesk();
  await section().getByText('查找要冲回的交存', { exact: true }).click();
  const search = async (find: string) => {
    await section().getByLabel('银行回单号，或账簿第几笔').fill(find);
    await section().getByRole('button', { name: '查找', exact: true }).click();
  };
  await search('没有的');
  await section().getByText('账簿里没有这笔交存。').waitFor();
  await search('待查01');
  await section().getByText('钱已冻结、使用、转出或认领，现在不能冲回').waitFor();
  await search('甲77');
  await section()
    .getByText(/1,234\.50 元（回单 甲77，建行尾号0321）$/)
    .waitFor();
  const one = section().locator('li.sheet', { hasText: '回单 甲77' });
  await one.getByText('拟写冲回这一笔', { exact: true }).click();
  await one.getByRole('button', { name: REVIEW_ACT }).click();
  await one.getByText('请填写这一项').waitFor();
  await one.getByLabel('依据（写在账簿上）').fill('银行退票通知 2026-18');
  await one.getByRole('button', { name: REVIEW_ACT }).click();
  await one.getByText(/^冲回第\d+笔交存（.+ 到账）1,234\.50 元（大写：壹仟贰佰叁拾肆元伍角整）$/).waitFor();
  await expectDecentAt('movements-reversal');
  await sendAndSign('冲回一笔被银行退回的交存', '从 资产:专户存款:建行尾号0321 转出：1,234.50 元');
  await section().getByText('交存冲回 1,234.50 元：已记账').waitFor();
  await section().getByText('查找要冲回的交存', { exact: true }).click();
  await search('甲77');
  await section().getByText('已经冲回', { exact: true }).waitFor();
  expect((await statementOf(home.unit)).lines.at(-1)).toMatchObject({ kind: 'deposit_reversed' });
}, 240_000);

it('interest: in by its receipt, the same receipt with other content refused, out whole by balance-days, no period twice', async () => {
  await toDesk();
  await section().getByText('记入结息', { exact: true }).click();
  const form = formOf('记入结息');
  const fill = async (receipt: string, amount: string) => {
    const bank = form.getByLabel('专户', { exact: true });
    const value = await bank.locator('option', { hasText: '建行尾号0321' }).getAttribute('value');
    await bank.selectOption(present(value, 'the bank'));
    await form.getByLabel('银行回单号').fill(receipt);
    await form.getByLabel('金额（元）').fill(amount);
    await form.getByLabel('银行到账日').fill(addDays(today(), -1));
    await form.getByRole('button', { name: REVIEW_ENTRY }).click();
  };
  await form.getByRole('button', { name: REVIEW_ENTRY }).click();
  await form.getByText('请选择日期').waitFor();
  await fill('甲77', '1000.01');
  await form.getByText('建行尾号0321 收到结息 1,000.01 元（大写：壹仟元零壹分）').waitFor();
  await form.getByRole('button', { name: '记入账簿' }).click();
  await form
    .getByRole('alert')
    .filter({ hasText: /^已有内容不同的同一笔分录$/ })
    .waitFor();
  await expectDecentAt('movements-interest-refused');
  await fill('结息2026-11', '1000.01');
  await form.getByRole('button', { name: '记入账簿' }).click();
  await section().getByText('下一步：把待分配利息分给各户。').waitFor();
  await section()
    .getByText(/^账簿第 \d+ 笔。$/)
    .waitFor();
  expect((await bookNow()).totals['interest_undistributed']).toBe('100001');

  await section().getByText('分配利息', { exact: true }).click();
  const share = formOf('分配利息');
  await share.getByLabel('算到哪一天（不含当日）').fill(addDays(today(), 1));
  await share.getByRole('button', { name: REVIEW_ENTRY }).click();
  await share.getByText('不能晚于今天').waitFor();
  await share.getByLabel('算到哪一天（不含当日）').fill(today());
  await share.getByRole('button', { name: REVIEW_ENTRY }).click();
  await share.getByText('待分配利息 1,000.01 元（大写：壹仟元零壹分） 全部分入各户的分户账').waitFor();
  await expectDecentAt('movements-distribution');
  await share.getByRole('button', { name: '记入账簿' }).click();
  await section().getByText('各户的对账单上已经有这笔利息。').waitFor();
  await expectDecentAt('movements-distributed');
  expect((await bookNow()).totals['interest_undistributed']).toBe('0');
  const { lines } = await statementOf(present((await dwellings())[0], 'a dwelling').unit);
  expect(lines.at(-1)).toMatchObject({ kind: 'interest_distributed' });
}, 240_000);

it('a returned payment: chosen among those that were paid, in by the bank’s receipt at once, payable again', async () => {
  const resolved = await resolveRoof(world);
  const { client } = world.officers.committee;
  await client.post(`${fundOf(world)}/authorisations/${resolved.authorisation}/hold`);
  const { banks } = await bookNow();
  const bank = present(
    banks.find(({ name }) => name.endsWith(BANK.lastDigits)),
    'the bank',
  ).account;
  await payStage(world, resolved, { amountFen: 123_400n, document: '预付款发票', bank });
  await toDesk();
  await section().getByText('记入拨付退回', { exact: true }).click();
  const form = formOf('记入拨付退回');
  await form.getByRole('button', { name: REVIEW_ENTRY }).click();
  await form.getByText('请选择一项').waitFor();
  await form.getByLabel('哪一笔拨付').selectOption({ index: 1 });
  await form.getByLabel('银行回单号').fill('退汇 0091');
  await form.getByLabel('银行到账日').fill(today());
  await form.getByRole('button', { name: REVIEW_ENTRY }).click();
  await form
    .getByText(/^第\d+笔拨付（付给.+）1,234\.00 元（大写：壹仟贰佰叁拾肆元整） 退回，转入 建行尾号0321$/)
    .waitFor();
  await expectDecentAt('movements-return');
  await form.getByRole('button', { name: '记入账簿' }).click();
  await section()
    .getByText(/^下一步：查明退回的原因/)
    .waitFor();
  await expectDecentAt('movements-returned');
  const { authorisations } = await bookNow();
  expect(authorisations[0]).toMatchObject({ paidFen: '0', payableFen: '123400' });
  await page.locator('li.sheet', { hasText: '批准金额' }).getByText('拟写拨付单', { exact: true }).waitFor();
  expect(desk.complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
}, 240_000);
