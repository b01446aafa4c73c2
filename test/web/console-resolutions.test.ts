// Goal: what a resolution opened is used and taken back at the fund's desk: paid from one of several banks, public revenue spent on it, annulled by a court, and
// what it held gone back. Method: the whole service with a meeting that was voted and counted, Chromium at a desk's and a phone's width, the stored rows.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { voteWith } from '../../src/cli/demo/owner.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { BookAnswer } from '../../src/fund/contract.ts';
import { hexGroups } from '../../src/web/kit/fingerprint.ts';
import { launch, watchedPage } from './browser.ts';
import { expectDecentAt, fileOf, signTogether } from './desk-signing.ts';
import { enrolOfficer } from './enrolment.ts';
import { BANK, fundOf, openBook } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting, webWorld } from './web-world.ts';

const OTHER_BANK = { name: '工行', lastDigits: '88' };
const MOVED_FEN = 100_000n;
const UNPAID_FEN = 50_000n;
const CARD = '批准金额';

let world: WebWorld;
let browser: Browser;
let meeting: string;

const hash = (text: string): string => toBase64Url(sha256(utf8(text)));
const yuanOf = (fen: bigint): string => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;
const readBook = () => world.officers.committee.client.get<BookAnswer>(fundOf(world));
const authorised = async () => present((await readBook()).authorisations[0], 'what the resolution opened');
const bankOf = async (name: string) =>
  present(
    (await readBook()).banks.find((bank) => bank.name.includes(name)),
    name,
  );

