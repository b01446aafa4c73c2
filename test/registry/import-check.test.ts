// Goal: each code of the import fires on a file that has its fault, with the right row, column and level,
// and on nothing else. Method: one good row with one change; the table's last column is where the finding
// must point.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FindingCode } from '../../src/registry/domain/findings.ts';
import { FINDING_CODES } from '../../src/registry/domain/findings.ts';
import { checkRegister } from '../../src/registry/domain/import-check.ts';
import type { Row } from './register-file.ts';
import { bytesOf, check, codesOf, csvText, found, GOOD, IDS, SETTINGS } from './register-file.ts';

type Case = readonly [code: FindingCode, what: string, rows: readonly Row[], row: number, column: string];

const second = (more: Row): Row => ({
  房号: '102',
  业主姓名: '李四',
  身份证号: IDS[1],
  联系电话: '',
  ...more,
});

const BLOCKING: readonly Case[] = [
  ['REG-C301', 'an empty building', [{ 楼栋: '' }], 2, 'A'],
  ['REG-C301', 'an empty room', [{ 房号: ' ' }], 2, 'C'],
  ['REG-C301', 'an empty area', [{ 建筑面积: '' }], 2, 'D'],
  ['REG-C301', 'an empty document number', [{}, second({ 身份证号: '' })], 3, 'G'],
  ['REG-C301', 'a document number that says 无', [{ 身份证号: '无' }], 2, 'G'],
  ['REG-C302', 'an area in words', [{ 建筑面积: '约九十' }], 2, 'D'],
  ['REG-C302', 'a decimal comma', [{ 建筑面积: '88,88' }], 2, 'D'],
  ['REG-C303', 'an area of zero', [{ 建筑面积: '0' }], 2, 'D'],
  ['REG-C303', 'a negative area', [{ 建筑面积: '-88.88' }], 2, 'D'],
  ['REG-C303', 'an area above 20,000', [{ 建筑面积: '20000.01' }], 2, 'D'],
  ['REG-C305', 'an area with three decimals', [{ 建筑面积: '88.885' }], 2, 'D'],
  ['REG-C306', 'a room that became a date', [{ 房号: '3月2日' }], 2, 'C'],
  ['REG-C306', 'a building that became a date', [{ 楼栋: '2-Mar' }], 2, 'A'],
  ['REG-C307', 'two areas of one survey', [{ 面积来源: '测绘', 测绘面积: '88.89' }], 2, 'J'],
  ['REG-C310', 'a number in scientific notation', [{ 身份证号: '4.42E+17' }], 2, 'G'],
  ['REG-C310', 'a number that lost its last digits', [{ 身份证号: '442000199001011000' }], 2, 'G'],
  ['REG-C311', 'a wrong check digit', [{ 身份证号: '442000199001011234' }], 2, 'G'],
  ['REG-C311', 'a number with a digit too few', [{ 身份证号: '44200019900101123' }], 2, 'G'],
  ['REG-C312', 'a thirteenth month', [{ 身份证号: '442000198013010014' }], 2, 'G'],
  ['REG-C312', 'a birth in the future', [{ 身份证号: '442000209901010013' }], 2, 'G'],
  ['REG-C316', 'a masked number', [{ 身份证号: '442000********1233' }], 2, 'G'],
  ['REG-C321', 'a phone in scientific notation', [{ 联系电话: '1.38E+10' }], 2, 'H'],
  ['REG-C330', 'an empty name', [{ 业主姓名: '' }], 2, 'E'],
  ['REG-C330', 'a placeholder name', [{ 业主姓名: '待定' }], 2, 'E'],
  ['REG-C330', 'a masked name', [{ 业主姓名: '张*' }], 2, 'E'],
  ['REG-C333', 'a bidi mark in a name', [{ 业主姓名: '张\u202e三' }], 2, 'E'],
  ['REG-C333', 'a control character in a room', [{ 房号: '1\u000701' }], 2, 'C'],
  ['REG-C333', 'a lost character in a name', [{ 业主姓名: '张\ufffd' }], 2, 'E'],
  ['REG-C350', 'a formula in the number', [{ 身份证号: '=A2' }], 2, 'G'],
  ['REG-C350', 'a formula in the area', [{ 建筑面积: '=80+8' }], 2, 'D'],
  ['REG-C352', 'an error value', [{ 建筑面积: '#REF!' }], 2, 'D'],
  ['REG-C352', 'an error value in the number', [{ 身份证号: '#N/A' }], 2, 'G'],
  ['REG-F015', 'a name that no record can hold', [{ 业主姓名: '张'.repeat(201) }], 2, 'E'],
  ['REG-F015', 'a room of 65 characters', [{ 房号: 'A'.repeat(65) }], 2, 'C'],
  ['REG-F015', 'an address of 201 characters', [{ 通讯地址: '路'.repeat(201) }], 2, 'I'],
  ['REG-F015', 'a number of 41 characters', [{ 证件类型: '其他', 身份证号: 'A'.repeat(41) }], 2, 'G'],
  ['REG-R405', 'a flat that its owner has for sale, as if it were unsold', [{ 房屋状态: '待售' }], 2, 'E'],
  ['REG-R401', 'two names, one number', [{ 业主姓名: '张三、李四' }], 2, 'G'],
  [
    'REG-R401',
    'two numbers, three types',
    [{ 业主姓名: '张三、李四', 身份证号: `${IDS[0]}、${IDS[1]}`, 证件类型: '身份证、护照、身份证' }],
    2,
    'F',
  ],
  [
    'REG-R401',
    'three owners, two phones',
    [
      {
        业主姓名: '张三、李四、王五',
        身份证号: IDS.slice(0, 3).join('、'),
        联系电话: '13800138000/13900139000',
      },
    ],
    2,
    'H',
  ],
  ['REG-R401', 'one owner, two shares', [{ 份额: '50%、50%' }], 2, 'I'],
  [
    'REG-R402',
    'shares that make 90 %',
    [{ 业主姓名: '张三、李四', 身份证号: `${IDS[0]}、${IDS[1]}`, 份额: '50%、40%' }],
    2,
    'I',
  ],
  [
    'REG-R402',
    'shares in the column of the manner',
    [{ 业主姓名: '张三、李四', 身份证号: `${IDS[0]}、${IDS[1]}`, 共有情况: '按份共有 50% 40%' }],
    2,
    'I',
  ],
  ['REG-R402', 'a share in words', [{ 共有份额: '大部分' }], 2, 'I'],
  [
    'REG-R402',
    'shares on rows that do not add up',
    [{ 份额: '1/2' }, { 业主姓名: '李四', 身份证号: IDS[1], 份额: '1/3' }],
    3,
    'I',
  ],
  [
    'REG-R403',
    '按份共有 without shares',
    [{ 业主姓名: '张三、李四', 身份证号: `${IDS[0]}、${IDS[1]}`, 共有情况: '按份共有' }],
    2,
    'I',
  ],
  [
    'REG-R404',
    'an owner twice in one cell',
    [{ 业主姓名: '张三、张三', 身份证号: `${IDS[0]}、${IDS[0]}` }],
    2,
    'E',
  ],
  ['REG-R404', 'an owner on two rows of a unit', [{}, { 联系电话: '13900139000' }], 3, 'E'],
  ['REG-X502', 'a unit with two areas', [{}, { ...second({}), 房号: '101', 建筑面积: '99' }], 3, 'D'],
  [
    'REG-X502',
    'a unit with two uses',
    [{ 用途: '住宅' }, { ...second({}), 房号: '101', 用途: '商业' }],
    3,
    'I',
  ],
  [
    'REG-X502',
    'a unit with two states',
    [{ 房屋状态: '已交付' }, { ...second({}), 房号: '101', 房屋状态: '未售' }],
    3,
    'I',
  ],
  [
    'REG-X502',
    'a parking space with two areas',
    [{ 车位号: 'A1', 车位面积: '12' }, second({ 车位号: 'A1', 车位面积: '13' })],
    3,
    'J',
  ],
  ['REG-X503', 'a number under two names', [{}, second({ 身份证号: IDS[0] })], 3, 'E'],
];

