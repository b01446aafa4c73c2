// Goal: two officers bring a meeting from enrolment to the final result with passkeys in the console. Method: the whole service,
// Chromium with a virtual authenticator for each officer.

import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { taken } from '../../src/base/result.ts';
import { signAsRoot, signBy } from '../../src/cli/demo/officer.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import { rootActAnswer } from './root-act.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

/** A Beijing time as `datetime-local` takes it. */
const local = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16);

describe('the console', () => {
  let world: WebWorld;
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
    world = await webWorld('console');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  async function enrol(page: Page, role: 'committee' | 'street', name: string, number: string) {
    const { demo, community } = world;
    const invited = taken(
      await invite(demo.service.deps, {
        community: role === 'street' ? '' : community,
        role,
        name,
        docKind: 'resident-id',
        number,
      }),
    );
    await addAuthenticator(page);
    await page.goto(`${demo.world.origin}/console/enrol#${invited.enrolment}.${invited.code}`);
    await page.getByLabel('显示名称').fill(name);
    expect(page.url()).toBe(`${demo.world.origin}/console/enrol`);
    await page.getByRole('button', { name: '登记' }).click();
    const text = await page.getByText('任命事项编号').textContent();
    const act = present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id');
    if (role === 'street') {
      const drafted = await rootActAnswer(demo.service.deps, act);
      await signAsRoot(demo.world, world.officers.street.client, drafted, demo.root);
    } else {
      await signBy(demo.world, act, [world.officers.regulator, world.officers.street]);
    }
    await demo.world.beatNow();
    await page.goto(`${demo.world.origin}/console`);
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.getByRole('heading', { name: world.generated.name }).waitFor();
  }

  /** Signs the open act whose words contain a text. */
  async function sign(page: Page, words: string) {
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    const sheet = page.locator('li.sheet', { has: page.getByRole('heading', { name: words }) });
    await sheet.getByRole('button', { name: '签署' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('本页已核对').waitFor();
    await dialog.getByRole('button', { name: '签署' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  it('publishes, opens, releases and finalises a meeting with two passkeys', async () => {
    const { demo } = world;
    const desktop = { width: 1280, height: 900 };
    const [committee, street] = [await watchedPage(browser, desktop), await watchedPage(browser, desktop)];
    await enrol(committee.page, 'committee', '演示委员 丙', '442000198303030033');
    await enrol(street.page, 'street', '演示街道 丁', '442000198404040044');
    await expectDecent(committee.page, 'c1-home');

    const { page } = committee;
    const opensAt = demo.clock() + 60_000;
    const closesAt = opensAt + 5 * 60_000;
    await page.getByRole('button', { name: '发起表决' }).click();
    await page.getByLabel('名称').fill('2026年临时业主大会会议');
    await page.getByLabel('投票开始').fill(local(opensAt));
    await page.getByLabel('投票截止').fill(local(opensAt - 60_000));
    await page.getByText('截止时间必须晚于开始时间').waitFor();
    await page.getByLabel('投票截止').fill(local(closesAt + 60_000));
    await page.getByText('日期符合规定').waitFor();
    await expectDecent(page, 'c1-dates');
    await page.getByLabel('公告正文').fill('各位业主：\n现就下列事项表决。');
    await page.getByRole('button', { name: '加一项动用维修资金' }).click();
    await page.getByLabel('标题').fill('更换1栋电梯钢丝绳');
    await page.getByLabel('正文', { exact: true }).fill('钢丝绳已到更换年限。');
    await page.getByLabel('最多使用').fill('12800x');
    await page.getByLabel('收款单位').fill('中山电梯工程有限公司');
    await page.getByLabel('收款账号').fill('4405 0178 0208');
    await page.getByLabel('用途', { exact: true }).fill('电梯钢丝绳更换');
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.getByText('金额格式不对').waitFor();
    await page.getByLabel('最多使用').fill('128000.00');
    await page.getByRole('button', { name: '加一项选举' }).click();
    const election = page.locator('fieldset', { hasText: '候选人' });
    await election.getByLabel('标题').fill('选举业主委员会委员');
    await election.getByLabel('正文', { exact: true }).fill('选举两名委员。');
    await election.getByLabel('候选人').fill('赵一\n钱二\n孙三');
    await election.getByLabel('名额').fill('2');
    await expectDecent(page, 'c2-form');
    await page.getByLabel('归类理由').fill('钢丝绳更换属使用维修资金');
    await page.getByLabel('表决范围').fill('1号');
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.getByText('登记册中没有这一楼栋').waitFor();
    await page.getByLabel('表决范围').fill('1栋');
    const accounts = page.waitForEvent('download');
    await page.getByRole('button', { name: '保存草稿' }).click();
    expect((await accounts).suggestedFilename()).toBe('payee-accounts.json');

    const step = async (name: string, words: string) => {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByText('已拟定').waitFor();
      await sign(page, words);
      await sign(street.page, words);
      await demo.world.beatNow();
      for (const each of [page, street.page])
        await each.getByRole('button', { name: '刷新', exact: true }).click();
    };
    await page.getByRole('button', { name: '发布公告' }).waitFor();
    await expectDecent(page, 'c3-draft');
    await step('发布公告', '发布公告');
    await page.getByText('已公告').first().waitFor();
    await step('冻结名册', '冻结名册');

    const boxFile = street.page.waitForEvent('download');
    await street.page.getByRole('button', { name: '生成并下载密钥' }).click();
    const saved = await readFile(await (await boxFile).path(), 'utf8');
    expect(JSON.parse(saved)).toMatchObject({ kind: 'owners-vote-key', purpose: 'box' });
    await street.page.getByRole('button', { name: '我已保存，登记公钥' }).click();
    await street.page.getByText('公钥已登记').waitFor();
    expect(street.requests.some((each) => each.includes(String(JSON.parse(saved).secret)))).toBe(false);
    await step('开始投票', '开始投票');

    demo.clock.moveTo(opensAt + 60_000);
    await demo.world.beatNow();
    await street.page.getByRole('button', { name: '刷新', exact: true }).click();
    await street.page.getByText('正在投票').waitFor();
    demo.clock.moveTo(closesAt + 120_000);
    await demo.world.beatNow();
    await street.page.getByRole('button', { name: '刷新', exact: true }).click();
    await street.page.getByLabel('密钥文件').setInputFiles({
      name: 'box.json',
      mimeType: 'application/json',
      buffer: Buffer.from(saved),
    });
    await street.page.getByRole('button', { name: '拟定开箱' }).click();
    await street.page.getByText('已拟定').waitFor();
    await sign(street.page, '开启票箱');
    await demo.world.beatNow();
    await demo.world.beatNow();
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    await page.getByText('初步结果公示中').waitFor();
    await step('宣布最终结果', '宣布最终结果');
    await page.getByText('最终结果', { exact: true }).waitFor();
    await expectDecent(page, 'c4-final');
    // RS256 keys are not taken (SPEC 1.3), and Chromium advises otherwise.
    const complaints = [...committee.complaints, ...street.complaints];
    expect(complaints.filter((each) => !each.includes('pubKeyCredParams'))).toEqual([]);
    const origin = `${demo.world.origin}/`;
    const all = [...committee.requests, ...street.requests];
    expect(all.filter((request) => !request.startsWith(origin) && !request.startsWith('blob:'))).toEqual([]);
    await committee.context.close();
    await street.context.close();
  });
});
