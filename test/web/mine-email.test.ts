// Goal: an owner gives an address of e-mail at /mine, confirms it by the code that is mailed to him, changes it and removes it; where no mail is
// sent nothing is offered (SPEC 3.7). What stands there can be
// removed also then. Method: the whole service with a real mail server, Chromium at phone size.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestMailServer } from '../notice/mail-server.ts';
import { startMailServer } from '../notice/mail-server.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, ownsOneDwelling, webWorld } from './web-world.ts';

let mails: TestMailServer;
let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  mails = await startMailServer({ isPlain: true });
  world = await webWorld('e-mail at mine', { mail: mails.config });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
  await mails?.close();
});

const HEADING = '用邮箱接收公告和提醒';

async function signIn(page: Page): Promise<void> {
  const { code, numberTail } = letterOf(world, ownsOneDwelling);
  await page.goto(`${world.demo.world.origin}/mine#${code}`);
  await page.getByLabel('证件号码后六位').fill(numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('heading', { name: '我的个人信息' }).waitFor();
}

/** The code of the next mail, as it stands there. */
async function nextCode(): Promise<string> {
  await expect.poll(() => mails.taken.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const text = mails.taken.pop()?.text ?? '';
  mails.taken.length = 0;
  return /\d{4} \d{4}/.exec(text)?.[0] ?? '';
}

describe('the owner’s own page', () => {
  it('takes an address once its code was typed, changes and removes it', async () => {
    const { page, context, complaints } = await watchedPage(browser);
    await signIn(page);
    const part = page.locator(`section:has(h2:text-is("${HEADING}"))`);
    await part.getByLabel('邮箱地址', { exact: true }).fill('chen@mail');
    await part.getByRole('button', { name: '发送验证码', exact: true }).click();
    await part.getByText('邮箱地址有误').waitFor();
    await part.getByLabel('邮箱地址', { exact: true }).fill('chen@mail.example');
    await part.getByRole('button', { name: '发送验证码', exact: true }).click();
    await part.getByText('验证码已发往 c***@mail.example').waitFor();
    const code = await nextCode();
    const confirm = part.getByRole('button', { name: '确认', exact: true });
    await part.getByLabel('验证码（8 位数字）', { exact: true }).fill(code.slice(0, 4));
    expect(await confirm.isDisabled()).toBe(true);
    await part
      .getByLabel('验证码（8 位数字）', { exact: true })
      .fill(code.replace(/^./, (first) => (first === '9' ? '0' : '9')));
    await confirm.click();
    await part.getByText('验证码不对').waitFor();
    await part.getByLabel('验证码（8 位数字）', { exact: true }).fill(code);
    await expectDecent(page, 'mine-email');
    await confirm.click();
    await part.getByText('已登记 c***@mail.example').waitFor();
    await part.getByLabel('邮箱地址', { exact: true }).fill('li@mail.example');
    await part.getByRole('button', { name: '换一个邮箱', exact: true }).click();
    await part.getByText('请一分钟后再试').waitFor();
    world.demo.clock.moveTo(world.demo.clock() + 61_000);
    await part.getByRole('button', { name: '换一个邮箱', exact: true }).click();
    await part.getByText('验证码已发往 l***@mail.example').waitFor();
    expect(await part.getByText('已登记 c***@mail.example').count()).toBe(1);
    await part.getByLabel('验证码（8 位数字）', { exact: true }).fill(await nextCode());
    await confirm.click();
    await part.getByText('已登记 l***@mail.example').waitFor();
    // As it stands where the operator sends no mail any more: the address can be removed, and nothing else.
    const later = await watchedPage(browser);
    await later.page.route('**/v1/identity/email', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), isOffered: false } });
    });
    await signIn(later.page);
    const left = later.page.locator(`section:has(h2:text-is("${HEADING}"))`);
    await left.getByText('已登记 l***@mail.example').waitFor();
    expect(await left.getByRole('textbox').count()).toBe(0);
    await left.getByRole('button', { name: '不再接收，删除邮箱', exact: true }).click();
    await left.getByText('已删除，不再给您发邮件。').waitFor();
    expect(later.complaints).toEqual([]);
    await later.context.close();
    expect(await world.fresh.owner.selectFrom('email_address').selectAll().execute()).toEqual([]);
    // The refusals above are answers that the browser writes down.
    expect(complaints.filter((line) => !/422|429/.test(line))).toEqual([]);
    await context.close();
  });
});
