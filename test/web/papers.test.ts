// Goal: a clerk and a scrutineer enter a paper in the console, apart from each other, and both sign it; what is printed shows what the paper must.
// Method: the whole service, two browser windows with virtual authenticators of their own.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrintAnswer } from '../../src/ballot/keying-contract.ts';
import { present } from '../../src/base/assert.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let meeting: string;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('papers');
  ({ meeting } = await openMeeting(world));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** Marks every proposal alike. */
async function mark(page: Page, option: string): Promise<void> {
  await page.getByLabel('签名的人').selectOption('0');
  for (const group of await page.locator('fieldset.choice').all())
    await group.getByText(option, { exact: true }).click();
}

const find = async (page: Page, serial: string): Promise<void> => {
  await page.getByLabel('票上的编号').fill(serial);
  await page.getByRole('button', { name: '录入这张票' }).click();
};

describe('a paper', () => {
  it('is printed, keyed apart by two, looked at again, signed by both, and counted as recorded', async () => {
    const { demo, officers, community } = world;
    const clerk = await watchedPage(browser, { width: 1280, height: 900 });
    const scrutineer = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, clerk.page, 'clerk', '演示clerk', '442000198505050055');
    await enrolOfficer(world, scrutineer.page, 'scrutineer', '演示scrutineer', '442000198606060064');

    const { units } = await officers.committee.client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
    const owner = letterOf(world, ownsOneDwelling);
    const [home] = owner.letter.units;
    const dwelling = present(
      units.find(
        ({ building, stair, room }) =>
          building === home?.building && stair === home.stair && room === home.room,
      ),
      'his dwelling',
    );
    await clerk.page.getByRole('button', { name: '印制纸质表决票' }).click();
    await clerk.page.getByLabel('只印这一套').fill(dwelling.unit);
    await clerk.page.getByRole('button', { name: '生成新编号并打印' }).click();
    const label = await clerk.page.locator('.paper-ballot svg').first().getAttribute('aria-label');
    const serial = present(/[a-z2-7]{26}/.exec(label ?? '')?.[0], 'a serial');
    for (const text of ['收票回执', '以手机的为准', '只影响这一项', '向街道办事处提出异议'])
      await clerk.page.getByText(text).first().waitFor();
    expect(await clerk.page.locator('.paper-ballot').count()).toBe(1);
    await expectDecent(clerk.page, 'paper-print');
    await clerk.page.getByRole('button', { name: '返回' }).click();

    await find(clerk.page, serial.toUpperCase());
    const shown = await clerk.page.locator('.paper-code').textContent();
    await clerk.page.getByLabel('这张票的照片').setInputFiles({
      name: 'paper.png',
      mimeType: 'image/png',
      buffer: Buffer.from('the picture of a paper'),
    });
    await mark(clerk.page, '同意');
    await expectDecent(clerk.page, 'paper-key');
    await clerk.page.getByRole('button', { name: '录入完毕' }).click();
    await clerk.page.getByText('已录入。请您签署').waitFor();
    await clerk.page.getByRole('button', { name: /签署.*纸质表决票/ }).click();
    await clerk.page.getByText('已签署。', { exact: true }).waitFor();

    await find(scrutineer.page, serial);
    await scrutineer.page.getByLabel('录入码').fill(shown ?? '');
    await mark(scrutineer.page, '反对');
    await scrutineer.page.getByRole('button', { name: '录入完毕' }).click();
    await scrutineer.page.getByText('您录入的与前一位不一样').waitFor();
    await expectDecent(scrutineer.page, 'paper-differs');
    await mark(scrutineer.page, '同意');
    await scrutineer.page.getByRole('button', { name: '录入完毕' }).click();
    await scrutineer.page.getByText('两人录入的完全一样').waitFor();
    await scrutineer.page.getByRole('button', { name: /签署.*纸质表决票/ }).click();
    await scrutineer.page.getByText('已签署。', { exact: true }).waitFor();
    await demo.world.beatNow();

    const standing = () =>
      world.fresh.owner
        .selectFrom('cast_statement')
        .select(['channel', 'serial'])
        .where('meeting_id', '=', meeting)
        .execute();
    await expect.poll(standing, { timeout: 20_000 }).toEqual([{ channel: 'paper', serial }]);
    // Neither the code nor a choice left either page.
    const code = (shown ?? '').replaceAll(' ', '');
    expect([...clerk.requests, ...scrutineer.requests].filter((each) => each.includes(code))).toEqual([]);
    const complaints = [...clerk.complaints, ...scrutineer.complaints];
    expect(complaints.filter((each) => !each.includes('pubKeyCredParams'))).toEqual([]);

    const phone = await watchedPage(browser);
    await phone.page.goto(`${demo.world.origin}/e#${owner.code}`);
    await phone.page.getByLabel('证件号码后六位').fill(owner.numberTail);
    await phone.page.getByRole('button', { name: '下一步' }).click();
    await phone.page.getByText('登记了本户的一张纸质表决票').waitFor();
    await phone.page.getByText('不是您交的，请马上联系街道办事处').waitFor();
    await phone.page.getByRole('button', { name: '改用手机投票' }).waitFor();
    await expectDecent(phone.page, 'paper-owner');
    expect(phone.complaints).toEqual([]);
  }, 180_000);

  it('whose first code is kept back is keyed anew by a second, with a picture of his own', async () => {
    const { officers, community } = world;
    const clerk = await watchedPage(browser, { width: 1280, height: 900 });
    const scrutineer = await watchedPage(browser, { width: 1280, height: 900 });
    const third = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, clerk.page, 'clerk', '演示clerk 二', '442000198505050135');
    await enrolOfficer(world, scrutineer.page, 'scrutineer', '演示scrutineer 二', '442000198606060148');
    await enrolOfficer(world, third.page, 'clerk', '演示clerk 三', '442000198505050151');
    const { units } = await officers.committee.client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
    const dwelling = present(units.filter(({ kind }) => kind === 'dwelling').at(-1), 'a dwelling');
    const { ballots } = await officers.street.client.post<PrintAnswer>(
      `/v1/meetings/${meeting}/paper-ballots`,
      { units: [dwelling.unit] },
    );
    const { serial } = present(ballots[0], 'a print');
    const bring = async (page: Page, picture: string) =>
      page.getByLabel('这张票的照片').setInputFiles({
        name: 'paper.png',
        mimeType: 'image/png',
        buffer: Buffer.from(picture),
      });
    const done = (page: Page) => page.getByRole('button', { name: '录入完毕' }).click();

    await find(clerk.page, serial);
    await bring(clerk.page, 'a picture of a cat');
    await mark(clerk.page, '反对');
    await done(clerk.page);
    await clerk.page.getByText('已录入。请您签署').waitFor();

    await find(scrutineer.page, serial);
    await scrutineer.page.getByRole('button', { name: '另拍照片，用新的录入码' }).click();
    const shown = (await scrutineer.page.locator('.paper-code').textContent()) ?? '';
    await bring(scrutineer.page, 'a picture of the paper');
    await mark(scrutineer.page, '同意');
    await expectDecent(scrutineer.page, 'paper-anew');
    await done(scrutineer.page);
    await scrutineer.page.getByText('已录入。请您签署').waitFor();
    await scrutineer.page.getByRole('button', { name: /签署.*纸质表决票/ }).click();
    await scrutineer.page.getByText('已签署。', { exact: true }).waitFor();

    await find(third.page, serial);
    await third.page.getByText('这张票已有两种录入结果').waitFor();
    await third.page.getByLabel('录入码').fill(shown);
    await mark(third.page, '反对');
    await done(third.page);
    await third.page.getByText('与已有的两种结果都不一样').waitFor();
    expect(await third.page.getByRole('button', { name: '我看过了' }).count()).toBe(0);
    await expectDecent(third.page, 'paper-third');
    await mark(third.page, '同意');
    await done(third.page);
    await third.page.getByText('两人录入的完全一样').waitFor();
    await third.page.getByRole('button', { name: /签署.*纸质表决票/ }).click();
    await third.page.getByText('已签署。', { exact: true }).waitFor();
    const standing = async () => {
      await world.demo.world.beatNow();
      return world.fresh.owner
        .selectFrom('cast_statement')
        .select('channel')
        .where('serial', '=', serial)
        .execute();
    };
    await expect.poll(standing, { timeout: 20_000 }).toEqual([{ channel: 'paper' }]);
    const complaints = [clerk, scrutineer, third].flatMap((each) => each.complaints);
    expect(complaints.filter((each) => !each.includes('pubKeyCredParams'))).toEqual([]);
  }, 180_000);
});
