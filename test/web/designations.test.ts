// Goal: co-owners say on their phones who votes for them, and two officers enter a paper designation of which the page itself opens every
// holder; a service that shows another record is noticed. Method: the whole service, Chromium at phone size, virtual authenticators.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import type { LetterCode } from '../../src/cli/letter-making.ts';
import type { ActOpeningsAnswer } from '../../src/identity/act-openings-contract.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { designationForm } from '../../src/record/designation.ts';
import { printLetterCode } from '../../src/record/letter.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { ownsOneDwelling, webWorld } from './web-world.ts';

const NUMBERS = ['442000198001010076', '442000198001010084', '442000198001010092'];

let world: WebWorld;
let browser: Browser;
let holders: readonly LetterCode[];
let place: string;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('designations');
  const { demo, officers, community, generated } = world;
  // Three buy a dwelling together from its one owner, and get letters that name it.
  const lines = present(fromUtf8(generated.csv), 'our own file')
    .split('\n')
    .map((line) => line.split(','));
  const sellers = world.codes.filter(ownsOneDwelling).map(({ owner }) => owner.number);
  const sold = present(
    lines.find((row) => sellers.includes(row[8] ?? '')),
    'a dwelling of one owner',
  );
  const facts: readonly (readonly [number, readonly string[]])[] = [
    [6, ['甲一', '乙二', '丙三']],
    [7, ['居民身份证', '居民身份证', '居民身份证']],
    [8, NUMBERS],
    [9, ['13800138001', '13800138002', '13800138003']],
  ];
  for (const [column, values] of facts) sold[column] = values.join('、');
  place = [sold[1], sold[2], sold[3]].filter(Boolean).join(' ');
  const csv = utf8(lines.map((row) => row.join(',')).join('\n'));
  await importFile(demo.world, officers, community, csv);
  const codes = await issueDemoLetters(demo.world, officers.registrar, community, csv, demo.world.random);
  holders = NUMBERS.map((number) =>
    present(
      codes.find(({ owner }) => owner.number === number),
      'his letter',
    ),
  );
  await demo.world.beatNow();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function enter(page: Page, { code, owner }: LetterCode): Promise<void> {
  await page.goto(`${world.demo.world.origin}/mine#${printLetterCode(code)}`);
  await page.getByLabel('证件号码后六位').fill(owner.number.slice(-6));
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('heading', { name: '我们几位共有人，由谁投票' }).waitFor();
}

/** A committee officer enrols a passkey and signs in. */
async function enrol(page: Page): Promise<void> {
  const { demo, community, officers } = world;
  const invited = await invite(demo.service.deps, {
    community,
    role: 'committee',
    name: '演示委员 丙',
    docKind: 'resident-id',
    number: '442000198303030033',
  });
  await addAuthenticator(page);
  await page.goto(`${demo.world.origin}/console/enrol#${invited.enrolment}.${invited.code}`);
  await page.getByLabel('显示名称').fill('演示委员 丙');
  await page.getByRole('button', { name: '登记' }).click();
  const text = await page.getByText('任命事项编号').textContent();
  const act = present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id');
  await signBy(demo.world, act, [officers.regulator, officers.street]);
  await demo.world.beatNow();
  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: world.generated.name }).waitFor();
}

const recorded = async (): Promise<number> =>
  (
    await world.fresh.owner
      .selectFrom('log_entry')
      .select('id')
      .where('kind', '=', 'designation.recorded')
      .execute()
  ).length;