const TELLING: readonly Case[] = [
  ['REG-C304', 'an area of half a square metre', [{ 建筑面积: '0.5' }], 2, 'D'],
  ['REG-C304', 'an area of 1,000.01', [{ 建筑面积: '1,000.01' }], 2, 'D'],
  ['REG-C313', 'an old number', [{ 身份证号: '442000900101123' }], 2, 'G'],
  ['REG-C314', 'an unknown type', [{ 证件类型: '会员卡' }], 2, 'G'],
  [
    'REG-C314',
    'a permit of no known form',
    [{ 证件类型: '港澳居民来往内地通行证', 身份证号: '12345' }],
    2,
    'G',
  ],
  [
    'REG-C315',
    'a credit code that fails its check',
    [{ 业主姓名: '某公司', 身份证号: '91350100M000100Y44' }],
    2,
    'G',
  ],
  ['REG-C320', 'a phone with a digit too few', [{ 联系电话: '1380013800' }], 2, 'H'],
  [
    'REG-C322',
    'a phone under four units of two persons',
    [{}, { 房号: '102' }, { 房号: '103' }, { ...second({}), 房号: '104', 联系电话: '13800138000' }],
    5,
    'H',
  ],
  ['REG-C331', 'digits in a name', [{ 业主姓名: '张三2' }], 2, 'E'],
  ['REG-C332', 'a private-use character', [{ 业主姓名: '张\ue000' }], 2, 'E'],
  ['REG-C332', 'a character outside the basic plane', [{ 业主姓名: '𠮷野' }], 2, 'E'],
  ['REG-C332', 'a question mark', [{ 业主姓名: '张?' }], 2, 'E'],
  ['REG-C340', 'a date that is none', [{ 登记日期: '2015-02-30' }], 2, 'I'],
  ['REG-C341', 'a date after today', [{ 登记日期: '2026-11-25' }], 2, 'I'],
  ['REG-C342', 'a bare serial', [{ 登记日期: '42064' }], 2, 'I'],
  ['REG-C360', 'a name with a sign', [{ 业主姓名: '@张三' }], 2, 'E'],
  ['REG-H104', 'an unknown column', [{ 微信沟通人: '有' }], 1, 'I'],
  ['REG-X501', 'a copied row', [{}, {}], 3, 'C'],
  [
    'REG-X504',
    'namesakes one digit apart',
    [{ 身份证号: IDS[3] }, { 房号: '102', 身份证号: IDS[4] }],
    3,
    'G',
  ],
  ['REG-X505', 'two spellings of a building', [{ 楼栋: '八座' }, second({ 楼栋: '第8座' })], 3, 'A'],
  [
    'REG-X506',
    'a total that is off by one',
    [{}, { 楼栋: '合计', 房号: '', 建筑面积: '88.89', 业主姓名: '', 身份证号: '', 联系电话: '' }],
    3,
    'D',
  ],
  [
    'REG-X509',
    'a title number under two units',
    [{ 产权证号: '粤字1号' }, second({ 产权证号: '粤字1号' })],
    3,
    'I',
  ],
  ['REG-N702', 'a number marked as text', [{ 身份证号: `="${IDS[0]}"` }], 2, 'G'],
  [
    'REG-N702',
    'marks on two rows, told once',
    [{ 房号: `'101` }, { 房号: `'102`, 身份证号: IDS[0] }],
    2,
    'C',
  ],
  [
    'REG-X504',
    'namesakes with passports one character apart',
    [{ 身份证号: 'E12345678' }, { 房号: '102', 身份证号: 'E12345679' }],
    3,
    'G',
  ],
  [
    'REG-X501',
    'a copied row with a parking space',
    [
      { 车位号: 'A1', 车位面积: '12' },
      { 车位号: 'A1', 车位面积: '12' },
    ],
    3,
    'C',
  ],
  ['REG-N702', 'a leading apostrophe', [{ 身份证号: `'${IDS[0]}` }], 2, 'G'],
  ['REG-N702', 'a leading tab', [{ 身份证号: `\t${IDS[0]}` }], 2, 'G'],
  ['REG-N703', 'a unit on one row for each owner', [{}, { ...second({}), 房号: '101' }], 3, 'C'],
  ['REG-N704', 'an unknown state', [{ 房屋状态: '查封' }], 2, 'I'],
  ['REG-N705', 'an undelivered unit without a developer', [{ 房屋状态: '已售未交付' }], 2, 'I'],
  [
    'REG-N708',
    'two companies with unsold units',
    [
      { 房屋状态: '未售', 身份证号: '91350100M000100Y43', 业主姓名: '甲置业' },
      second({ 房屋状态: '未售', 身份证号: 'P12345678', 证件类型: '其他', 业主姓名: '乙置业' }),
    ],
    3,
    'E',
  ],
  ['REG-N706', 'a parking space without an area', [{ 车位号: 'A1' }], 2, 'I'],
];

