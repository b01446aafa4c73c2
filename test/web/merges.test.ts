// Goal: a registrar finds two documents of one person, drafts the merge and signs it by the console alone, after the page has compared the
// record with what is signed; later he drafts its undoing. Method: the whole service with one owner registered twice, Chromium.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, utf8 } from '../../src/base/bytes.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

const [NAMES, KINDS, NUMBERS] = [6, 7, 8];
const PASSPORT = 'E12345678';

/** The register with the owner of the first dwelling in the third one again, by his passport. */
async function twiceRegistered(csv: Uint8Array): Promise<Uint8Array> {
  const rows = present(fromUtf8(csv), 'our own file')
    .split('\n')
    .map((line) => line.split(','));
  const [, first = [], , third = []] = rows;
  third[NAMES] = first[NAMES] ?? '';
  third[KINDS] = '护照';
  third[NUMBERS] = PASSPORT;
  return utf8(rows.map((row) => row.join(',')).join('\n'));
}

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('merges', { asFile: twiceRegistered });
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('a registrar merges one who is registered twice, and drafts the undoing', async () => {
  const { demo, community, officers, codes } = world;
  const passport = present(
    codes.find(({ owner }) => owner.number === PASSPORT),
    'the passport',
  );
  const { name } = passport.owner;
  const resident = present(
    codes.find(({ owner }) => owner.name === name && owner.number !== PASSPORT),
    'the resident',
  );
  const { page, complaints, requests } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'registrar', '演示登记员 辛', '442000198808080088');
  const section = page.locator('section', {
    has: page.getByRole('heading', { name: '同一人的合并', exact: true }),
  });
  await section.getByRole('button', { name: '查找可能的同一人' }).click();
  await section.getByText('下面只是线索，同名不等于同一人').waitFor();
  const pair = section.locator('li.sheet').filter({ hasText: '护照' });
  expect(await pair.count()).toBe(1);
  // Masked, also in what the browser was sent.
  const shown = (await pair.textContent()) ?? '';
  expect(shown).toContain('姓名相同');
  for (const secret of [PASSPORT, name]) expect(shown).not.toContain(secret);
  const columns = pair.locator('.columns > div');
  const isFirst = ((await columns.first().textContent()) ?? '').includes('身份证');
  const keep = pair.getByRole('button', { name: isFirst ? '保留第一份' : '保留第二份' });
  expect(await keep.isDisabled()).toBe(true);
  await pair.getByLabel('理由').fill('看过身份证和护照原件');
  await expectDecent(page, 'm0-candidates');
  await keep.click();
  await section.getByText('已起草，请两人在“待签事项”中签署。').waitFor();
  await section.getByText('待签署或未生效').waitFor();

  const sheet = page.locator('li.sheet', { hasText: '把一位业主的两份登记合并为一人' });
  await sheet.getByRole('button', { name: '签署' }).click();
  const dialog = page.getByRole('dialog');
  const signing = dialog.getByRole('button', { name: '签署', exact: true });
  await dialog.getByText('看过身份证和护照原件').waitFor();
  const show = async (who: string, number: string) => {
    await dialog.getByLabel(`${who}证件上的姓名`).fill(name);
    await dialog.getByLabel(`${who}的证件号码`).fill(number);
    await dialog.getByRole('button', { name: `核对${who}` }).click();
  };
  await show('保留的登记', resident.owner.number);
  expect(await signing.isDisabled()).toBe(true);
  // Another document than the record's opens nothing.
  await show('并入的登记', 'E12345679');
  await dialog.getByText('证件上的人不是签署内容里的并入的登记').waitFor();
  expect(await signing.isDisabled()).toBe(true);
  await show('并入的登记', PASSPORT);
  await expect.poll(() => signing.isEnabled(), { timeout: 20_000 }).toBe(true);
  await expectDecent(page, 'm1-signing');
  await signing.click();
  await dialog.waitFor({ state: 'hidden' });

  const { acts } = await officers.street.client.get<{ acts: readonly { act: string; kind: string }[] }>(
    `/v1/acts?community=${community}`,
  );
  const { act } = present(
    acts.find(({ kind }) => kind === 'persons.merged'),
    'the act',
  );
  await signBy(demo.world, act, [officers.street]);
  await demo.world.beatNow();
  const merged = await world.fresh.db
    .selectFrom('person_merge')
    .select('merged_id')
    .where('entry_id', 'is not', null)
    .execute();
  expect(merged).toEqual([{ merged_id: passport.person }]);

  await page.reload();
  await section.getByText('已合并').waitFor();
  await expectDecent(page, 'm2-merged');
  await section.getByRole('button', { name: '起草撤销合并' }).click();
  await section.getByText('已起草，请两人在“待签事项”中签署。').waitFor();
  const separation = await world.fresh.db
    .selectFrom('act')
    .select('state')
    .where('kind', '=', 'persons.separated')
    .execute();
  expect(separation).toEqual([{ state: 'open' }]);
  // Two documents that are one by now are no candidates.
  await section.getByRole('button', { name: '查找可能的同一人' }).click();
  await expect.poll(() => section.locator('li.sheet', { hasText: '保留第一份' }).count()).toBe(0);
  for (const request of requests) expect(request).not.toContain(PASSPORT);
  expect(complaints.filter((text) => !text.startsWith('publicKey.pubKeyCredParams'))).toEqual([]);
}, 180_000);
