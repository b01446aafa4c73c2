// Goal: an owner checks the drawn-up roll on his phone, asks for a correction and is answered; after the freeze his browser proves his
// entry; officers see why a correction is made before they sign. Method: the whole service, Chromium, virtual authenticators.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, utf8 } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { taken } from '../../src/base/result.ts';
import { importFile } from '../../src/cli/demo/founding.ts';
import { demoMeeting } from '../../src/cli/demo/meeting-texts.ts';
import { actTogether, signBy } from '../../src/cli/demo/officer.ts';
import { roofCapFen } from '../../src/cli/demo/story.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { accountHash } from '../../src/record/meeting.ts';
import { addAuthenticator, expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let meeting: string;
const draft = (step: string) => () =>
  world.officers.committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/${step}`);

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('roll');
  const { demo, officers, community, generated } = world;
  const opensAt = Math.ceil((demo.clock() + 3_600_000) / 1000) * 1000;
  const body = demoMeeting({
    profile: 'DEMO-CN-2021',
    publishedOn: civilDateAt(demo.clock()),
    opensAt,
    closesAt: opensAt + 86_400_000,
    capFen: roofCapFen(generated),
    payeeAccount: accountHash(demo.world.random(16), '44050178020800000321'),
  });
  ({ meeting } = await officers.committee.client.post<{ meeting: string }>(
    `/v1/communities/${community}/meetings`,
    body,
  ));
  await actTogether(demo.world, draft('notice'), [officers.committee, officers.street]);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function enter(page: Page, wanted: ReturnType<typeof letterOf>): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${world.demo.world.origin}/mine#${wanted.code}`);
  await page.getByLabel('证件号码后六位').fill(wanted.numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('heading', { name: '您的房屋' }).waitFor();
}

/** A committee officer enrols a passkey and signs in. */
async function enrol(page: Page, number: string): Promise<void> {
  const { demo, community, officers } = world;
  const invited = taken(
    await invite(demo.service.deps, {
      community,
      role: 'committee',
      name: '演示委员 丙',
      docKind: 'resident-id',
      number,
    }),
  );
  await addAuthenticator(page);
  await page.goto(`${demo.world.origin}/console/enrol#${invited.enrolment}.${invited.code}`);
  await page.getByLabel('显示名称').fill('演示委员 丙');
  await page.getByRole('button', { name: '登记' }).click();
  const text = await page.getByText('任命事项编号').textContent();
  await signBy(demo.world, present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id'), [
    officers.regulator,
    officers.street,
  ]);
  await demo.world.beatNow();
  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: world.generated.name }).waitFor();
}

describe('the roll in sight', () => {
  it('is checked, asked about and answered before the freeze, and proven after it', async () => {
    const { demo, officers } = world;
    const owner = letterOf(world, ownsOneDwelling);
    // Owners of one home stand in one cell, apart by 、.
    const row = present(fromUtf8(world.generated.csv), 'our own file')
      .split('\n')
      .find((line) => line.includes(owner.letter.owner.number));
    const cell = row?.split(',').find((each) => each.includes(owner.letter.owner.number));
    const holders = present(cell, 'his cell').split('、').length;
    const phone = await watchedPage(browser);
    await draft('roll')();
    await enter(phone.page, owner);
    await phone.page.getByRole('heading', { name: '名册固定以前：请核对' }).waitFor();
    await phone.page.locator('details summary', { hasText: '栋：' }).first().click();
    await phone.page.getByRole('columnheader', { name: '人数编号' }).first().waitFor();
    await phone.page.getByLabel('请说明（500字以内）').fill('产权证上的面积是 89.50 平方米');
    await phone.page.getByRole('button', { name: '提交申请' }).click();
    await phone.page.getByText('已提交').waitFor();
    await expectDecent(phone.page, 'roll-asked');

    const office = await watchedPage(browser, { width: 1280, height: 900 });
    await enrol(office.page, '442000198303030033');
    await office.page.getByRole('button', { name: '冻结名册', exact: true }).click();
    await office.page.getByText('还有业主的更正申请没有答复').waitFor();
    await office.page.getByLabel('理由（业主会看到，500字以内）').fill('已与登记簿核对，面积无误');
    await office.page.getByLabel('决定').selectOption('refused');
    await expectDecent(office.page, 'roll-requests');
    await office.page.getByRole('button', { name: '答复', exact: true }).click();
    await office.page.getByText('已答复。').waitFor();
    await office.page.getByRole('button', { name: '看拟定的名册' }).click();
    await office.page.getByRole('heading', { name: '表决权名册（拟定稿）' }).waitFor();
    await office.page.getByText('合计：').waitFor();
    await expectDecent(office.page, 'roll-print');
    await office.page.getByRole('button', { name: '返回' }).click();

    await actTogether(demo.world, draft('roll'), [officers.committee, officers.street]);
    await demo.world.beatNow();
    await enter(phone.page, owner);
    await phone.page.getByText('答复：已与登记簿核对，面积无误').waitFor();
    await phone.page.getByText('名册已经固定，不再接受更正申请').waitFor();
    await phone.page.getByRole('button', { name: '核对我的登记' }).click();
    await phone.page.getByText('核对无误').waitFor();
    await phone.page.getByText(`权利人共 ${holders} 人，包括您`).waitFor();
    await expectDecent(phone.page, 'roll-entry');
    expect(phone.complaints).toEqual([]);
    await phone.context.close();
    await office.context.close();
  });

  it('is corrected by officers who see ground and document before they sign', async () => {
    const { demo, generated, officers, community } = world;
    const { letter } = letterOf(world, ownsOneDwelling);
    const [unit] = letter.units;
    const lines = present(fromUtf8(generated.csv), 'our own file').split('\n');
    const own = lines.findIndex((line) => line.includes(letter.owner.number));
    const other = present(
      world.codes.find((each) => ownsOneDwelling(each) && each.owner.number !== letter.owner.number),
      'another owner',
    ).owner;
    lines[own] = (lines[own] ?? '')
      .replace(letter.owner.number, other.number)
      .replace(letter.owner.name, other.name);
    await importFile(demo.world, officers, community, utf8(lines.join('\n')));
    const office = await watchedPage(browser, { width: 1280, height: 900 });
    await enrol(office.page, '442000198404040044');
    const { page } = office;
    const section = page.locator('section.sheet', {
      has: page.getByRole('heading', { name: '名册固定之后的更正' }),
    });
    const place = [unit?.building, unit?.stair, unit?.room].filter((part) => part !== '').join(' ');
    await section.getByLabel('房屋').selectOption({ label: place });
    await section.getByLabel('看过的文件及编号').fill('不动产权第0012345号');
    await section.getByRole('button', { name: '起草更正' }).click();
    await section.getByText('等待签署').waitFor();
    await expectDecent(page, 'roll-correction');
    const act = page.locator('li.sheet', { has: page.getByRole('heading', { name: '更正名册第' }) });
    await act.getByRole('button', { name: '签署' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('文件：不动产权第0012345号').waitFor();
    await dialog.getByText('买卖过户').waitFor();
    await dialog.getByText('本页已核对').waitFor();
    await expectDecent(page, 'roll-correction-sign');
    await dialog.getByRole('button', { name: '签署' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const rows = await world.fresh.owner
      .selectFrom('act_signature')
      .select('role')
      .where('role', '=', 'committee')
      .execute();
    expect(rows.length).toBeGreaterThan(0);
    await office.context.close();
  });
});