describe('a blocking finding', () => {
  it.each(BLOCKING)('%s: %s', (code, _what, rows, row, column) => {
    const result = check(rows);
    const header = expect.any(String);
    expect(found(result, code)[0]).toMatchObject({ code, level: 'error', row, column, header, sheet: null });
    expect(result.accepted).toBe(false);
    expect(result.register).toBeUndefined();
    // Nothing else blocks: the fault is told once, not in several words.
    expect(
      new Set(result.findings.filter((item) => item.level === 'error').map((item) => item.code)),
    ).toEqual(new Set([code]));
  });
});

describe('a finding that does not block', () => {
  it.each(TELLING)('%s: %s', (code, _what, rows, row, column) => {
    const result = check(rows);
    expect(found(result, code)[0]).toMatchObject({ code, row, column, header: expect.any(String) });
    expect(found(result, code)[0]?.level).not.toBe('error');
    expect(result.accepted).toBe(true);
  });
});

describe('what blocks the file or its header', () => {
  const header = csvText();
  const cases: readonly (readonly [FindingCode, string, Uint8Array, object])[] = [
    ['REG-F001', 'no bytes', new Uint8Array(), { row: null }],
    ['REG-F001', 'only spaces', bytesOf(' \r\n '), { row: null }],
    ['REG-F001', 'one byte above 8 MiB', new Uint8Array(8 * 1024 * 1024 + 1).fill(65), { row: null }],
    ['REG-F002', 'an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), { row: null }],
    ['REG-F002', 'a web page', bytesOf('\n<HTML><table><tr><td>房号'), { row: null }],
    ['REG-F002', 'an XML table', bytesOf('<?xml version="1.0"?><Workbook/>'), { row: null }],
    ['REG-F003', 'a quote that never closes', bytesOf(`${header}1栋,1,"101`), { row: 2, column: 'C' }],
    ['REG-F003', 'text behind a closing quote', bytesOf(`${header}"1栋"x,1,101`), { row: 2, column: 'A' }],
    ['REG-F007', 'bytes of no encoding', new Uint8Array([0x41, 0xff, 0xff, 0x2c]), { row: null }],
    [
      'REG-F007',
      'UTF-16 without its mark',
      new Uint8Array(Buffer.from(csvText({}), 'utf16le')),
      { row: null },
    ],
    [
      'REG-F015',
      'a cell of 513 characters',
      bytesOf(`${header}1栋,${'A'.repeat(513)}`),
      { row: 2, column: 'B' },
    ],
    ['REG-F016', '20,001 rows', bytesOf(header + '1栋,1,101\n'.repeat(20_001)), { row: 20_002 }],
    ['REG-F016', '21,000 rows', bytesOf(header + '1栋,1,101\n'.repeat(21_000)), { row: 20_201 }],
    ['REG-F017', 'a 65th column', bytesOf(`${header}${','.repeat(64)}x\n`), { row: 2, column: 'BM' }],
    ['REG-H101', 'no header at all', bytesOf('张三,李四\n1,2\n'), { row: null, column: null }],
    ['REG-H101', 'a header on row 16', bytesOf('\n'.repeat(15) + csvText({})), { row: null }],
    [
      'REG-H102',
      'no area',
      bytesOf('楼栋,房号,业主姓名,身份证号\n1,2,3,4\n'),
      { row: 1, header: '建筑面积' },
    ],
    ['REG-H102', 'no number', bytesOf('楼栋,房号,面积,姓名\n1,2,3,4\n'), { row: 1, header: '身份证' }],
    ['REG-H103', 'a header twice', bytesOf('楼栋,房号,面积,房间号,姓名,身份证\n'), { row: 1, column: 'D' }],
    [
      'REG-H103',
      'a column of co-owners',
      bytesOf('楼栋,房号,面积,姓名,身份证,共有人\n'),
      { row: 1, column: 'F' },
    ],
    [
      'REG-H103',
      'four columns of phones',
      bytesOf('楼栋,房号,面积,姓名,身份证,手机,电话1,电话2,电话3\n'),
      {
        column: 'I',
      },
    ],
    [
      'REG-H105',
      'two fields in one header',
      bytesOf('楼栋/房号,面积,房号,姓名,身份证\n'),
      { row: 1, column: 'A' },
    ],
    [
      'REG-H105',
      'two fields without a sign',
      bytesOf('楼栋房号,面积,房号,姓名,身份证\n'),
      { row: 1, column: 'A' },
    ],
    ['REG-H106', 'a header and no unit', bytesOf(header), { row: 1 }],
    ['REG-H106', 'a header and a total', bytesOf(`${header}合计,,,0\n`), { row: 1 }],
  ];
  it.each(cases)('%s: %s', (code, _what, bytes, place) => {
    const result = checkRegister(bytes, SETTINGS);
    expect(found(result, code)[0]).toMatchObject({ code, level: 'error', ...place });
    expect(result.accepted).toBe(false);
    expect(result.summary).toEqual({ units: 0, heads: 0, persons: 0, areaDm2: 0n });
  });

  it('accepts 20,000 rows and a total behind them', () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `1栋,1,${at + 1},50,张三,,${IDS[0]},`);
    const result = checkRegister(bytesOf(`${header}${rows.join('\n')}\n合计,,,1000000\n`), SETTINGS);
    expect(codesOf(result)).toEqual(['REG-N701']);
    expect(result.summary).toEqual({ units: 20_000, heads: 1, persons: 1, areaDm2: 100_000_000n });
  });

  it('accepts empty columns beyond the 64th', () => {
    const result = checkRegister(bytesOf(csvText({}).replaceAll('\n', `${','.repeat(100)}\n`)), SETTINGS);
    expect(result.accepted).toBe(true);
  });
});

