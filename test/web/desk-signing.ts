// Goal: what was drafted at the fund's desk is signed as in life: by the officer at the page in the console, and by another by his own key.

import type { Page } from 'playwright-core';
import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { expectDecent } from './browser.ts';
import type { WebWorld } from './web-world.ts';

export const fileOf = (name: string, text: string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(utf8(text)),
});

/** Desk and phone. */
export async function expectDecentAt(page: Page, step: string): Promise<void> {
  await expectDecent(page, step);
  const desk = present(page.viewportSize(), 'a size');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectDecent(page, `${step}-390`);
  await page.setViewportSize(desk);
}

type Chosen = Readonly<Record<string, ReturnType<typeof fileOf>>>;

/** The officer at the page signs the act in the console over these files, the other one by his own key. */
export async function signTogether(
  world: WebWorld,
  page: Page,
  title: string,
  other: Officer,
  files: Chosen = {},
): Promise<void> {
  await page.getByRole('link', { name: '到管理页签署' }).last().click();
  await signInConsole(world, page, title, other, files);
}

/** The same, where the console is open already. */
export async function signInConsole(
  { demo, community }: WebWorld,
  page: Page,
  title: string,
  other: Officer,
  files: Chosen = {},
): Promise<void> {
  const sheet = page.locator('li.sheet', { hasText: title });
  await sheet.getByRole('button', { name: /^签署/ }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, file] of Object.entries(files))
    await dialog.getByLabel(label, { exact: true }).setInputFiles(file);
  await dialog.getByRole('button', { name: '签署', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const path = `/v1/acts?community=${community}`;
  const { acts } = await other.client.get<{ acts: { act: string; state: string }[] }>(path);
  const { act } = present(
    acts.find(({ state }) => state === 'open'),
    'an open act',
  );
  await signBy(demo.world, act, [other]);
  await untilDone(demo.world, act, other);
}
