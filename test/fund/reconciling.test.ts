// Goal: what the bank and the book do not have in common is found, kept and explained once, and nothing is found where they agree.
// Method: the comparison on lines by hand and on random ones, the shell on a real book, each constraint as application and as owner.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { accrueStage } from '../../src/fund/accruing.ts';
import type { BookLine } from '../../src/fund/domain/reconciling.ts';
import { compareStatement } from '../../src/fund/domain/reconciling.ts';
import { readStatementFile } from '../../src/fund/domain/statement-file.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { receive } from '../../src/fund/receiving.ts';
import { explainDifference, listReconciliations, reconcile } from '../../src/fund/reconciling.ts';
import { draftReversal } from '../../src/fund/reversing.ts';
import type { ConstraintCase } from '../support/constraints.ts';
import { namesOn, refusalOf, refusedBy } from '../support/constraints.ts';
import { freshDatabase } from '../support/database.ts';
import {
  acceptance,
  accepted,
  authorise,
  codeOf,
  deposit,
  execute,
  fundWorld,
  pay,
  signAs,
} from './fund-world.ts';

const PERIOD = { from: '2026-12-01', to: '2026-12-31' };
const readLines = (lines: string) => readStatementFile(`交易日期,流水号,收入,支出,摘要\n${lines}`, PERIOD);
const codes = (lines: string) => readLines(lines).findings.map(({ code, row }) => [code, row]);

describe('a statement file', () => {
  it('has money in or money out on each line, of days in the period', () => {
    expect(readLines('2026-12-01,甲1,"1,000.00",0.00,x\n20261231,甲2,,5,y\n2026/12/2,甲3,-,0.01,\n')).toEqual(
      {
        findings: [],
        lines: [
          { row: 2, receipt: '甲1', on: '2026-12-01', amountFen: 100_000n },
          { row: 3, receipt: '甲2', on: '2026-12-31', amountFen: -500n },
          { row: 4, receipt: '甲3', on: '2026-12-02', amountFen: -1n },
        ],
      },
    );
    expect(readLines('')).toEqual({ findings: [], lines: [] });
  });

  it('is refused line by line', () => {
    expect(
      codes(
        '2026-12-01,甲1,5,5,\n2026-12-01,甲2,,,\n2026-12-01,甲3,x,,\n2026-11-30,甲4,1,,\n2027-01-01,甲5,1,,\n' +
          '2026-12-01,甲6,1,,\n2026-12-01,甲6,1,,\n2026-12-01,,1,,\n2026-13-01,甲7,1,,\n',
      ),
    ).toEqual([
      ['FUND-F030', 2],
      ['FUND-F030', 3],
      ['FUND-F012', 4],
      ['FUND-F031', 5],
      ['FUND-F031', 6],
      ['FUND-F011', 8],
      ['FUND-F010', 9],
      ['FUND-F013', 10],
    ]);
    expect(readStatementFile('日期,流水号,收入\n', PERIOD).findings).toMatchObject([
      { code: 'FUND-F002', where: '支出' },
    ]);
  });
});

const bookLine = (
  seq: number,
  on: string,
  reference: string,
  amountFen: bigint,
  isOpening = false,
): BookLine => ({ seq: BigInt(seq), on, reference, amountFen, isOpening });
const bankLine = (receipt: string, on: string, amountFen: bigint) => ({ row: 0, receipt, on, amountFen });