describe('encodings and delimiters', () => {
  const withMark = (mark: readonly number[], bytes: Uint8Array) => new Uint8Array([...mark, ...bytes]);
  const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
  const text = csvText({});
  const files: readonly (readonly [string, Uint8Array])[] = [
    ['UTF-8 with its mark', withMark([0xef, 0xbb, 0xbf], bytesOf(text))],
    ['UTF-8 without', bytesOf(text)],
    ['UTF-16 little-endian', withMark([0xff, 0xfe], new Uint8Array(Buffer.from(text, 'utf16le')))],
    ['UTF-16 big-endian', withMark([0xfe, 0xff], utf16be(text))],
    ['semicolons', bytesOf(text.replaceAll(',', ';'))],
    ['tabs', bytesOf(text.replaceAll(',', '\t'))],
    ['CR LF', bytesOf(text.replaceAll('\n', '\r\n'))],
    ['CR alone', bytesOf(text.replaceAll('\n', '\r'))],
    ['a title with commas above', bytesOf(`某小区,业主名册,2026年\n\n${text}`)],
  ];
  it.each(files)('%s are read', (_what, bytes) => {
    const result = checkRegister(bytes, SETTINGS);
    expect(result.findings).toEqual([]);
    expect(result.register?.persons[0]?.name).toBe('张三');
  });

  it('gb18030 is read, its four-byte characters too', () => {
    // The file was written with another program's codec.
    const bytes = new Uint8Array(readFileSync(new URL('fixtures/register-gb18030.csv', import.meta.url)));
    const result = checkRegister(bytes, SETTINGS);
    expect(result.register?.persons.map((person) => person.name)).toEqual(['𠮷野镕', '李㛃']);
    expect(codesOf(result)).toEqual(['REG-C332']);
    expect(result.summary).toEqual({ units: 2, heads: 2, persons: 2, areaDm2: 15_548n });
  });

  it('UTF-8 with its mark that breaks later is refused, not read as gb18030', () => {
    const broken = withMark([0xef, 0xbb, 0xbf], bytesOf(text).subarray(0, 40));
    expect(codesOf(checkRegister(new Uint8Array([...broken, 0xd6, 0xd0]), SETTINGS))).toEqual(['REG-F007']);
  });
});

