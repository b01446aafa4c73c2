// Goal: a bank's file is booked whole or not at all, every line that stands in the way is named by its row, and sending a file again
// books nothing twice. Method: the reader on texts as banks write them, the import on a real database, the command on real files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fundCommand } from '../../src/cli/fund.ts';
import { readReceiptFile } from '../../src/fund/domain/receipt-file.ts';
import { receiveInterest } from '../../src/fund/interest.ts';
import { readBook } from '../../src/fund/reading.ts';
import { importReceipts } from '../../src/fund/receipt-files.ts';
import { receive } from '../../src/fund/receiving.ts';
import { freshDatabase } from '../support/database.ts';
import { accepted, balancesOf, codeOf, type FundWorld, fundWorld } from './fund-world.ts';

const UNITS = [
  { unit: 'a', building: '1幢', stair: '', room: '101' },
  { unit: 'b', building: '2幢', stair: '1单元', room: '101' },
  { unit: 'c', building: '2幢', stair: '2单元', room: '101' },
];
const read = (csv: string, unknownAsUnidentified = false) =>
  readReceiptFile(csv, { units: UNITS, today: '2026-12-10', unknownAsUnidentified });
const said = (csv: string, tick = false) =>
  read(csv, tick).findings.map(({ code, row, where }) => [code, row, where]);

describe('a file of receipts', () => {
  it('is read whatever the bank calls its columns and however it writes days and amounts', () => {
    const csv =
      '\uFEFF交易日期,流水号,贷方户名,金额(元),楼栋,单元,房号\r\n' +
      '2026/12/1,="0001",某人,"1,234.50",1号楼,,101\r\n20261202,0002,某人,¥5,二幢,二单元,101\r\n';
    expect(read(csv)).toEqual({
      findings: [],
      receipts: [
        { row: 2, receipt: '0001', unit: 'a', amountFen: 123_450n, valueOn: '2026-12-01' },
        { row: 3, receipt: '0002', unit: 'c', amountFen: 500n, valueOn: '2026-12-02' },
      ],
    });
  });

  it('names each line that cannot be read, and never the payer', () => {
    const csv =
      '日期,回单号,金额,幢,单元,室,付款人\n' +
      '2026-12-01,,1,1幢,,101,张三\n2026-12-01,甲1,1,1幢,,101,张三\n2026-12-01,甲1,1,1幢,,101,张三\n' +
      '2026-12-01,甲2,0,1幢,,101,张三\n2026-12-01,甲3,-5,1幢,,101,张三\n2026-12-01,甲4,1.005,1幢,,101,张三\n' +
      '2026-02-30,甲5,1,1幢,,101,张三\n2026-12-11,甲6,1,1幢,,101,张三\n2026-12-01,甲7,1,9幢,,101,张三\n' +
      '2026-12-01,甲8,1,2幢,,101,张三\n2026-12-01,甲9,1,,,,张三\n2026-12-01,"1,23.4",1,1幢,,101,张三\n';
    expect(said(csv)).toEqual([
      ['FUND-F010', 2, ''],
      ['FUND-F011', 4, '甲1'],
      ['FUND-F012', 5, '甲2'],
      ['FUND-F012', 6, '甲3'],
      ['FUND-F012', 7, '甲4'],
      ['FUND-F013', 8, '甲5'],
      ['FUND-F014', 9, '甲6'],
      ['FUND-F015', 10, '9幢 101'],
      ['FUND-F016', 11, '2幢 101'],
      ['FUND-F022', 12, '甲9'],
    ]);
    expect(JSON.stringify(read(csv), (_, value) => (typeof value === 'bigint' ? '' : value))).not.toContain(
      '张三',
    );
  });

  it('of a unit that nobody knows goes to 待查收款 where that was ticked', () => {
    const csv = '日期,回单号,金额,幢,单元,室\n2026-12-01,甲7,1,9幢,,101\n2026-12-01,甲8,1,2幢,,101\n';
    expect(said(csv, true)).toEqual([
      ['FUND-F020', 2, '9幢 101'],
      ['FUND-F021', 3, '2幢 101'],
    ]);
    expect(read(csv, true).receipts.map(({ unit }) => unit)).toEqual(['', '']);
  });

  it.each([
    ['a broken quote', '日期,回单号,金额\n"2026', 'FUND-F001'],
    ['no header', '2026-12-01,甲1,5\n', 'FUND-F002'],
    ['nothing', '', 'FUND-F002'],
    ['a header only', '日期,回单号,金额\n', 'FUND-F003'],
    ['5,001 lines', `日期,回单号,金额\n${'2026-12-01,甲,1\n'.repeat(5001)}`, 'FUND-F004'],
  ])('of %s is refused as a whole', (_name, csv, code) => {
    expect(read(csv).findings).toMatchObject([{ code, level: 'error' }]);
    expect(read(csv).receipts).toEqual([]);
  });
});

const fresh = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-receipts-'));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fresh.close();
});