describe('a comparison', () => {
  it('matches by number, day and amount, else by day and amount where the entry cites no receipt', () => {
    const book = [
      bookLine(1, '2026-11-30', '原系统对账单', 9000n, true),
      bookLine(2, '2026-12-02', '回单 甲1', 500n),
      bookLine(3, '2026-12-03', '拨付单一', -300n),
      bookLine(4, '2026-12-03', '付9', -300n),
    ];
    const bank = [
      bankLine('付9', '2026-12-03', -300n),
      bankLine('付8', '2026-12-03', -300n),
      bankLine('甲1', '2026-12-02', 500n),
    ];
    expect(compareStatement(bank, book, PERIOD, 8900n)).toEqual({ matched: 3, differences: [] });
  });

  it('tells what only one of both has, and a balance that was wrong before', () => {
    const book = [
      bookLine(1, '2026-12-01', '原系统对账单', 1000n, true),
      bookLine(2, '2026-12-02', '回单 甲1', 500n),
      bookLine(3, '2026-12-05', '回单 甲2', 70n),
      bookLine(4, '2027-01-02', '回单 甲9', 1n),
    ];
    const bank = [bankLine('甲1', '2026-12-02', 501n), bankLine('甲3', '2026-12-05', 70n)];
    const kinds = (closingFen: bigint) =>
      compareStatement(bank, book, PERIOD, closingFen).differences.map(
        ({ kind, receipt, seq, amountFen }) => [kind, receipt, seq, amountFen],
      );
    const differences = [
      ['missing', '甲1', undefined, 501n],
      ['missing', '甲3', undefined, 70n],
      ['surplus', '甲1', 2n, 500n],
      ['surplus', '甲2', 3n, 70n],
    ];
    expect(kinds(1571n)).toEqual(differences);
    expect(kinds(1500n)).toEqual([...differences, ['balance', '', undefined, -71n]]);
  });

  it('of what was left out on either side finds exactly that', () => {
    const day = fc.integer({ min: 10, max: 28 }).map((n) => `2026-12-${n}`);
    const line = fc.record({
      on: day,
      fen: fc.integer({ min: 1, max: 5 }),
      isOut: fc.boolean(),
      where: fc.constantFrom('both', 'both', 'bank', 'book'),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const amount = ({ fen, isOut }: (typeof lines)[number]) => BigInt(isOut ? -fen : fen);
        const bank = lines.flatMap((each, at) =>
          each.where === 'book' ? [] : [bankLine(`n${at}`, each.on, amount(each))],
        );
        const book = lines.flatMap((each, at) =>
          each.where === 'bank' ? [] : [bookLine(at + 1, each.on, `回单 n${at}`, amount(each))],
        );
        const closingFen = bank.reduce((sum, { amountFen }) => sum + amountFen, 0n);
        const { matched, differences } = compareStatement(bank, book, PERIOD, closingFen);
        const count = (where: string) => lines.filter((each) => each.where === where).length;
        expect(matched).toBe(count('both'));
        expect(differences.filter(({ kind }) => kind === 'missing')).toHaveLength(count('bank'));
        expect(differences.filter(({ kind }) => kind === 'surplus')).toHaveLength(count('book'));
        expect(differences.filter(({ kind }) => kind === 'balance')).toEqual([]);
      }),
    );
  });
});

const fresh = await freshDatabase();
afterAll(async () => fresh.close());
const world = await fundWorld(fresh, {
  seed: 'reconciling',
  units: [
    { building: '1幢', room: '101', areaDm2: 5000n },
    { building: '1幢', room: '102', areaDm2: 5000n },
  ],
  capFen: 1000n,
});
const BANK = { name: '建行', lastDigits: '0071' };
const [officer] = world.officers;
const compare = (csv: string, closingFen: bigint, period = { from: '2026-12-01', to: '2026-12-10' }) =>
  reconcile(
    world.deps,
    { community: world.community, bank: BANK, ...period, closingFen, csv: `日期,流水号,收入,支出\n${csv}` },
    officer?.officer ?? '',
  );
const explain = (reconciliation: string, no: number, reason = '银行次日入账') =>
  explainDifference(
    world.deps,
    { community: world.community, reconciliation, no, reason },
    officer?.officer ?? '',
  );