describe('the register that an accepted file yields', () => {
  it('a good row is one unit, one head, one person', () => {
    const result = check([{ 通讯地址: '中山市石岐街道1号' }]);
    expect(result.findings).toEqual([]);
    expect(result.register).toEqual({
      persons: [
        {
          docKind: 'resident-id',
          number: IDS[0],
          name: '张三',
          phones: ['13800138000'],
          mailingAddress: '中山市石岐街道1号',
        },
      ],
      units: [
        {
          building: '1栋',
          stair: '1',
          room: '101',
          kind: 'dwelling',
          state: 'delivered',
          areaDm2: 8888n,
          areaSource: 'register',
          titleNo: '',
          sinceOn: '',
          owners: [0],
          row: 2,
        },
      ],
    });
  });

  it('binary noise of a spreadsheet is 88.88', () => {
    expect(check([{ 建筑面积: '88.879999999999995' }]).summary.areaDm2).toBe(8888n);
  });

  it('a third decimal is rounded only when the operator has picked a rule', () => {
    const rounded = check([{ 建筑面积: '88.885' }], { ...SETTINGS, areaRounding: 'half-up' });
    expect(rounded.summary.areaDm2).toBe(8889n);
    expect(found(rounded, 'REG-C305')[0]).toMatchObject({ level: 'warning', row: 2, column: 'D' });
    expect(check([{ 建筑面积: '88.885' }], { ...SETTINGS, areaRounding: 'down' }).summary.areaDm2).toBe(
      8888n,
    );
  });

  it('spouses in one cell are two persons and one head, phones in their order', () => {
    const result = check([
      { 业主姓名: '张三、李四', 身份证号: `${IDS[0]}、${IDS[1]}`, 联系电话: '13800138000/13900139000' },
    ]);
    expect(result.summary).toEqual({ units: 1, heads: 1, persons: 2, areaDm2: 8888n });
    expect(result.register?.persons.map((person) => person.phones)).toEqual([
      ['13800138000'],
      ['13900139000'],
    ]);
  });

  it('与 joins two persons only where there are two numbers', () => {
    const pair = check([{ 业主姓名: '张三与李四', 身份证号: `${IDS[0]}、${IDS[1]}` }]);
    expect(pair.register?.persons.map((person) => person.name)).toEqual(['张三', '李四']);
    const company = check([{ 业主姓名: '兴和贸易', 身份证号: '91350100M000100Y43' }]);
    expect(company.register?.persons.map((person) => person.name)).toEqual(['兴和贸易']);
    const odd = check([{ 业主姓名: '中山市兴和贸易有限公司', 身份证号: `${IDS[0]}、${IDS[1]}` }]);
    expect(codesOf(odd)).toContain('REG-R401');
  });

  it('an owner below a unit, without one of his own, is a co-owner of it', () => {
    const result = check([
      { 份额: '50%' },
      { 楼栋: '', 单元: '', 房号: '', 建筑面积: '', 业主姓名: '李四', 身份证号: IDS[1], 份额: '1/2' },
      second({ 房号: '103', 身份证号: IDS[2], 业主姓名: '王五' }),
    ]);
    expect(codesOf(result)).toEqual(['REG-N703']);
    expect(result.register?.units.map((unit) => unit.owners)).toEqual([[0, 1], [2]]);
  });

  it('an owner above every unit is a row without a unit', () => {
    expect(codesOf(check([{ 楼栋: '', 房号: '', 建筑面积: '' }]))).toEqual(['REG-C301']);
  });

  it('owners below an unusable unit are not given to another', () => {
    const below = { 楼栋: '', 房号: '', 建筑面积: '' };
    const result = check([
      {},
      { ...second({}), 房号: '' },
      { ...second({}), ...below },
      { ...below, 联系电话: '' },
    ]);
    expect(codesOf(result)).toEqual(['REG-C301']);
    expect(result.summary.persons).toBe(1);
  });

  it('a co-owner below who cannot be read blocks, and the next one still belongs to the unit', () => {
    const below = { 楼栋: '', 房号: '', 建筑面积: '', 联系电话: '' };
    const wrong = { ...below, 业主姓名: '王五', 身份证号: '442000199001011234' };
    const result = check([{}, wrong, { ...below, 业主姓名: '李四', 身份证号: IDS[1] }]);
    expect(result.findings.map(({ code, row }) => [code, row])).toEqual([
      ['REG-C311', 3],
      ['REG-N703', 4],
    ]);
  });

  it('one person under an old and a new number is one head', () => {
    const result = check([{ 身份证号: '442000900101123' }, { 房号: '102' }]);
    expect(result.summary).toEqual({ units: 2, heads: 1, persons: 1, areaDm2: 17_776n });
  });

  it('unsold and undelivered units are one head of the developer, who may have several numbers', () => {
    const company = (more: Row): Row => ({
      业主姓名: '某开发公司',
      身份证号: '91350100M000100Y43',
      联系电话: '',
      ...more,
    });
    const result = check([
      company({ 房屋状态: '未售' }),
      company({ 房号: '102', 业主姓名: '某置业公司', 身份证号: '91442000MA4W12345N', 房屋状态: '未售' }),
      { 房号: '103', 房屋状态: '已售未交付', 联系电话: '' },
      company({ 房号: '104', 房屋状态: '已交付' }),
      { 房号: '105', 房屋状态: '已交付' },
    ]);
    expect(codesOf(result)).toEqual(['REG-N708']);
    expect(result.summary).toMatchObject({ units: 5, heads: 2, persons: 3 });
  });

  it('a parking space with an area is a unit of the same owners', () => {
    const result = check([
      { 车位号: 'A1', 车位面积: '12.5', 业主姓名: '张三、李四', 身份证号: `${IDS[0]}、${IDS[1]}` },
      { 房号: '102', 车位号: 'A1', 车位面积: '12.5' },
    ]);
    expect(result.findings).toEqual([]);
    expect(result.register?.units.map(({ room, kind, owners }) => ({ room, kind, owners }))).toEqual([
      { room: '101', kind: 'dwelling', owners: [0, 1] },
      { room: 'A1', kind: 'parking', owners: [0, 1] },
      { room: '102', kind: 'dwelling', owners: [0] },
    ]);
    expect(result.summary.areaDm2).toBe(2n * 8888n + 1250n);
  });

  it('an area of a parking space without its number blocks', () => {
    expect(found(check([{ 车位号: '', 车位面积: '12' }]), 'REG-C301')[0]).toMatchObject({
      row: 2,
      column: 'I',
    });
  });

  it('a field without a column is named by the header that it should have', () => {
    const [told] = found(check([{ 车位面积: '12' }]), 'REG-C301');
    expect(told).toMatchObject({ row: 2, column: null, header: '车位号', value: null });
  });

  it('a parking space without a readable area blocks', () => {
    expect(codesOf(check([{ 车位号: 'A1', 车位面积: '大' }]))).toEqual(['REG-C302']);
  });

  it('spellings of one building are one, unless the operator keeps them apart', () => {
    const rows = [{ 楼栋: '8座' }, second({ 楼栋: '8栋', 房号: '101' })];
    expect(check(rows).summary.units).toBe(1);
    const apart = check(rows, { ...SETTINGS, buildingsApart: ['8'] });
    expect(apart.summary.units).toBe(2);
    expect(apart.findings).toEqual([]);
    expect(
      check([rows[0] ?? {}, second({ 楼栋: '8栋' })]).register?.units.map((unit) => unit.building),
    ).toEqual(['8座', '8座']);
  });

  it('a phase is part of the building', () => {
    const result = check([{ 期: '2' }, second({ 期: '二期' })]);
    expect(result.register?.units.map((unit) => unit.building)).toEqual(['2期1栋', '2期1栋']);
  });

  it('a date that stands for a stair, a phase or nothing at all is handled', () => {
    expect(codesOf(check([{ 单元: '1月2日' }]))).toEqual(['REG-C306']);
    expect(codesOf(check([{ 期: '2024年3月' }]))).toEqual(['REG-C306']);
    expect(check([{ 单元: '无', 登记日期: '-' }]).register?.units[0]).toMatchObject({
      stair: '',
      sinceOn: '',
    });
    expect(check([{ 登记日期: '2015年3月1日' }]).register?.units[0]?.sinceOn).toBe('2015-03-01');
  });

  it('several columns of phones and a placeholder among them', () => {
    const result = check([{ 联系电话1: '0760-88881234', 联系电话2: '无', 通讯地址: '无' }]);
    expect(result.register?.persons[0]).toMatchObject({
      phones: ['13800138000', '076088881234'],
      mailingAddress: '',
    });
  });

  it('a person of several rows keeps all phones and the first address', () => {
    const result = check([
      { 通讯地址: '' },
      { 房号: '102', 联系电话: '13900139000', 通讯地址: '甲路1号' },
      { 房号: '103', 通讯地址: '乙路2号' },
    ]);
    expect(result.register?.persons).toMatchObject([
      { phones: ['13800138000', '13900139000'], mailingAddress: '甲路1号' },
    ]);
  });

  it('formulas and signs in columns that are not read do no harm', () => {
    expect(check([{ 备注: '=SUM(A1)', 套内面积: '#REF!' }]).findings).toEqual([]);
  });
});

