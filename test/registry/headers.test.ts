// Goal: headers are recognised in the spellings of real registers, and what is ambiguous is refused.
// Method: tables of headers, and small files with titles and two header rows.
import { describe, expect, it } from 'vitest';
import { peekCsv, readCsv } from '../../src/registry/domain/csv.ts';
import { columnLetter, FINDING_CODES, finding } from '../../src/registry/domain/findings.ts';
import { fieldsOf, findHeader } from '../../src/registry/domain/headers.ts';
import { check, codesOf, IDS } from './register-file.ts';

it.each([
  ['建筑面积（㎡）', ['area']],
  ['* 房 号 (必填)：', ['room']],
  ['业主联系电话2', ['phone']],
  ['房屋建筑面积', ['area']],
  ['联系电话/手机', ['phone']],
  ['姓名/电话', ['ownerName', 'phone']],
  ['楼栋及房号', ['building', 'room']],
  ['楼栋房号', ['building', 'room']],
  ['身份证号码', ['idNo']],
  ['业主2姓名', []],
  ['小区', []],
  ['这是一段很长的说明文字，写在标题行里，里面提到楼栋、房号、建筑面积、业主姓名和身份证号等内容', []],
])('%s names %s', (header, fields) => {
  expect(fieldsOf(header)).toEqual(fields);
});

describe('the header row', () => {
  it('is the best of the first 15, titles above it are skipped', () => {
    const title = '某小区业主名册,,,,\n楼栋、房号如下,,,,\n';
    const result = check(`${title}楼栋,房号,建筑面积,姓名,身份证号\n1栋,101,88.88,张三,${IDS[0]}\n`);
    expect(result.findings).toEqual([]);
  });

  it('may stand on two rows', () => {
    const upper = '楼栋,房号,面积,,权利人,\n';
    const lower = ',,建筑面积,套内面积,姓名,证件号码\n';
    const result = check(`${upper}${lower}1栋,101,88.88,70,张三,${IDS[0]}\n`);
    expect(result.findings).toEqual([]);
    expect(result.summary.units).toBe(1);
  });

  it('may be wider on its second row', () => {
    const upper = '房屋信息,,,权利人\n';
    const lower = '楼栋,房号,面积,姓名,,证件号码\n';
    expect(check(`${upper}${lower}1栋,101,88.88,张三,,${IDS[0]}\n`).findings).toEqual([]);
    const half = '楼栋,房号,面积\n,,,姓名,,证件号码\n';
    expect(check(`${half}1栋,101,88.88,张三,,${IDS[0]}\n`).findings).toEqual([]);
  });

  it('is not joined with a data row', () => {
    const rows = peekCsv(`楼栋,房号,面积,姓名,身份证\n1栋,101,1,张三,${IDS[0]}\n`, ',', 15);
    expect(findHeader(rows)).toMatchObject({ row: 1, score: 25 });
  });

  it('under several faults names each of them', () => {
    expect(codesOf(check('楼栋,房号,房号,姓名/电话,面积,小区\n'))).toEqual([
      'REG-H103',
      'REG-H105',
      'REG-H104',
    ]);
  });
});

describe('CSV', () => {
  const cells = (text: string) => {
    const read = readCsv(text, ',');
    return read.ok ? read.value.map(({ row, cells: list }) => [row, ...list]) : read.refusal;
  };

  it('quotes, doubled quotes, line breaks in cells and blank rows', () => {
    expect(cells('a,"b,""c""\nd",\n\n ,\n,e')).toEqual([
      [1, 'a', 'b,"c"\nd'],
      [4, '', 'e'],
    ]);
    expect(cells('')).toEqual([]);
    expect(cells('a,')).toEqual([[1, 'a']]);
  });

  it('characters are counted, not code units', () => {
    expect(cells('𠮷'.repeat(512))).toHaveLength(1);
    expect(cells('𠮷'.repeat(513))).toEqual({ code: 'REG-F015', facts: { row: 1, column: 0 } });
  });

  it('a peek ends at the first fault or at the last row wanted', () => {
    expect(peekCsv('a\nb\n"c', ',', 15).map(({ row }) => row)).toEqual([1, 2]);
    expect(peekCsv('a\nb\nc', ',', 2).map(({ row }) => row)).toEqual([1, 2]);
  });
});

describe('findings', () => {
  it('columns are lettered as a spreadsheet does', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnLetter)).toEqual([
      'A',
      'Z',
      'AA',
      'AZ',
      'BA',
      'ZZ',
      'AAA',
    ]);
  });

  it('every code has a sentence and advice in Chinese, without the brackets of a detail', () => {
    for (const code of FINDING_CODES) {
      const { message, hint } = finding(code);
      expect(message).toMatch(/\p{Script=Han}/u);
      expect(hint).toMatch(/\p{Script=Han}/u);
      expect(message).not.toContain('（');
    }
  });
});
