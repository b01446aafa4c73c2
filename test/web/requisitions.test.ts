// Goal: an owner demands a meeting on his phone, others join, the one who makes it a fifth is told, the committee answers in the console by
// a signature, and everybody reads the answer (SPEC 5.4). Method: the whole service, Chromium at phone size for owners, a virtual
// authenticator for the console; owners between the two join over HTTP.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnRequisitions } from '../../src/assembly/requisition-contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { letterKey, signInOwner } from '../../src/cli/demo/owner.ts';
import type { MeAnswer } from '../../src/identity/contract.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { printLetterCode } from '../../src/record/letter.ts';
import { requisitionForm, requisitionHash, supportForm, supportHash } from '../../src/record/requisition.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { ownsOneDwelling, webWorld } from './web-world.ts';

const TITLE = '更换物业服务企业';
const REASON = '合同明年三月到期，届时一并表决。';
const HEADING = '业主提议召开临时会议';
let world: WebWorld;
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('requisitions');
  await world.demo.world.beatNow();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function enter(page: Page, { code, owner }: LetterCode): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${world.demo.world.origin}/mine#${printLetterCode(code)}`);
  await page.getByLabel('证件号码后六位').fill(owner.number.slice(-6));
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('heading', { name: HEADING }).waitFor();
}

const sectionOf = (page: Page) =>
  page.locator('section.sheet', { has: page.getByRole('heading', { name: HEADING }) });

/** Joins over HTTP as the page would; gives how it stands then. */
async function join({ code, owner }: LetterCode): Promise<OwnRequisitions['requisitions'][number]> {
  const { world: demo, service } = world.demo;
  const client = httpClient(service.url, () => toBase64Url(demo.random(16)));
  await signInOwner(demo, client, { code, number: owner.number });
  const { person, community } = await client.get<MeAnswer>('/v1/identity/me');
  const list = async () => (await client.get<OwnRequisitions>('/v1/requisitions')).requisitions;
  const { record, requisition } = present((await list())[0], 'filed');
  const support = supportForm.bytes({
    v: 1,
    kind: 'support',
    community,
    requisition: requisitionForm.own(present(fromBase64Url(record), 'bytes')).requisition,
    requisitionHash: requisitionHash(present(fromBase64Url(record), 'bytes')),
    person,
    stands: 'joined',
    nonce: toBase64Url(demo.random(16)),
  });
  const signature = letterKey({ code, number: owner.number }).sign(supportHash(support));
  const body = { support: toBase64Url(support), signature };
  await client.post(`/v1/requisitions/${requisition}/supports`, body);
  return present((await list())[0], 'joined');
}

/** One owner of each home: two of one home are one head. */
const ofOwnHomes = (letters: readonly LetterCode[]): readonly LetterCode[] => {
  const homes = new Map<string, LetterCode>();
  for (const letter of letters) homes.set(JSON.stringify(letter.units.map(({ row }) => row)), letter);
  return [...homes.values()];
};

/** They join one after another until the next one makes it a fifth; gives that one. */
async function joinAlmostAll(letters: readonly LetterCode[]): Promise<LetterCode> {
  for (const [at, letter] of letters.entries()) {
    const { heads, totalHeads, areaDm2, totalAreaDm2 } = await join(letter);
    const next = present(letters[at + 1], 'one more owner');
    const more = next.units.reduce((sum, unit) => sum + unit.areaDm2, 0n);
    if ((heads + 1) * 5 >= totalHeads && (BigInt(areaDm2) + more) * 5n >= BigInt(totalAreaDm2)) return next;
  }
  throw new Error('a fifth was never near');
}

describe('owners who demand a meeting', () => {
  it('file it, join it and leave it on their phones, and are answered in public', async () => {
    const [first, ...others] = ofOwnHomes(world.codes.filter(ownsOneDwelling));
    const phone = await watchedPage(browser);
    await enter(phone.page, present(first, 'an owner'));
    const section = sectionOf(phone.page);
    await section.getByText('我要提议召开会议').click();
    await section.getByLabel('提议开会决定什么').fill(TITLE);
    await section.getByLabel('理由和要求').fill('公共区域长期无人打扫。');
    await expectDecent(phone.page, 'requisition-form');
    await section.getByRole('button', { name: '提出', exact: true }).click();
    await phone.page.getByRole('dialog').getByText(`提出“${TITLE}”？`).waitFor();
    await expectDecent(phone.page, 'requisition-confirm');
    await phone.page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await section.getByText('已提出，您是第一个加入的人').waitFor();
    await section.getByRole('button', { name: '我退出' }).click();
    await phone.page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await section.getByText('已退出。').waitFor();
    await section.getByText('已加入：0 人').waitFor();

    const last = await joinAlmostAll(others);
    const second = await watchedPage(browser);
    await enter(second.page, last);
    await sectionOf(second.page).getByRole('button', { name: '我加入' }).click();
    await second.page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await sectionOf(second.page).getByText('人数和面积都达到了五分之一').waitFor();
    await expectDecent(second.page, 'requisition-reached');

    const office = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, office.page, 'committee', '演示业委会 戊', '442000198303030041');
    await office.page.getByRole('heading', { name: TITLE }).waitFor();
    await office.page.getByLabel('答复', { exact: true }).selectOption('refused');
    await office.page.getByLabel('说明或理由').fill(REASON);
    await expectDecent(office.page, 'requisition-console');
    await office.page.getByRole('button', { name: '拟定答复' }).click();
    await office.page.getByText('签署后立即公开').waitFor();
    await sign(office.page);
    await office.page.getByText(`已答复：不召开。说明：${REASON}`).waitFor();

    const open = await watchedPage(browser);
    await open.page.goto(world.demo.world.origin);
    await open.page.getByText(REASON).waitFor();
    await expectDecent(open.page, 'requisition-public');
    const page = (await open.page.locator('main').textContent()) ?? '';
    for (const { owner } of world.codes) expect(page).not.toContain(owner.name);
    await enter(second.page, last);
    await sectionOf(second.page).getByText(REASON).waitFor();
    expect(await sectionOf(second.page).getByRole('button', { name: '我退出' }).count()).toBe(0);
    for (const each of [phone, second, office, open])
      expect(each.complaints.filter((text) => !text.includes('pubKeyCredParams'))).toEqual([]);
  }, 240_000);
});

async function sign(page: Page): Promise<void> {
  await page.getByRole('button', { name: '刷新', exact: true }).click();
  const sheet = page
    .locator('li.sheet', { has: page.getByRole('heading', { name: '答复业主提议' }) })
    .first();
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`✓ 不召开。理由：${REASON}`).waitFor();
  await expectDecent(page, 'requisition-sign');
  await dialog.getByRole('button', { name: '签署' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await world.demo.world.beatNow();
  await page.getByRole('button', { name: '刷新', exact: true }).click();
}
