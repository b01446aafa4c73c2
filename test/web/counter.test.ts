// Goal: an owner without letter and old phone enrols a new one at the counter and votes by it alone. Method: the whole service; the phone
// and the clerk's console in Chromium with virtual authenticators, the street office by its software passkey.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { taken } from '../../src/base/result.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import { castAll } from './casting-all.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('counter');
  await openMeeting(world);
  await world.demo.world.beatNow();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** A clerk enrols a passkey in the browser and signs in. */
async function enrolClerk(page: Page): Promise<void> {
  const { demo, community, officers } = world;
  const invited = taken(
    await invite(demo.service.deps, {
      community,
      role: 'clerk',
      name: '演示录入员',
      docKind: 'resident-id',
      number: '442000198505050055',
    }),
  );
  await addAuthenticator(page);
  await page.goto(`${demo.world.origin}/console/enrol#${invited.enrolment}.${invited.code}`);
  await page.getByLabel('显示名称').fill('演示录入员');
  await page.getByRole('button', { name: '登记' }).click();
  const text = await page.getByText('任命事项编号').textContent();
  const act = present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id');
  await signBy(demo.world, act, [officers.regulator, officers.street]);
  await demo.world.beatNow();
  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: world.generated.name }).waitFor();
}

/** The clerk finds the owner by his document, names his phone, and sees the groups that the phone shows. */
async function claim(clerk: Page, digits: string, owner: ReturnType<typeof letterOf>): Promise<void> {
  const [unit] = owner.letter.units;
  await clerk.getByLabel('楼栋').fill(unit?.building ?? '');
  await clerk.getByLabel('单元（没有则不填）').fill(unit?.stair ?? '');
  await clerk.getByLabel('房号').fill(unit?.room ?? '');
  await clerk.getByLabel('证件上的姓名').fill(owner.letter.owner.name);
  await clerk.getByLabel('证件号码后六位').fill(owner.numberTail);
  await clerk.getByRole('button', { name: '找人' }).click();
  await clerk.getByLabel('手机上的八位号码').fill(digits);
  await clerk.getByRole('button', { name: '认定这部手机是他的' }).click();
  await clerk.getByText('请让业主核对手机上的字符').waitFor();
}

it('an owner who lost letter and phone enrols another at the counter, and votes by it', async () => {
  const { demo, officers } = world;
  const { origin } = demo.world;
  const owner = letterOf(world, ownsOneDwelling);
  const clerk = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolClerk(clerk.page);
  const phone = await watchedPage(browser);
  await addAuthenticator(phone.page);
  await phone.page.goto(`${origin}/mine`);
  await phone.page.getByRole('button', { name: '取号' }).click();
  const boxes = phone.page.locator('ol.groups li');
  await boxes.first().waitFor();
  const digits = (await boxes.allTextContents()).join('');
  await expectDecent(phone.page, 'counter-number');

  await claim(clerk.page, digits, owner);
  await phone.page.getByText('请与经办人的屏幕逐组核对').waitFor();
  const groups = (await boxes.allTextContents()).join(' ');
  await clerk.page.getByText(groups, { exact: true }).first().waitFor();
  await expectDecent(phone.page, 'counter-compare');
  await phone.page.getByRole('button', { name: '一致，确认' }).click();
  await phone.page.getByText('正在等待两名经办人签署').waitFor();

  await clerk.page.getByRole('button', { name: '刷新' }).first().click();
  const sheet = clerk.page.locator('li.sheet', { hasText: '在窗口登记一位业主的新密钥' });
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = clerk.page.getByRole('dialog');
  await dialog.getByText('本页已用签署内容核对').waitFor();
  const sign = dialog.getByRole('button', { name: '签署' });
  const [name, number] = [dialog.getByLabel('业主证件上的姓名'), dialog.getByLabel('业主的证件号码')];
  const compare = dialog.getByRole('button', { name: '核对业主' });
  const other = letterOf(world, (each) => each.owner.number !== owner.letter.owner.number).letter.owner;
  await name.fill(other.name);
  await number.fill(other.number);
  await compare.click();
  await dialog.getByText('证件上的人不是签署内容里的业主').waitFor();
  await dialog.getByText('核对完成以后才能签署').waitFor();
  expect(await sign.isDisabled()).toBe(true);
  await expectDecent(clerk.page, 'counter-other');
  await name.fill(owner.letter.owner.name);
  await number.fill(owner.letter.owner.number);
  await compare.click();
  await dialog.getByText('证件上的人就是签署内容里的业主').waitFor();
  // What he typed stays on the page: no request carries the whole number.
  const typed = [owner.letter.owner.number, other.number];
  expect(clerk.requests.filter((each) => typed.some((one) => each.includes(one)))).toEqual([]);
  expect((await dialog.locator('ol.groups li').allTextContents()).join(' ')).toBe(groups);
  await dialog.getByText('本页已核对').waitFor();
  await expectDecent(clerk.page, 'counter-sign');
  await sign.click();
  await dialog.waitFor({ state: 'hidden' });
  const act = await demo.service.deps.db
    .selectFrom('act')
    .select('act_id')
    .where('kind', '=', 'credential.bound')
    .executeTakeFirstOrThrow();
  await signBy(demo.world, act.act_id, [officers.street]);
  await demo.world.beatNow();
  await phone.page.getByText('办好了').waitFor();
  await expectDecent(phone.page, 'counter-bound');

  await phone.page.goto(`${origin}/e`);
  await phone.page.getByRole('button', { name: '用通行密钥登录' }).click();
  await phone.page.getByText('已核对 6 项，全部一致').waitFor();
  await castAll(phone.page);
  const cast = await demo.service.deps.db
    .selectFrom('cast_statement')
    .select('channel')
    .executeTakeFirstOrThrow();
  expect(cast.channel).toBe('passkey');
  const known = (text: string): boolean => text.startsWith('publicKey.pubKeyCredParams');
  expect([...phone.complaints, ...clerk.complaints].filter((text) => !known(text))).toEqual([]);
  await phone.context.close();
  await clerk.context.close();
  // Two browsers, and every step is looked at for contrast and width.
}, 240_000);
