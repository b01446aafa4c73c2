// Goal: a committee puts its community's own rules into force over a document: refused in words, compared by file before it is signed,
// readable by anybody and printable (SPEC 5.2). Method: the whole service, Chromium with a virtual authenticator.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

const TEXT = '第十条 一名代理人最多接受两名业主委托。\n第十一条 凭信函可以改票一次。';
const FILE = { name: 'rules.pdf', mimeType: 'application/pdf', buffer: Buffer.from('议事规则') };
let world: WebWorld;
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('rules');
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

describe('own rules', () => {
  it('are written down by the committee, compared with their document, signed, and then read by anybody', async () => {
    const { demo, community, officers } = world;
    const open = await watchedPage(browser);
    await open.page.goto(`${demo.world.origin}/communities/${community}/rules`);
    await open.page.getByText('本小区没有通过自己的议事规则').waitFor();

    const { page, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, page, 'committee', '演示委员 丙', '442000198303030033');
    await page.getByText('没有另行规定,按法定规则').waitFor();
    await page.getByText('登记新的议事规则').click();
    await page.getByLabel('通过日期').fill('2026-01-05');
    await page.getByLabel('规则条文').fill(TEXT);
    await page.getByRole('button', { name: '拟定生效' }).click();
    await page.getByText('二者选一').waitFor();
    await page.getByLabel('通过的方式').selectOption('document');
    await page.getByLabel('载有规则的文件').setInputFiles(FILE);
    await page.getByText('规则写明的各项').click();
    await page.getByLabel('proxyCap').fill('2');
    await page.getByLabel('letterRevote').selectOption('true');
    await expectDecent(page, 'rules-form');
    await page.getByRole('button', { name: '拟定生效' }).click();
    await page.getByText('已拟定,两名人员签署后生效').waitFor();

    const act = present(
      await demo.service.deps.db
        .selectFrom('act')
        .select('act_id')
        .where('kind', '=', 'rules.adopted')
        .executeTakeFirst(),
      'the act',
    ).act_id;
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    const sheet = page.locator('li.sheet', { has: page.getByRole('heading', { name: '议事规则生效' }) });
    await sheet.getByRole('button', { name: '签署' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('第十一条 凭信函可以改票一次。').waitFor();
    const own = dialog.getByLabel('载有规则的文件');
    await own.setInputFiles({ ...FILE, buffer: Buffer.from('别的文件') });
    await dialog.getByText('这个文件与签署内容不符。请不要签署。').waitFor();
    expect(await dialog.getByRole('button', { name: '签署' }).isDisabled()).toBe(true);
    await own.setInputFiles(FILE);
    await dialog.getByText('文件与签署内容一致').waitFor();
    await expectDecent(page, 'rules-sign');
    await dialog.getByRole('button', { name: '签署' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await signBy(demo.world, act, [officers.street]);
    await demo.world.beatNow();
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    await page.getByText('2026年1月5日通过的规则正在适用').waitFor();

    await open.page.reload();
    await open.page.getByText('第十条 一名代理人最多接受两名业主委托。').waitFor();
    expect(await open.page.getByText('本小区规定').count()).toBe(2);
    await expectDecent(open.page, 'rules-public');
    for (const each of [complaints, open.complaints])
      expect(each.filter((text) => !text.includes('pubKeyCredParams'))).toEqual([]);
  }, 180_000);
});
