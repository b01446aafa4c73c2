// Goal: nothing false is voted on, nothing entered is lost, nothing is voted twice. Method: the whole service in Chromium; what a
// hostile server would send is put in place of the real answer on its way to the page.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PapersAnswer } from '../../src/ballot/contract.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { castAll } from './casting-all.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

describe('the voting page', () => {
  let world: WebWorld;
  let browser: Browser;
  let meeting: string;
  beforeAll(async () => {
    browser = await launch();
    world = await webWorld('voting edges');
    ({ meeting } = await openMeeting(world));
    await world.demo.world.beatNow();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  async function enter(page: Page, { code, numberTail }: ReturnType<typeof letterOf>) {
    // Another address first, so that the letter's is loaded and not only its fragment.
    await page.goto('about:blank');
    await page.goto(`${world.demo.world.origin}/e#${code}`);
    await page.getByLabel('证件号码后六位').fill(numberTail);
    await page.getByRole('button', { name: '下一步' }).click();
  }

  it('says that a promise was broken where the log does not take the vote in, and takes it back when it does', async () => {
    const { page, context } = await watchedPage(browser);
    const problem = { code: 'RECEIPT_NOT_YET', title: '回执正在生成', status: 409 };
    await page.route('**/receipt', (route) => route.fulfill({ status: 409, json: problem }));
    const last = world.codes.filter(ownsOneDwelling).at(-1);
    await enter(
      page,
      letterOf(world, (each) => each === last),
    );
    await castAll(page, '开始投票');
    await page.getByText('正在等待').first().waitFor();
    expect(await page.getByText('过了承诺的时间').count()).toBe(0);
    await page.evaluate(() => {
      const now = Date.now;
      Date.now = () => now() + 7 * 60_000;
    });
    await page.getByText('过了承诺的时间，公开日志仍未收录').waitFor();
    await expectDecent(page, 'receipt-missed');
    await page.unroute('**/receipt');
    await page.getByText('公开日志已收录').first().waitFor();
    await context.close();
  }, 120_000);

  it('keeps what was marked when the owner leaves and comes back, and forgets it once sent', async () => {
    const owner = letterOf(world, ownsOneDwelling);
    const { page, context } = await watchedPage(browser);
    await enter(page, owner);
    await page.getByRole('button', { name: '开始投票' }).click();
    await page.getByLabel('反对', { exact: true }).check();
    await page.reload();
    await page.getByRole('heading', { name: '请输入投票码' }).waitFor();
    await enter(page, owner);
    await page.getByRole('button', { name: '继续投票' }).click();
    await page.getByRole('button', { name: '上一步' }).click();
    await page.locator('fieldset.choice').waitFor();
    expect(await page.getByLabel('反对', { exact: true }).isChecked()).toBe(true);
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(owner.code);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('同意', { exact: true }).check();
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('button', { name: '投票', exact: true }).click();
    await page.getByRole('button', { name: '确认投出' }).click();
    await page.getByRole('heading', { name: '投票成功' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);

    await enter(page, owner);
    await page.getByText('这一户已经投票').waitFor();
    expect(await page.getByRole('button', { name: '开始投票' }).count()).toBe(0);
    await page.getByRole('button', { name: '查看回执' }).click();
    await page.getByText('公开日志已收录您的选票').waitFor();
    await context.close();

    const elsewhere = await watchedPage(browser);
    await enter(elsewhere.page, owner);
    await elsewhere.page.getByText('这一户的投票记录不在这台设备上').waitFor();
    await expectDecent(elsewhere.page, 'e1-elsewhere');
    await elsewhere.page.getByRole('button', { name: '查看回执' }).click();
    await elsewhere.page.getByText('公开日志已收录您的选票').waitFor();
    await elsewhere.context.close();
  });

  it('stops in words, with no way on, when a text was changed on the way', async () => {
    const others = world.codes.filter(ownsOneDwelling);
    const owner = letterOf(world, (each) => each === others[1]);
    const { page, context, requests } = await watchedPage(browser);
    await page.route('**/papers', async (route) => {
      const response = await route.fetch();
      const papers = (await response.json()) as PapersAnswer;
      const texts = papers.texts.map((text) => ({ ...text, body: text.body.replace('三家', '一家') }));
      await route.fulfill({ response, json: { ...papers, texts } });
    });
    await enter(page, owner);
    await page.getByRole('heading', { name: '核对没有通过，投票已停止' }).waitFor();
    await page.getByText('公告或议题的原文被改动').waitFor();
    expect(await page.locator('fieldset.choice').count()).toBe(0);
    expect(await page.getByRole('button', { name: '开始投票' }).count()).toBe(0);
    expect(requests.some((request) => request.includes('/casts'))).toBe(false);
    await expectDecent(page, 'e2-stopped');
    await context.close();
  });

  it('does not take an acknowledgement for another vote as its own', async () => {
    const others = world.codes.filter(ownsOneDwelling);
    const owner = letterOf(world, (each) => each === others[2]);
    const { page, context } = await watchedPage(browser);
    let kept: string | undefined;
    await page.route('**/casts', async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { acknowledgement: string };
      const [head = '', , signature = ''] = answer.acknowledgement.split('.');
      kept = answer.acknowledgement;
      await route.fulfill({ response, json: { ...answer, acknowledgement: `${head}.e30.${signature}` } });
    });
    await enter(page, owner);
    await page.getByRole('button', { name: '开始投票' }).click();
    for (let at = 0; at < 2; at += 1) {
      await page.getByLabel('弃权', { exact: true }).check();
      await page.getByRole('button', { name: '下一步' }).click();
      if (await page.getByRole('heading', { name: '请核对您的选择' }).isVisible()) break;
    }
    await page.getByRole('button', { name: '投票', exact: true }).click();
    await page.getByRole('button', { name: '确认投出' }).click();
    await page.getByText('系统的收票签名无效').waitFor();
    await page.getByText('请抄下选票编号').waitFor();
    expect(await page.locator('.groups li').count()).toBe(8);
    await expectDecent(page, 'e4-unacknowledged');
    expect(kept).toBeDefined();
    await context.close();
  });

  it('lets an owner of several entitlements vote them one after the other', async () => {
    const client = httpClient(world.demo.service.url, () => toBase64Url(world.demo.world.random(16)));
    const holdsSeveral = async (letter: LetterCode): Promise<boolean> => {
      await signInOwner(world.demo.world, client, { code: letter.code, number: letter.owner.number });
      const path = `/v1/meetings/${meeting}/papers`;
      const papers = await client.get<PapersAnswer>(path).catch(() => undefined);
      return (papers?.papers.filter(({ ballots }) => ballots.length > 0).length ?? 0) > 1;
    };
    let found: LetterCode | undefined;
    for (const letter of world.codes) {
      if (letter.units.length > 1 && (await holdsSeveral(letter))) {
        found = letter;
        break;
      }
    }
    if (found === undefined) throw new Error('the generated community has no owner of several entitlements');
    const { page, context, complaints } = await watchedPage(browser);
    await enter(
      page,
      letterOf(world, (each) => each === found),
    );
    await page.getByRole('button', { name: '为这一户投票' }).first().waitFor();
    await expectDecent(page, 'e3-several');
    await castAll(page, '为这一户投票');
    await page.getByRole('button', { name: '继续为下一户投票' }).click();
    await page.getByText('这一户已经投票').waitFor();
    await castAll(page, '为这一户投票');
    expect(complaints).toEqual([]);
    await context.close();
  });
});
