// Goal: an officer signs an emergency only when he has read danger, amount and payee, and has report and quotation in hand; spending likewise. Method: the
// whole service, an act as the fund drafts it, the street office's console in Chromium with a wrong file and with the right ones.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { ok, taken } from '../../src/base/result.ts';
import { signAsRoot } from '../../src/cli/demo/officer.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { keepOpening, openedAccountHash } from '../../src/fund/account-opening.ts';
import { draftAct, inDraft } from '../../src/officers/acts.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { emergencyForm, emergencyHash } from '../../src/record/emergency.ts';
import { revenueEntryForm, revenueEntryHash } from '../../src/record/revenue.ts';
import { accepted } from '../fund/fund-world.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import { rootActAnswer } from './root-act.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console emergency');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('the street office compares report and quotation of an emergency, and the invoice of spending, before it signs', async () => {
  const { demo, community, officers, generated } = world;
  const { deps } = demo.service;
  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  const person = { name: '演示街道', docKind: 'resident-id', number: '442000198505050055' };
  const invited = taken(await invite(deps, { community, role: 'street', ...person }));
  await addAuthenticator(page);
  await page.goto(`${demo.world.origin}/console/enrol#${invited.enrolment}.${invited.code}`);
  await page.getByLabel('显示名称').fill(person.name);
  await page.getByRole('button', { name: '登记' }).click();
  const text = await page.getByText('任命事项编号').textContent();
  const appointed = present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id');
  await signAsRoot(demo.world, officers.street.client, await rootActAnswer(deps, appointed), demo.root);
  await demo.world.beatNow();

  const [report, quotation] = [utf8('电梯检验报告 2026-12'), utf8('报价单 2026-12')];
  const opening = { salt: toBase64Url(deps.random(16)), number: '44200001234567890071' };
  const authorisation = newId(deps.random);
  const bytes = emergencyForm.bytes({
    v: 1,
    kind: 'emergency',
    authorisation,
    community,
    category: 'lift',
    text: '1幢电梯钢丝绳断股，已停梯。\n有老人被困在10楼以上。',
    capFen: '181410800',
    payee: '中山某某电梯有限公司',
    payeeAccount: openedAccountHash(opening),
    purpose: '更换电梯钢丝绳',
    reportHash: toBase64Url(sha256(report)),
    quotationHash: toBase64Url(sha256(quotation)),
    register: newId(deps.random),
    units: { kind: 'community', members: [] },
    shares: [{ unit: newId(deps.random), areaDm2: '8888', amountFen: '181410800', remainder: '0' }],
    nonce: toBase64Url(deps.random(16)),
  });
  const drafted = await inDraft(deps, async (tx) => {
    const entry = {
      v: 1,
      kind: 'emergency.authorised',
      community,
      authorisation,
      emergencyHash: emergencyHash(bytes),
    } as const;
    const details = { record: toBase64Url(bytes) };
    const act = await draftAct(tx, deps, { entry, details, draftedBy: 'test' });
    await keepOpening(tx, deps, { community, act }, opening);
    return ok({ act });
  });
  const { act } = accepted(drafted);

  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: generated.name }).waitFor();
  const sheet = page.locator('li.sheet', { hasText: '批准一项紧急维修' });
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: '签署' });
  await dialog.getByText('批准金额（上限）：1,814,108.00 元').waitFor();
  await dialog.getByText('情形：电梯故障').waitFor();
  await dialog.getByText('收款账号：4420 0001 2345 6789 0071').waitFor();
  await dialog.getByText('列支范围：全小区').waitFor();
  await dialog.getByText(/套房屋按面积分摊，面积共 [\d.]+ ㎡/).waitFor();
  await dialog.getByText('有老人被困在10楼以上。').waitFor();
  const choose = (label: string, bytes: Uint8Array) =>
    dialog
      .getByLabel(label, { exact: true })
      .setInputFiles({ name: '文件.pdf', mimeType: 'application/pdf', buffer: Buffer.from(bytes) });
  await choose('危险情况报告的文件', report);
  await dialog.getByText('与本件所列的文件一致').waitFor();
  expect(await button.isDisabled()).toBe(true);
  await choose('报价文件', report);
  await dialog.getByText('这个文件与签署内容不符。请不要签署。').waitFor();
  expect(await button.isDisabled()).toBe(true);
  await choose('报价文件', quotation);
  await dialog.getByText('这个文件与签署内容不符。请不要签署。').waitFor({ state: 'hidden' });
  await expectDecent(page, 'emergency');
  await button.click();
  await dialog.waitFor({ state: 'hidden' });
  // The same officer reads what goes out of the public revenue, and signs only with the invoice in hand.
  const invoice = utf8('发票 2026-12');
  const spent = revenueEntryForm.bytes({
    v: 1,
    kind: 'revenue-entry',
    community,
    entry: authorisation,
    entryKind: 'cost',
    heading: 'tax',
    bookedOn: '2026-11-28',
    amountFen: '-600000',
    text: '停车收入增值税',
    documentHash: toBase64Url(sha256(invoice)),
    meeting: '',
    proposal: '',
    reverses: '',
    nonce: toBase64Url(deps.random(16)),
  });
  accepted(
    await inDraft(deps, async (tx) => {
      const revenueHash = revenueEntryHash(spent);
      const entry = { v: 1, kind: 'revenue.spent', community, entry: authorisation, revenueHash } as const;
      const details = { record: toBase64Url(spent) };
      return ok({ act: await draftAct(tx, deps, { entry, details, draftedBy: 'test' }) });
    }),
  );
  await page.getByRole('button', { name: '刷新', exact: true }).click();
  const revenue = page.locator('li.sheet', { hasText: '公共收益支出或冲回' });
  await revenue.getByRole('button', { name: '签署' }).click();
  await dialog.getByText('从公共收益支出 6,000.00 元：成本，税费').waitFor();
  await choose('合同、票据或发票的文件', report);
  await dialog.getByText('这个文件与签署内容不符。请不要签署。').waitFor();
  expect(await button.isDisabled()).toBe(true);
  await choose('合同、票据或发票的文件', invoice);
  await dialog.getByText('与本件所列的文件一致').waitFor();
  await expectDecent(page, 'revenue');
  await button.click();
  await dialog.waitFor({ state: 'hidden' });
  const signed = await deps.db.selectFrom('act_signature').select('role').where('act_id', '=', act).execute();
  expect(signed).toEqual([{ role: 'street' }]);
  await context.close();
}, 240_000);
