// Goal: an officer signs that a resolution or an emergency is annulled only with the judgment or the order itself in hand. Method: the whole service, an act as the
// fund drafts it, the street office's console in Chromium with a wrong file and with the right one.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { ok, taken } from '../../src/base/result.ts';
import { signAsRoot } from '../../src/cli/demo/officer.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { draftAct, inDraft } from '../../src/officers/acts.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { accepted } from '../fund/fund-world.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import { rootActAnswer } from './root-act.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console annulment');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('the street office compares the judgment before it signs an annulment, and the order where it is of an emergency', async () => {
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

  const judgment = utf8('(2027)粤2071民终1号');
  const [meeting, proposal] = [newId(deps.random), newId(deps.random)];
  const documentHash = toBase64Url(sha256(judgment));
  const drafted = await inDraft(deps, async (tx) => {
    const entry = { v: 1, kind: 'resolution.annulled', community, meeting, proposal, documentHash } as const;
    return ok({ act: await draftAct(tx, deps, { entry, details: {}, draftedBy: 'test' }) });
  });
  const { act } = accepted(drafted);
  const order = utf8('中住建监〔2027〕1号');
  const authorisation = newId(deps.random);
  await inDraft(deps, async (tx) => {
    const found = { v: 1, kind: 'emergency.annulled', community, authorisation } as const;
    const entry = { ...found, documentHash: toBase64Url(sha256(order)) };
    return ok({ act: await draftAct(tx, deps, { entry, details: {}, draftedBy: 'test' }) });
  });

  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: generated.name }).waitFor();
  const sheet = page.locator('li.sheet', { hasText: `撤销决议：会议 ${meeting} 的议案 ${proposal}` });
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: '签署' });
  const choose = (bytes: Uint8Array) =>
    dialog
      .getByLabel('裁判文书或行政决定的文件')
      .setInputFiles({ name: '判决书.pdf', mimeType: 'application/pdf', buffer: Buffer.from(bytes) });
  await choose(utf8('另一份判决书'));
  await dialog.getByText('这个文件与签署内容不符。请不要签署。').waitFor();
  expect(await button.isDisabled()).toBe(true);
  await choose(judgment);
  await dialog.getByText('与本件所列的文书一致').waitFor();
  await expectDecent(page, 'annulment');
  await button.click();
  await dialog.waitFor({ state: 'hidden' });
  const signed = await deps.db.selectFrom('act_signature').select('role').where('act_id', '=', act).execute();
  expect(signed).toEqual([{ role: 'street' }]);

  const emergency = page.locator('li.sheet', { hasText: `撤销一项紧急维修（编号 ${authorisation}）` });
  await emergency.getByRole('button', { name: '签署' }).click();
  await choose(judgment);
  await dialog.getByText('这个文件与签署内容不符。请不要签署。').waitFor();
  expect(await button.isDisabled()).toBe(true);
  await choose(order);
  await dialog.getByText('与本件所列的文书一致').waitFor();
  await expectDecent(page, 'annulment-emergency');
  await button.click();
  await dialog.waitFor({ state: 'hidden' });
  await context.close();
}, 240_000);