const BANK = { name: '建行', lastDigits: '0071' };
let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `receipt files ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 5000n },
    ],
    capFen: 1n,
  });
});
const HEAD = '日期,回单号,金额,幢,单元,室\n';
const send = (lines: string, unknownAsUnidentified = false) =>
  importReceipts(world.deps, {
    community: world.community,
    bank: BANK,
    csv: HEAD + lines,
    unknownAsUnidentified,
  });
const foundIn = (result: Awaited<ReturnType<typeof send>>) =>
  (result.ok ? result.value.findings : (result.refusal.findings ?? [])).map(({ code, row }) => [code, row]);

describe('an import', () => {
  it('books a file, and of a file that overlaps only what is new', async () => {
    const first = '2026-12-01,甲1,5,1幢,,101\n2026-12-02,甲2,7.01,1幢,,102\n2026-12-03,甲3,1,,,\n';
    expect(accepted(await send(first))).toMatchObject({ booked: 3, repeated: 0, totalFen: 1301n });
    const again = accepted(await send(`${first}2026-12-04,甲4,2,1幢,,101\n`));
    expect(again).toMatchObject({ booked: 1, repeated: 3 });
    expect(again.findings.map(({ code }) => code)).toEqual([
      'FUND-F022',
      'FUND-F023',
      'FUND-F023',
      'FUND-F023',
    ]);
    expect(await balancesOf(world, 'unit_available')).toEqual([700n, 701n]);
  });

  it('with one fault books nothing', async () => {
    const result = await send('2026-12-01,甲1,5,1幢,,101\n2026-12-01,甲2,5,1幢,,999\n');
    expect(codeOf(result)).toBe('FUND_FILE_REFUSED');
    expect(foundIn(result)).toEqual([['FUND-F015', 3]]);
    expect(codeOf(await readBook(fresh.db, world.community))).toBe('FUND_BOOK_MISSING');
  });

  it('names the line that the book has otherwise, whatever it was booked as', async () => {
    accepted(await send('2026-12-01,甲1,5,1幢,,101\n'));
    accepted(
      await receiveInterest(world.deps, {
        community: world.community,
        bank: BANK,
        receipt: '息1',
        amountFen: 100n,
        valueOn: '2026-12-01',
      }),
    );
    const result = await send(
      '2026-12-01,甲9,5,1幢,,101\n2026-12-01,甲1,6,1幢,,101\n2026-12-01,息1,1,1幢,,101\n',
    );
    expect(codeOf(result)).toBe('FUND_FILE_REFUSED');
    expect(foundIn(result)).toEqual([
      ['FUND-F017', 3],
      ['FUND-F017', 4],
    ]);
    expect(await balancesOf(world, 'unit_available')).toEqual([500n, 0n]);
  });

  it('finds money standing that waits for its household, also where the register knows the unit by now', async () => {
    accepted(await send('2026-12-01,甲1,5,1栋,,102室甲\n', true));
    const receipt = { receipt: '甲2', unit: '', amountFen: 300n, valueOn: '2026-12-01' };
    accepted(await receive(world.deps, { community: world.community, bank: BANK, receipts: [receipt] }));
    const again = accepted(await send('2026-12-01,甲1,5,1幢,,102\n2026-12-01,甲2,3,1幢,,102\n'));
    expect(again).toMatchObject({ booked: 0, repeated: 2 });
    expect(accepted(await readBook(fresh.db, world.community)).totals).toMatchObject({
      bank: 800n,
      deposit_unidentified: 800n,
    });
  });

  it('of two at once is booked once', async () => {
    const lines = '2026-12-01,甲1,5,1幢,,101\n2026-12-02,甲2,7,1幢,,102\n';
    const results = await Promise.all([send(lines), send(lines), send(lines)]);
    expect(results.map((result) => accepted(result).booked).sort()).toEqual([0, 0, 2]);
    expect(await balancesOf(world, 'unit_available')).toEqual([500n, 700n]);
  });
});

describe('owners-vote fund receipts', () => {
  const run = async (...argv: string[]) => {
    let text = '';
    const write = (more: string) => {
      text += more;
    };
    const out = { stdout: write, stderr: write };
    const open = async () => ({ db: fresh.db, close: async () => undefined });
    return { code: await fundCommand(['receipts', ...argv], out, open), text };
  };
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('checks the form alone, or against the register, and books nothing', async () => {
    const path = file('a.csv', `${HEAD}2020-12-01,甲1,5,1幢,,999\n`);
    expect(await run(path)).toMatchObject({ code: 0 });
    const checked = await run(path, '--community', world.community);
    expect(checked.code).toBe(1);
    expect(checked.text).toContain('FUND-F015 第 2 行（1幢 999）');
    const ticked = await run(path, '--json', '--unknown-unidentified', '--community', world.community);
    expect(ticked.code).toBe(0);
    expect(JSON.parse(ticked.text)).toMatchObject({
      accepted: true,
      totalFen: '500',
      findings: [{ code: 'FUND-F020', row: 2 }],
    });
    expect(codeOf(await readBook(fresh.db, world.community))).toBe('FUND_BOOK_MISSING');
  });

  it('prints the name of a file and its cells with nothing in them that steers a terminal', async () => {
    const path = file('a\u001b[2J.csv', `${HEAD}2020-12-01,甲1,5,1\u001b[2J幢,,999\n`);
    const { text } = await run(path, '--community', world.community);
    expect(text).toContain('a\ufffd[2J.csv');
    expect(text).not.toContain('\u001b');
  });

  it('reads GB18030, and says so where a file is none, is not there, or the words are wrong', async () => {
    // 日期,回单号,金额 in GB18030.
    const head = Buffer.from('c8d5c6da2cbbd8b5a5bac52cbdf0b6ee0a', 'hex');
    const path = file('gb.csv', Buffer.concat([head, Buffer.from('2020-12-01,1,5\n')]));
    expect(await run(path)).toMatchObject({ code: 0 });
    expect(await run(file('empty.csv', ''))).toMatchObject({ code: 1 });
    expect(await run(join(folder, 'nowhere.csv'))).toMatchObject({ code: 65 });
    for (const words of [[], ['--community', 'x', path], [path, path], ['--x']])
      expect(await run(...words)).toMatchObject({ code: 2 });
  });
});