describe('rows that are not data', () => {
  const empty = { 楼栋: '', 单元: '', 房号: '', 建筑面积: '', 业主姓名: '', 身份证号: '', 联系电话: '' };

  it('totals, signatures and repeated headers are dropped and told', () => {
    const result = check([
      {},
      Object.fromEntries(Object.keys(GOOD).map((header) => [header, header])),
      { ...empty, 房号: '小 计', 建筑面积: '1' },
      { ...empty, 单元: '1', 房号: '合计', 建筑面积: '88.88 平方米' },
      { ...empty, 楼栋: '制表人：', 房号: '李四' },
      { ...empty, 楼栋: '总计', 建筑面积: '=SUM(D2:D3)' },
    ]);
    expect(result.findings.map(({ code, row }) => [code, row])).toEqual(
      [3, 4, 5, 6, 7].map((row) => ['REG-N701', row]),
    );
    expect(result.accepted).toBe(true);
  });

  it('the last grand total counts, however large', () => {
    const result = check([
      {},
      { ...empty, 楼栋: '合计', 建筑面积: '1' },
      { ...empty, 楼栋: '总计', 建筑面积: '25,000' },
    ]);
    expect(found(result, 'REG-X506')).toMatchObject([{ row: 4, column: 'D', value: '25,000' }]);
  });

  it('nothing else in the row of totals is a fault', () => {
    const result = check([{}, { ...empty, 楼栋: '合计', 建筑面积: '88.88', 联系电话: '#REF!' }]);
    expect(codesOf(result)).toEqual(['REG-N701']);
  });

  it('a word of totals in a row with a document drops nothing', () => {
    const result = check([{ 备注: '合计' }, second({ 备注: '说明：已核对', 身份证号: '' })]);
    expect(result.summary.units).toBe(1);
    expect(codesOf(result)).toEqual(['REG-C301']);
  });
});

