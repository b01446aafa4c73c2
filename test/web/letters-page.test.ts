// Goal: a registrar who can run no command makes letters in the page and prints them there; their codes go to paper and nowhere else, two
// officers sign, owners vote by them, and the result says where they were made. Method: the whole service, Chromium, a register in XLSX,
// every request and every store of the browser searched for every code.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toBase64Url } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signBy, signInOfficer } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { FoundLetters, LettersOverview } from '../../src/identity/contract.ts';
import { letterPublicKey, letterSeed, parseLetterCode } from '../../src/record/letter.ts';
import { writeWorkbook } from '../../src/registry/workbook/writer.ts';
import type { Watched } from './browser.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { castAll } from './casting-all.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting, webWorld } from './web-world.ts';

const DESKTOP = { width: 1280, height: 900 };

/** The register as a workbook, every cell a text. */
function workbookOf(csv: Uint8Array): Promise<Uint8Array> {
  const lines = present(fromUtf8(csv), 'our own file').trim().split('\n');
  const rows = lines.map((line, at) => ({
    row: at + 1,
    cells: line.split(',').map((text) => (text === '' ? undefined : { text })),
  }));
  const columns = present(rows[0], 'a header').cells.map(() => ({ width: 12, isText: true }));
  return writeWorkbook([{ name: '名册', columns, rows, frozenRows: 1 }]);
}

let world: WebWorld;
let browser: Browser;
let registrar: Watched;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('letters page', { asFile: workbookOf, hasNoLetters: true });
  registrar = await watchedPage(browser, DESKTOP);
  await registrar.page.addInitScript(() => {
    const counted = globalThis as unknown as { printed: number; print: () => void };
    counted.printed = 0;
    counted.print = () => {
      counted.printed += 1;
    };
  });
  await enrolOfficer(world, registrar.page, 'registrar', '演示登记员 戊', '442000198505050055');
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

type Sheet = { readonly name: string; readonly typed: string; readonly units: string };

/** What stands on the sheets that are shown. */
const lettersOn = async (page: Page): Promise<readonly Sheet[]> =>
  Promise.all(
    (await page.locator('.print-root .letter').all()).map(async (letter) => ({
      name: (await letter.locator('.name').textContent()) ?? '',
      typed: (await letter.locator('.code').textContent()) ?? '',
      units: (await letter.locator('p').nth(1).textContent()) ?? '',
    })),
  );

const codeOf = ({ typed }: Sheet): Uint8Array => {
  const code = parseLetterCode(typed);
  if (!code.ok) throw new Error(code.refusal.code);
  return code.value;
};

const file = (name: string, buffer: Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(buffer),
});

const toPage = async (page: Page) => {
  await page.getByRole('link', { name: '在网页里制作信函' }).click();
  await page.getByRole('heading', { name: '在网页里制作信函' }).waitFor();
};

/** Prints all, keeps the public file, and clears; the file is what officers compare. */
async function finish(page: Page): Promise<Buffer> {
  const clear = page.getByRole('button', { name: '全部印好，清除投票码' });
  expect(await clear.isDisabled()).toBe(true);
  for (const button of await page.getByRole('button', { name: /^打印/ }).all()) await button.click();
  const printed = () => page.evaluate(() => (globalThis as unknown as { printed: number }).printed);
  await expect.poll(printed).toBe(2);
  const offered = page.waitForEvent('download');
  await page.getByRole('button', { name: /^下载 letters.json/ }).click();
  const stream = await (await offered).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  await clear.click();
  await page.getByText('投票码已从本页清除').waitFor();
  await page.locator('.print-root').waitFor({ state: 'detached' });
  return Buffer.concat(chunks);
}

/** The letters of all batches work: their acts are executed. */
const issued = () =>
  expect
    .poll(async () => {
      await world.demo.world.beatNow();
      const path = `/v1/communities/${world.community}/letters`;
      const { batches } = await world.officers.street.client.get<LettersOverview>(path);
      return batches.every(({ state }) => state === 'done');
    })
    .toBe(true)
    .then(() => world.demo.world.beatNow());