describe('who votes for several holders', () => {
  it('is proposed by one on his phone, agreed to by another on his, and then stands', async () => {
    const [first, second] = [await watchedPage(browser), await watchedPage(browser)];
    const [one, two, three] = holders;
    await enter(first.page, present(one, 'one'));
    const section = first.page.locator('section.sheet', {
      has: first.page.getByRole('heading', { name: '我们几位共有人，由谁投票' }),
    });
    const name = `${present(three, 'three').owner.name[0]}*`;
    const choice = section.getByLabel('由谁投票');
    const options = await choice.locator('option').allTextContents();
    expect(options).toContain(name);
    await choice.selectOption(present(three, 'three').person);
    await section.getByLabel('最后一天').fill('2027-12-31');
    await section.getByRole('button', { name: '提出，并且我同意' }).click();
    await expectDecent(first.page, 'designation-proposed');
    await first.page.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).click();
    await section.getByText('您已同意。还要等其他共有人同意').waitFor();
    expect(await recorded()).toBe(0);

    await enter(second.page, present(two, 'two'));
    await second.page.getByText(`等大家同意：由 ${name} 投票`).waitFor();
    await expectDecent(second.page, 'designation-waiting');
    await second.page.getByRole('button', { name: `同意由 ${name} 投票` }).click();
    await second.page.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).click();
    await second.page.getByText('大家都同意了，已经生效').waitFor();
    await second.page.getByText(`现在由 ${name} 投票`).waitFor();
    await expectDecent(second.page, 'designation-recorded');
    expect(await recorded()).toBe(1);
    expect([...first.complaints, ...second.complaints]).toEqual([]);
    await first.context.close();
    await second.context.close();
  }, 180_000);

  it('is entered from a paper by an officer whose page opens every holder, and no other record', async () => {
    const office = await watchedPage(browser);
    const { page } = office;
    await enrol(page);
    const section = page.locator('section.sheet', {
      has: page.getByRole('heading', { name: '共有人指定由谁表决（纸质）' }),
    });
    await section.getByLabel('这一户的任一处房屋').selectOption({ label: place });
    await section.getByText('共有 3 位权利人').waitFor();
    await section.getByLabel('由哪一位表决').selectOption(present(holders[0], 'one').person);
    await section.getByLabel('最后一天').fill('2027-12-31');
    const scan = { name: 'paper.png', mimeType: 'image/png', buffer: Buffer.alloc(2000, 7) };
    await section.getByLabel('指定书的扫描件').setInputFiles(scan);
    await section.getByRole('button', { name: '拟好指定书' }).click();
    await section.getByText('已拟好').waitFor();
    await expectDecent(page, 'designation-paper');

    const sheet = page.locator('li.sheet', { hasText: '登记共有人指定由谁表决' });
    const dialog = page.getByRole('dialog');
    const sign = dialog.getByRole('button', { name: '签署' });
    // A service that shows the paper's record while the act carries the hash of another.
    const path = '**/v1/communities/*/acts/*/openings';
    await page.route(path, async (route) => {
      const response = await route.fetch();
      const given = (await response.json()) as ActOpeningsAnswer;
      const record = designationForm.own(new Uint8Array(Buffer.from(given.record, 'base64url')));
      const lie = designationForm.bytes({ ...record, until: '2028-01-01' });
      await route.fulfill({ response, json: { ...given, record: toBase64Url(lie) } });
    });
    await sheet.getByRole('button', { name: '签署' }).click();
    await dialog.getByText('原始内容与签署的编号不符').waitFor();
    await dialog.getByText('本页已核对：编号由这些内容算出').waitFor();
    expect(await sign.isDisabled()).toBe(true);
    await expectDecent(page, 'designation-lie');
    await page.unroute(path);
    await dialog.getByRole('button', { name: '关闭' }).click();

    await sheet.getByRole('button', { name: '签署' }).click();
    await dialog.getByText(`房屋 1 处：${place}`).waitFor();
    const [to, ...others] = holders.map(({ owner }) => owner);
    const fill = async (who: string, { name, number }: LetterCode['owner']) => {
      await dialog.getByLabel(`${who}证件上的姓名`).fill(name);
      await dialog.getByLabel(`${who}的证件号码`).fill(number);
      await dialog.getByRole('button', { name: `核对${who}` }).click();
    };
    await fill('由他表决的共有人', present(to, 'one'));
    await dialog.getByText('证件上的人就是签署内容里的由他表决的共有人').waitFor();
    expect(await sign.isDisabled()).toBe(true);
    await expectDecent(page, 'designation-sign');
    // The record lists the others in the order of their ids, and the page takes a document for its own person only.
    const byId = others
      .map((owner, at) => ({ owner, person: present(holders[at + 1], 'another').person }))
      .sort((a, b) => (a.person < b.person ? -1 : 1))
      .map(({ owner }) => owner);
    await fill('其他共有人 1', present(byId[1], 'the second'));
    await dialog.getByText('证件上的人不是签署内容里的其他共有人 1').waitFor();
    expect(await sign.isDisabled()).toBe(true);
    await fill('其他共有人 1', present(byId[0], 'the first'));
    await fill('其他共有人 2', present(byId[1], 'the second'));
    await expect.poll(() => sign.isDisabled()).toBe(false);
    await sign.click();
    await dialog.waitFor({ state: 'hidden' });
    const act = await world.fresh.owner
      .selectFrom('act')
      .select('act_id')
      .where('kind', '=', 'designation.recorded')
      .executeTakeFirstOrThrow();
    await signBy(world.demo.world, act.act_id, [world.officers.street]);
    await world.demo.world.beatNow();
    await expect.poll(recorded).toBe(2);
    expect(office.complaints.filter((text) => !text.includes('pubKeyCredParams'))).toEqual([]);
    await office.context.close();
  }, 240_000);
});
