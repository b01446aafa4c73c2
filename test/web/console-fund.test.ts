// Goal: an officer drafts what moves the fund's money without the API, is refused beside the field, sees what will be signed, and two sign it in
// the console through to the book. Method: the whole service, Chromium at a desk's and at a phone's width, the stored rows.
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { importFile } from '../../src/cli/demo/founding.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { accountHash } from '../../src/record/meeting.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import { BANK, fundOf, openBook, resolveRoof } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console fund');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const fileOf = (name: string, text: string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(utf8(text)),
});
const yuanOf = (fen: bigint): string => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;

/** Desk and phone. */
async function expectDecentAt(page: Page, step: string): Promise<void> {
  await expectDecent(page, step);
  const desk = present(page.viewportSize(), 'a size');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectDecent(page, `${step}-390`);
  await page.setViewportSize(desk);
}

type Chosen = Readonly<Record<string, ReturnType<typeof fileOf>>>;

/** The officer at the page signs the act in the console over these files, the other one by his own key. */
async function signTogether(page: Page, title: string, other: Officer, files: Chosen = {}): Promise<void> {
  const { demo, community } = world;
  await page.getByRole('link', { name: '到管理页签署' }).last().click();
  const sheet = page.locator('li.sheet', { hasText: title });
  await sheet.getByRole('button', { name: /^签署/ }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, file] of Object.entries(files))
    await dialog.getByLabel(label, { exact: true }).setInputFiles(file);
  await dialog.getByRole('button', { name: '签署', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const { acts } = await other.client.get<{ acts: { act: string; state: string }[] }>(
    `/v1/acts?community=${community}`,
  );
  const { act } = present(
    acts.find(({ state }) => state === 'open'),
    'an open act',
  );
  await signBy(demo.world, act, [other]);
  await untilDone(demo.world, act, other);
}

it('a payment: held, accepted, refused above what is payable, drafted with its capitals, signed by two, in the book', async () => {
  const { demo, community } = world;
  const opening = {
    payee: '演示防水工程有限公司',
    salt: toBase64Url(demo.world.random(16)),
    number: '44050178000100000071',
  };
  const { page, context, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 壬', '442000198909090099');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  await page.getByText('本小区还没有账簿，请先录入期初余额。').waitFor();
  await openBook(world);
  const { capFen, authorisation } = await resolveRoof(world, {
    change: (body) => ({
      ...body,
      proposals: body.proposals.map((one) => ({
        ...one,
        fund: one.fund.map((use) => ({
          ...use,
          payeeAccount: accountHash(new Uint8Array(Buffer.from(opening.salt, 'base64url')), opening.number),
        })),
      })),
    }),
  });
  await page.reload();
  const card = page.locator('li.sheet', { hasText: '批准金额' });
  await card.getByText('还没有冻结').waitFor();
  await expectDecentAt(page, 'fund-unheld');

  await card.getByText('冻结列支金额', { exact: true }).click();
  await card.getByRole('button', { name: '查看将要记入的内容' }).click();
  await card.getByText(/套房屋的分户账冻结 [\d,.]+ 元（大写：.+元.*）/).waitFor();
  await card.getByRole('button', { name: '记入账簿' }).click();
  await card.getByText('还没有冻结').waitFor({ state: 'hidden' });

  const stageFen = (capFen * 3n) / 10n;
  await card.getByText('凭验收文件确认应付', { exact: true }).click();
  await card.getByLabel('应付金额（元）').fill(yuanOf(capFen + 1n));
  await card.getByRole('button', { name: '查看将要记入的内容' }).click();
  await card.getByText('超过了尚冻结的').waitFor();
  await card.getByText('请选择文件', { exact: true }).waitFor();
  await expectDecentAt(page, 'fund-accrual-refused');
  await card.getByLabel('应付金额（元）').fill(yuanOf(stageFen));
  await card
    .getByLabel('验收文件', { exact: true })
    .setInputFiles(fileOf('验收记录.pdf', '屋面防水层验收记录'));
  await card.getByText('已选：验收记录.pdf').waitFor();
  await card.getByRole('button', { name: '查看将要记入的内容' }).click();
  await card.getByText('预付款').last().waitFor();
  await card.getByRole('button', { name: '记入账簿' }).click();
  await card.getByText('已记入账簿').waitFor();

  await card.getByText('拟写拨付单', { exact: true }).click();
  const amount = card.getByLabel('拨付金额（元）');
  const review = card.getByRole('button', { name: '查看将要签署的内容' });
  await amount.fill(yuanOf(stageFen + 1n));
  await review.click();
  await card.getByText('超过了已验收未付的').waitFor();
  await card.getByText('请填写这一项').waitFor();
  expect(await amount.inputValue()).toBe(yuanOf(stageFen + 1n));
  await amount.fill(yuanOf(stageFen));
  await card.getByLabel('拨付依据（发票或合同编号，写在拨付单和账簿上）').fill('发票 04401 号');
  const openings = card.getByLabel('收款账号文件（payee-accounts.json，可不填）');
  await openings.setInputFiles(
    fileOf('payee-accounts.json', JSON.stringify([{ ...opening, number: '6217000012345678901' }])),
  );
  await card.getByText('文件里没有批准的收款账户，请不要按它付款').waitFor();
  await openings.setInputFiles(fileOf('payee-accounts.json', JSON.stringify([opening])));
  await card.getByText('收款账号 4405 0178 0001 0000 0071，与批准的收款账户一致').waitFor();
  await review.click();
  await card.getByText('收款账号 4405 0178 0001 0000 0071，已与编号核对').waitFor();
  await card.getByText('依据：发票 04401 号').waitFor();
  await expectDecentAt(page, 'fund-payment');
  await card.getByRole('button', { name: '返回修改' }).click();
  expect(await amount.inputValue()).toBe(yuanOf(stageFen));
  await review.click();
  await card.getByRole('button', { name: '拟写，等两人签署' }).click();
  await card.getByText('已拟写，等待两人签署').waitFor();
  await card.getByText(/元：等待签署$/).waitFor();
  await expectDecentAt(page, 'fund-drafted');

  await signTogether(page, '拨付给决议', world.officers.street);
  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  await card.getByText(/元：已记账$/).waitFor();
  const paid = await world.officers.street.client.get<{
    authorisations: { paidFen: string; payableFen: string }[];
  }>(fundOf(world));
  expect(paid.authorisations[0]).toMatchObject({ authorisation, paidFen: String(stageFen), payableFen: '0' });

  await card.getByText('拟写结清', { exact: true }).click();
  const acceptance = fileOf('竣工验收.pdf', '竣工验收报告');
  await card.getByLabel('验收文件，或说明为何不再施工的文件').setInputFiles(acceptance);
  await review.last().click();
  const restYuan = yuanOf(capFen - stageFen).replace(/\B(?=(\d{3})+\.)/g, ',');
  await card.getByText(`尚冻结的 ${restYuan} 元退回各户分户账`).waitFor();
  await card.getByRole('button', { name: '拟写，等两人签署' }).click();
  await card.getByText('已拟写，等待两人签署').waitFor();
  await signTogether(page, '结清一项维修资金列支', world.officers.street, {
    '验收文件，或说明为何不再施工的文件': acceptance,
  });
  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  await card.getByText('已结清', { exact: true }).waitFor();
  expect(complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await context.close();
}, 240_000);

it('an emergency: allowed by a declaration, refused field by field, drafted with its danger and account, signed by two, listed to be held', async () => {
  const { demo, community, officers } = world;
  const { page, context, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 癸', '442000197707070077');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const section = page.locator('section.sheet', { hasText: '危及人身、房屋安全' });
  await section.getByText('本小区没有开通紧急维修', { exact: true }).waitFor();
  expect(await section.getByText('拟写一项紧急维修').count()).toBe(0);
  await section.getByText('拟写开通紧急维修', { exact: true }).click();
  const review = section.getByRole('button', { name: '查看将要签署的内容' });
  await review.click();
  await section.getByText('请选择文件', { exact: true }).waitFor();
  const rules = fileOf('管理规约.pdf', '管理规约第二十条');
  const ruleFile = section.getByLabel('管理规约或当地规定的文件');
  await ruleFile.first().setInputFiles(rules);
  await review.click();
  await section.getByText('开通紧急维修：危及安全时，由街道办和另一名工作人员签署即可先修、后公布').waitFor();
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  await section.getByRole('link', { name: '到管理页签署' }).waitFor();
  await signTogether(page, '开通紧急维修', officers.regulator, { 管理规约或当地规定的文件: rules });

  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  await section.getByText('本小区已开通紧急维修').waitFor();
  await section.getByText('拟写凭新的文件继续开通紧急维修', { exact: true }).click();
  await ruleFile.last().setInputFiles(rules);
  await review.click();
  await section.getByText('这就是现在所依据的文件，请选择新的文件').waitFor();
  await ruleFile.last().setInputFiles(fileOf('新规约.pdf', '管理规约第二十一条'));
  await review.click();
  await section.getByText(/^代替现在所依据的文件，指纹 [0-9a-f ]+ …$/).waitFor();
  await expectDecentAt(page, 'fund-declaration-renewed');
  await section.getByRole('button', { name: '返回修改' }).click();
  await section.getByText('拟写凭新的文件继续开通紧急维修', { exact: true }).click();
  await section.getByText('拟写一项紧急维修', { exact: true }).click();
  await review.first().click();
  await section.getByText('请填写收款账号：4至64位数字、字母或短横线').waitFor();
  expect(await section.getByRole('alert').filter({ hasText: '请填写这一项' }).count()).toBe(3);
  await section.getByLabel('情形').selectOption('lift');
  await section.getByLabel('危险情况：').fill('1栋电梯钢丝绳断股，已停梯。\n有老人住在高层。');
  await section.getByLabel('批准金额，即上限（元）').fill('3,600.50');
  await section.getByText('大写：叁仟陆佰元伍角整').waitFor();
  await section.getByLabel('用途（公开）').fill('更换电梯钢丝绳');
  await section.getByLabel('收款方（公开）').fill('演示电梯有限公司');
  await section.getByLabel('收款账号', { exact: true }).fill('4420 0001 2345 6789 0071');
  await section.getByLabel('由谁分摊').selectOption('buildings');
  await section.getByLabel('楼栋名称，用顿号分开').fill('1栋、99栋');
  const [report, quotation] = [fileOf('报告.pdf', '电梯检验报告'), fileOf('报价.pdf', '报价单')];
  await section.getByLabel('危险情况报告的文件').setInputFiles(report);
  await section.getByLabel('报价文件').setInputFiles(quotation);
  await review.first().click();
  await section.getByText('名册里没有：99栋').waitFor();
  await expectDecentAt(page, 'fund-emergency-refused');
  await section.getByLabel('楼栋名称，用顿号分开').fill('1栋');
  await review.first().click();
  await section.getByText('批准金额（上限）3,600.50 元（大写：叁仟陆佰元伍角整）').waitFor();
  await section.getByText('收款账号 4420 0001 2345 6789 0071（不公开）').waitFor();
  await expectDecentAt(page, 'fund-emergency');
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  const kept = page.waitForEvent('download');
  await section.getByRole('button', { name: '下载收款账号文件' }).click();
  const openings = JSON.parse(await readFile(await (await kept).path(), 'utf8')) as { number: string }[];
  expect(openings).toMatchObject([{ payee: '演示电梯有限公司', number: '44200001234567890071' }]);
  await signTogether(page, '批准一项紧急维修', officers.street, {
    危险情况报告的文件: report,
    报价文件: quotation,
  });

  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  const card = page.locator('li.sheet', { hasText: '更换电梯钢丝绳' });
  await card.getByText('还没有冻结').waitFor();
  await card.getByText('3,600.50 元', { exact: true }).waitFor();
  expect(complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await context.close();
}, 240_000);

it('a refund: of a unit that the register lists no more, refused until all is given, back whole, signed with the regulator', async () => {
  const { demo, community, officers, generated } = world;
  const { client } = officers.committee;
  const { units } = await client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
  // No authorisation has a share in another building.
  const gone = present(
    units.findLast(({ kind, building }) => kind === 'dwelling' && building !== '1栋'),
    'a dwelling elsewhere',
  );
  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 子', '442000197606060066');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const section = page.locator('section.sheet', { hasText: '灭失房屋的返还' });
  await section.getByText(/^现在没有要返还的灭失房屋。/).waitFor();
  expect(await section.getByText('拟写返还').count()).toBe(0);

  const lines = present(fromUtf8(generated.csv), 'our own file').split('\n');
  const cellsOf = ({ building, stair, room }: typeof gone) => [building, stair, room].join(',');
  const without = lines.filter((line) => !line.includes(`,${cellsOf(gone)},`));
  expect(without).toHaveLength(lines.length - 1);
  await importFile(demo.world, officers, community, utf8(without.join('\n')));
  await page.goto('about:blank');
  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  await section.getByText('拟写返还', { exact: true }).click();
  const document = fileOf('灭失证明.pdf', '火灾灭失证明');
  const review = section.getByRole('button', { name: '查看将要签署的内容' });
  const number = section.getByLabel('收款账号', { exact: true });
  await number.fill('6217 0000 1234 5678 901');
  await review.click();
  await section.getByText('请选择一项').waitFor();
  await section.getByText('请选择文件', { exact: true }).waitFor();
  expect(await number.inputValue()).toBe('6217 0000 1234 5678 901');
  await expectDecentAt(page, 'fund-refund-refused');
  await section.getByLabel('哪一户').selectOption(gone.unit);
  await section.getByLabel('房屋灭失或征收文书的文件').setInputFiles(document);
  await review.click();
  await section.getByText(new RegExp(`^哪一户：.*${gone.room}`)).waitFor();
  const whole = section.getByText(/^返还该户全部余额 [\d,.]+ 元（大写：.+）$/);
  const shown = present(await whole.textContent(), 'the amount');
  const today = civilDateAt(demo.clock());
  const interest = { bank: BANK, receipt: '结息1', amountFen: '1000000', valueOn: today };
  await client.post(`${fundOf(world)}/interest`, interest);
  await client.post(`${fundOf(world)}/interest/distributions`, { until: today });
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  await section.getByRole('alert').filter({ hasText: '余额已经变动' }).waitFor();
  expect(await number.inputValue()).toBe('6217 0000 1234 5678 901');
  await expectDecentAt(page, 'fund-refund-stale');
  await page.waitForLoadState('networkidle');
  await review.click();
  expect(await whole.textContent()).not.toBe(shown);
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  await section.getByText('已拟写，等待两人签署').waitFor();
  await signTogether(page, '灭失房屋的维修资金全部返还业主', officers.regulator, {
    房屋灭失或征收文书的文件: document,
  });
  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  await section.getByText('已批准的返还').waitFor();
  await section.getByText(/^尚未拨付 [\d,.]+ 元$/).waitFor();
  await section.getByText('拟写拨付单', { exact: true }).waitFor();
  await context.close();
}, 240_000);

it('public revenue: income at once, spending above the balance refused, a cost signed by two and undone, a half-year that is not over', async () => {
  const { demo, community, officers } = world;
  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 丑', '442000197505050055');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const section = page.locator('section.sheet', { hasText: '共用部位的收入扣除合理成本' });
  await section.getByText('还没有记过公共收益。').waitFor();
  const invoice = fileOf('发票.pdf', '停车费发票');
  await section.getByText('记入一笔收入', { exact: true }).click();
  await section.getByLabel('发生日期').first().fill('');
  await section.getByRole('button', { name: '查看将要记入的内容' }).first().click();
  await section.getByText('请选择日期').waitFor();
  await section.getByText('请选择一项').waitFor();
  await section.getByLabel('科目').first().selectOption('parking');
  await section.getByLabel('金额（元）').first().fill('8000');
  await section.getByLabel('发生日期').first().fill(civilDateAt(demo.clock()));
  await section.getByLabel('事由（公开，不要写姓名和电话）').first().fill('十一月停车收入');
  await section.getByLabel('合同、票据或发票的文件').first().setInputFiles(invoice);
  await section.getByRole('button', { name: '查看将要记入的内容' }).first().click();
  await section.getByText('公共收益收入 8,000.00 元（大写：捌仟元整）：停车').waitFor();
  await section.getByRole('button', { name: '记入账簿' }).click();
  await section.getByText('余额 8,000.00 元', { exact: true }).waitFor();

  await section.getByText('拟写一笔支出', { exact: true }).click();
  await section.getByLabel('科目').selectOption('tax');
  await section.getByLabel('金额（元）').fill('8000.01');
  await section.getByLabel('事由（公开，不要写姓名和电话）').fill('停车收入增值税');
  await section.getByLabel('合同、票据或发票的文件').first().setInputFiles(invoice);
  const review = section.getByRole('button', { name: '查看将要签署的内容' });
  await review.first().click();
  await section.getByText('超过了余额 8,000.00 元').waitFor();
  await expectDecentAt(page, 'fund-revenue-refused');
  await section.getByLabel('金额（元）').fill('480');
  await review.first().click();
  await section.getByText('记账后余额 7,520.00 元').waitFor();
  await expectDecentAt(page, 'fund-revenue');
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  await section.getByText('已拟写，等待两人签署').waitFor();
  await signTogether(page, '公共收益支出或冲回', officers.street, {
    '合同、票据或发票的文件': invoice,
  });

  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  await section.getByText('余额 7,520.00 元', { exact: true }).waitFor();
  await section
    .getByText(/支出 480.00 元 · 成本 · 税费 · 停车收入增值税$/)
    .first()
    .waitFor();
  await section.getByText('拟写冲回', { exact: true }).click();
  await section.getByLabel('冲回哪一笔').selectOption({ index: 1 });
  await section.getByLabel('冲回的原因（公开）').fill('税款退回');
  await section.getByLabel('合同、票据或发票的文件').last().setInputFiles(invoice);
  await review.last().click();
  await section.getByText(/^冲回：.*支出 480.00 元/).waitFor();
  await section.getByRole('button', { name: '拟写，等两人签署' }).click();
  await section.getByText('已拟写，等待两人签署').waitFor();
  await signTogether(page, '公共收益支出或冲回', officers.street, {
    '合同、票据或发票的文件': invoice,
  });

  await page.goto(`${demo.world.origin}/console/fund#${community}`);
  await section.getByText('余额 8,000.00 元', { exact: true }).waitFor();
  await section.locator('summary', { hasText: /^公布\d{4}年[上下]半年$/ }).click();
  await section.getByRole('button', { name: '查看将要记入的内容' }).last().click();
  await section.getByText('收入 8,480.00 元，支出 480.00 元，共 3 笔').waitFor();
  await section.getByRole('button', { name: '记入账簿' }).click();
  await section.getByText('这半年还没有结束').waitFor();
  await context.close();
}, 240_000);

it('an emergency found unlawful: annulled by the regulator over its order, its accrual cancelled, what was held and claimed gone back', async () => {
  const { demo, officers } = world;
  const { committee, street, regulator } = officers;
  type Book = { authorisations: { authorisation: string; purpose: string; heldFen: string }[] };
  const named = async (purpose: string): Promise<string> => {
    const { authorisations } = await committee.client.get<Book>(fundOf(world));
    return present(
      authorisations.find((one) => one.purpose === purpose),
      purpose,
    ).authorisation;
  };
  const hash = (text: string) => toBase64Url(sha256(utf8(text)));
  const lift = `${fundOf(world)}/authorisations/${await named('更换电梯钢丝绳')}`;
  await committee.client.post(`${lift}/hold`);
  const accrual = { amountFen: '100000', stage: 'advance', acceptanceHash: hash('电梯验收') };
  await committee.client.post(`${lift}/accruals`, accrual);
  // Nobody has so much, the developer neither.
  const flood = {
    category: 'drains',
    text: '全小区排水堵塞。',
    capFen: '90000000000',
    payee: '演示疏浚有限公司',
    payeeOpening: { salt: toBase64Url(demo.world.random(16)), number: '44200001234567890072' },
    purpose: '疏通排水',
    reportHash: hash('排水报告'),
    quotationHash: hash('疏浚报价'),
    units: { kind: 'community', members: [] },
  };
  const draft = () => committee.client.post<{ act: string }>(`${fundOf(world)}/emergencies`, flood);
  await actTogether(demo.world, draft, [committee, street]);
  const drains = await named('疏通排水');
  await committee.client.post(`${fundOf(world)}/authorisations/${drains}/claim`);

  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 寅', '442000197202020022');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const cards = page.locator('li.sheet', { hasText: '批准金额' });
  const claimed = cards.filter({ hasText: '疏通排水' });
  await claimed.getByText(/^[\d,.]+ 元（\d+ 套未售或未交付的房屋）$/).waitFor();
  await claimed.getByText('记建设单位应补的分摊', { exact: true }).click();
  await claimed.getByRole('button', { name: '查看将要记入的内容' }).click();
  await claimed.getByText(/^建设单位 \d+ 套房屋现在应补 [\d,.]+ 元（大写：.+），记入账簿并公开$/).waitFor();
  await expectDecentAt(page, 'fund-claim');
  await claimed.getByRole('button', { name: '记入账簿' }).click();
  await claimed.getByText('已记入账簿').waitFor();
  await claimed.getByText('拟写结清', { exact: true }).click();
  await claimed
    .getByLabel('验收文件，或说明为何不再施工的文件')
    .setInputFiles(fileOf('说明.pdf', '不再施工'));
  await claimed.getByRole('button', { name: '查看将要签署的内容' }).click();
  await claimed.getByText(/^已记的建设单位应补 .+ 随之注销，不再收取$/).waitFor();
  expect(await page.getByText('拟写撤销这项紧急维修').count()).toBe(0);
  await context.close();

  const office = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, office.page, 'regulator', '演示住建 卯', '442000197101010011');
  await office.page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const card = office.page.locator('li.sheet', { hasText: '更换电梯钢丝绳' });
  await card.getByText('拟写撤销这项紧急维修', { exact: true }).click();
  const review = card.getByRole('button', { name: '查看将要签署的内容' });
  await review.click();
  await card.getByText('请选择文件', { exact: true }).waitFor();
  const order = fileOf('行政决定.pdf', '中住建监〔2027〕1号');
  await card.getByLabel('行政决定或裁判文书的文件').setInputFiles(order);
  await review.click();
  await card.getByText('尚冻结的 2,600.50 元和已验收未付的 1,000.00 元，以后冲回、退回各户').waitFor();
  await expectDecentAt(office.page, 'fund-annulment');
  await card.getByRole('button', { name: '拟写，等两人签署' }).click();
  await card.getByText('已拟写，等待两人签署').waitFor();
  await signTogether(office.page, '撤销一项紧急维修', street, { 裁判文书或行政决定的文件: order });
  const annul = () =>
    regulator.client.post<{ act: string }>(`${fundOf(world)}/emergencies/${drains}/annulments`, {
      documentHash: hash('中住建监〔2027〕2号'),
    });
  await actTogether(demo.world, annul, [regulator, street]);
  expect(office.complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await office.context.close();

  const desk = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, desk.page, 'committee', '演示委员 辰', '442000197010101010');
  await desk.page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const revoked = desk.page.locator('li.sheet', { hasText: '更换电梯钢丝绳' });
  await revoked.getByText('还有已验收未付的 1,000.00 元，要先冲回，再解冻余额。').waitFor();
  for (const name of ['拟写拨付单', '解冻余额', '凭验收文件确认应付'])
    expect(await revoked.getByText(name, { exact: true }).count(), name).toBe(0);
  await revoked.getByText('冲回应付', { exact: true }).click();
  const entry = revoked.getByRole('button', { name: '查看将要记入的内容' });
  await entry.click();
  await revoked.getByText('请选择一项').waitFor();
  await revoked.getByLabel('冲回哪一笔').selectOption({ index: 1 });
  await revoked.getByLabel('冲回的原因（写在账簿上）').fill('紧急维修已撤销');
  await entry.click();
  await revoked.getByText(/^冲回第\d+笔：预付款 1,000\.00 元（大写：壹仟元整） 由应付退回冻结/).waitFor();
  await expectDecentAt(desk.page, 'fund-cancellation');
  await revoked.getByRole('button', { name: '记入账簿' }).click();
  for (const [one, fact] of [
    [revoked, '解冻 3,600.50 元（大写：叁仟陆佰元伍角整），退回各户分户账'],
    [desk.page.locator('li.sheet', { hasText: '疏通排水' }), /^注销已记的建设单位应补 .+，没有冻结的金额$/],
  ] as const) {
    await one.getByText('解冻余额', { exact: true }).click();
    await one.getByRole('button', { name: '查看将要记入的内容' }).click();
    await one.getByText(fact).waitFor();
    await one.getByRole('button', { name: '记入账簿' }).click();
    await one.getByText('解冻余额', { exact: true }).waitFor({ state: 'hidden' });
  }
  const { authorisations } = await committee.client.get<Book>(fundOf(world));
  expect(authorisations.map(({ heldFen }) => heldFen)).toEqual(['0', '0', '0']);
  expect(desk.complaints.filter((each) => !/pubKeyCredParams/.test(each))).toEqual([]);
  await desk.context.close();
}, 240_000);

it('whoever is not signed in or has another role is told so, and the regulator sees findings and may declare, not book', async () => {
  const { demo, community } = world;
  const { page, context } = await watchedPage(browser, { width: 390, height: 844 });
  const address = `${demo.world.origin}/console/fund#${community}`;
  await page.goto(address);
  await page.getByText('请先在管理页用通行密钥登录，再回到本页。').waitFor();
  expect(await page.getByText('列支授权').count()).toBe(0);
  await expectDecent(page, 'fund-nobody');
  await enrolOfficer(world, page, 'clerk', '演示文员', '442000197404040044');
  expect(await page.getByRole('link', { name: '办理维修资金' }).count()).toBe(0);
  await page.goto(address);
  await page.getByText('业主委员会、街道办和住建局的经办人可以使用本页。').waitFor();
  await context.close();

  const regulator = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, regulator.page, 'regulator', '演示住建', '442000197303030033');
  await regulator.page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  await regulator.page.getByText('需要核查的事项').waitFor();
  await regulator.page.getByText('拟写停用紧急维修', { exact: true }).waitFor();
  await regulator.page.locator('li.sheet', { hasText: '批准金额' }).first().waitFor();
  await regulator.page.getByText('由业主委员会或街道办的经办人办理。').waitFor();
  const booking = ['冻结列支金额', '拟写结清', '拟写一项紧急维修', '记入一笔收入', '拟写一笔支出'];
  for (const name of [...booking, '拟写专户划转', '查找要冲回的交存', '记入结息'])
    expect(await regulator.page.getByText(name, { exact: true }).count(), name).toBe(0);
  await expectDecent(regulator.page, 'fund-regulator');
  await regulator.context.close();
}, 240_000);
