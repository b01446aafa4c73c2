// Goal: the public pages say everything without scripts, and are legible. Method: the whole service, Chromium with JavaScript off
// and on; the numbers on the page are compared with those that the service counted.
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { voteWith } from '../../src/cli/demo/owner.ts';
import { unzipped } from '../site/unzipped.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting, webWorld } from './web-world.ts';

describe('the public pages', () => {
  let world: WebWorld;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openMeeting>>;
  beforeAll(async () => {
    browser = await launch();
    world = await webWorld('public pages');
    opened = await openMeeting(world);
    const { demo, codes } = world;
    for (const { code, owner } of codes) {
      const client = httpClient(demo.service.url, () => toBase64Url(demo.world.random(16)));
      await voteWith(demo.world, client, { code, number: owner.number }, opened.meeting, () => ['for']);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  /** Every document that a result has: legible, in pages with heads that repeat, and about nobody. */
  async function expectDocuments(page: Page, address: string) {
    const titles = {
      notice: '业主大会表决公告',
      roll: '业主大会表决权名册汇总表',
      delivery: '会议公告送达情况汇总表',
      announcement: '初步结果',
      minutes: '业主大会会议纪要',
    };
    for (const [name, title] of Object.entries(titles)) {
      await page.goto(address);
      await page.locator(`a[href$="/documents/${name}"]`).click();
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(title);
      await expectDecent(page, `p5-${name}`);
      const text = (await page.locator('article').textContent()) ?? '';
      expect(text).toContain(address);
      for (const { owner } of world.codes) {
        expect(text).not.toContain(owner.name);
        expect(text).not.toContain(owner.number.slice(-6));
      }
      await page.emulateMedia({ media: 'print' });
      const styles = await page.locator('article thead').evaluateAll((heads) =>
        heads.map((head) => {
          const table = head.closest('table') as HTMLTableElement;
          const isShort = (table.tBodies[0]?.rows.length ?? 0) < 9;
          return `${getComputedStyle(head).display} ${isShort ? 'short' : 'long'} ${getComputedStyle(table).breakInside}`;
        }),
      );
      const allowed = ['table-header-group short avoid', 'table-header-group long auto'];
      expect(styles.filter((style) => !allowed.includes(style))).toEqual([]);
      expect(styles.length > 0).toBe(name !== 'notice');
      for (const hidden of ['.no-print', '.view-switch'])
        expect(await page.locator(hidden).first().isVisible()).toBe(false);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      const shots = process.env['WEB_SHOTS'];
      if (shots !== undefined) await writeFile(`${shots}/p5-${name}.pdf`, pdf);
      // Fonts with a map back to characters: the Chinese is text, not boxes.
      expect(pdf.includes('/ToUnicode')).toBe(true);
      await page.emulateMedia({ media: null });
    }
    await expectSums(page, address);
    const unknown = await fetch(`${address}/documents/other`);
    expect(unknown.status).toBe(404);
  }

  /** The last row of the first table is that of all, and it agrees with what the register and the server counted. */
  async function expectSums(page: Page, address: string) {
    const cells = () =>
      page.locator('article table').first().locator('tbody tr').last().locator('td').allTextContents();
    const { turnout } = await world.officers.street.client.get<{
      turnout: { totalHeads: number; totalAreaDm2: string }[];
    }>(`/v1/meetings/${opened.meeting}/turnout`);
    // The proposal about everybody; the other one is about the roofs of some buildings.
    const all = turnout.toSorted((a, b) => b.totalHeads - a.totalHeads)[0];
    await page.goto(`${address}/documents/roll`);
    const [units, , , , heads, counted] = await cells();
    expect(Number(units)).toBe(world.generated.units.length);
    expect(Number(heads)).toBe(all?.totalHeads);
    expect(counted?.replace('.', '')).toBe(all?.totalAreaDm2);
    await page.goto(`${address}/documents/delivery`);
    const [everybody, ...parts] = (await cells()).map(Number);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(everybody);
  }

  /** The page of the archive pack, and the pack's papers opened from a disk, far from any service. */
  async function expectArchive(page: Page, address: string) {
    await page.goto(address);
    await page.getByRole('link', { name: '归档包' }).click();
    await expectDecent(page, 'p7-archive');
    const digest = await page.locator('dt:has-text("归档编号") + dd').textContent();
    const zip = new Uint8Array(await (await fetch(`${address}/archive.zip`)).arrayBuffer());
    const folder = mkdtempSync(join(tmpdir(), 'pack-'));
    const disk = await watchedPage(browser);
    try {
      for (const [path, bytes] of await unzipped(zip)) {
        if (!path.endsWith('.html')) continue;
        const file = join(folder, path.replace('/', '-'));
        await writeFile(file, bytes);
        await disk.page.goto(`file://${file}`);
        await expectDecent(disk.page, `p8-${path.replace('/', '-')}`);
      }
      await disk.page.goto(`file://${join(folder, 'cover.html')}`);
      expect(await disk.page.locator('article').textContent()).toContain(digest);
      expect(await disk.page.locator('svg.qr').isVisible()).toBe(true);
      expect(disk.complaints).toEqual([]);
      expect(disk.requests.filter((request) => !request.startsWith('file://'))).toEqual([]);
    } finally {
      await disk.context.close();
      rmSync(folder, { recursive: true });
    }
  }

  it('show notice, thresholds and turnout without JavaScript', async () => {
    const { page, context } = await watchedPage(
      browser,
      { width: 360, height: 740 },
      { javaScriptEnabled: false },
    );
    const { origin, logVkey } = world.demo.world;
    await page.goto(origin);
    await page.getByRole('link', { name: '2026年第一次业主大会会议' }).click();
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain('面积和人数都有三分之二以上（含本数）的业主参与表决');
    expect(text).toContain('过半数（不含本数）');
    expect(text).toContain('《民法典》第278条第1款第5项');
    expect(text).toContain(logVkey);
    expect(await page.locator('figure.bars').count()).toBe(2);
    expect((await fetch(`${page.url()}/documents/minutes`)).status).toBe(404);
    expect((await fetch(`${page.url()}/documents/roll`)).status).toBe(200);
    const { turnout } = await world.officers.street.client.get<{
      turnout: { heads: number; totalHeads: number }[];
    }>(`/v1/meetings/${opened.meeting}/turnout`);
    const heads = await page.locator('figure.bars tbody tr:first-child td:nth-child(2)').allTextContents();
    expect(heads).toEqual(turnout.map((each) => String(each.heads)));
    expect(turnout.every((each) => each.heads > 0)).toBe(true);
    await context.close();
  });

  it('count what might be, without JavaScript, from the numbers of a meeting', async () => {
    const { page, context } = await watchedPage(
      browser,
      { width: 360, height: 740 },
      { javaScriptEnabled: false },
    );
    await page.goto(`${world.demo.world.origin}/meetings/${opened.meeting}`);
    await page.getByRole('link', { name: '算一算：能通过吗，还差多少' }).first().click();
    const cell = (name: string) => page.getByRole('textbox', { name });
    const total = Number(await cell('全体业主：人数（人）').inputValue());
    expect(total).toBeGreaterThan(2);
    await cell('同意：人数（人）').fill('1');
    await page.getByRole('button', { name: '计算' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('同意的面积要填数字');
    await cell('同意：专有部分面积（㎡）').fill('10');
    await page.getByRole('button', { name: '计算' }).click();
    const text = (await page.locator('#answer').textContent()) ?? '';
    expect(text).toContain('参与不足，不能作出决定');
    expect(text).toContain(`${Math.ceil((2 * total) / 3) - 1} 人`);
    await context.close();
    // axe needs scripts; the address says all that was asked.
    const scripted = await watchedPage(browser);
    await scripted.page.goto(page.url());
    await expectDecent(scripted.page, 'p6-what-if');
    expect(scripted.complaints).toEqual([]);
    await scripted.context.close();
  });

  it('pass axe and fit 320 px, open and with a result, and show both sides of every inequality', async () => {
    const { page, context, complaints, requests } = await watchedPage(browser);
    const { world: service, clock } = world.demo;
    await page.goto(service.origin);
    await expectDecent(page, 'p1-list');
    await page.goto(`${service.origin}/meetings/${opened.meeting}`);
    await expectDecent(page, 'p2-open');
    clock.moveTo(opened.closesAt + 1000);
    await service.beatNow();
    for (const officer of Object.values(world.officers)) await signInOfficer(service, officer);
    const { street } = world.officers;
    const secret = toBase64Url(opened.boxSecret);
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${opened.meeting}/box/release`, { secret });
    await actTogether(service, release, [street]);
    await service.beatNow();
    await page.reload();
    await page.getByRole('heading', { name: '初步结果' }).waitFor();
    const formulas = await page.locator('table:has(caption:has-text("算式")) td.number').allTextContents();
    // Two proposals, quorum and consent, by area and by heads.
    expect(formulas).toHaveLength(8);
    for (const formula of formulas) {
      const [, left = '', relation, right = ''] = /^(\d+) ([≥>]) (\d+)$/.exec(formula) ?? [];
      expect(relation === '≥' ? BigInt(left) >= BigInt(right) : BigInt(left) > BigInt(right), formula).toBe(
        true,
      );
    }
    await expectDecent(page, 'p3-result');
    await expectDocuments(page, `${service.origin}/meetings/${opened.meeting}`);
    await expectArchive(page, `${service.origin}/meetings/${opened.meeting}`);
    await page.goto(`${service.origin}/assets-list`);
    await expectDecent(page, 'p4-assets');
    await page.getByRole('button', { name: '大字版' }).click();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('22px');
    expect(complaints).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(`${service.origin}/`))).toEqual([]);
    await context.close();
  });

  it('are where an officer finds the archive pack from the console', async () => {
    const { page, context } = await watchedPage(browser, { width: 1280, height: 900 });
    await enrolOfficer(world, page, 'committee', '演示业委会 戊', '442000198303030041');
    await page.getByRole('link', { name: '归档包' }).click();
    await page.getByRole('heading', { name: '业主大会会议归档封面' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/meetings/${opened.meeting}/archive`);
    await context.close();
  });
});
