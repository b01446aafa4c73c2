// Goal: an officer declares an identity provider by a key set of his own, and both officers read its thumbprints from the bytes that they
// sign. Method: the form's reading alone; then the whole service, oidc-provider on loopback, the street office's console in Chromium.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { taken } from '../../src/base/result.ts';
import { signAsRoot, signBy } from '../../src/cli/demo/officer.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { docKindsOf, thumbprintsOf } from '../../src/web/console/provider-form.ts';
import { hexGroups } from '../../src/web/kit/fingerprint.ts';
import type { TestProvider } from '../support/identity-provider.ts';
import { identityProvider } from '../support/identity-provider.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import { rootActAnswer } from './root-act.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let provider: TestProvider;
beforeAll(async () => {
  browser = await launch();
  provider = await identityProvider(() => `${world.demo.world.origin}/mine`);
  const prepareKeys = (dir: string): void => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ kind: 'owners-vote-providers', clients: [provider.client] });
    writeFileSync(join(dir, 'providers.json'), text, { mode: 0o600 });
  };
  world = await webWorld('console provider', { prepareKeys });
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
  await provider?.close();
});

describe('what an officer pastes', () => {
  it('has the thumbprints of its signing keys, each once', () => {
    const point = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
    const [hash = ''] = thumbprintsOf(JSON.stringify(point));
    expect(hash).toHaveLength(43);
    expect(thumbprintsOf(JSON.stringify({ keys: [point, { ...point, kid: 'b' }] }))).toEqual([hash]);
    expect(thumbprintsOf(JSON.stringify({ keys: [{ ...point, use: 'enc' }] }))).toEqual([]);
    for (const wrong of ['', 'x', 'null', '[]', '{"keys":1}', '{"kty":"oct","k":"AA"}'])
      expect(thumbprintsOf(wrong)).toEqual([]);
    expect(thumbprintsOf(JSON.stringify(provider.keySet))).toEqual([provider.thumbprint]);
  });

  it('says line by line which document a value means', () => {
    expect(docKindsOf('111 resident-id\n\n身份证  resident-id')).toEqual([
      { value: '111', docKind: 'resident-id' },
      { value: '身份证', docKind: 'resident-id' },
    ]);
    for (const wrong of ['', '111', '111 Resident']) expect(docKindsOf(wrong)).toBeUndefined();
  });
});

it('the street office declares a provider, compares its thumbprint before it signs, and takes all back', async () => {
  const { demo, community, officers, generated } = world;
  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  const person = { name: '演示街道', docKind: 'resident-id', number: '442000198505050055' };
  const invited = taken(await invite(demo.service.deps, { community, role: 'street', ...person }));
  await addAuthenticator(page);
  await page.goto(`${demo.world.origin}/console/enrol#${invited.enrolment}.${invited.code}`);
  await page.getByLabel('显示名称').fill(person.name);
  await page.getByRole('button', { name: '登记' }).click();
  const text = await page.getByText('任命事项编号').textContent();
  const appointed = present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id');
  // An office appoints nobody to itself.
  const drafted = await rootActAnswer(demo.service.deps, appointed);
  await signAsRoot(demo.world, officers.street.client, drafted, demo.root);
  await demo.world.beatNow();
  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: generated.name }).waitFor();

  await page.locator('summary', { hasText: '加入清单' }).click();
  for (const [label, value] of [
    ['签发者网址（iss）', provider.iss],
    ['业主看到的名称', '政务服务网'],
    ['证件类型的字段名', 'cert_type'],
    ['证件号码的字段名', 'cert_no'],
    ['姓名的字段名', 'name'],
    ['证件类型的值', '111 resident-id'],
    ['平台的公钥（JWK Set）', JSON.stringify(provider.keySet)],
  ] as const)
    await page.getByLabel(label).fill(value);
  const groups = hexGroups(provider.thumbprint, 16).join(' ');
  await page.getByText(groups).first().waitFor();
  await page.getByRole('button', { name: '加入清单' }).click();
  await expectDecent(page, 'provider-form');
  await page.getByRole('button', { name: '拟定声明' }).click();
  const sheet = page.locator('li.sheet', { hasText: '声明可为业主担保的身份提供方：政务服务网' });
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`密钥指纹 ${groups}`).waitFor();
  await dialog.getByRole('button', { name: '签署' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const act = await demo.service.deps.db
    .selectFrom('act')
    .select('act_id')
    .where('kind', '=', 'providers.declared')
    .executeTakeFirstOrThrow();
  await signBy(demo.world, act.act_id, [officers.regulator]);
  await demo.world.beatNow();
  await page.getByRole('button', { name: '刷新' }).first().click();
  await page.getByText('现在可用：政务服务网').waitFor();
  await page.getByRole('button', { name: '撤回全部身份平台' }).click();
  await page.getByRole('button', { name: '拟定撤回' }).click();
  await page.locator('li.sheet', { hasText: '撤回全部身份提供方' }).waitFor();
  await context.close();
}, 240_000);
