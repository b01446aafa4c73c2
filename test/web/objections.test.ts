// Goal: an owner objects on his own page, officers read it, uphold it and void the vote, and he votes again; after the count both results
// stay to be read (SPEC 6.7, 8.2). Method: the whole service, Chromium at phone size for the owner, a virtual authenticator for the console.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signBy, signInOfficer, untilDone } from '../../src/cli/demo/officer.ts';
import { signInOwner, voteWith } from '../../src/cli/demo/owner.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import type { VoidAnswer } from '../../src/tally/contract.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let opened: Awaited<ReturnType<typeof openMeeting>>;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('objections');
  opened = await openMeeting(world, {
    change: (body) => ({ ...body, parameters: { objectionDays: 3 } }),
  });
  for (const { code, owner } of world.codes)
    await voteWith(world.demo.world, newClient(), { code, number: owner.number }, opened.meeting, () => [
      'against',
    ]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const newClient = () => httpClient(world.demo.service.url, () => toBase64Url(world.demo.world.random(16)));
const DWELLERS = () => world.codes.filter(ownsOneDwelling);

async function signIn(page: Page, path: 'mine' | 'e', who: ReturnType<typeof letterOf>): Promise<void> {
  await page.goto(`${world.demo.world.origin}/${path}#${who.code}`);
  await page.getByLabel('证件号码后六位').fill(who.numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
}

/** Opens the dialog of the act whose words contain a text, and signs. */
async function sign(page: Page, words: string | RegExp, shows: string): Promise<void> {
  await page.getByRole('button', { name: '刷新', exact: true }).click();
  const sheet = page.locator('li.sheet', { has: page.getByRole('heading', { name: words }) }).first();
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(shows).first().waitFor();
  await expectDecent(page, `objections-sign-${shows}`);
  await dialog.getByRole('button', { name: '签署' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

async function unitOf({ units: [home] }: LetterCode): Promise<string> {
  const { officers, community } = world;
  const { units } = await officers.committee.client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
  const found = units.find(
    ({ building, stair, room }) => building === home?.building && stair === home.stair && room === home.room,
  );
  return present(found, 'his dwelling').unit;
}

describe('an objection', () => {
  it('is filed on the phone, upheld and followed by a void in the console, and its owner votes again', async () => {
    const owner = letterOf(world, ownsOneDwelling);
    const phone = await watchedPage(browser);
    await signIn(phone.page, 'mine', owner);
    const section = phone.page.locator('section', {
      has: phone.page.getByRole('heading', { name: '异议', exact: true }),
    });
    await section.getByLabel('请说明').fill('这张票不是我投的。');
    await section.getByRole('button', { name: '提出异议' }).click();
    await section.getByText('已提出并记入公开日志').waitFor();
    await section.getByText('等待答复').waitFor();
    await expectDecent(phone.page, 'objections-mine');

    const { page, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, page, 'committee', '演示委员 丙', '442000198303030033');
    await page.getByText('这张票不是我投的。').waitFor();
    // Everybody has voted, so the vote is not extended, and the form says why.
    await page.getByText('延长投票', { exact: true }).click();
    await page.getByLabel('新的截止时间').fill('2099-01-01T18:00');
    await page.getByRole('button', { name: '拟定延长' }).click();
    await page.getByText('不超过规则允许的天数').waitFor();
    await page.getByLabel('答复').selectOption('upheld');
    await page.getByLabel('哪些房屋现有的表决票有误').selectOption({ index: 1 });
    await page.getByRole('button', { name: '加上这一套' }).click();
    await page.getByLabel('理由', { exact: true }).fill('经核实,不是本人所投。');
    await page.getByRole('button', { name: '拟定答复' }).click();
    await page.getByText('已拟定,请签署').waitFor();
    await sign(page, /答复异议/, '不是本人所投');
    await world.demo.world.beatNow();
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    await page.getByRole('button', { name: '拟定作废' }).waitFor();
    await expectDecent(page, 'objections-void');
    await page.getByRole('button', { name: '拟定作废' }).click();
    await page.getByText('已拟定作废').waitFor();
    await sign(page, /作废户/, '作废的是');
    const { street } = world.officers;
    const { acts } = await street.client.get<{ acts: { act: string; kind: string; state: string }[] }>(
      `/v1/acts?community=${world.community}`,
    );
    const voiding = present(
      acts.find(({ kind, state }) => kind === 'cast.voided' && state === 'open'),
      'the void',
    ).act;
    await signBy(world.demo.world, voiding, [street]);
    await untilDone(world.demo.world, voiding, street);
    expect(complaints.filter((each) => !each.includes('pubKeyCredParams'))).toEqual([]);

    // A new document: within the old one only the fragment would change, perhaps before the page listens.
    await phone.page.goto('about:blank');
    await signIn(phone.page, 'mine', owner);
    await phone.page.getByText('成立:经核实,不是本人所投。').waitFor();
    await phone.page.getByText('所涉的表决票已作废或已由您重新投票').waitFor();
    await signIn(phone.page, 'e', owner);
    await phone.page.getByText('这一户的表决票已被两名工作人员作废').waitFor();
    await expectDecent(phone.page, 'objections-vote-again');
    await phone.page.getByRole('button', { name: '开始' }).waitFor();
    expect(phone.complaints).toEqual([]);
  }, 180_000);

  it('to a result leads to a second count, and both stand on the public page and in the announcement', async () => {
    const { demo, officers } = world;
    const { clock, world: service } = demo;
    clock.moveTo(opened.closesAt + 1000);
    await service.beatNow();
    for (const officer of Object.values(officers)) await signInOfficer(service, officer);
    const at = `/v1/meetings/${opened.meeting}`;
    const post = (path: string, body?: unknown) =>
      officers.street.client.post<VoidAnswer>(`${at}/${path}`, body);
    const secret = toBase64Url(opened.boxSecret);
    await actTogether(service, () => post('box/release', { secret }), [officers.street]);
    await service.beatNow();
    const second = present(DWELLERS()[1], 'another owner');
    const client = newClient();
    await signInOwner(service, client, { code: second.code, number: second.owner.number });
    const filed = await client.post<{ objection: string }>(`${at}/objections`, { text: '没有投过票。' });
    const { objection } = filed;
    const decision = { decision: 'upheld', reason: '经核实。', units: [await unitOf(second)] };
    await actTogether(service, () => post(`objections/${objection}/decision`, decision), [officers.street]);
    const wanted = { unit: await unitOf(second), reason: 'CLAIMED_BY_OWNER' };
    await actTogether(service, () => post(`objections/${objection}/voids`, wanted), [
      officers.committee,
      officers.street,
    ]);
    await service.beatNow();
    const { page, complaints } = await watchedPage(browser);
    await page.goto(`${service.origin}/meetings/${opened.meeting}`);
    await page.getByText('作废了 2 张表决票').waitFor();
    await page.getByText('第 1 次统计的结果').click();
    await page.getByText('原来公布的结果保留在这里').waitFor();
    await expectDecent(page, 'objections-both-results');
    await page.goto(`${service.origin}/meetings/${opened.meeting}/documents/announcement`);
    await page.getByText('此前公布的结果').waitFor();
    await expectDecent(page, 'objections-announcement');
    expect(complaints).toEqual([]);
  }, 120_000);
});
