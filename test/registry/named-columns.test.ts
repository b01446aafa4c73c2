// Goal: another floor reads its columns of a clerk's file as the import would read them, and nothing where the file is in doubt. Method: texts and
// worksheets with one peculiarity each.
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import { refuse } from '../../src/base/result.ts';
import type { NamedColumns } from '../../src/registry/domain/named-columns.ts';
import { readNamedFile, readNamedText, readNamedWorkbook } from '../../src/registry/domain/named-columns.ts';
import type { Sheet } from '../../src/registry/domain/sheet.ts';

const COLUMNS: NamedColumns = {
  building: { names: ['幢', 'building'], isFilled: true },
  amount: { names: ['金额', 'amount'] },
};
const sheet = (name: string, rows: readonly (readonly string[])[], more: Partial<Sheet> = {}): Sheet => ({
  name,
  rows: rows.map((cells, at) => ({ row: at + 1, cells })),
  merges: [],
  hidden: 0,
  ...more,
});
const merge = (top: number, bottom: number, column: number) => ({ top, bottom, left: column, right: column });

describe('columns of a text', () => {
  it.each([',', '\t', ';'])('are found under the delimiter %j, whatever else the file has', (delimiter) => {
    const text = [
      ['备注', ' 幢 ', '金额'],
      ['甲', "'01", '="5"'],
    ]
      .map((row) => row.join(delimiter))
      .join('\n');
    expect(readNamedText(text, COLUMNS)).toEqual({
      ok: true,
      value: {
        sheet: null,
        rows: [{ row: 2, cells: { building: '01', amount: '5' } }],
        hidden: 0,
        formulas: 0,
      },
    });
  });

  it('are not there where one is missing, the text is broken, or the file is no text', () => {
    const fault = (code: string, row: number | null) => ({ ok: false, refusal: { code, row } });
    expect(readNamedText('\n幢,数额\n1,2', COLUMNS)).toEqual(fault('no-header', 2));
    expect(readNamedText('', COLUMNS)).toEqual(fault('no-header', null));
    expect(readNamedText('幢,金额\n1,"2', COLUMNS)).toEqual(fault('REG-F003', 2));
    expect(readNamedFile(new Uint8Array(), COLUMNS)).toEqual(fault('REG-F001', null));
    expect(readNamedFile(utf8('<html>'), COLUMNS)).toEqual(fault('REG-F002', null));
  });
});

describe('a column that stands twice', () => {
  it('is a fault of its own, in a text and in a worksheet, also under another of its names', () => {
    for (const header of [
      ['幢', '金额', 'amount'],
      ['幢', '幢', '金额'],
    ]) {
      const fault = { ok: false, refusal: { code: 'column-twice', row: 2 } };
      expect(readNamedText(`表\n${header.join(',')}\n1,2,3`, COLUMNS)).toEqual(fault);
      const value = [sheet('一', [['表'], header, ['1', '2', '3']])];
      expect(readNamedWorkbook({ ok: true, value }, COLUMNS)).toEqual(fault);
    }
  });
});

describe('columns of a workbook', () => {
  it('take the text of a merge for each row under the header, never from the header or of another column', () => {
    const rows = [
      ['幢', '金额'],
      ['1', '5'],
      ['', '6'],
      ['', ''],
    ];
    const merges = [merge(1, 2, 0), merge(2, 3, 0), merge(3, 4, 1)];
    const read = readNamedWorkbook({ ok: true, value: [sheet('一', rows, { merges, hidden: 2 })] }, COLUMNS);
    expect(read).toEqual({
      ok: true,
      value: {
        sheet: '一',
        rows: [
          { row: 2, cells: { building: '1', amount: '5' } },
          { row: 3, cells: { building: '1', amount: '6' } },
          { row: 4, cells: { building: '', amount: '' } },
        ],
        hidden: 2,
        formulas: 0,
      },
    });
  });

  it('stand in one worksheet, or nobody knows which is meant', () => {
    const good = [
      ['幢', '金额'],
      ['1', '5'],
    ];
    const read = (...sheets: readonly Sheet[]) => readNamedWorkbook({ ok: true, value: sheets }, COLUMNS);
    expect(read(sheet('说明', [['无']]), sheet('二', good))).toMatchObject({ value: { sheet: '二' } });
    expect(read(sheet('一', good), sheet('二', good))).toMatchObject({ refusal: { code: 'several-sheets' } });
    expect(read(sheet('说明', [['无']]))).toMatchObject({ refusal: { code: 'no-header', row: null } });
    expect(readNamedWorkbook(refuse('REG-F013', undefined, { row: 7 }), COLUMNS)).toEqual({
      ok: false,
      refusal: { code: 'REG-F013', row: 7 },
    });
  });

  it('count the results of formulas in the columns that are read', () => {
    const value = sheet('一', [['幢', '金额', '其他']]);
    const rows = [...value.rows, { row: 2, cells: ['1', '5', '9'], formulas: new Set([1, 2]) }];
    expect(readNamedWorkbook({ ok: true, value: [{ ...value, rows }] }, COLUMNS)).toMatchObject({
      value: { formulas: 1 },
    });
  });
});
