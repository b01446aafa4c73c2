// Goal: an owner without letter registers a phone by a declared provider, with a passkey or a device key, and goes nowhere for a service that
// lies to his page. Method: the whole service, oidc-provider on loopback, Chromium at phone size.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { bindHash } from '../../src/record/binding.ts';
import type { TestProvider } from '../support/identity-provider.ts';
import { identityProvider } from '../support/identity-provider.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, ownsOneDwelling, webWorld } from './web-world.ts';

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
  world = await webWorld('mine provider', { prepareKeys });
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
  await provider?.close();
});
beforeEach(async () => {
  provider.denies = false;
  provider.isDown = false;
  const { owner } = letterOf(world, ownsOneDwelling).letter;
  provider.account = { cert_type: '111', cert_no: owner.number, name: owner.name };
});

async function declare(isDeclared: boolean): Promise<void> {
  const { demo, community, officers } = world;
  const wish = {
    iss: provider.iss,
    name: '政务服务网',
    alg: 'RS256',
    claims: { docKind: 'cert_type', number: 'cert_no', name: 'name' },
    docKinds: [{ value: '111', docKind: 'resident-id' }],
    keys: [provider.thumbprint],
  };
  const { act } = await officers.street.client.post<{ readonly act: string }>(
    `/v1/communities/${community}/providers`,
    { providers: isDeclared ? [wish] : [] },
  );
  await signBy(demo.world, act, [officers.regulator, officers.street]);
  await demo.world.beatNow();
}

const GO = '用“政务服务网”登记';
const open = (page: Page, rest = '') => page.goto(`${world.demo.world.origin}/mine${rest}`);
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

it('nothing is offered where no provider is declared', async () => {
  const { page, context } = await watchedPage(browser);
  await open(page);
  await page.getByText('信函不见了，手机也换了？').waitFor();
  expect(await page.getByText('用身份平台登记这部手机').count()).toBe(0);
  await context.close();
});

it('a passkey is registered, and signs in', async () => {
  await declare(true);
  const { page, context, complaints } = await watchedPage(browser);
  await addAuthenticator(page);
  await open(page);
  await page.getByText('将前往 127.0.0.1').waitFor();
  await expectDecent(page, 'provider-offer');
  await press(page, GO);
  await page.getByText('已确认：您是名册里的业主').waitFor();
  expect(page.url()).toBe(`${world.demo.world.origin}/mine`);
  await expectDecent(page, 'provider-confirm');
  await press(page, '签名，并再登录一次');
  await page.getByText('办好了。以后用这部手机的通行密钥').waitFor();
  await expectDecent(page, 'provider-bound');
  await press(page, '用通行密钥登录');
  await page.getByRole('heading', { name: '您的房屋' }).waitFor();
  // Who leaves sees the entry again, and not the end of a way that was gone.
  await press(page, '退出');
  await page.getByText('将前往').waitFor();
  expect(await page.getByText('这次办理不是在这个浏览器里开始的').count()).toBe(0);
  expect(complaints.filter((text) => !text.startsWith('publicKey.pubKeyCredParams'))).toEqual([]);
  await context.close();
}, 120_000);

it('a device key is registered where there is no passkey, and signs in', async () => {
  await declare(true);
  const { page, context, complaints } = await watchedPage(browser);
  await open(page);
  await page.getByText('密钥会保存在这个浏览器里').waitFor();
  await press(page, GO);
  await press(page, '签名，并再登录一次');
  await page.getByText('办好了。以后在这个浏览器里用本机密钥').waitFor();
  await press(page, '用本机密钥登录');
  await page.getByLabel('证件号码后六位').fill(letterOf(world, ownsOneDwelling).numberTail);
  await press(page, '下一步');
  await page.getByText('您现在用的就是它').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
}, 120_000);

it('every refusal says what happened, and that one may begin again', async () => {
  await declare(true);
  const { page, context } = await watchedPage(browser);
  const refusedWith = async (sentence: string) => {
    await open(page);
    await press(page, GO);
    await page.getByText(sentence).waitFor();
    await page.getByRole('button', { name: GO }).waitFor();
  };
  const { account } = provider;
  provider.account = { ...account, name: '别人' };
  await refusedWith('名册里没有与该证件一致的业主');
  await expectDecent(page, 'provider-refused');
  provider.account = account;
  await context.clearCookies({ domain: '127.0.0.1' });
  provider.denies = true;
  await refusedWith('您没有在身份平台完成登录');
  provider.denies = false;
  await open(page, '?state=foreign&code=x');
  await page.getByText('这次办理不是在这个浏览器里开始的').waitFor();
  // Down between the owner's sign-in and the service's question.
  await page.route('**/v1/identity/provider-sign-ins/*/return', async (route) => {
    provider.isDown = true;
    await route.continue();
  });
  await refusedWith('身份提供方现在没有应答');
  provider.isDown = false;
  await page.unroute('**/v1/identity/provider-sign-ins/*/return');
  // Taken back while he is there.
  await page.route('**/v1/identity/provider-sign-ins/*/return', async (route) => {
    await declare(false);
    await route.continue();
  });
  await open(page);
  await press(page, GO);
  await page.getByText('没有经监管部门和街道办声明').waitFor();
  await context.close();
}, 120_000);

it('no page goes by an address that a lying service made for another binding', async () => {
  await declare(true);
  const { page, context, requests } = await watchedPage(browser);
  const lie = async (route: Parameters<Parameters<Page['route']>[1]>[0]) => {
    const answer = (await (await route.fetch()).json()) as { redirect: string };
    const address = new URL(answer.redirect);
    address.searchParams.set('nonce', toBase64Url(bindHash(new Uint8Array(9))));
    await route.fulfill({ status: 201, json: { ...answer, redirect: address.href } });
  };
  const visits = () => requests.filter((text) => text.startsWith(provider.iss)).length;
  await page.route('**/v1/identity/provider-sign-ins', lie);
  await open(page);
  await press(page, GO);
  await page.getByText('本页没有前往').waitFor();
  expect(visits()).toBe(0);
  await page.unroute('**/v1/identity/provider-sign-ins');
  await page.route('**/v1/identity/provider-sign-ins/*/signature', lie);
  await press(page, GO);
  await page.getByText('已确认：您是名册里的业主').waitFor();
  const before = visits();
  await press(page, '签名，并再登录一次');
  await page.getByText('本页没有前往').waitFor();
  expect(visits()).toBe(before);
  await context.close();
}, 120_000);