describe('a reconciliation', () => {
  it('needs a book, an account of it, and days that are over', async () => {
    expect(codeOf(await compare('', 0n, { from: '2026-12-01', to: '2026-12-09' }))).toBe('FUND_BOOK_MISSING');
    accepted(await deposit(world, [9000n, 9000n]));
    expect(codeOf(await compare('', 0n))).toBe('FUND_PERIOD_UNCLEAR');
    expect(codeOf(await compare('', 0n, { from: '2026-12-05', to: '2026-12-01' }))).toBe(
      'FUND_PERIOD_UNCLEAR',
    );
    const elsewhere = {
      community: world.community,
      bank: { name: '工行', lastDigits: '11' },
      closingFen: 0n,
    };
    const period = { from: '2026-12-01', to: '2026-12-09', csv: '日期,流水号,收入,支出\n' };
    expect(codeOf(await reconcile(world.deps, { ...elsewhere, ...period }, ''))).toBe('FUND_BANK_UNCLEAR');
  });

  it('of receipts, payments and what was taken back finds nothing where the bank agrees', async () => {
    const { community } = world;
    const receipts = [
      { receipt: '甲1', unit: world.units[0]?.unit ?? '', amountFen: 500n, valueOn: '2026-12-03' },
      { receipt: '甲2', unit: '', amountFen: 70n, valueOn: '2026-12-04' },
    ];
    accepted(await receive(world.deps, { community, bank: BANK, receipts }));
    const authorisation = await authorise(world);
    accepted(await holdShares(world.deps, { community, authorisation }));
    const stage = { amountFen: 400n, stage: 'final' as const, acceptanceHash: acceptance(1) };
    accepted(await accrueStage(world.deps, { community, authorisation, ...stage }));
    await pay(world, authorisation, 400n);
    const undone = { community, seq: 4n, reference: '银行退回', key: 'undone' };
    const { act } = accepted(await draftReversal(world.deps, undone, 'test'));
    await signAs(world, act, world.officers);
    accepted(await execute(world, act));
    world.time.advance(86_400_000);
    const bank = '2026-12-03,甲1,5.00,\n2026-12-04,甲2,0.70,\n2026-12-10,付77,,4.00\n2026-12-10,退78,,0.70\n';
    const found = accepted(await compare(bank, 18_100n));
    expect(found).toMatchObject({ matched: 4, differences: [], account: '资产:专户存款:建行尾号0071' });
  });

  it('keeps what differs, and an officer says once why it stands', async () => {
    const found = accepted(await compare('2026-12-03,甲1,5.00,\n2026-12-05,甲7,3,\n', 18_871n));
    expect(found.differences).toMatchObject([
      { no: 1, kind: 'missing', receipt: '甲7', amountFen: 300n, reason: '' },
      { no: 2, kind: 'surplus', receipt: '甲2', seq: 4n, amountFen: 70n },
      { no: 3, kind: 'surplus', receipt: '', amountFen: -400n },
      { no: 4, kind: 'surplus', receipt: '', amountFen: -70n },
      { no: 5, kind: 'balance', amountFen: 71n },
    ]);
    expect(accepted(await explain(found.reconciliation, 1))).toBeUndefined();
    expect(codeOf(await explain(found.reconciliation, 1, '另一个理由'))).toBe('FUND_DIFFERENCE_EXPLAINED');
    expect(codeOf(await explain(found.reconciliation, 6))).toBe('FUND_DIFFERENCE_UNKNOWN');
    expect(codeOf(await explain('a'.repeat(26), 1))).toBe('FUND_DIFFERENCE_UNKNOWN');
    const listed = await listReconciliations(fresh.db, world.community);
    expect(listed).toHaveLength(2);
    const kept = listed.find(({ reconciliation }) => reconciliation === found.reconciliation);
    expect(kept).toEqual({
      ...found,
      differences: found.differences.map((each) =>
        each.no === 1 ? { ...each, reason: '银行次日入账' } : each,
      ),
    });
  });

  it('of a file with faults keeps nothing', async () => {
    const before = (await listReconciliations(fresh.db, world.community)).length;
    expect(codeOf(await compare('2026-12-11,甲1,5.00,\n', 0n))).toBe('FUND_FILE_REFUSED');
    expect(await listReconciliations(fresh.db, world.community)).toHaveLength(before);
  });
});

const NOWHERE = 'a'.repeat(26);
const CASES: readonly ConstraintCase[] = [
  ['fund_reconciliation', 'fund_reconciliation_pk', {}],
  [
    'fund_reconciliation',
    'fund_reconciliation_bank_fk',
    { reconciliation_id: NOWHERE, bank_account_id: NOWHERE },
  ],
  [
    'fund_reconciliation',
    'fund_reconciliation_officer_fk',
    { reconciliation_id: NOWHERE, officer_id: NOWHERE },
  ],
  ['fund_reconciliation', 'fund_reconciliation_period_check', { from_on: '2027-01-01' }],
  ['fund_reconciliation', 'fund_reconciliation_numbers_check', { closing_fen: -1 }],
  ['fund_difference', 'fund_difference_pk', {}],
  ['fund_difference', 'fund_difference_reconciliation_fk', { reconciliation_id: NOWHERE }],
  ['fund_difference', 'fund_difference_seq_fk', { difference_no: 90, kind: 'surplus', seq: 99 }],
  ['fund_difference', 'fund_difference_kind_check', { kind: 'lost', seq: null }],
  ['fund_difference', 'fund_difference_seq_check', { kind: 'surplus', seq: null }],
  ['fund_difference', 'fund_difference_no_check', { difference_no: 0 }],
  ['fund_difference', 'fund_difference_amount_check', { amount_fen: 0 }],
  ['fund_difference_explanation', 'fund_difference_explanation_pk', {}],
  ['fund_difference_explanation', 'fund_difference_explanation_fk', { difference_no: 99 }],
  [
    'fund_difference_explanation',
    'fund_difference_explanation_officer_fk',
    { difference_no: 2, officer_id: NOWHERE },
  ],
  ['fund_difference_explanation', 'fund_difference_explanation_reason_check', { reason: '无' }],
];
const TABLES = ['fund_reconciliation', 'fund_difference', 'fund_difference_explanation'];

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);
  it.each(CASES)('a row of %s by %s', async (...each) => {
    expect(await refusedBy(db(), each)).toBe(each[1]);
  });
  it.each(TABLES)('a change of %s', async (table) => {
    const refusal = login === 'owner' ? `${table}_append_only` : '42501';
    expect(await refusalOf(db(), `delete from ${table}`)).toBe(refusal);
    expect(await refusalOf(db(), `update ${table} set community_id = community_id`)).toBe(refusal);
  });
});

it('every constraint of the tables has its case', async () => {
  const names = [...CASES.map(([, name]) => name), ...TABLES.map((table) => `${table}_append_only`)];
  expect([...names].sort()).toEqual([...(await namesOn(fresh.owner, TABLES))].sort());
});
