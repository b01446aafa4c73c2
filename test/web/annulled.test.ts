// Goal: a resolution without money that a court took back is seen to be annulled on every page with its outcome, before anything else is read, and
// nothing more follows it in the console (SPEC 8.2). Method: the whole service, a meeting in which everybody votes for, Chromium.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { voteWith } from '../../src/cli/demo/owner.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import { hexGroups } from '../../src/web/kit/fingerprint.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting, webWorld } from './web-world.ts';

const TITLE = '选聘物业服务企业';
const JUDGMENT = toBase64Url(sha256(utf8('(2027)粤2071民终1号')));

let world: WebWorld;
let browser: Browser;
let meeting: string;

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('annulled');
  const { demo, officers, codes, community } = world;
  const opened = await openMeeting(world, {
    change: (body) => ({
      ...body,
      proposals: body.proposals.map((each, at) => (at === 1 ? { ...each, title: TITLE } : each)),
    }),
  });
  ({ meeting } = opened);
  const newClient = () => httpClient(demo.service.url, () => toBase64Url(demo.world.random(16)));
  for (const { code, owner } of codes)
    await voteWith(demo.world, newClient(), { code, number: owner.number }, meeting, () => ['for']);
  demo.clock.moveTo(opened.closesAt + 1000);
  await demo.world.beatNow();
  for (const officer of Object.values(officers)) await signInOfficer(demo.world, officer);
  const post = (path: string, body?: unknown) => officers.street.client.post<{ act: string }>(path, body);
  const secret = toBase64Url(opened.boxSecret);
  await actTogether(demo.world, () => post(`/v1/meetings/${meeting}/box/release`, { secret }), [
    officers.street,
  ]);
  await demo.world.beatNow();
  await actTogether(demo.world, () => post(`/v1/meetings/${meeting}/final`), [
    officers.committee,
    officers.street,
  ]);
  await demo.world.beatNow();
  const { record } = await newClient().get<ResultAnswer>(`/v1/meetings/${meeting}/result`);
  const proposal = present(
    (JSON.parse(Buffer.from(record, 'base64url').toString()) as { proposals: { proposal: string }[] })
      .proposals[1],
    'the contract',
  ).proposal;
  const annulment = { meeting, proposal, documentHash: JUDGMENT };
  await actTogether(demo.world, () => post(`/v1/communities/${community}/fund/annulments`, annulment), [
    officers.regulator,
    officers.street,
  ]);
  await demo.world.beatNow();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('list, page, papers and the page of the archive pack say first that it was annulled, by which document and when', async () => {
  const { page, complaints, context } = await watchedPage(browser);
  const { origin } = world.demo.world;
  await page.goto(origin);
  await page.getByText('有决议已被撤销').waitFor();
  await expectDecent(page, 'annulled-list');
  await page.goto(`${origin}/meetings/${meeting}`);
  const alert = page.getByRole('alert').filter({ hasText: `决议已被撤销：“${TITLE}”` });
  await alert.waitFor();
  const above = present(await alert.boundingBox(), 'it is seen').y;
  expect(above).toBeLessThan(
    present(await page.getByRole('heading', { name: '最终结果' }).boundingBox(), 'the result').y,
  );
  const fingerprint = hexGroups(JUDGMENT, 16).join(' ');
  await page.getByText(fingerprint).waitFor();
  expect(await page.locator('.tag.good', { hasText: '通过' }).count()).toBe(1);
  await expectDecent(page, 'annulled-meeting');
  for (const name of ['announcement', 'minutes']) {
    await page.goto(`${origin}/meetings/${meeting}/documents/${name}`);
    await page.getByText(`“${TITLE}”：已被撤销（计票结果：通过）`).waitFor();
    await page.getByText(fingerprint).waitFor();
    await expectDecent(page, `annulled-${name}`);
  }
  await page.goto(`${origin}/meetings/${meeting}/archive`);
  await page.getByText('撤销以前生成的归档包保持原样').waitFor();
  await expectDecent(page, 'annulled-archive');
  expect(complaints).toEqual([]);
  await context.close();
}, 120_000);

it('in the console nothing follows it any more, and the other resolution goes on', async () => {
  const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 丁', '442000198303030041');
  await page.getByText('决议的后续事项').click();
  await page.getByText(`决议“${TITLE}”已被撤销，不再登记后续事项。`).waitFor();
  const options = await page.getByLabel('决议', { exact: true }).locator('option').allTextContents();
  expect(options).toHaveLength(1);
  expect(options).not.toContain(TITLE);
  await expectDecent(page, 'annulled-console');
  await context.close();
}, 120_000);
