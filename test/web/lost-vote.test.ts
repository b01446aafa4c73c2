// Goal: a vote that the service acknowledged and lost comes back without a word of its owner: the page sends it again while the vote is open,
// hands it in after the close, two officers restore it in the console, and then the page says that it counts (SPEC 6.12). Method: the whole
// service in Chromium; where a commit is to be lost, the answer is the service's own promise and the cast never reaches it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signToken } from '../../src/ballot/tokens.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { actTogether, signBy, signInOfficer, untilDone } from '../../src/cli/demo/officer.ts';
import { acknowledgementForm } from '../../src/record/acknowledgement.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import { leafHash } from '../../src/record/merkle.ts';
import { acceptedEntry } from '../../src/record/promise.ts';
import type { Signature } from '../../src/record/signature.ts';
import type { Watched } from './browser.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { castAll } from './casting-all.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
let opened: Awaited<ReturnType<typeof openMeeting>>;
/** Owners of one dwelling each. */
const owners = () =>
  world.codes.filter(({ units }) => units.length === 1 && units[0]?.kind === 'dwelling').slice(0, 2);

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('lost vote');
  opened = await openMeeting(world);
  await world.demo.world.beatNow();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** Answers casts as the service would, and loses them. */
async function loseCasts(page: Page): Promise<void> {
  const { clock, service } = world.demo;
  await page.route('**/v1/meetings/*/casts', async (route) => {
    const sent = route.request().postDataJSON() as { cast: string; signature: Signature };
    const bytes = present(fromBase64Url(sent.cast), 'bytes');
    const cast = castForm.own(bytes);
    const hash = castHash(bytes);
    const iat = Math.floor(clock() / 1000);
    const claims = {
      iss: service.deps.deployment.origin,
      iat,
      entry: toBase64Url(leafHash(acceptedEntry(opened.meeting, cast, hash, sent.signature))),
      meeting: cast.meeting,
      castHash: toBase64Url(hash),
      seq: cast.seq,
      includeBy: iat + 60,
    };
    const { ack } = service.deps.keys;
    const acknowledgement = await signToken(claims, 'owners-vote-ack+jws', ack, acknowledgementForm);
    await route.fulfill({
      status: 201,
      contentType: 'application/json',
      body: JSON.stringify({ acknowledgement, castHash: toBase64Url(hash), repeated: false }),
    });
  });
}

/** Votes for everything, from the letter to the receipt. */
async function vote({ page }: Watched, at: number): Promise<void> {
  const owner = letterOf(world, (letter) => letter === owners()[at]);
  await page.goto('about:blank');
  await page.goto(`${world.demo.world.origin}/e#${owner.code}`);
  await page.getByLabel('证件号码后六位').fill(owner.numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
  await castAll(page, '开始');
}

const keptIn = ({ page }: Watched): Promise<string> =>
  page.evaluate(() => localStorage.getItem('ov-receipts') ?? '');

describe('a vote that the service lost', () => {
  it('is sent again by its page while the vote is open, and then forgotten by the phone', async () => {
    const phone = await watchedPage(browser);
    await loseCasts(phone.page);
    await vote(phone, 0);
    expect(await keptIn(phone)).toContain('"sent"');
    await phone.page.getByText('本页已替您重新发送').waitFor({ timeout: 30_000 });
    await expectDecent(phone.page, 'lost-vote-again');
    await phone.page.unroute('**/v1/meetings/*/casts');
    await phone.page.getByText('公开日志已收录您的选票').waitFor({ timeout: 60_000 });
    await expect.poll(() => keptIn(phone)).not.toContain('"sent"');
    // What the browser itself says of an answer of 404 is no complaint of the page's.
    expect(phone.complaints.filter((text) => !text.includes('404'))).toEqual([]);
    await phone.context.close();
  }, 180_000);

  it('is handed in after the close, restored by two officers, and counted', async () => {
    const phone = await watchedPage(browser);
    await loseCasts(phone.page);
    await vote(phone, 1);
    const { world: service, clock } = world.demo;
    clock.moveTo(opened.closesAt + 1000);
    await service.beatNow();
    for (const officer of Object.values(world.officers)) await signInOfficer(service, officer);
    await phone.page.unroute('**/v1/meetings/*/casts');
    await phone.page.goto(`${service.origin}/vote/${opened.meeting}`);
    await phone.page.getByText('本页已替您提交恢复').waitFor();
    await expectDecent(phone.page, 'lost-vote-handed-in');

    const { page, complaints } = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, page, 'committee', '演示委员 丙', '442000198303030033');
    await page.getByRole('heading', { name: '日志未收录的选票' }).waitFor();
    await expectDecent(page, 'lost-vote-console');
    await page.getByRole('button', { name: '拟定恢复' }).click();
    await page.getByText('已拟定,请签署').waitFor();
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    const sheet = page
      .locator('li.sheet', { has: page.getByRole('heading', { name: '恢复一张选票' }) })
      .first();
    await sheet.getByRole('button', { name: '签署' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('签名已由本页核对').waitFor();
    await expectDecent(page, 'lost-vote-sign');
    await dialog.getByRole('button', { name: '签署' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { street } = world.officers;
    const { acts } = await street.client.get<{ acts: { act: string; kind: string }[] }>(
      `/v1/acts?community=${world.community}`,
    );
    const { act } = present(
      acts.find(({ kind }) => kind === 'cast.restored'),
      'the restoring',
    );
    await signBy(service, act, [street]);
    await untilDone(service, act, street);
    expect(complaints.filter((text) => !text.includes('pubKeyCredParams'))).toEqual([]);

    const secret = toBase64Url(opened.boxSecret);
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${opened.meeting}/box/release`, { secret });
    await actTogether(service, release, [street]);
    await service.beatNow();
    await service.beatNow();
    await phone.page.reload();
    await phone.page.getByText('您的选票已计入').waitFor();
    const open = await watchedPage(browser);
    await open.page.goto(`${service.origin}/meetings/${opened.meeting}`);
    await open.page.getByText('系统截止前已签收而日志未收录的选票 1 张').waitFor();
    await expectDecent(open.page, 'lost-vote-public');
    expect(open.complaints).toEqual([]);
  }, 180_000);
});
