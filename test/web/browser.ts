// Real Chromium, with everything a page must not do written down: policy violations, console errors, foreign requests, and every
// request's address, headers and body.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { expect } from 'vitest';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? CHROMIUM.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('no Chromium; install it or set CHROMIUM_PATH');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export type Watched = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Policy violations, console errors and uncaught errors. */
  readonly complaints: string[];
  /** Address, headers and body of every request, as one text each. */
  readonly requests: string[];
};

/** A page of a phone, or of another size, under watch. */
export async function watchedPage(
  browser: Browser,
  viewport: { width: number; height: number } = { width: 360, height: 740 },
  options: { readonly javaScriptEnabled?: boolean; readonly userAgent?: string } = {},
): Promise<Watched> {
  // A colour under way between two states is no state, and axe would judge it.
  const context = await browser.newContext({
    viewport,
    locale: 'zh-CN',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => {
    // A receipt that is not there yet answers 409; browsers report that as an error of the network.
    const isStatus = message.text().startsWith('Failed to load resource');
    if ((message.type() === 'error' || message.type() === 'warning') && !isStatus)
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    requests.push([request.url(), JSON.stringify(request.headers()), request.postData() ?? ''].join('\n'));
  });
  await page.exposeFunction('reportViolation', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { reportViolation: (text: string) => void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return { context, page, complaints, requests };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type AxeResult = {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
};

/** A phone's or key's authenticator inside Chromium, which verifies its user by itself. */
export async function addAuthenticator(page: Page): Promise<void> {
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Runs axe-core; the debugger's own evaluation is not under the page's policy. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const result = (await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (options: unknown) => Promise<unknown> } };
    return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  })) as AxeResult;
  return result.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
  );
}

/** Pixels by which the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** No violation, nothing cut off: at the phone's width, at 320 px, and at 200 % text. */
export async function expectDecent(page: Page, step: string): Promise<void> {
  const shots = process.env['WEB_SHOTS'];
  if (shots !== undefined) {
    await page.screenshot({ path: `${shots}/${step}.png`, fullPage: true });
    await page.pdf({ path: `${shots}/${step}.pdf`, preferCSSPageSize: true });
  }
  expect(await axeViolations(page), step).toEqual([]);
  const before = page.viewportSize() ?? { width: 360, height: 740 };
  for (const width of [before.width, 320]) {
    await page.setViewportSize({ ...before, width });
    expect(await overflow(page), `${step} at ${width} px`).toBe(0);
  }
  await page.setViewportSize(before);
  // Twice the text, as a reader's own setting gives it: the root follows the browser's font size.
  const enlarge = (size: string) =>
    page.evaluate((value) => {
      document.documentElement.style.fontSize = value;
    }, size);
  await enlarge('200%');
  expect(await overflow(page), `${step} at 200 % text`).toBe(0);
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${step}-200.png`, fullPage: true });
  await enlarge('');
}
