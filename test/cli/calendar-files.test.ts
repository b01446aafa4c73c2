// Goal: the files of CALENDARS are read together at the start; a wrong or missing one stops it with exit 78 and its name (docs/operating.md).
// Method: real files in a folder of the test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../../src/base/result.ts';
import { openCalendar } from '../../src/cli/calendar-files.ts';
import { readConfig } from '../../src/config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const maintenance = [{ from: '2027-03-01T16:00:00Z', until: '2027-03-01T18:00:00Z', reason: '升级' }];
const own = JSON.stringify({ v: 1, kind: 'calendar', years: [], maintenance });
const configured = (setting: string | undefined) =>
  taken(readConfig(setting === undefined ? {} : { CALENDARS: setting }, folder)).calendars ?? [];

describe('the setting CALENDARS', () => {
  it('names files; absent it is the shipped year, empty it is none', async () => {
    const path = file('own.json', own);
    expect(configured('own.json; sub/other.json')).toEqual([path, join(folder, 'sub', 'other.json')]);
    expect([...(await openCalendar({ calendars: configured(undefined) })).years]).toEqual([2026]);
    expect((await openCalendar({ calendars: configured('') })).years.size).toBe(0);
    const both = await openCalendar({ calendars: [...configured(undefined), path] });
    expect([both.years.size, both.maintenance.length]).toEqual([1, 1]);
  });

  it('stops the start where a file is missing, wrong, or says a year again', async () => {
    const missing = join(folder, 'missing.json');
    await expect(openCalendar({ calendars: [missing] })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining(missing),
    });
    const wrong = file('wrong.json', own.replace('calendar', 'roster'));
    await expect(openCalendar({ calendars: [...configured(undefined), wrong] })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining(wrong),
    });
    const [shipped = ''] = configured(undefined);
    await expect(openCalendar({ calendars: [shipped, shipped] })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('2026'),
    });
  });
});
