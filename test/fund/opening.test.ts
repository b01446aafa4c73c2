// Goal: old balances enter whole or not at all, each unit once, and say where they come from. Method: lists and CSV texts with one
// fault each against the units of a register, then the real database for what is booked, repeated and contradicted.
import { afterAll, describe, expect, it } from 'vitest';
import {
  blocksOpening,
  OPENING_COLUMNS,
  readOpeningCsv,
  readOpeningList,
  readOpeningRows,
  type Standing,
} from '../../src/fund/domain/opening-balances.ts';
import { openBalances, readOpeningFile } from '../../src/fund/opening.ts';
import { applyOrder } from '../../src/fund/ordering.ts';
import { readStatement } from '../../src/fund/reading.ts';
import { draftReversal } from '../../src/fund/reversing.ts';
import { readColumnsOfFile } from '../../src/registry/file-check.ts';
import { book, formula, merges, number, sheetXml } from '../registry/workbook-file.ts';
import { freshDatabase } from '../support/database.ts';
import { IN_PROCESS } from '../support/registry.ts';
import { accepted, balancesOf, codeOf, deposit, execute, fundWorld, signAs } from './fund-world.ts';

const UNITS = [
  { unit: 'a', building: '1幢', stair: '1单元', room: '101' },
  { unit: 'b', building: '1幢', stair: '2单元', room: '101' },
  { unit: 'c', building: '2幢', stair: '', room: '302室' },
];
const csv = (...rows: string[]) => readOpeningCsv(['幢,单元,室,金额', ...rows].join('\n'), UNITS);
const codes = (reading: {
  readonly findings: readonly { readonly code: string; readonly row: number | null }[];
}) => reading.findings.map(({ code, row }) => [code, row]);

describe('a CSV of balances', () => {
  it('finds units under other spellings, and the stair only where it is needed', () => {
    const reading = readOpeningCsv(
      '\uFEFFBuilding,stair,room,amount\n1栋,1,101,12.5\n第1幢,2单元,101,0.01\n二幢,,302,"300"\n',
      UNITS,
    );
    expect(reading).toEqual({
      balances: [
        { unit: 'a', amountFen: 1250n },
        { unit: 'b', amountFen: 1n },
        { unit: 'c', amountFen: 30_000n },
      ],
      findings: [],
    });
  });

  it.each([
    ['an unknown unit', ['9幢,,101,1'], ['OPENING_UNIT_UNKNOWN', 2]],
    ['a unit that may be two', ['1幢,,101,1'], ['OPENING_UNIT_UNCLEAR', 2]],
    ['a unit twice', ['2幢,,302,1', '2幢,,302室,1'], ['OPENING_UNIT_REPEATED', 3]],
    ['three decimals', ['2幢,,302,1.005'], ['OPENING_AMOUNT', 2]],
    ['a negative amount', ['2幢,,302,-1'], ['OPENING_AMOUNT', 2]],
    ['no amount', ['2幢,,302,'], ['OPENING_AMOUNT', 2]],
    ['a thousands separator', ['2幢,,302,"1,000.00"'], ['OPENING_AMOUNT', 2]],
  ])('with %s is refused', (_name, rows, wanted) => {
    const reading = csv(...rows);
    expect(codes(reading)).toContainEqual(wanted);
    expect(blocksOpening(reading)).toBe(true);
  });

  it('without a column, or broken, says so and nothing else', () => {
    expect(codes(readOpeningCsv('幢,室,金额\n1幢,101,1', UNITS))).toEqual([['OPENING_HEADER', 1]]);
    expect(codes(readOpeningCsv('', UNITS))).toEqual([['OPENING_HEADER', null]]);
    expect(codes(readOpeningCsv('幢,单元,室,金额\n"1幢', UNITS))).toEqual([['OPENING_FILE', 2]]);
  });

  it('that leaves a unit out, or gives it zero, warns and goes on', () => {
    const reading = csv('1幢,1,101,0', '1幢,2,101,5');
    expect(codes(reading)).toEqual([
      ['OPENING_ZERO', 2],
      ['OPENING_UNIT_MISSING', null],
    ]);
    expect(blocksOpening(reading)).toBe(false);
    expect(reading.balances).toEqual([{ unit: 'b', amountFen: 500n }]);
  });
});