describe('room numbers that break a pattern', () => {
  const building = (skip: string, extra: readonly Row[] = []): readonly Row[] => {
    const rooms = Array.from({ length: 24 }, (_, at) => `${2 + Math.floor(at / 2)}0${1 + (at % 2)}`);
    return [...rooms.filter((room) => room !== skip).map((房号) => ({ 房号 })), ...extra];
  };

  it('a regular building is silent', () => {
    expect(check(building('')).findings).toEqual([]);
  });

  it('a missing door is told with its number', () => {
    expect(found(check(building('701')), 'REG-X507')).toMatchObject([
      { row: 2, message: '房号规律中断（1栋似缺 701）' },
    ]);
  });

  it('a room of another shape is told at its row', () => {
    expect(found(check(building('', [{ 房号: 'B-7' }])), 'REG-X507')).toMatchObject([
      { row: 26, column: 'C', value: 'B-7' },
    ]);
  });

  it('doors that only some floors have are no gap', () => {
    expect(check(building('', [{ 房号: '503' }, { 房号: '903' }])).findings).toEqual([]);
  });

  it('many missing doors are told in one line', () => {
    const rows = Array.from({ length: 60 }, (_, at) => ({
      房号: `${2 + Math.floor(at / 4)}0${1 + (at % 4)}`,
    }));
    const holes = new Set(['501', '602', '703', '804', '905', '901', '1002']);
    const [told] = found(check(rows.filter((row) => !holes.has(row.房号))), 'REG-X507');
    expect(told?.message).toBe('房号规律中断（1栋似缺 501、901、602、1002、703 等）');
  });
});

