// Goal: whoever fills in our own template is accepted, and its sample never becomes an owner. Method: the template as our reader reads it,
// filled in as rows of a workbook.
import { describe, expect, it, vi } from 'vitest';
import { fieldsOf } from '../../src/registry/domain/headers.ts';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { registerTemplate } from '../../src/registry/template.ts';
import { readWorkbook } from '../../src/registry/workbook/workbook.ts';
import { writeWorkbook } from '../../src/registry/workbook/writer.ts';
import { codesOf, IDS, SETTINGS } from './register-file.ts';

async function read() {
  const sheets = await readWorkbook(await registerTemplate());
  if (!sheets.ok) throw new Error(sheets.refusal.code);
  return sheets.value;
}

/** The check of the template with its rows changed. */
async function checkOf(change: (rows: string[][]) => void) {
  const sheets = (await read()).map(({ name, rows }) => ({
    name,
    rows: rows.map(({ cells }) => [...cells]),
  }));
  change(sheets[0]?.rows ?? []);
  const written = sheets.map(({ name, rows }) => ({
    name,
    columns: [],
    frozenRows: 0,
    rows: rows.map((cells, at) => ({ row: at + 1, cells: cells.map((text) => ({ text })) })),
  }));
  return checkRegisterFile(await writeWorkbook(written), SETTINGS);
}

describe('the template', () => {
  it('is the same bytes on another day', async () => {
    const today = await registerTemplate();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2031, 4, 6) });
    try {
      expect(await registerTemplate()).toEqual(today);
    } finally {
      vi.useRealTimers();
    }
  });

  it('has headers of which each is one known field', async () => {
    const header = (await read())[0]?.rows[0]?.cells ?? [];
    expect(header).toHaveLength(13);
    expect(header.filter((text) => fieldsOf(text).length !== 1)).toEqual([]);
  });

  it('as it is holds no unit and no owner', async () => {
    const check = await checkRegisterFile(await registerTemplate(), SETTINGS);
    expect(codesOf(check)).toEqual(['REG-H106', 'REG-N701']);
    expect(check.summary).toMatchObject({ units: 0, persons: 0 });
  });

  it('filled in is accepted, with the sample left where it stands', async () => {
    const check = await checkOf((rows) => {
      rows.push([
        '1栋',
        '1',
        '101',
        '88.88',
        '产权登记',
        '张三',
        '身份证',
        IDS[0],
        '13800138000',
        '',
        '住宅',
      ]);
      const company = ['某某置业有限公司', '统一社会信用代码', '91350100M000100Y43', '', '', '住宅', '未售'];
      rows.push(['1栋', '1', '102', '90', '测绘', ...company, '2015-03-01']);
    });
    expect(check.findings.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(check.accepted).toBe(true);
    expect(check.summary).toEqual({ units: 2, heads: 2, persons: 2, areaDm2: 17888n });
  });

  it('refuses its sample once somebody writes a number into it', async () => {
    const check = await checkOf((rows) => {
      const sample = rows[1] ?? [];
      sample[7] = IDS[0];
    });
    expect(codesOf(check)).toContain('REG-C330');
    expect(check.accepted).toBe(false);
  });

  it.each([
    ['证件类型', 6],
    ['面积来源', 4],
    ['用途', 10],
    ['房屋状态', 11],
  ])('reads every value that it offers for %s without a doubt', async (name, column) => {
    const help = (await read())[1]?.rows.find(({ cells }) => cells[0] === name)?.cells[2] ?? '';
    const values = help.split('可选：')[1]?.split('、') ?? [];
    expect(values.length).toBeGreaterThan(2);
    for (const value of values.filter((each) => !['护照', '统一社会信用代码'].includes(each))) {
      const check = await checkOf((rows) => {
        const row = ['1栋', '1', '101', '88.88', '', '张三', '', IDS[0], '', '', '', '', ''];
        row[column] = value;
        rows.push(row);
      });
      const codes = codesOf(check).filter((code) => !['REG-N701', 'REG-N705', 'REG-R405'].includes(code));
      expect([value, codes]).toEqual([value, []]);
    }
  });
});
