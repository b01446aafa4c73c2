// Goal: co-owners say on their phones who of them votes: one proposes and agrees, the other sees it wait and agrees, and it stands. Method:
// the whole service, Chromium at phone size.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, utf8 } from '../../src/base/bytes.ts';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import { importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { printLetterCode } from '../../src/record/letter.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { ownsOneDwelling, webWorld } from './web-world.ts';

const NUMBERS = ['442000198001010076', '442000198001010084', '442000198001010092'];

let world: WebWorld;
let browser: Browser;
let holders: readonly LetterCode[];
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
    await section.getByLabel('最后一天').fill(addDays(civilDateAt(world.demo.clock()), 300));
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
});
