// Goal: an owner votes from his letter to "counted" on a phone, under the strictest policy. Method: the whole service, real
// Chromium at 360 × 740, axe-core at every step, every request written down.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { letterSeed, parseLetterCode } from '../../src/record/letter.ts';
import { axeViolations, expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

describe('the voting page', () => {
  let world: WebWorld;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openMeeting>>;
  beforeAll(async () => {
    browser = await launch();
    world = await webWorld('voting page');
    opened = await openMeeting(world);
    await world.demo.world.beatNow();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('takes an owner from the letter to a receipt, and after the count says that he is counted', async () => {
    const { origin } = world.demo.world;
    const { code, numberTail, letter } = letterOf(world, ownsOneDwelling);
    const { page, context, complaints, requests } = await watchedPage(browser);
    await page.goto(`${origin}/e#${code}`);
    await page.getByRole('heading', { name: '核对您的身份' }).waitFor();
    expect(page.url()).toBe(`${origin}/e`);
    await expectDecent(page, '1-identity');

    await page.getByLabel('证件号码后六位').fill(numberTail);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByText('已核对 6 项，全部一致').waitFor();
    await expectDecent(page, '2-papers');

    await page.getByRole('button', { name: '开始投票' }).click();
    const marks = ['同意', '反对'];
    for (let at = 0; ; at += 1) {
      await page.locator('fieldset.choice, h1:has-text("请核对您的选择")').first().waitFor();
      if (await page.getByRole('heading', { name: '请核对您的选择' }).isVisible()) break;
      expect(await page.locator('input[type=radio]:checked').count()).toBe(0);
      expect(await page.getByRole('button', { name: '下一步' }).isDisabled()).toBe(true);
      const title = await page.locator('h1').textContent();
      await page.getByLabel(marks[at % 2] ?? '同意', { exact: true }).check();
      await expectDecent(page, `3-question-${at + 1}`);
      await page.getByRole('button', { name: '下一步' }).click();
      await page.locator(`h1:not(:has-text("${title}"))`).waitFor();
    }
    await expectDecent(page, '4-overview');
    await page.getByRole('button', { name: '投票', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const shown = await dialog.locator('.groups li').allTextContents();
    expect(shown).toHaveLength(8);
    expect(shown.every((group) => /^[0-9a-f]{4}$/.test(group))).toBe(true);
    await expectDecent(page, '5-confirm');
    await page.getByRole('button', { name: '确认投出' }).click();

    await page.getByRole('heading', { name: '投票成功' }).waitFor();
    expect(await page.locator('.groups li').allTextContents()).toEqual(shown);
    await page.getByText('公开日志已收录您的选票').waitFor({ timeout: 30_000 });
    await expectDecent(page, '6-receipt');

    const storage = await context.storageState();
    const kept =
      JSON.stringify(storage.origins) + (await page.evaluate(() => JSON.stringify(sessionStorage)));
    expect(kept).toContain('acknowledgement');
    expect(kept).not.toContain('"for"');
    expect(kept).not.toContain('"against"');

    await page.goto(`${origin}/vote/${opened.meeting}`);
    await page.getByText('表决还在进行').waitFor();
    await expectDecent(page, '7-status-open');

    const { world: service, clock } = world.demo;
    clock.moveTo(opened.closesAt + 1000);
    await service.beatNow();
    for (const officer of Object.values(world.officers)) await signInOfficer(service, officer);
    const { street } = world.officers;
    const secret = toBase64Url(opened.boxSecret);
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${opened.meeting}/box/release`, { secret });
    await actTogether(service, release, [street]);
    await service.beatNow();
    await service.beatNow();

    await page.getByRole('button', { name: '刷新' }).click();
    await page.getByText('您的选票已计入').waitFor();
    await expectDecent(page, '8-counted');

    expect(complaints).toEqual([]);
    const seed = letterSeed(letter.code);
    const bare = code.replaceAll('-', '');
    for (const secretText of [code, bare, bare.toLowerCase(), toBase64Url(letter.code), toBase64Url(seed)])
      expect(requests.filter((request) => request.includes(secretText))).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(`${origin}/`))).toEqual([]);
    await context.close();
  });

  it('says in words what is wrong with a typed code', async () => {
    const { page, context, complaints } = await watchedPage(browser);
    await page.goto(`${world.demo.world.origin}/e`);
    const field = page.getByLabel('投票码');
    const next = page.getByRole('button', { name: '下一步' });
    await field.fill('ABCDE-FGHJK');
    await next.click();
    await page.getByText('投票码应为 27 个字符，您输入了 10 个').waitFor();
    await field.fill(`${'0'.repeat(25)}U0`);
    await next.click();
    await page.getByText('第 26 个字符不会出现在投票码中').waitFor();
    const { code } = letterOf(world, ownsOneDwelling);
    // Not 0 for Z, which are alike to the check (SPEC 3.2).
    const wrong = (code.startsWith('1') ? '2' : '1') + code.slice(1);
    expect(parseLetterCode(wrong).ok).toBe(false);
    await field.fill(wrong);
    await next.click();
    await page.getByText('有一个字符不对').waitFor();
    await expectDecent(page, '9-code');
    await field.fill(code.toLowerCase());
    await next.click();
    await page.getByRole('heading', { name: '核对您的身份' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
