// Goal: the journal for spreadsheets says what the journal says, to the fen, and nobody's text becomes a formula in it. Method: hostile
// books as CSV and XLSX, read back by the house's own bounded readers, sums computed again, and the command's files.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fundCommand } from '../../src/cli/fund.ts';
import { connect } from '../../src/db/connect.ts';
import { JOURNAL_COLUMNS } from '../../src/fund/domain/journal-sheet.ts';
import type { Journal } from '../../src/fund/domain/journal-text.ts';
import { readJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { journalCsv, journalWorkbook } from '../../src/fund/journal-sheets.ts';
import { readCsv } from '../../src/registry/domain/csv.ts';
import { readWorkbook } from '../../src/registry/workbook/workbook.ts';
import { freshDatabase } from '../support/database.ts';
import { accepted, authorise, deposit, type FundWorld, fundWorld } from './fund-world.ts';

const fresh = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-sheets-'));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fresh.close();
});

const HOSTILE = '=cmd|"/c calc"!A1,\u0000\n+1;－2';

async function hostileBook(seed: string): Promise<FundWorld> {
  const world = await fundWorld(fresh, {
    seed: `sheets ${seed}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '=2幢', room: '@1', areaDm2: 7001n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [100_000n, 123_456n], HOSTILE));
  const authorisation = await authorise(world);
  accepted(await holdShares(world.deps, { community: world.community, authorisation }));
  return world;
}

const journalOf = async (world: FundWorld): Promise<Journal> =>
  accepted(await readJournal(fresh.db, world.community));

type Rows = readonly (readonly string[])[];

function fromCsv(text: string): Rows {
  expect(text.startsWith('\uFEFF')).toBe(true);
  const read = readCsv(text.slice(1), ',');
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value.map(({ cells }) => cells);
}

async function fromWorkbook(bytes: Uint8Array | undefined): Promise<Rows> {
  const read = await readWorkbook(bytes ?? new Uint8Array());
  if (!read.ok) throw new Error(read.refusal.code);
  expect(read.value.length).toBe(1);
  return (read.value[0]?.rows ?? []).map(({ cells, formulas }) => {
    expect(formulas?.size ?? 0).toBe(0);
    return cells;
  });
}

const fen = (text: string | undefined): bigint => {
  if (text === undefined || text === '') return 0n;
  const parts = /^([0-9]+)(?:\.([0-9]{1,2}))?$/.exec(text);
  if (parts === null) throw new Error(text);
  return BigInt(parts[1] ?? '') * 100n + BigInt((parts[2] ?? '').padEnd(2, '0'));
};

/** Debits less credits of some rows. */
const net = (rows: Rows): bigint => rows.reduce((sum, row) => sum + fen(row[8]) - fen(row[9]), 0n);

/** What both formats must say of a journal. */
function agree(rows: Rows, journal: Journal): void {
  const [header, ...rest] = rows;
  expect(header).toEqual([...JOURNAL_COLUMNS]);
  const legs = journal.entries.flatMap(({ seq, legs: list }) => list.map((leg) => ({ seq, ...leg })));
  expect(rest.length).toBe(legs.length + journal.accounts.length + 1);
  for (const [at, { seq, name, amountFen }] of legs.entries()) {
    const row = rest[at] ?? [];
    expect([row[0], row[7], fen(row[8]) - fen(row[9])]).toEqual([String(seq), name, amountFen]);
  }
  const postings = rest.slice(0, legs.length);
  const closing = rest.slice(legs.length, -1);
  expect(net(postings)).toBe(0n);
  for (const row of closing) {
    expect(row[3]).toBe('期末余额');
    expect(net([row])).toBe(net(postings.filter((posting) => posting[7] === row[7])));
  }
  const sum = rest.at(-1) ?? [];
  expect([sum[3], sum[8]]).toEqual(['余额合计', sum[9]]);
  expect(fen(sum[8])).toBe(223_456n);
}

describe('the journal for spreadsheets', () => {
  it('says in CSV what the journal says, and no cell begins a formula', async () => {
    const journal = await journalOf(await hostileBook('csv'));
    const rows = fromCsv(journalCsv(journal));
    agree(rows, journal);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠|%]|[\r\n\0]/u);
    expect(rows[1]?.[6]).toBe(`'=cmd｜"/c calc"!A1, +1；－2`);
    expect(journalCsv(journal)).toBe(journalCsv(journal));
  });

  it('says in XLSX what the journal says, with texts as texts and amounts as numbers', async () => {
    const journal = await journalOf(await hostileBook('xlsx'));
    const rows = await fromWorkbook(await journalWorkbook(journal));
    agree(rows, journal);
    expect(rows[1]?.[6]).toBe(`=cmd｜"/c calc"!A1, +1；－2`);
  });

  it('keeps every amount exact, also one that a spreadsheet would round', async () => {
    const amounts = [1n, 99n, 100n, 999_999_999_999_999n, 1_000_000_000_000_001n];
    const journal: Journal = {
      community: 'c',
      asOf: '2026-12-31',
      entries: amounts.map((amountFen, at) => ({
        seq: BigInt(at + 1),
        kind: 'deposit',
        bookedOn: '2026-12-01',
        valueOn: '2026-12-01',
        authorisation: '',
        reference: '',
        narrative: '',
        legs: [
          { name: '资产', amountFen },
          { name: '负债', amountFen: -amountFen },
        ],
      })),
      accounts: [],
    };
    const shown = ['0.01', '0.99', '1.00', '9999999999999.99', '10000000000000.01'];
    expect(
      fromCsv(journalCsv(journal))
        .slice(1, -1)
        .map((row) => row[8] || row[9]),
    ).toEqual(shown.flatMap((each) => [each, each]));
    const read = await fromWorkbook(await journalWorkbook(journal));
    expect(read.slice(1, -1).map((row) => fen(row[8] || row[9]))).toEqual(
      amounts.flatMap((each) => [each, each]),
    );
  });

  it('shows a bank below zero, which no whole book has, on the other side', () => {
    const journal: Journal = {
      community: 'c',
      asOf: '2026-12-31',
      entries: [],
      accounts: [
        { name: '资产', kind: 'bank', closingFen: -5n },
        { name: '负债', kind: 'payable', closingFen: -5n },
      ],
    };
    const rows = fromCsv(journalCsv(journal)).slice(1);
    expect(rows.map((row) => [row[7], row[8], row[9] ?? ''])).toEqual([
      ['负债', '0.05', ''],
      ['资产', '', '0.05'],
      ['', '-0.05', '-0.05'],
    ]);
  });

  it('is never a formula, whatever a text begins with', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('=', '+', '-', '@', '\t=', ' ＝', '\u3000+', '＠'),
        fc.string(),
        (start, rest) => {
          const journal: Journal = {
            community: 'c',
            asOf: '2026-12-31',
            entries: [
              {
                seq: 1n,
                kind: 'deposit',
                bookedOn: '2026-12-01',
                valueOn: '2026-12-01',
                authorisation: '',
                reference: '',
                narrative: start + rest,
                legs: [
                  { name: '资产', amountFen: 1n },
                  { name: '负债', amountFen: -1n },
                ],
              },
            ],
            accounts: [],
          };
          expect(fromCsv(journalCsv(journal))[1]?.[5]).toMatch(/^'[=+\-@＝＠]/u);
        },
      ),
    );
  });
});