it('no finding shows a whole number, name or phone', () => {
  const result = check([
    {
      楼栋: '李小四',
      房号: '442000199001011234',
      建筑面积: '王小五',
      身份证号: '442000199001011234',
      联系电话: '23800138000',
    },
    { 业主姓名: '李小四', 身份证号: `${IDS[1]}1`, 建筑面积: '13800138000', 房号: '102' },
    { 房号: '103', 业主姓名: '王小五' },
  ]);
  const shown = JSON.stringify(result.findings);
  for (const secret of [
    '李小四',
    '王小五',
    '442000199001011234',
    '23800138000',
    '13800138000',
    IDS[0],
    IDS[1],
  ])
    expect(shown).not.toContain(secret);
  expect(result.findings.length).toBeGreaterThan(4);
});

it('every code is tested here or with the workbooks, or belongs to plans and differences that are not read yet', () => {
  const NOT_YET = new Set(['REG-X508', 'REG-D601', 'REG-D602', 'REG-D603', 'REG-D604']);
  const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
  const here = read('import-check.test.ts').split('const NOT_YET')[0] ?? '';
  const text = `${here}${read('workbook.test.ts')}${read('hostile-workbooks.ts')}${read('check-workers.test.ts')}`;
  for (const code of FINDING_CODES)
    expect([code, text.includes(`'${code}'`)]).toEqual([code, !NOT_YET.has(code)]);
});