const acts = async (kind: string): Promise<string> => {
  const { street } = world.officers;
  const path = `/v1/acts?community=${world.community}`;
  const found = await street.client.get<{ acts: readonly { act: string; kind: string }[] }>(path);
  return present(
    found.acts.find((each) => each.kind === kind),
    kind,
  ).act;
};

/** No code of these sheets, in any spelling, left the page. */
async function expectNowhere({ context, page, requests }: Watched, sheets: readonly Sheet[], kept: string) {
  const storage = JSON.stringify(await context.storageState());
  const session = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage, location.href]));
  for (const sheet of sheets) {
    const code = codeOf(sheet);
    const bare = sheet.typed.replaceAll('-', '');
    const spellings = [sheet.typed, bare, toBase64Url(code), toBase64Url(letterSeed(code))];
    for (const text of [...requests, storage, session, kept])
      expect(spellings.some((spelling) => text.toLowerCase().includes(spelling.toLowerCase()))).toBe(false);
  }
}

async function vote(sheet: Sheet, numberTail: string): Promise<void> {
  const { page, context, complaints, requests } = await watchedPage(browser);
  await page.goto(`${world.demo.world.origin}/e#${sheet.typed.replaceAll('-', '')}`);
  await page.getByLabel('证件号码后六位').fill(numberTail);
  await page.getByRole('button', { name: '下一步' }).click();
  await castAll(page);
  expect(complaints).toEqual([]);
  await expectNowhere({ context, page, complaints, requests }, [sheet], '');
  await context.close();
}

