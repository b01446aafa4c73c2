// Goal: an officer signs a refund only when he has read home, amount and account, and has the document of the unit's end in hand. Method:
// the whole service, an act as the fund drafts it, the street office's console in Chromium with a wrong file and with the right one.
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
import { refundForm, refundHash } from '../../src/record/fund.ts';
import { accepted } from '../fund/fund-world.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import { rootActAnswer } from './root-act.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console refund');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('the street office compares the document before it signs a refund', async () => {
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

  const document = utf8('火灾灭失证明 2026-11');
  const opening = { salt: toBase64Url(deps.random(16)), number: '44200001234567890071' };
  const authorisation = newId(deps.random);
  const bytes = refundForm.bytes({
    v: 1,
    kind: 'refund',
    authorisation,
    community,
    unit: newId(deps.random),
    account: '负债:分户账:1幢:101:可用',
    amountFen: '181410800',
    payeeAccount: openedAccountHash(opening),
    documentHash: toBase64Url(sha256(document)),
    nonce: toBase64Url(deps.random(16)),
  });
  const drafted = await inDraft(deps, async (tx) => {
    const entry = {
      v: 1,
      kind: 'refund.authorised',
      community,
      authorisation,
      refundHash: refundHash(bytes),
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
  const sheet = page.locator('li.sheet', { hasText: '灭失房屋的维修资金全部返还业主' });
  // A service that shows another number than the one under the hash: the document alone opens nothing.
  const account = '**/fund/acts/*/account';
  const other = { ...opening, number: '6217000012345678901' };
  await page.route(account, (request) => request.fulfill({ json: other }));
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: '签署' });
  await dialog.getByText('返还金额（该户全部余额）：1,814,108.00 元').waitFor();
  await dialog.getByText('哪一户：负债:分户账:1幢:101:可用').waitFor();
  const choose = (bytes: Uint8Array) =>
    dialog
      .getByLabel('房屋灭失或征收文书的文件')
      .setInputFiles({ name: '灭失证明.pdf', mimeType: 'application/pdf', buffer: Buffer.from(bytes) });
  await dialog.getByText('看不到收款账号，或账号与签署内容不符。请不要签署。').waitFor();
  await choose(document);
  await dialog.getByText('与本件所列的文书一致').waitFor();
  expect(await button.isDisabled()).toBe(true);
  expect(await dialog.getByText('6217').count()).toBe(0);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.unroute(account);
  await sheet.getByRole('button', { name: '签署' }).click();
  await dialog.getByText('收款账号：4420 0001 2345 6789 0071').waitFor();
  await choose(utf8('另一份证明'));
  await dialog.getByText('这个文件与签署内容不符。请不要签署。').waitFor();
  expect(await button.isDisabled()).toBe(true);
  await choose(document);
  await dialog.getByText('与本件所列的文书一致').waitFor();
  await expectDecent(page, 'refund');
  await button.click();
  await dialog.waitFor({ state: 'hidden' });
  const signed = await deps.db.selectFrom('act_signature').select('role').where('act_id', '=', act).execute();
  expect(signed).toEqual([{ role: 'street' }]);
  await context.close();
}, 240_000);