/** Everybody votes for, and two officers sign the result. */
async function decide(): Promise<void> {
  const { demo, officers, codes } = world;
  const opened = await openMeeting(world);
  ({ meeting } = opened);
  const newClient = () => httpClient(demo.service.url, () => toBase64Url(demo.world.random(16)));
  for (const { code, owner } of codes)
    await voteWith(demo.world, newClient(), { code, number: owner.number }, meeting, () => ['for']);
  demo.clock.moveTo(opened.closesAt + 1000);
  await demo.world.beatNow();
  for (const officer of Object.values(officers)) await signInOfficer(demo.world, officer);
  const post = (path: string, body?: unknown) =>
    officers.street.client.post<{ act: string }>(`/v1/meetings/${meeting}/${path}`, body);
  const secret = toBase64Url(opened.boxSecret);
  await actTogether(demo.world, () => post('box/release', { secret }), [officers.street]);
  await demo.world.beatNow();
  await actTogether(demo.world, () => post('final'), [officers.committee, officers.street]);
  await demo.world.beatNow();
}

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console resolutions');
  await openBook(world);
  await decide();
  const { committee, street } = world.officers;
  const move = { from: BANK, to: OTHER_BANK, amountFen: String(MOVED_FEN), reference: '定期存单0001' };
  const draft = () => committee.client.post<{ act: string }>(`${fundOf(world)}/bank-moves`, move);
  await actTogether(world.demo.world, draft, [committee, street]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const spendingForm = (page: Page) =>
  page.locator('details', { has: page.locator('summary', { hasText: '拟写一笔支出' }) });

const toDesk = async (page: Page) => {
  await page.goto('about:blank');
  await page.goto(`${world.demo.world.origin}/console/fund#${world.community}`);
};

it('several banks: a payment names its bank, is refused from one with too little, and a file of receipts goes to the one that is chosen', async () => {
  const { demo, officers } = world;
  const { client } = officers.committee;
  const { authorisation, capFen } = await authorised();
  const path = `${fundOf(world)}/authorisations/${authorisation}`;
  const stageFen = (BigInt(capFen) * 3n) / 10n;
  expect(stageFen).toBeGreaterThan(MOVED_FEN);
  await client.post(`${path}/hold`);
  const accrual = { amountFen: String(stageFen), stage: 'advance', acceptanceHash: hash('验收') };
  await client.post(`${path}/accruals`, accrual);
  const [before, other] = [await bankOf('建行'), await bankOf('工行')];

  const { page, context, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 壬', '442000198909090099');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const card = page.locator('li.sheet', { hasText: CARD });
  await card.getByText('拟写拨付单', { exact: true }).click();
  await card.getByLabel('拨付金额（元）').fill(yuanOf(stageFen));
  await card.getByLabel('拨付依据（发票或合同编号，写在拨付单和账簿上）').fill('发票 1 号');
  const bank = card.getByLabel('由哪个专户拨付');
  const review = card.getByRole('button', { name: '查看将要签署的内容' }).first();
  await review.click();
  await card.getByText('请选择一项').waitFor();
  expect(await bank.locator('option').allTextContents()).toContain('工行尾号88（余额 1,000.00 元）');
  await bank.selectOption(other.account);
  await review.click();
  await card.getByRole('button', { name: '拟写，等两人签署' }).click();
  const refusal = card.getByRole('alert').filter({ hasText: '专户' });
  await refusal.waitFor();
  await expectDecentAt(page, 'banks-short');
  await bank.selectOption(before.account);
  await review.click();
  await card.getByText(/^从 资产:专户存款:建行尾号0321 拨付 /).waitFor();
  await expectDecentAt(page, 'banks-payment');
  await card.getByRole('button', { name: '拟写，等两人签署' }).click();
  await card.getByText('已拟写，等待两人签署').waitFor();
  await signTogether(world, page, '拨付给决议', officers.street);
  expect(BigInt((await bankOf('建行')).balanceFen)).toBe(BigInt(before.balanceFen) - stageFen);

  await toDesk(page);
  const files = page.locator('section.sheet', { hasText: '维修资金：银行文件' });
  await files.getByLabel('专户', { exact: true }).selectOption('资产:专户存款:工行尾号88');
  const yesterday = addDays(civilDateAt(demo.clock()), -1);
  const csv = fileOf('回单.csv', `回单号,日期,金额\n工1,${yesterday},7.00\n`);
  await files.getByLabel('回单文件（CSV）').setInputFiles(csv);
  await files.getByRole('button', { name: '检查并记账' }).click();
  await files.getByText('已记账 1 笔，原已在账 0 笔，共 7.00 元').waitFor();
  expect((await bankOf('工行')).balanceFen).toBe(String(MOVED_FEN + 700n));
  // What is accepted and not paid is what an annulment leaves to be cancelled.
  const rest = { amountFen: String(UNPAID_FEN), stage: 'progress', acceptanceHash: hash('进度验收') };
  await client.post(`${path}/accruals`, rest);
  expect(complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await context.close();
}, 240_000);

it('public revenue is used by a resolution: chosen among those that are final, signed by two, in the book', async () => {
  const { demo, community, officers } = world;
  const base = `/v1/communities/${community}/revenue`;
  const income = {
    heading: 'parking',
    amountFen: '800000',
    bookedOn: civilDateAt(demo.clock()),
    text: '停车收入',
    documentHash: hash('停车合同'),
  };
  await officers.committee.client.post(`${base}/incomes`, income);
  const { page, context, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 癸', '442000197707070077');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const section = page.locator('section.sheet', { hasText: '共用部位的收入扣除合理成本' });
  const form = spendingForm(page);
  await form.getByText('拟写一笔支出', { exact: true }).click();
  await form.getByLabel('支出的种类').selectOption('use');
  const review = form.getByRole('button', { name: '查看将要签署的内容' });
  await form.getByLabel('金额（元）').fill('300');
  await form.getByLabel('事由（公开，不要写姓名和电话）').fill('补充屋面维修费用');
  const invoice = fileOf('发票.pdf', '发票');
  await form.getByLabel('合同、票据或发票的文件').setInputFiles(invoice);
  await review.click();
  await section.getByText('请选择一项').waitFor();
  await expectDecentAt(page, 'use-refused');
  const { proposal } = await authorised();
  await form.getByLabel('依据的决议').selectOption(`${meeting} ${proposal}`);
  await review.click();
  await section.getByText(/^依据的决议：.+：.+/).waitFor();
  await section.getByText('记账后余额 7,700.00 元').waitFor();
  await expectDecentAt(page, 'use-review');
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  await section.getByText('已拟写，等待两人签署').waitFor();
  await signTogether(world, page, '公共收益支出或冲回', officers.street, {
    '合同、票据或发票的文件': invoice,
  });
  await toDesk(page);
  await section.getByText('余额 7,700.00 元', { exact: true }).waitFor();
  await section
    .getByText(/支出 300\.00 元 · .+ · 补充屋面维修费用$/)
    .first()
    .waitFor();
  expect(complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await context.close();
}, 240_000);

it('a resolution that a court annulled: drafted by the regulator over the judgment, on the public page, and what it held goes back', async () => {
  const { demo, community, officers } = world;
  const office = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, office.page, 'regulator', '演示住建 卯', '442000197101010011');
  await office.page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const other = office.page.locator('section.sheet', { hasText: '撤销没有动用资金的决议' });
  await other.getByText('拟写撤销一项决议', { exact: true }).click();
  await other.getByRole('button', { name: '查看将要签署的内容' }).click();
  await other.getByText('请选择一项').waitFor();
  const { proposal } = await authorised();
  const offered = await other
    .locator('option')
    .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
  expect(offered.length).toBeGreaterThan(1);
  expect(offered).not.toContain(`${meeting} ${proposal}`);
  const judgment = fileOf('判决书.pdf', '(2027)粤2071民终1号');
  await other.getByLabel('哪一项决议（结果已公布的议案）').selectOption({ index: 1 });
  await other.getByLabel('行政决定或裁判文书的文件').setInputFiles(judgment);
  await other.getByRole('button', { name: '查看将要签署的内容' }).click();
  await other.getByText('这项决议没有动用维修资金').waitFor();
  await expectDecentAt(office.page, 'annulment-other');

  const card = office.page.locator('li.sheet', { hasText: CARD });
  await card.getByText('拟写撤销这项决议', { exact: true }).click();
  await card.getByRole('button', { name: '查看将要签署的内容' }).click();
  await card.getByText('请选择文件', { exact: true }).waitFor();
  await card.getByLabel('行政决定或裁判文书的文件').setInputFiles(judgment);
  await card.getByRole('button', { name: '查看将要签署的内容' }).click();
  await card.getByText(`会议编号 ${meeting}，议案编号 ${proposal}`).waitFor();
  await card.getByText('已验收未付的 500.00 元，以后冲回、退回各户').waitFor();
  await expectDecentAt(office.page, 'annulment-resolution');
  await card.getByRole('button', { name: '拟写，等两人签署' }).click();
  await card.getByText('已拟写，等待两人签署').waitFor();
  const title = `撤销决议：会议 ${meeting} 的议案 ${proposal}`;
  await signTogether(world, office.page, title, officers.street, { 裁判文书或行政决定的文件: judgment });
  await toDesk(office.page);
  await card.getByText('已撤销', { exact: true }).waitFor();
  expect(await card.getByText('拟写撤销这项决议').count()).toBe(0);
  expect(office.complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await office.context.close();

  await demo.world.beatNow();
  const open = await watchedPage(browser, { width: 390, height: 844 });
  await open.page.goto(`${demo.world.origin}/communities/${community}/fund`);
  const charge = open.page.locator('li.sheet', { hasText: '决议已撤销' });
  const said = (await charge.textContent()) ?? '';
  for (const text of [
    '法院或有关机关撤销了这项决议',
    hexGroups(hash('(2027)粤2071民终1号'), 16).join(' '),
    '另行追偿',
  ])
    expect(said).toContain(text);
  await expectDecentAt(open.page, 'annulment-public');
  await open.context.close();

  const desk = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, desk.page, 'committee', '演示委员 辰', '442000197010101010');
  await desk.page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const revoked = desk.page.locator('li.sheet', { hasText: CARD });
  await revoked.getByText('还有已验收未付的 500.00 元，要先冲回，再解冻余额。').waitFor();
  await revoked.getByText('冲回应付', { exact: true }).click();
  await revoked.getByLabel('冲回哪一笔').selectOption({ index: 1 });
  await revoked.getByLabel('冲回的原因（写在账簿上）').fill('决议已撤销');
  await revoked.getByRole('button', { name: '查看将要记入的内容' }).click();
  await revoked.getByRole('button', { name: '记入账簿' }).click();
  await revoked.getByText('解冻余额', { exact: true }).click();
  await revoked.getByRole('button', { name: '查看将要记入的内容' }).click();
  await revoked.getByText(/^解冻 [\d,.]+ 元（大写：.+），退回各户分户账$/).waitFor();
  await expectDecentAt(desk.page, 'release-review');
  await revoked.getByRole('button', { name: '记入账簿' }).click();
  await revoked.getByText('解冻余额', { exact: true }).waitFor({ state: 'hidden' });
  expect(await authorised()).toMatchObject({ state: 'revoked', heldFen: '0', payableFen: '0' });

  const form = spendingForm(desk.page);
  await form.getByText('拟写一笔支出', { exact: true }).click();
  await form.getByLabel('支出的种类').selectOption('use');
  await form.getByLabel('金额（元）').fill('1');
  await form.getByLabel('事由（公开，不要写姓名和电话）').fill('再补充');
  await form.getByLabel('合同、票据或发票的文件').setInputFiles(judgment);
  await form.getByLabel('依据的决议').selectOption(`${meeting} ${proposal}`);
  await form.getByRole('button', { name: '查看将要签署的内容' }).click();
  await form.getByRole('button', { name: '拟写，等两人签署' }).click();
  await form.locator('.field.wrong', { hasText: '依据的决议' }).getByRole('alert').waitFor();
  expect(desk.complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await desk.context.close();
}, 240_000);
