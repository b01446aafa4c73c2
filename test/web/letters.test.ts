// Goal: the registrar sees in the console how far the letters came, opens a locked one and has a lost one reissued during a vote; an
// officer who signs reads the reason; no code is ever in the page. Method: the whole service, Chromium, a passkey for each officer.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { openRegister } from '../../src/cli/letters.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { makeLetters } from '../../src/identity/domain/letter-making.ts';
import type { LetterRoster } from '../../src/identity/letter-roster.ts';
import { printLetterCode } from '../../src/record/letter.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

const REASON = '业主报告信函丢失，已当面核对证件。';
const DESKTOP = { width: 1280, height: 900 };

let world: WebWorld;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  world = await webWorld('letters');
  await openMeeting(world);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const placeOf = ({ units }: LetterCode): string => {
  const [unit] = units;
  return [unit?.building, unit?.stair, unit?.room].filter((part) => part !== '').join(' ');
};

async function lock(letter: LetterCode): Promise<void> {
  const { demo } = world;
  for (let at = 0; at < 5; at += 1) {
    const client = httpClient(demo.service.url, () => toBase64Url(demo.world.random(16)));
    const wrong = signInOwner(demo.world, client, { code: letter.code, number: '000000000000000000' });
    await expect(wrong).rejects.toThrow('IDENTITY_REFUSED');
  }
}

/** The file that the command would write for a lost letter, with the code that only its paper has. */
async function lost(person: string) {
  const { demo, community, officers, generated } = world;
  const roster = await officers.registrar.client.get<LetterRoster>(`/v1/communities/${community}/roster`);
  const register = await openRegister(generated.csv, roster, demo.world.clock);
  if (!register.ok) throw new Error(register.refusal.code);
  const source = { roster, register: register.value, random: demo.world.random, only: [person] };
  const made = await makeLetters(source);
  if (!made.ok) throw new Error(made.refusal.code);
  const { batch, items, codes } = made.value;
  const name = 'letters.json';
  const buffer = Buffer.from(JSON.stringify({ batch, madeIn: 'command', until: '', items }));
  return { file: { name, mimeType: 'application/json', buffer }, code: present(codes[0], 'one').code };
}

describe('the letters in the console', () => {
  it('are counted, opened again, and reissued by two officers during a vote', async () => {
    const { demo, community, officers, codes } = world;
    const [registrar, committee] = [await watchedPage(browser, DESKTOP), await watchedPage(browser, DESKTOP)];
    await enrolOfficer(world, registrar.page, 'registrar', '演示登记员 戊', '442000198505050055');
    await enrolOfficer(world, committee.page, 'committee', '演示委员 己', '442000198606060066');
    const { letter } = letterOf(world, ownsOneDwelling);
    await lock(letter);

    const { page } = registrar;
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    await page.getByRole('heading', { name: '信函（一人一码）' }).waitFor();
    const batches = page.getByRole('table', { name: '各批信函' });
    await expect.poll(() => batches.textContent()).toMatch(/签发[\s\S]*已生效/);
    const [, , made, used, , locked] = await batches
      .locator('tbody tr')
      .first()
      .locator('th, td')
      .allTextContents();
    expect([made, used, locked]).toEqual([String(codes.length), '0', '1']);
    await page.getByLabel('房屋（如 1栋 101）').fill(placeOf(letter));
    await page.getByRole('button', { name: '查找', exact: true }).click();
    await page.getByText('已锁定：证件号码输错五次').waitFor();
    await expectDecent(page, 'l1-locked');
    await page.getByRole('button', { name: '解除锁定' }).click();
    await page.getByText('已解除锁定').waitFor();
    await expect.poll(() => page.getByText('已锁定：证件号码输错五次').count()).toBe(0);

    const { file, code } = await lost(letter.person);
    await page.getByLabel('命令生成的 letters.json').setInputFiles({ ...file, buffer: Buffer.from('{}') });
    await page.getByText('这不是命令生成的 letters.json。').waitFor();
    await page.getByLabel('命令生成的 letters.json').setInputFiles(file);
    await page.getByText('已读取 1 封信函。').waitFor();
    await page.getByLabel('怎样签署').selectOption('reissue');
    await page.getByLabel('补发的原因').fill(REASON);
    await page.getByRole('button', { name: '登记并拟定签署事项' }).click();
    await page.getByText('已登记 1 封信函').waitFor();
    await expectDecent(page, 'l2-uploaded');

    await committee.page.getByRole('button', { name: '刷新', exact: true }).click();
    const sheet = committee.page.locator('li.sheet', {
      has: committee.page.getByRole('heading', { name: '会议期间补发信函 1 封' }),
    });
    await sheet.getByRole('button', { name: '签署' }).click();
    const dialog = committee.page.getByRole('dialog');
    await dialog.getByText(REASON).waitFor();
    await dialog.getByText('本页已核对').waitFor();
    await expectDecent(committee.page, 'l3-signing');
    await dialog.getByRole('button', { name: '签署' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { acts } = await officers.street.client.get<{ acts: readonly { act: string; kind: string }[] }>(
      `/v1/acts?community=${community}`,
    );
    const { act } = present(
      acts.find(({ kind }) => kind === 'letters.reissued'),
      'the act',
    );
    await signBy(demo.world, act, [officers.street]);
    await demo.world.beatNow();
    await page.getByRole('button', { name: '刷新', exact: true }).click();
    await expect.poll(() => batches.textContent()).toMatch(/补发[\s\S]*已生效/);

    const printed = printLetterCode(code).replaceAll('-', '');
    for (const { requests } of [registrar, committee])
      expect(requests.filter((request) => request.includes(printed))).toEqual([]);
    // RS256 is no part of our suite (SPEC 1.1), which Chromium advises against.
    const complaints = [...registrar.complaints, ...committee.complaints];
    expect(complaints.filter((text) => !text.startsWith('publicKey.pubKeyCredParams'))).toEqual([]);
  }, 120_000);
});