describe('a file of balances as offices keep it', () => {
  const read = async (file: Uint8Array, standing?: ReadonlyMap<string, Standing>) =>
    readOpeningRows(await readColumnsOfFile(file, OPENING_COLUMNS), UNITS, standing);
  const text = (...lines: string[]) => read(Buffer.from(lines.join('\n')));

  it('may have a title above the header, and a total that its lines come to', async () => {
    const reading = await text(
      '余额表',
      '',
      '幢;单元;室;余额',
      '1幢;1;101;2.5',
      '小计;;;2.5',
      '1幢;2;101;1',
      '合 计;;;3.50',
    );
    expect(reading.balances).toEqual([
      { unit: 'a', amountFen: 250n },
      { unit: 'b', amountFen: 100n },
    ]);
    expect(codes(reading)).toEqual([
      ['OPENING_TOTAL', 5],
      ['OPENING_TOTAL', 7],
      ['OPENING_UNIT_MISSING', null],
    ]);
  });

  it('is refused where its total is another, and a header that stands too low is none', async () => {
    const other = await text('幢,单元,室,金额', '1幢,1,101,2.5', '合计,,,2.51');
    expect(codes(other)).toContainEqual(['OPENING_TOTAL_DIFFERS', 3]);
    expect(blocksOpening(other)).toBe(true);
    const low = await text(...Array.from({ length: 15 }, () => '说明'), '幢,单元,室,金额', '1幢,1,101,2.5');
    expect(codes(low)).toEqual([['OPENING_HEADER', 1]]);
  });

  it('as a workbook says a merged building for each row, and tells of formulas and hidden rows', async () => {
    const rows = [
      ['幢', '单元', '室', '业主', '余额（元）'],
      ['1幢', '1', '101', '张三', number('12.299999999999999')],
      [undefined, '2', '101', '李四', formula('E2*2', '24.6')],
      ['2幢', '', '302', '王五', '3'],
    ];
    const xml = sheetXml(rows, merges('A2:A3')).replace('<row r="4"', '<row r="4" hidden="1"');
    const sheets: Parameters<typeof book>[0]['sheets'] = [
      ['余额', xml],
      ['说明', sheetXml([['无']])],
    ];
    const reading = await read(book({ sheets }));
    expect(reading.balances).toEqual([
      { unit: 'a', amountFen: 1230n },
      { unit: 'b', amountFen: 2460n },
      { unit: 'c', amountFen: 300n },
    ]);
    expect(codes(reading)).toEqual([
      ['OPENING_HIDDEN', null],
      ['OPENING_FORMULA', null],
    ]);
    const two = await read(book({ sheets: [...sheets, ['余额2', sheetXml(rows)]] }));
    expect(codes(two)).toEqual([['OPENING_SHEETS', null]]);
  });

  it.each([
    ['幢,单元,室,金额,余额', 'two amounts of different names'],
    ['幢,单元,室,余额,余额（元）', 'one amount twice'],
    ['楼栋,幢,单元,室,金额', 'two buildings'],
  ])('is refused where it has a column twice: %s', async (header) => {
    const cells = header.split(',').map((_, at) => String(at));
    expect(codes(await text('余额表', header, cells.join(',')))).toEqual([['OPENING_COLUMN_TWICE', 2]]);
    const rows = [header.split(','), cells];
    const workbook = await read(book({ sheets: [['余额', sheetXml(rows)]] }));
    expect(codes(workbook)).toEqual([['OPENING_COLUMN_TWICE', 1]]);
    expect(blocksOpening(workbook)).toBe(true);
    expect(codes(readOpeningCsv(`${header}\n${cells.join(',')}`, UNITS))).toEqual([
      ['OPENING_COLUMN_TWICE', 1],
    ]);
  });

  it('that cannot be read says why in the words of the register’s import', async () => {
    const broken = await read(book({ sheets: [['余额', sheetXml([['幢']])]] }).slice(0, 200));
    expect(broken.findings).toMatchObject([{ code: 'OPENING_FILE', where: 'REG-F003' }]);
    expect(broken.findings[0]?.zh).toBe('文件读不出来：文件残缺或结构不完整。请重新导出；检查引号是否成对');
    expect((await read(new Uint8Array())).findings).toMatchObject([{ where: 'REG-F001' }]);
  });

  it('lists no unit that stands in the book, and blocks where it stands otherwise', async () => {
    const file = Buffer.from('幢,单元,室,金额\n1幢,1,101,1\n1幢,2,101,0\n');
    const alike = await read(
      file,
      new Map([
        ['a', { amountFen: 100n, isReversed: false }],
        ['c', { amountFen: 5n, isReversed: false }],
      ]),
    );
    expect(alike.balances).toEqual([]);
    expect(codes(alike)).toEqual([
      ['OPENING_STANDS', 2],
      ['OPENING_ZERO', 3],
    ]);
    const otherwise = await read(file, new Map([['b', { amountFen: 5n, isReversed: false }]]));
    expect(codes(otherwise)).toContainEqual(['OPENING_DIFFERS', 3]);
    expect(blocksOpening(otherwise)).toBe(true);
  });
});

