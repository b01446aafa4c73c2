// Goal: a register with faults comes back with each of them beside its row, and is imported as it is once they are put right. Method: our own
// check and reader over what our writer wrote; cells are corrected in the XML, as a spreadsheet program would.
import { describe, expect, it } from 'vitest';
import { annotateRegisterFile } from '../../src/registry/annotating.ts';
import { PROBLEM_HEADER } from '../../src/registry/domain/annotation.ts';
import type { Sheet } from '../../src/registry/domain/sheet.ts';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { readWorkbook } from '../../src/registry/workbook/workbook.ts';
import { corrected, partsOf } from './corrected-workbook.ts';
import { bytesOf, codesOf, csvText, found, IDS, SETTINGS } from './register-file.ts';
import type { Cell } from './workbook-file.ts';
import { goodRow, HEADERS, merges, oneSheet, register, sheetXml } from './workbook-file.ts';
import { zipOf } from './zip-file.ts';

const check = (bytes: Uint8Array) => checkRegisterFile(bytes, SETTINGS);

async function annotate(file: Uint8Array): Promise<Uint8Array> {
  const made = await annotateRegisterFile(file, (await check(file)).findings);
  if (made === undefined) throw new Error('nothing to annotate');
  return made;
}

async function sheetsOf(file: Uint8Array): Promise<readonly Sheet[]> {
  const read = await readWorkbook(file);
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value;
}

const wrong = { 房号: '102', 业主姓名: '李四', 身份证号: '442000199001011234', 联系电话: '1' };

describe.each([
  ['a text', bytesOf(csvText({}, wrong))],
  ['a workbook', register([goodRow(), goodRow(wrong)])],
])('of %s', (_what, file) => {
  it('each fault stands in a column of its own, and only beside its row', async () => {
    const [sheet, notes] = await sheetsOf(await annotate(file));
    const [head, good, bad] = sheet?.rows ?? [];
    expect(head?.cells).toEqual([...HEADERS, PROBLEM_HEADER]);
    expect(good?.cells).toHaveLength(HEADERS.length);
    expect(bad?.cells[HEADERS.length]).toMatch(
      /【阻断】身份证号：.*REG-C311.*\n【请确认】联系电话：.*REG-C320/s,
    );
    expect(notes?.name).toBe('问题说明');
    const listed = notes?.rows.map(({ cells }) => [cells[1], cells[5]]) ?? [];
    expect(listed).toContainEqual(['REG-C311', 'G3']);
    expect(listed).toContainEqual(['REG-C320', 'H3']);
  });

  it('the cells at fault are coloured by level, others not', async () => {
    const parts = await partsOf(await annotate(file));
    const xml = parts.get('xl/worksheets/sheet1.xml') ?? '';
    const styles = parts.get('xl/styles.xml') ?? '';
    const fills = [...styles.matchAll(/<fill>.*?<\/fill>/g)].map(([fill]) => /rgb="(\w+)"/.exec(fill)?.[1]);
    const xfs = [...(styles.split('<cellXfs')[1] ?? '').matchAll(/fillId="(\d+)"/g)];
    const colour = (place: string) =>
      fills[Number(xfs[Number(new RegExp(`r="${place}" s="(\\d+)"`).exec(xml)?.[1])]?.[1])];
    expect([colour('G3'), colour('H3'), colour('G2'), colour('E3')]).toEqual([
      'FFFFC7CE',
      'FFFFEB9C',
      undefined,
      undefined,
    ]);
  });

  it('as it is it has the same faults; put right, it is accepted', async () => {
    const annotated = await annotate(file);
    const again = await check(annotated);
    expect(again.accepted).toBe(false);
    expect(found(again, 'REG-C311')[0]).toMatchObject({ row: 3, column: 'G' });
    expect(found(again, 'REG-H104')[0]).toMatchObject({ header: PROBLEM_HEADER, level: 'info' });
    const right = await check(await corrected(annotated, [wrong.身份证号, IDS[1]], ['1', '13900139000']));
    expect(right.summary).toMatchObject({ units: 2, persons: 2, areaDm2: 17776n });
    expect(right.accepted).toBe(true);
    const twice = await sheetsOf(await annotate(annotated));
    expect(twice[0]?.rows[0]?.cells.filter((text) => text === PROBLEM_HEADER)).toHaveLength(1);
  });
});

describe('an annotated workbook', () => {
  it('keeps merges, titles, two rows of headers and the places of rows', async () => {
    const upper = ['房屋', '', '', '', '业主', '', '', ''];
    const rows: (readonly (Cell | undefined)[])[] = [['某小区'], upper, HEADERS, goodRow()];
    rows.push([], goodRow({ 楼栋: '', 房号: '102', 身份证号: '1' }));
    const file = oneSheet(sheetXml(rows, merges('A1:H1', 'A4:A6')));
    const before = await check(file);
    const [sheet] = await sheetsOf(await annotate(file));
    expect(sheet?.merges).toHaveLength(2);
    expect(sheet?.rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 6]);
    const after = await check(await annotate(file));
    expect(found(after, 'REG-C311').map(({ row, column }) => `${column}${row}`)).toEqual(
      found(before, 'REG-C311').map(({ row, column }) => `${column}${row}`),
    );
    expect(after.summary).toEqual(before.summary);
  });

  it('holds texts as they were, whatever they look like', async () => {
    const texts = ['=1+1', '+86', '-', '@SUM(A1)', '_x0041_', '<b>&amp;"', ' 前后 ', '甲\n乙', '000123'];
    const file = bytesOf(csvText(...texts.map((text, at) => ({ 房号: `${at}`, 备注: text }))));
    const annotated = await annotate(file);
    const [sheet] = await sheetsOf(annotated);
    expect(sheet?.rows.slice(1).map(({ cells }) => cells[8])).toEqual(texts);
    const xml = (await partsOf(annotated)).get('xl/worksheets/sheet1.xml') ?? '';
    expect(xml).not.toContain('<f');
    expect(xml).toContain('<v>88.88</v>');
  });

  it('shows what cannot be written as lost, so that nobody imports it unseen', async () => {
    const annotated = await annotate(bytesOf(csvText({ 业主姓名: '张\u0001三' })));
    expect((await sheetsOf(annotated))[0]?.rows[1]?.cells[4]).toBe('张\ufffd三');
    expect(codesOf(await check(annotated))).toContain('REG-C333');
  });

  it('of 64 columns has no column of ours, but its colours and notes', async () => {
    const headers = [...HEADERS, ...Array.from({ length: 64 - HEADERS.length }, (_, at) => `其他${at}甲`)];
    const file = oneSheet(sheetXml([headers, goodRow(wrong)]));
    const [sheet, notes] = await sheetsOf(await annotate(file));
    expect(sheet?.rows[0]?.cells).toHaveLength(64);
    expect(notes?.rows.some(({ cells }) => cells[1] === 'REG-C311')).toBe(true);
  });

  it('of a file without readable rows does not exist', async () => {
    for (const file of [new Uint8Array(), bytesOf('\u0000\u0001'), zipOf([{ name: 'a', content: 'b' }])])
      expect(await annotateRegisterFile(file, (await check(file)).findings)).toBeUndefined();
  });
});
