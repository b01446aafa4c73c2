// Goal: a workbook says what a person sees in it, whichever program wrote it, and every cell that it spoils has its finding. Method: raw OOXML,
// read and checked as an upload is.
import { describe, expect, it } from 'vitest';
import type { RegisterCheck } from '../../src/registry/domain/import-check.ts';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { bytesOf, codesOf, csvText, found, IDS, SETTINGS } from './register-file.ts';
import type { Cell } from './workbook-file.ts';
import {
  book,
  formula,
  goodRow,
  HEADERS,
  merges,
  number,
  oneSheet,
  register,
  sheetXml,
} from './workbook-file.ts';

const check = (bytes: Uint8Array): Promise<RegisterCheck> => checkRegisterFile(bytes, SETTINGS);
const unitsOf = ({ register: made }: RegisterCheck) =>
  made?.units.map(({ building, stair, room, areaDm2 }) => `${building}/${stair}/${room}/${areaDm2}`);
const ownersOf = ({ register: made }: RegisterCheck) =>
  made?.units.map(({ owners }) => owners.map((owner) => made.persons[owner]?.name).join('+'));

describe('a workbook', () => {
  it('gives the register that the same text gives', async () => {
    const rows = [goodRow(), goodRow({ 房号: '102', 业主姓名: '李四', 身份证号: IDS[1] })];
    const text = await check(bytesOf(csvText({}, { 房号: '102', 业主姓名: '李四', 身份证号: IDS[1] })));
    const result = await check(register(rows));
    expect(result.findings).toEqual([]);
    expect(result.register).toEqual(text.register);
    expect(result.summary).toEqual(text.summary);
  });

  it('of shared texts: runs are joined, phonetic guides skipped, escapes read', async () => {
    const strings = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${HEADERS.map((header) => `<si><t>${header}</t></si>`).join('')}<si><r><rPr><b/></rPr><t>欧</t></r><r><t>阳_x4E00_</t></r><rPh sb="0" eb="1"><t>オウ</t></rPh></si></sst>`;
    const shared = (at: number): Cell => ({ xml: ` t="s"><v>${at}</v>` });
    const xml = sheetXml([HEADERS.map((_, at) => shared(at)), goodRow({ 业主姓名: shared(HEADERS.length) })]);
    const result = await check(oneSheet(xml, { strings }));
    expect(result.findings).toEqual([]);
    expect(ownersOf(result)).toEqual(['欧阳一']);
  });

  it('in the habit of programs that use prefixes, leave out places or write UTF-16', async () => {
    const plain = sheetXml([HEADERS, goodRow()]);
    const prefixed = plain
      .replaceAll(/<(\/?)(worksheet|sheetData|row|c|is|t)\b/g, '<$1x:$2')
      .replace('xmlns=', 'xmlns:x=');
    const unplaced = plain.replaceAll(/ r="[A-Z]*\d+"/g, '').replaceAll('<c ', '<c  ');
    const wide = Buffer.from(`\ufeff${plain.replace('encoding="UTF-8"', 'encoding="UTF-16"')}`, 'utf16le');
    // Without places an empty cell must be written, so the unused column goes.
    const full = goodRow({ 证件类型: '居民身份证' });
    for (const xml of [prefixed, sheetXml([HEADERS, full]).replaceAll(/ r="[A-Z]*\d+"/g, '')])
      expect((await check(oneSheet(xml))).findings).toEqual([]);
    expect(unplaced).not.toContain(' r="');
    const parts = book({ sheets: [['名册', wide as unknown as string]] });
    expect((await check(parts)).findings).toEqual([]);
  });

  it('shows numbers as its program does: dates, leading zeros, binary noise, percent', async () => {
    const headers = [...HEADERS, '登记日期', '份额'];
    const row = (more: Readonly<Record<string, Cell>>, ...tail: Cell[]) => [...goodRow(more), ...tail];
    const xml = sheetXml([
      headers,
      row({ 房号: number('101', 4), 建筑面积: number('88.879999999999995') }, number('42064', 1), ''),
      row({ 房号: '102', 联系电话: number('13800138000') }, number('42064.5', 2), ''),
    ]);
    const result = await check(oneSheet(xml));
    expect(result.findings).toEqual([]);
    expect(unitsOf(result)).toEqual(['1栋/1/0101/8888', '1栋/1/102/8888']);
    expect(result.register?.units.map(({ sinceOn }) => sinceOn)).toEqual(['2015-03-01', '2015-03-01']);
    const from1904 = await check(
      oneSheet(sheetXml([headers, row({}, number('40602', 1), '')]), {
        properties: '<workbookPr date1904="1"/>',
      }),
    );
    expect(from1904.register?.units[0]?.sinceOn).toBe('2015-03-01');
  });

  it.each<[string, Readonly<Record<string, Cell>>, string, string]>([
    ['REG-C310', { 身份证号: number('4.4200019900101126E+17') }, 'G', 'an id that lost its digits'],
    ['REG-C321', { 联系电话: number('1.3800138000138001E+16') }, 'H', 'a phone that lost its digits'],
    ['REG-C306', { 房号: number('44987', 6) }, 'C', 'a room that became a date'],
    ['REG-C350', { 业主姓名: formula('B1', '张三') }, 'E', 'a formula for a name'],
    ['REG-C350', { 建筑面积: { xml: '><f>SUM(A1)</f>' } }, 'D', 'a formula that was never worked out'],
    ['REG-C352', { 建筑面积: { xml: ' t="e"><f>A0</f><v>#REF!</v>' } }, 'D', 'an error'],
    ['REG-C302', { 建筑面积: { xml: ' t="b"><v>1</v>' } }, 'D', 'yes or no'],
  ])('%s at %j', async (code, changes, column) => {
    const result = await check(register([goodRow(changes)]));
    expect(found(result, code as never)[0]).toMatchObject({ level: 'error', row: 2, column, sheet: '名册' });
    expect(result.accepted).toBe(false);
  });

  it('takes the last result of a formula for an area, and says so', async () => {
    const result = await check(register([goodRow({ 建筑面积: formula('80+8.88', '88.88') })]));
    expect(codesOf(result)).toEqual(['REG-C351']);
    expect(unitsOf(result)).toEqual(['1栋/1/101/8888']);
  });

  it('reads what is hidden and says so', async () => {
    const xml = sheetXml([HEADERS, goodRow()], '', '<cols><col min="2" max="2" hidden="1"/></cols>');
    const result = await check(oneSheet(xml.replace('<row r="2"', '<row r="2" hidden="true"')));
    expect(found(result, 'REG-N707')[0]?.message).toContain('2');
    expect(result.accepted).toBe(true);
  });
});

describe('the worksheet', () => {
  const good = sheetXml([HEADERS, goodRow()]);
  const notes = sheetXml([['填写说明'], ['请勿修改表头']]);

  it('is the one that looks like a register', async () => {
    const result = await check(
      book({
        sheets: [
          ['说明', notes],
          ['数据', good],
          ['旧', good, 'hidden'],
        ],
      }),
    );
    expect([result.accepted, result.findings]).toEqual([true, []]);
  });

  it('is asked for where two do, and missed where there is none', async () => {
    const two = await check(
      book({
        sheets: [
          ['一期', good],
          ['二期', good],
        ],
      }),
    );
    expect(found(two, 'REG-F004')[0]?.message).toContain('一期、二期');
    expect(codesOf(await check(book({ sheets: [] })))).toEqual(['REG-F004']);
    expect(codesOf(await check(book({ sheets: [['说明', notes]] })))).toEqual(['REG-H101']);
  });
});

describe('merged cells', () => {
  const other = { 业主姓名: '李四', 身份证号: IDS[1] };

  it('say a building and a stair for each of their rows', async () => {
    const result = await check(
      register(
        [
          goodRow(),
          goodRow({ 楼栋: '', 单元: '', 房号: '102' }),
          goodRow({ 楼栋: '', 单元: '', 房号: '103' }),
        ],
        merges('A2:A4', 'B2:B4'),
      ),
    );
    expect(result.findings).toEqual([]);
    expect(unitsOf(result)).toEqual(['1栋/1/101/8888', '1栋/1/102/8888', '1栋/1/103/8888']);
  });

  it('of a unit over several rows hold one co-owner in each', async () => {
    const rest = { 楼栋: '', 单元: '', 房号: '', 建筑面积: '' };
    const result = await check(
      register([goodRow(), goodRow({ ...rest, ...other })], merges('A2:A3', 'B2:B3', 'C2:C3', 'D2:D3')),
    );
    expect(codesOf(result)).toEqual(['REG-N703']);
    expect(ownersOf(result)).toEqual(['张三+李四']);
  });

  it('of which nothing is left but the rest of a unit are no row', async () => {
    const empty = Object.fromEntries(HEADERS.map((header) => [header, '']));
    const references = HEADERS.map(
      (_, at) => `${String.fromCharCode(65 + at)}2:${String.fromCharCode(65 + at)}3`,
    );
    const result = await check(
      register([goodRow(), goodRow({ ...empty, 证件类型: ' ' })], merges(...references)),
    );
    expect(result.findings).toEqual([]);
    expect(ownersOf(result)).toEqual(['张三']);
  });

  it.each([
    [
      'REG-M203',
      'an owner of two units',
      [goodRow(), goodRow({ 房号: '102', 业主姓名: '' })],
      ['E2:E3'],
      { row: 2, column: 'E' },
    ],
    ['REG-M201', 'two columns of data', [goodRow({ 房号: '' })], ['B2:C2'], { row: 2, column: 'B' }],
    ['REG-M202', 'a header and its data', [goodRow({ 楼栋: '' })], ['A1:A2'], { row: 1, column: 'A' }],
  ] as const)('%s: over %s', async (code, _what, rows, references, place) => {
    const result = await check(register(rows, merges(...references)));
    expect(found(result, code)[0]).toMatchObject({ level: 'error', ...place });
  });

  it('of a title above and of a total below say nothing', async () => {
    const xml = sheetXml(
      [['某小区业主名册'], HEADERS, goodRow(), ['合计', '', '', number('88.88')]],
      merges('A1:H1', 'A4:C4'),
    );
    const result = await check(oneSheet(xml));
    expect(codesOf(result)).toEqual(['REG-N701']);
  });
});