describe('a list of balances', () => {
  it('names units of the register, once, not negative', () => {
    const reading = readOpeningList(
      [
        { unit: 'a', amountFen: 1n },
        { unit: 'x', amountFen: 1n },
        { unit: 'a', amountFen: 1n },
        { unit: 'b', amountFen: -1n },
      ],
      UNITS,
    );
    expect(codes(reading)).toEqual([
      ['OPENING_UNIT_UNKNOWN', 2],
      ['OPENING_AMOUNT', 4],
      ['OPENING_UNIT_REPEATED', 3],
      ['OPENING_UNIT_MISSING', null],
      ['OPENING_UNIT_MISSING', null],
    ]);
  });
});

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const world = await fundWorld(fresh, {
  seed: 'opening',
  units: [
    { building: '1幢', room: '101', areaDm2: 5000n },
    { building: '1幢', room: '102', areaDm2: 5000n },
    { building: '1幢', room: '103', areaDm2: 5000n },
  ],
  capFen: 1n,
});

describe('opening balances', () => {
  it('with a fault book nothing, not even the community’s book', async () => {
    const refused = await openBalances(world.deps, {
      community: world.community,
      statement: { reference: '旧账', asOn: '2026-11-30' },
      bank: { name: '建行', lastDigits: '0071' },
      balances: 'building,stair,room,amount\n1幢,,101,5\n9幢,,9,1\n',
    });
    expect(codeOf(refused)).toBe('FUND_OPENING_REFUSED');
    expect(refused.ok ? [] : refused.refusal.findings?.map(({ code }) => code)).toEqual([
      'OPENING_UNIT_UNKNOWN',
      'OPENING_UNIT_MISSING',
      'OPENING_UNIT_MISSING',
    ]);
    const books = await fresh.db.selectFrom('fund_book').selectAll().execute();
    expect(books).toEqual([]);
  });

  it('of a statement of tomorrow are refused', async () => {
    const late = await openBalances(world.deps, {
      community: world.community,
      statement: { reference: '旧账', asOn: '2026-12-11' },
      bank: { name: '建行', lastDigits: '0071' },
      balances: [],
    });
    expect(codeOf(late)).toBe('FUND_VALUE_DATE_LATE');
  });

  it('of a community that does not exist are refused', async () => {
    const nowhere = { ...world, community: 'a'.repeat(26), units: [] };
    expect(codeOf(await deposit(nowhere, []))).toBe('FUND_COMMUNITY_UNKNOWN');
  });

  it('cite the old statement and its date, once for each unit, later units later', async () => {
    expect(accepted(await deposit(world, [500n, 700n]))).toMatchObject({ booked: 2, repeated: 0 });
    expect(accepted(await deposit(world, [500n, 700n, 900n]))).toMatchObject({ booked: 1, repeated: 2 });
    expect(await balancesOf(world, 'unit_available')).toEqual([500n, 700n, 900n]);
    const statement = accepted(await readStatement(fresh.db, world.community, world.units[0]?.unit ?? ''));
    expect(statement.lines).toMatchObject([
      {
        kind: 'deposit',
        bookedOn: '2026-12-10',
        valueOn: '2026-11-30',
        reference: '原系统对账单 2026-11',
        narrative: '期初余额',
        availableFen: 500n,
      },
    ]);
  });

  it('are read from a file beside what stands, and reading books nothing', async () => {
    const deps = { db: fresh.db, fileChecks: IN_PROCESS };
    const file = Buffer.from('幢,单元,室,金额\n1幢,,101,5.00\n1幢,,102,7.01\n');
    const read = accepted(await readOpeningFile(deps, world.community, file));
    expect(read.sheet).toBeNull();
    expect(codes(read)).toEqual([
      ['OPENING_STANDS', 2],
      ['OPENING_DIFFERS', 3],
    ]);
    expect(await balancesOf(world, 'unit_available')).toEqual([500n, 700n, 900n]);
  });

  it('that contradict what stands are refused as a whole', async () => {
    expect(codeOf(await deposit(world, [501n]))).toBe('FUND_ENTRY_DIFFERS');
    expect(codeOf(await deposit(world, [500n], '另一对账单'))).toBe('FUND_ENTRY_DIFFERS');
    expect(await balancesOf(world, 'unit_available')).toEqual([500n, 700n, 900n]);
  });

  it('that were reversed are said to be, by the file and by the list, and never booked again', async () => {
    const taken = await fundWorld(fresh, {
      seed: 'opening reversed',
      units: ['101', '102'].map((room) => ({ building: '1幢', room, areaDm2: 5000n })),
      capFen: 1n,
    });
    accepted(await deposit(taken, [900n]));
    const asked = { community: taken.community, seq: 1n, reference: '银行更正', key: 'k' };
    const { act } = accepted(await draftReversal(taken.deps, asked, 'test'));
    await signAs(taken, act, taken.officers);
    accepted(await execute(taken, act, applyOrder));
    const deps = { db: fresh.db, fileChecks: IN_PROCESS };
    for (const amount of ['9.00', '9.01']) {
      const file = Buffer.from(`幢,单元,室,金额\n1幢,,101,${amount}\n`);
      const read = accepted(await readOpeningFile(deps, taken.community, file));
      expect([read.balances, codes(read)]).toEqual([
        [],
        [
          ['OPENING_REVERSED', 2],
          ['OPENING_UNIT_MISSING', null],
        ],
      ]);
      expect(blocksOpening(read)).toBe(true);
    }
    const again = await deposit(taken, [900n, 700n]);
    expect(again).toMatchObject({
      refusal: {
        code: 'FUND_OPENING_REFUSED',
        findings: [
          { code: 'OPENING_REVERSED', where: taken.units[0]?.unit, zh: '期初余额冲回过，请按银行回单补记' },
        ],
      },
    });
    expect(await balancesOf(taken, 'unit_available')).toEqual([0n, 0n]);
  });

  it('of 2,000 households are one transaction of 2,000 entries without a gap', async () => {
    const large = await fundWorld(fresh, {
      seed: 'large',
      units: Array.from({ length: 2000 }, (_, at) => ({
        building: `${(at % 20) + 1}幢`,
        room: String(100 + Math.floor(at / 20)),
        areaDm2: 8000n + BigInt(at),
      })),
      capFen: 1n,
    });
    const amounts = large.units.map((_, at) => 100_000n + BigInt(at));
    expect(accepted(await deposit(large, amounts))).toMatchObject({ booked: 2000 });
    expect(await balancesOf(large, 'unit_available')).toEqual(amounts);
  }, 60_000);
});
