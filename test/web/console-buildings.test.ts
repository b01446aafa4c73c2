// Goal: on a phone the regulator reads a fund by building and one line for each community, equal to the book, and takes the same numbers as a
// file; the committee sees no list of communities. Method: the whole service, a roof under repair, Chromium, the answers of the service.
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { showYuan } from '../../src/base/fen.ts';
import type { BookAnswer } from '../../src/fund/contract.ts';
import type { BuildingsAnswer } from '../../src/fund/oversight-contract.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import { fundOf, payStage, roofUnderRepair } from './fund-story.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('console buildings');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const yuanOf = (fen: string): string => showYuan(BigInt(fen)).replace(/\B(?=(\d{3})+\.)/g, ',');

it('the fund by building, its file, and the line of each community', async () => {
  const { community, officers, generated } = world;
  const roof = await roofUnderRepair(world);
  const { depositedFen } = roof;
  // 96 % of the cap: near it, which is a finding.
  const secondFen = (roof.capFen * 66n) / 100n;
  await payStage(world, roof, { amountFen: secondFen, document: '屋面防水第二次验收记录' });
  const paidFen = roof.paidFen + secondFen;
  const { client } = officers.committee;
  const book = await client.get<BookAnswer>(fundOf(world));
  const read = await client.get<BuildingsAnswer>(`${fundOf(world)}/buildings`);
  const { units } = await client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
  expect(read.buildings.map(({ building }) => building).sort()).toEqual(
    [...new Set(units.map(({ building }) => building))].sort(),
  );
  expect(read).toMatchObject({
    bankFen: String(depositedFen - paidFen),
    paidFen: String(paidFen),
    whole: {
      units: units.length,
      depositedFen: String(depositedFen),
      availableFen: book.totals['unit_available'],
      heldFen: book.totals['unit_held'],
    },
  });

  const { page, context, complaints } = await watchedPage(browser, { width: 390, height: 844 });
  await enrolOfficer(world, page, 'regulator', '演示住建局 丙', '442000197705050077');
  await page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  const section = page.locator('section.sheet', {
    has: page.getByRole('heading', { name: '各幢的维修资金', exact: true }),
  });
  const table = section.getByRole('region', { name: '各幢的维修资金', exact: true });
  const rowOf = (name: string) =>
    table.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  expect(read.buildings.map(({ perSquareMetre }) => perSquareMetre === null)).toContain(true);
  for (const each of [...read.buildings, { building: '全小区', ...read.whole }]) {
    const text = await rowOf(each.building).textContent();
    for (const fen of [each.availableFen, each.heldFen, each.depositedFen, each.workFen])
      expect(text, each.building).toContain(yuanOf(fen));
    // The garage has no account, and so no square metre.
    const perM2 = each.perSquareMetre;
    expect(text?.includes('每㎡')).toBe(perM2 !== null);
    if (perM2 !== null) expect(text).toContain(`每㎡ ${yuanOf(perM2.availableFen)}`);
  }
  await section.getByText(`专户存款 ${yuanOf(read.bankFen)} 元`).waitFor();
  const line = section
    .getByRole('region', { name: '各小区的维修资金', exact: true })
    .getByRole('row')
    .filter({ hasText: generated.name });
  // One authorisation is open, no month is late.
  const cells = await line.getByRole('cell').allInnerTexts();
  expect(cells.slice(0, 3)).toEqual([yuanOf(read.bankFen), '1', '0']);
  expect(cells.slice(4)).toEqual([yuanOf(read.whole.availableFen), yuanOf(read.whole.heldFen)]);
  const findings = page.locator('section.sheet', { hasText: '需要核查的事项' });
  const count = await findings.locator('li', { hasText: '列支编号' }).count();
  expect(count).toBeGreaterThan(0);
  expect(cells[3]).toBe(String(count));
  await expectDecent(page, 'fund-buildings');

  const download = page.waitForEvent('download');
  await section.getByRole('link', { name: '下载表格（CSV）', exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('维修资金按幢汇总.csv');
  const rows = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
  expect(rows).toHaveLength(read.buildings.length + 2);
  expect(rows.at(-1)).toContain(
    `,${showYuan(depositedFen)},0.00,${showYuan(BigInt(read.whole.availableFen))},`,
  );
  expect(complaints.filter((each) => !each.includes('pubKeyCredParams'))).toEqual([]);
  await context.close();

  const committee = await watchedPage(browser, { width: 390, height: 844 });
  await enrolOfficer(world, committee.page, 'committee', '演示委员 丁', '442000197606060066');
  await committee.page.getByRole('link', { name: '办理维修资金', exact: true }).click();
  await committee.page.getByRole('region', { name: '各幢的维修资金', exact: true }).waitFor();
  expect(await committee.page.getByText('各小区的维修资金').count()).toBe(0);
  await committee.context.close();
}, 240_000);