describe('owners-vote fund journal', () => {
  async function run(...argv: readonly string[]) {
    const said = { out: '', err: '' };
    const output = {
      stdout: (text: string) => {
        said.out += text;
      },
      stderr: (text: string) => {
        said.err += text;
      },
    };
    const code = await fundCommand(['journal', ...argv], output, async () => {
      const db = connect(fresh.appUrl, { maxConnections: 1 });
      return { db, close: () => db.destroy() };
    });
    return { code, ...said };
  }

  it('prints CSV, and writes CSV and XLSX into new files for their owner only, over nothing that is there', async () => {
    const world = await hostileBook('command');
    const journal = await journalOf(world);
    expect(await run(world.community, '--format', 'csv')).toEqual({
      code: 0,
      err: '',
      out: journalCsv(journal),
    });
    for (const format of ['csv', 'xlsx']) {
      const path = join(folder, `book.${format}`);
      const asked = [world.community, '--format', format, '--out', path];
      expect(await run(...asked)).toEqual({ code: 0, err: '', out: '' });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const again = await run(...asked);
      expect([again.code, again.out]).toEqual([65, '']);
    }
    expect(readFileSync(join(folder, 'book.csv'), 'utf8')).toBe(journalCsv(journal));
    agree(await fromWorkbook(new Uint8Array(readFileSync(join(folder, 'book.xlsx')))), journal);
  });
});
