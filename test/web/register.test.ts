// Goal: a committee officer brings a new register into force by the console alone: a workbook with faults is refused with every one named,
// comes back marked, is put right and confirmed, and a second officer signs what he sees. Method: the whole service, Chromium, XLSX files.
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8 } from '../../src/base/bytes.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { corrected } from '../registry/corrected-workbook.ts';
import { oneSheet, sheetXml } from '../registry/workbook-file.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

const DESKTOP = { width: 1280, height: 900 };
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const [BUILDING, AREA] = [1, 5];

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('register');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** The register in force as a workbook: an area that is none, and one building under another of its names. */
function faultyWorkbook(csv: Uint8Array): Uint8Array {
  const rows = present(fromUtf8(csv), 'our own file')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const [, first = [], second = []] = rows;
  first[AREA] = '一百三十五';
  second[BUILDING] = `第${second[BUILDING]}`;
  return oneSheet(sheetXml(rows));
}

describe('a register in the console', () => {
  it('is refused with its faults, comes back marked, and is put into force by two officers', async () => {
    const { demo, community, officers, generated } = world;
    const { page, complaints } = await watchedPage(browser, DESKTOP);
    await enrolOfficer(world, page, 'committee', '演示委员 庚', '442000198707070077');
    const section = page.locator('section.sheet', {
      has: page.getByRole('heading', { name: '业主名册', exact: true }),
    });
    await section.waitFor();
    await expectDecent(page, 'g0-empty');

    const file = { name: '名册.xlsx', mimeType: XLSX, buffer: Buffer.from(faultyWorkbook(generated.csv)) };
    await section.getByLabel('名册文件').setInputFiles(file);
    await section.getByRole('button', { name: '上传并检查' }).click();
    await section.getByText('名册有误，没有导入任何内容').waitFor();
    await section.getByText('必须改正').first().waitFor();
    expect(await section.locator('details[open]').textContent()).toMatch(/REG-C3\d\d/);
    await expectDecent(page, 'g1-refused');

    const waiting = page.waitForEvent('download');
    await section.getByRole('link', { name: '下载标注了问题的表格' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
    const marked = await readFile(await download.path());
    // He corrects the cell in the workbook that came back, and nothing else.
    const good = await corrected(marked, ['一百三十五', '135.12']);
    await section.getByLabel('名册文件').setInputFiles({ ...file, buffer: Buffer.from(good) });
    await section.getByRole('button', { name: '上传并检查' }).click();
    await section.getByText('检查通过，可以拟定导入').waitFor();
    const changed = section.getByRole('row', { name: /面积改变/ });
    expect(await changed.textContent()).toBe('面积改变1');

    // Two names of one building: kept apart, a unit in force would be missing; taken back, one tick is wanted.
    const draft = section.getByRole('button', { name: '拟定导入' });
    const again = section.getByRole('button', { name: '按新的楼栋划分再检查' });
    const disappeared = section.getByRole('row', { name: /^减少房屋/ });
    expect(await draft.isDisabled()).toBe(true);
    for (const [isApart, count] of [
      [true, '1'],
      [false, '0'],
    ] as const) {
      await section.getByLabel(/是不同的楼栋/).setChecked(isApart);
      await again.click();
      await expect.poll(() => disappeared.textContent(), { timeout: 20_000 }).toBe(`减少房屋${count}`);
    }
    await section.getByLabel(/我已核对：楼栋名称写法不同/).check();
    await expectDecent(page, 'g2-checked');
    await draft.click();
    await section.getByText('已拟定，请在“待签事项”中签署').waitFor();

    const sheet = page.locator('li.sheet', { hasText: '导入' });
    await sheet.getByRole('button', { name: '签署' }).click();
    const dialog = page.getByRole('dialog');
    const signing = dialog.getByRole('button', { name: '签署' });
    expect(await signing.isDisabled()).toBe(true);
    const own = dialog.getByLabel('您收到的业主名册原始文件');
    await own.setInputFiles({ ...file, buffer: Buffer.from(marked) });
    await dialog.getByText('这个文件与签署内容不符').waitFor();
    expect(await signing.isDisabled()).toBe(true);
    await own.setInputFiles({ ...file, buffer: Buffer.from(good) });
    await dialog.getByText('您的文件就是签署内容里的业主名册').waitFor();
    await expectDecent(page, 'g3-signing');
    await signing.click();
    await dialog.waitFor({ state: 'hidden' });
    const { acts } = await officers.street.client.get<{ acts: readonly { act: string; kind: string }[] }>(
      `/v1/acts?community=${community}`,
    );
    const { act } = present(
      acts.find(({ kind }) => kind === 'register.imported'),
      'the act',
    );
    await signBy(demo.world, act, [officers.street]);
    await demo.world.beatNow();
    const [unit] = await world.fresh.db
      .selectFrom('unit')
      .select('area_dm2')
      .where('community_id', '=', community)
      .where('area_dm2', '=', 13_512n)
      .execute();
    expect(unit).toEqual({ area_dm2: 13_512n });
    expect(complaints.filter((text) => !text.startsWith('publicKey.pubKeyCredParams'))).toEqual([]);
  }, 180_000);
});
