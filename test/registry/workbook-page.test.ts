// Goal: the page of letters unpacks of a workbook what the import unpacked, or nothing. Method: both readers of zips over workbooks of other
// programs' habits and our own, over damaged ones, and the names of parts against Node's.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { openPackage as openByPage } from '../../src/registry/workbook/package.page.ts';
import { openPackage as openByServer } from '../../src/registry/workbook/package.ts';
import { dirname, normalised } from '../../src/registry/workbook/part-names.ts';
import type { Package } from '../../src/registry/workbook/parts.ts';
import { WorkbookError } from '../../src/registry/workbook/parts.ts';
import { writeWorkbook } from '../../src/registry/workbook/writer.ts';
import { HOSTILE } from './hostile-workbooks.ts';
import { bookParts, goodRow, HEADERS, register, sheetXml } from './workbook-file.ts';
import { zipOf } from './zip-file.ts';

const SHEET = 'book/tables/t0.xml';
const NAMES = ['[Content_Types].xml', '_rels/.rels', SHEET, 'XL/Workbook.xml', 'xl/worksheets/sheet1.xml'];

async function bytesIn(parts: Package, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  await parts.read(name, (chunk) => chunks.push(Uint8Array.from(chunk)));
  return Buffer.concat(chunks).toString('base64');
}

/** What each reader makes of every part: its bytes, that there is none, or the fault. */
async function seen(open: (bytes: Uint8Array) => Promise<Package>, bytes: Uint8Array) {
  const fault = (error: unknown) => {
    if (error instanceof WorkbookError) return error.code;
    throw error;
  };
  const parts = await open(bytes).catch(fault);
  if (typeof parts === 'string') return parts;
  const found = NAMES.filter((name) => parts.has(name));
  return Promise.all(found.map(async (name) => [name, await bytesIn(parts, name).catch(fault)]));
}

const stored = bookParts({ sheets: [['名册', sheetXml([HEADERS, goodRow()])]] }).map((part) => ({
  ...part,
  stored: true,
}));
const fixtures = join(packageRoot(), 'test/registry/fixtures/libreoffice');
const ours = () =>
  writeWorkbook([
    { name: '名册', columns: [{ width: 9 }], rows: [{ row: 1, cells: [{ text: '楼栋' }] }], frozenRows: 1 },
  ]);

describe('the page’s reader of zips', () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['packed parts', () => register([goodRow()])],
    ['stored parts', () => zipOf(stored)],
    ['our own workbook', ours],
    ...readdirSync(fixtures)
      .filter((name) => name.endsWith('.xlsx'))
      .map((name): [string, () => Uint8Array] => [name, () => readFileSync(join(fixtures, name))]),
  ])('unpacks %s as the import does', async (_what, make) => {
    const bytes = await make();
    const byServer = await seen(openByServer, bytes);
    expect(byServer.length).toBeGreaterThanOrEqual(3);
    expect(await seen(openByPage, bytes)).toEqual(byServer);
  });

  it.each(
    HOSTILE.filter(
      ([code, what]) => code === 'REG-F003' && !/not there/.test(what) && !/larger than said/.test(what),
    ),
  )('%s: gives nothing of %s', async (_code, _what, make) => {
    const bytes = make();
    const said = await seen(openByPage, bytes);
    const sheet = typeof said === 'string' ? said : said.find(([name]) => name === SHEET)?.[1];
    expect(sheet).toBe('REG-F003');
  });
});

describe('names of parts', () => {
  it.each(['/xl/workbook.xml', 'xl//a/./b.xml', '/xl/../a.xml', '/../../a.xml', '/', 'a/b/../../../c'])(
    '%s is what a path of the standard is',
    (name) => expect(normalised(name)).toBe(posix.normalize(posix.join('/', name)).slice(1)),
  );
  it.each(['xl/workbook.xml', 'workbook.xml', ''])('the folder of %j', (part) => {
    expect(normalised(`${dirname(part)}/x`)).toBe(posix.join('/', posix.dirname(part), 'x').slice(1));
  });
});
