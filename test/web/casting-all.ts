// An owner votes for everything, from his papers to the receipt.
import type { Page } from 'playwright-core';

/** Marks "for" everywhere and casts; `begin` names the button that opens the paper. */
export async function castAll(page: Page, begin = '开始投票'): Promise<void> {
  await page.getByRole('button', { name: begin }).first().click();
  for (;;) {
    await page.locator('fieldset.choice, h1:has-text("请核对您的选择")').first().waitFor();
    if (await page.getByRole('heading', { name: '请核对您的选择' }).isVisible()) break;
    const title = await page.locator('h1').textContent();
    await page.getByLabel('同意', { exact: true }).check();
    await page.getByRole('button', { name: '下一步' }).click();
    await page.locator(`h1:not(:has-text("${title}"))`).waitFor();
  }
  await page.getByRole('button', { name: '投票', exact: true }).click();
  await page.getByRole('button', { name: '确认投出' }).click();
  await page.getByRole('heading', { name: '投票成功' }).waitFor();
}