describe('the page of letters', () => {
  let sheets: readonly Sheet[];
  let meeting: Awaited<ReturnType<typeof openMeeting>>;
  const owner = (sheet: Sheet) =>
    present(
      world.generated.persons.find(({ name }) => name === sheet.name),
      'an owner',
    );
  /** Somebody who has one dwelling. */
  const single = (at: number): Sheet =>
    present(sheets.filter(({ units }) => !/；|等|车位/.test(units))[at], 'one of many');

  it('makes and prints them from the very file that was imported', async () => {
    const { page } = registrar;
    await toPage(page);
    await page.getByLabel('名册文件').setInputFiles(file('other.csv', Buffer.from('a,b\n')));
    await expectDecent(page, 'lp1-form');
    await page.getByRole('button', { name: '制作并登记' }).click();
    await page.getByText('这不是导入时的名册文件').waitFor();
    await page.getByLabel('名册文件').setInputFiles(file('register.xlsx', world.generated.csv));
    await page.getByLabel('信函上的联系电话').fill('0760-12345678');
    await page.getByRole('button', { name: '制作并登记' }).click();
    await page.getByText(/已制作并登记 \d+ 封信函/).waitFor({ timeout: 30_000 });
    sheets = await lettersOn(page);
    // One owner of the generated file gave his home to another (web-world.ts).
    expect(sheets).toHaveLength(world.generated.persons.length - 1);
    expect(sheets.filter((sheet) => owner(sheet) === undefined)).toEqual([]);
    await expectDecent(page, 'lp2-made');
    await page.locator('.print-root', { hasText: '0760-12345678' }).waitFor();

    // A sheet is a whole A4 page, the address in the window, and nothing of the page is on paper.
    await page.emulateMedia({ media: 'print' });
    const [first] = await page.locator('.print-root article').all();
    const box = await present(first, 'a sheet').boundingBox();
    expect([box?.x, box?.y]).toEqual([0, 0]);
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(210 / 296, 2);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(await page.locator('.print-root article').count());
    await page.emulateMedia({ media: null });

    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
  }, 120_000);

  it('sends public halves alone, and they work when a second officer has signed', async () => {
    const { page } = registrar;
    const kept = await finish(page);
    const upload = JSON.parse(kept.toString()) as { madeIn: string; items: { publicKey: string }[] };
    expect(upload.madeIn).toBe('browser');
    expect(new Set(upload.items.map(({ publicKey }) => publicKey))).toEqual(
      new Set(sheets.map((sheet) => letterPublicKey(codeOf(sheet)))),
    );
    await expectNowhere(registrar, sheets, kept.toString());

    await page.getByRole('link', { name: '到管理页' }).click();
    const title = `签发信函 ${sheets.length} 封（在网页里制作）`;
    const heading = page.getByRole('heading', { name: title });
    const act = page.locator('li.sheet', { has: heading });
    await act.getByRole('button', { name: '签署' }).click();
    const dialog = page.getByRole('dialog');
    // As if the command had made them: the entry says otherwise, and the page sees it.
    const said = { ...upload, madeIn: 'command' };
    const input = dialog.getByLabel('letters.json');
    await input.setInputFiles(file('letters.json', Buffer.from(JSON.stringify(said))));
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('button', { name: '签署' }).isDisabled()).toBe(true);
    await input.setInputFiles(file('letters.json', kept));
    await dialog.getByText('您的文件就是签署内容里的这批信函').waitFor();
    await dialog.getByRole('button', { name: '签署' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await world.demo.world.beatNow();
    const tried = { code: codeOf(single(0)), number: owner(single(0)).number };
    const client = () => httpClient(world.demo.service.url, () => toBase64Url(world.demo.world.random(16)));
    await expect(signInOwner(world.demo.world, client(), tried)).rejects.toThrow();
    await signBy(world.demo.world, await acts('letters.issued'), [world.officers.street]);
    await issued();
    meeting = await openMeeting(world);
    await vote(single(0), owner(single(0)).number.slice(-6));
  }, 120_000);

  it('makes one anew during the vote', async () => {
    const { page } = registrar;
    const { registrar: officer, committee, street } = world.officers;
    // He owns his home alone: whoever owns with another may hold a second head, and is shown both.
    const ownerOf = async (at: number): Promise<string> => {
      const place = single(at).units.replace('房屋：', '');
      const path = `/v1/communities/${world.community}/letters/at?${new URLSearchParams({ place })}`;
      const { letters } = await officer.client.get<FoundLetters>(path);
      return letters.length === 1 ? present(letters[0], 'one').person : ownerOf(at + 1);
    };
    const person = await ownerOf(1);
    await page.goto(`${world.demo.world.origin}/console`);
    await toPage(page);
    await page.getByLabel('名册文件').setInputFiles(file('register.xlsx', world.generated.csv));
    await page.getByLabel('为谁制作').selectOption('reissue');
    await page.getByLabel('补发给哪些人').fill(person);
    await page.getByLabel('补发的原因').fill('信函丢失，已当面核对证件。');
    await expectDecent(page, 'lp3-reissue');
    await page.getByRole('button', { name: '制作并登记' }).click();
    await page.getByText('已制作并登记 1 封信函').waitFor({ timeout: 30_000 });
    const [again] = await lettersOn(page);
    const sheet = present(again, 'one letter');
    await page.evaluate(() => {
      (globalThis as unknown as { printed: number }).printed = 0;
    });
    await expectNowhere(registrar, [sheet], (await finish(page)).toString());
    await signBy(world.demo.world, await acts('letters.reissued'), [committee, street]);
    await issued();
    await vote(sheet, owner(sheet).number.slice(-6));
  }, 120_000);

  it('is named with the result', async () => {
    const { world: service, clock, service: running } = world.demo;
    clock.moveTo(meeting.closesAt + 1000);
    await service.beatNow();
    for (const officer of Object.values(world.officers)) await signInOfficer(service, officer);
    const { street } = world.officers;
    const secret = toBase64Url(meeting.boxSecret);
    const path = `/v1/meetings/${meeting.meeting}/box/release`;
    await actTogether(service, () => street.client.post<{ act: string }>(path, { secret }), [street]);
    await service.beatNow();
    await service.beatNow();
    for (const end of ['', '/documents/announcement', '/documents/minutes']) {
      const html = await (await fetch(`${running.url}/meetings/${meeting.meeting}${end}`)).text();
      expect(html).toContain('有表决函由登记员在本系统的网页里制作');
    }
    // RS256 is no part of our suite (SPEC 1.1), which Chromium advises against.
    const ours = registrar.complaints.filter((text) => !text.startsWith('publicKey.pubKeyCredParams'));
    expect(ours).toEqual([]);
  }, 120_000);
});
