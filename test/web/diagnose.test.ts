// Goal: the help desk learns from a code that is read aloud what a phone can do, a misheard one is noticed, and nothing is sent. Method:
// codes of drawn reports there and back, and the page in Chromium as it is and as WeChat.
import fc from 'fast-check';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PhoneReport } from '../../src/web/public/diagnose/report-code.ts';
import {
  CLOCKS,
  clockOf,
  FAMILIES,
  FEATURES,
  familyOf,
  printCode,
  readCode,
} from '../../src/web/public/diagnose/report-code.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import type { WebWorld } from './web-world.ts';
import { webWorld } from './web-world.ts';

const WECHAT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.49';

const report: fc.Arbitrary<PhoneReport> = fc.record({
  family: fc.constantFrom(...FAMILIES.map(([name]) => name)),
  clock: fc.constantFrom(...CLOCKS),
  features: fc.subarray([...FEATURES]),
});

describe('a code', () => {
  it('says the report that it was made from, however it is spoken', () => {
    fc.assert(
      fc.property(report, (each) => {
        const code = printCode(each);
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(readCode(code)).toEqual(each);
        expect(readCode(code.toLowerCase().replace('-', ' ').replaceAll('0', 'o'))).toEqual(each);
      }),
    );
  });

  it('with one character misheard is refused, but for those that differ by a multiple of 31', () => {
    fc.assert(
      fc.property(report, fc.nat(5), fc.integer({ min: 1, max: 30 }), (each, place, by) => {
        const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
        const characters = [...printCode(each).replace('-', '')];
        const was = alphabet.indexOf(characters[place] ?? '');
        const heard = (was + by) % 32;
        characters[place] = alphabet.charAt(heard);
        fc.pre((heard - was) % 31 !== 0);
        expect(readCode(characters.join(''))).toBeUndefined();
      }),
    );
  });

  it('of too few characters, or of others, is none', () => {
    expect(['', 'ABC', '000-000U', '0000-00000'].map(readCode)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

it('browsers are told by the most particular name that they give', () => {
  expect(familyOf(WECHAT)).toBe('wechat');
  expect(familyOf('Mozilla/5.0 Chrome/120.0 Mobile Safari/537.36 HuaweiBrowser/14.0')).toBe('huawei');
  expect(familyOf('Mozilla/5.0 Chrome/120.0 Safari/537.36 Edg/120.0')).toBe('edge');
  expect(familyOf('Mozilla/5.0 Version/17.0 Safari/605.1.15')).toBe('safari');
  expect(familyOf('curl/8.0')).toBe('other');
});

it('clocks fall in classes, whichever way they are off', () => {
  expect([undefined, -5000, 59_000, -600_000, 600_001].map(clockOf)).toEqual([
    'unknown',
    'within5s',
    'within1min',
    'within10min',
    'beyond',
  ]);
});

describe('the page', () => {
  let world: WebWorld;
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
    world = await webWorld('diagnose');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it.each([
    ['a browser of its own', undefined, 'Chrome'],
    ['WeChat', WECHAT, '微信内置浏览器'],
  ])('in %s shows a code that the help desk can read, and sends nothing', async (_name, userAgent, shown) => {
    const options = userAgent === undefined ? {} : { userAgent };
    const { page, context, complaints, requests } = await watchedPage(browser, undefined, options);
    await page.goto(`${world.demo.world.origin}/diagnose`);
    await page.getByRole('heading', { name: '请念这个代码' }).waitFor();
    await page.getByText(shown, { exact: true }).first().waitFor();
    await expectDecent(page, `diagnose-${userAgent === undefined ? 'own' : 'wechat'}`);
    const code = (await page.locator('.code-large').textContent()) ?? '';
    expect(readCode(code)?.features).toContain('bigInt');
    expect(readCode(code)?.clock).not.toBe('unknown');
    await page.getByText('接线的人用').click();
    await page.getByLabel('听到的代码').fill(code);
    await page.getByRole('heading', { name: '对方的设备' }).waitFor();
    expect(requests.filter((each) => !each.startsWith(world.demo.world.origin))).toEqual([]);
    expect(requests.filter((each) => each.includes('POST'))).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
