// Goal: anybody reads a community's fund without scripts: balance, resolutions and emergencies with split and payments, months,
// checkpoint, and no household. Method: the whole service with a roof under repair, Chromium with JavaScript off, compared with the stored sums.
import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { showYuan } from '../../src/base/fen.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { hexGroups } from '../../src/web/kit/fingerprint.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { fundOf, roofUnderRepair } from './fund-story.ts';
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

it('an emergency stands there with its text once two officers signed it, and is no link to a vote', async () => {
  const { committee, street, regulator } = world.officers;
  const hash = (text: string): string => toBase64Url(sha256(utf8(text)));
  const declaration = { emergencies: 'allowed', documentHash: hash('管理规约 2026') };
  await actTogether(
    world.demo.world,
    () => street.client.post(`${fundOf(world)}/emergency-declarations`, declaration),
    [street, regulator],
  );
  const lift = {
    category: 'lift',
    text: '1栋电梯钢丝绳断股，已停梯。\n有老人被困在10楼以上。',
    capFen: '300000',
    payee: '岐江电梯工程有限公司',
    payeeOpening: { salt: toBase64Url(new Uint8Array(16).fill(7)), number: '44050178020800000321' },
    purpose: '更换1栋电梯钢丝绳',
    reportHash: hash('检验报告'),
    quotationHash: hash('报价单'),
    units: { kind: 'buildings', members: ['1栋'] },
  };
  await actTogether(world.demo.world, () => committee.client.post(`${fundOf(world)}/emergencies`, lift), [
    committee,
    street,
  ]);
  await world.demo.world.beatNow();
  const listed = (await (await fetch(`${world.demo.service.url}${fundOf(world)}/emergencies`)).json()) as {
    readonly rule: { readonly emergencies: string };
    readonly emergencies: readonly {
      readonly authorisation: string;
      readonly text: string;
      readonly logIndex: number | null;
    }[];
  };
  expect(listed.rule.emergencies).toBe('allowed');
  expect(listed.emergencies.map(({ text }) => text)).toEqual([lift.text]);
  expect(listed.emergencies[0]?.logIndex).toBeGreaterThan(0);

  const { page, context, complaints } = await watchedPage(browser, { width: 360, height: 740 });
  await page.goto(`${world.demo.world.origin}/communities/${world.community}/fund`);
  const sheet = page.locator('li.sheet', { hasText: '紧急维修：电梯故障' });
  const charge = (await sheet.textContent()) ?? '';
  for (const text of ['没有经过表决', '有老人被困在10楼以上。', '分摊范围：1栋。', '3,000.00 元', lift.payee])
    expect(charge).toContain(text);
  expect(await sheet.getByRole('link').count()).toBe(0);
  expect(await page.locator('main').textContent()).toContain('本小区已开通紧急维修');
  await expectDecent(page, 'fund-page-emergency');

  const { authorisation = '' } = listed.emergencies[0] ?? {};
  const order = { documentHash: hash('中住建监〔2027〕1号') };
  await actTogether(
    world.demo.world,
    () => regulator.client.post(`${fundOf(world)}/emergencies/${authorisation}/annulments`, order),
    [regulator, street],
  );
  await world.demo.world.beatNow();
  await page.reload();
  await sheet.getByText('紧急维修已撤销', { exact: true }).waitFor();
  const found = (await sheet.textContent()) ?? '';
  for (const text of ['监管部门认定这一项不应作紧急维修', hexGroups(order.documentHash, 16).join(' ')])
    expect(found).toContain(text);
  expect(found).not.toContain('另行追偿');
  await expectDecent(page, 'fund-page-emergency-annulled');
  expect(complaints).toEqual([]);
  await context.close();
}, 120_000);

it('the public revenue stands there entry by entry, and what two officers spent', async () => {
  const { committee, street } = world.officers;
  const base = `/v1/communities/${world.community}/revenue`;
  const documentHash = toBase64Url(sha256(utf8('合同')));
  const facts = { bookedOn: '2026-11-01', documentHash };
  const parking = { ...facts, heading: 'parking', amountFen: '1200000', text: '地面车位11月租金' };
  await committee.client.post(`${base}/incomes`, parking);
  const tax = { ...facts, entryKind: 'cost', heading: 'tax', amountFen: '60000', text: '增值税' };
  const transfer = { ...facts, entryKind: 'transfer', amountFen: '500000', text: '转入维修资金专户' };
  for (const body of [tax, transfer])
    await actTogether(world.demo.world, () => committee.client.post(`${base}/spendings`, body), [
      committee,
      street,
    ]);
  await world.demo.world.beatNow();
  const { page, context, complaints } = await watchedPage(browser, { width: 360, height: 740 });
  await page.goto(`${world.demo.world.origin}/communities/${world.community}/fund`);
  const section = page.locator('section.sheet', { has: page.getByRole('heading', { name: '公共收益' }) });
  const text = (await section.textContent()) ?? '';
  for (const line of [
    '现有 6,400.00 元。',
    '收入：停车 12,000.00 元',
    '成本：税费 -600.00 元',
    '转出：维修资金 -5,000.00 元',
  ])
    expect(text).toContain(line);
  await expectDecent(page, 'fund-page-revenue');
  expect(complaints).toEqual([]);
  await context.close();
}, 120_000);
