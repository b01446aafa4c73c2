// Goal: an officer closes work only with its document of acceptance in hand, and everybody reads then that it is closed and what went back.
// Method: the whole service, a roof that is paid in part, the committee's console in Chromium with a wrong file and the right one.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import { fundOf, roofUnderRepair } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console closing');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('the committee compares the document before it signs, and the public page shows the closing', async () => {
  const { demo, community, officers } = world;
  const { authorisation } = await roofUnderRepair(world);
  const document = utf8('屋面防水竣工验收单');
  const { act } = await officers.committee.client.post<{ act: string }>(
    `${fundOf(world)}/authorisations/${authorisation}/closings`,
    { documentHash: toBase64Url(sha256(document)) },
  );
  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 壬', '442000198909090099');
  const sheet = page.locator('li.sheet', { hasText: `结清一项维修资金列支（编号 ${authorisation}）` });
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: '签署' });
  const choose = (bytes: Uint8Array) =>
    dialog
      .getByLabel('验收文件，或说明为何不再施工的文件')
      .setInputFiles({ name: '验收单.pdf', mimeType: 'application/pdf', buffer: Buffer.from(bytes) });
  await choose(utf8('另一份验收单'));
  await dialog.getByText('这个文件与签署内容不符。请不要签署。').waitFor();
  expect(await button.isDisabled()).toBe(true);
  await choose(document);
  await dialog.getByText('与本件所列的文件一致').waitFor();
  await expectDecent(page, 'closing');
  await button.click();
  await dialog.waitFor({ state: 'hidden' });
  await signBy(demo.world, act, [officers.street]);
  await demo.world.beatNow();

  await page.goto(`${demo.world.origin}/communities/${community}/fund`);
  await page.getByText('已结清', { exact: true }).waitFor();
  await page.getByText('没有用完的退回了各户：公开日志第').waitFor();
  await page.getByText('尚未公布：月份结束、与银行对清以后公布。').first().waitFor();
  await expectDecent(page, 'closed-fund');
  const held = await demo.service.deps.db
    .selectFrom('fund_account')
    .select('balance_fen')
    .where('kind', '=', 'unit_held')
    .where('balance_fen', '>', 0n)
    .execute();
  expect(held).toEqual([]);
  await context.close();
}, 240_000);
