// Goal: whoever may switch triggers off still changes nothing of a book unseen: `fund check` names the entry, the account or the shape.
// Method: books of the shells, altered by the database's administrator with every trigger off, one change at a time.
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fundCommand } from '../../src/cli/fund.ts';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { receive } from '../../src/fund/receiving.ts';
import { cancelAccrual } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
import {
  acceptance,
  accepted,
  authorise,
  codeOf,
  deposit,
  type FundWorld,
  fundWorld,
  pay,
} from './fund-world.ts';

const fresh = await freshDatabase();
const admin = connect(fresh.adminUrl, { maxConnections: 1 });
afterAll(async () => {
  await admin.destroy();
  await fresh.close();
});

/** Deposits 1 and 2, hold 3, accrual 4, payment 5, receipt 6. */
async function book(seed: string): Promise<FundWorld> {
  const world = await fundWorld(fresh, {
    seed: `check ${seed}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 7001n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [100_000n, 100_000n]));
  const authorisation = await authorise(world);
  const ref = { community: world.community, authorisation };
  accepted(await holdShares(world.deps, ref));
  const stage = { amountFen: 7777n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
  accepted(await accrueStage(world.deps, { ...ref, ...stage }));
  await pay(world, authorisation, 7000n);
  const receipt = { receipt: 'A1', unit: '', amountFen: 12n, valueOn: '2026-11-30' };
  const bank = { name: '建行', lastDigits: '0071' };
  accepted(await receive(world.deps, { community: world.community, bank, receipts: [receipt] }));
  return world;
}

/** Runs statements as the administrator with every trigger and foreign key off. */
const alter = (...statements: readonly RawBuilder<unknown>[]): Promise<void> =>
  admin.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const statement of statements) await statement.execute(tx);
  });

const placesOf = async (world: FundWorld): Promise<readonly string[]> =>
  accepted(await checkBook(fresh.db, world.community)).findings.map(({ code, where }) => `${code} ${where}`);

const BANK = '资产:专户存款:建行尾号0071';
const OTHER_ID = `${'b'.repeat(25)}a`;
/** A new record of entry 6 with the hash that the table asks for. */
const withRecord = (world: FundWorld, record: RawBuilder<unknown>) =>
  sql`update fund_entry set record = ${record},
        hash = sha256(int4send(25) || 'owners-vote/v1/fund-entry'::bytea || int4send(octet_length(${record})) || ${record})
      where ${ofEntry(world, 6)}`;
const ofEntry = (world: FundWorld, seq: number) =>
  sql`community_id = ${world.community} and entry_id =
    (select entry_id from fund_entry where community_id = ${world.community} and seq = ${seq})`;

describe('a whole book', () => {
  it('has nothing to find, also with no entry, and a community without one is refused', async () => {
    const world = await book('whole');
    expect(accepted(await checkBook(fresh.db, world.community))).toEqual({
      entries: 6,
      rows: 0,
      findings: [],
    });
    const empty = await fundWorld(fresh, {
      seed: 'check empty',
      units: [{ building: '1幢', room: '1', areaDm2: 1n }],
      capFen: 1n,
    });
    expect(codeOf(await checkBook(fresh.db, empty.community))).toBe('FUND_BOOK_MISSING');
    await authorise(empty);
    expect(accepted(await checkBook(fresh.db, empty.community))).toEqual({
      entries: 0,
      rows: 0,
      findings: [],
    });
  });
});

describe('a book that the administrator altered', () => {
  it.each<readonly [string, (world: FundWorld) => readonly RawBuilder<unknown>[], readonly string[]]>([
    [
      'a posting',
      (world) => [
        sql`update fund_posting set amount_fen = amount_fen + 1 where ${ofEntry(world, 5)} and line_no = 1`,
      ],
      ['FUND-K005 entry 5 line 1', 'FUND-K006 entry 5 PAYABLE', 'FUND-K007 PAYABLE'],
    ],
    [
      'both postings of an entry and the balances with them',
      (world) => [
        sql`update fund_posting set amount_fen = amount_fen + sign(amount_fen), balance_after_fen = balance_after_fen - 1 where ${ofEntry(world, 5)}`,
        sql`update fund_posting set balance_after_fen = balance_after_fen - 1 where ${ofEntry(world, 6)} and account_kind = 'bank'`,
        sql`update fund_account set balance_fen = balance_fen - 1 where community_id = ${world.community} and kind in ('bank', 'payable')`,
      ],
      ['FUND-K005 entry 5 line 1', 'FUND-K005 entry 5 line 2'],
    ],
    [
      'a balance',
      (world) => [
        sql`update fund_account set balance_fen = balance_fen + 1 where community_id = ${world.community} and kind = 'bank'`,
      ],
      [`FUND-K007 ${BANK}`],
    ],
    [
      'a balance after a posting',
      (world) => [
        sql`update fund_posting set balance_after_fen = 0 where ${ofEntry(world, 6)} and account_kind = 'bank'`,
      ],
      [`FUND-K006 entry 6 ${BANK}`],
    ],
    [
      'a deleted entry, the last',
      (world) => [
        sql`delete from fund_posting where ${ofEntry(world, 6)}`,
        sql`delete from fund_entry where ${ofEntry(world, 6)}`,
      ],
      ['FUND-K001 entry 6', `FUND-K007 ${BANK}`, 'FUND-K007 负债:待查收款'],
    ],
    [
      'the last entry deleted without a trace in the book',
      (world) => [
        sql`delete from fund_posting where ${ofEntry(world, 6)}`,
        sql`delete from fund_entry where ${ofEntry(world, 6)}`,
        sql`update fund_account set balance_fen = balance_fen - 12, version = version - 1
          where community_id = ${world.community} and kind in ('bank', 'deposit_unidentified')`,
        sql`update fund_book set last_seq = 5 where community_id = ${world.community}`,
      ],
      ['FUND-K001 entry 6', 'FUND-K010 book'],
    ],
    [
      'a record with its hash',
      (world) => [
        withRecord(
          world,
          sql`convert_to(replace(convert_from(record, 'UTF8'), '待查收款', '待查收納'), 'UTF8')`,
        ),
      ],
      ['FUND-K003 entry 6', 'FUND-K005 entry 6 line 2'],
    ],
    [
      'a record that is none',
      (world) => [withRecord(world, sql`'x'::bytea`)],
      ['FUND-K003 entry 6', 'FUND-K003 entry 6'],
    ],
    [
      'a value date',
      (world) => [sql`update fund_entry set value_on = '2020-01-01' where ${ofEntry(world, 1)}`],
      ['FUND-K004 entry 1'],
    ],
    [
      'an invented entry',
      (world) => [
        sql`insert into fund_entry (community_id, entry_id, seq, kind, booked_on, value_on, idempotency_key, request_hash, record, hash, log_entry_id)
          select community_id, ${OTHER_ID}, 7, kind, booked_on, value_on, 'x', request_hash, 'y',
                 sha256(int4send(25) || 'owners-vote/v1/fund-entry'::bytea || int4send(1) || 'y'), -log_entry_id
            from fund_entry where ${ofEntry(world, 6)}`,
        sql`update fund_book set last_seq = 7 where community_id = ${world.community}`,
      ],
      ['FUND-K002 entry 7', 'FUND-K010 book', 'FUND-K003 entry 7'],
    ],
    [
      'the place of an entry in the log',
      (world) => [sql`update fund_entry set log_entry_id = -log_entry_id where ${ofEntry(world, 3)}`],
      ['FUND-K017 fund_entry 3 log_entry_id'],
    ],
    [
      'the id of an entry and of its postings',
      (world) => [
        sql`update fund_posting set entry_id = ${OTHER_ID} where ${ofEntry(world, 6)}`,
        sql`update fund_entry set entry_id = ${OTHER_ID} where ${ofEntry(world, 6)}`,
      ],
      ['FUND-K017 fund_entry 6 entry_id'],
    ],
    [
      'the last day of the book, so that entries go back in time',
      (world) => [
        sql`update fund_book set last_booked_on = last_booked_on - 1 where community_id = ${world.community}`,
      ],
      ['FUND-K017 fund_book last_booked_on'],
    ],
    [
      'the id of the book',
      (world) => [sql`update fund_book set book_id = ${OTHER_ID} where community_id = ${world.community}`],
      ['FUND-K017 fund_book book_id'],
    ],
    [
      'the kind of an account',
      (world) => [
        sql`update fund_account set kind = 'interest_undistributed' where community_id = ${world.community} and kind = 'deposit_unidentified'`,
      ],
      ['FUND-K009 entry 6 负债:待查收款'],
    ],
  ])('with %s names each place', async (name, statements, expected) => {
    const world = await book(name);
    await alter(...statements(world));
    const places = await placesOf(world);
    expect(places.map((place) => place.replace(/负债:应付:\S+/, 'PAYABLE')).sort()).toEqual(
      [...expected].sort(),
    );
  });

  it('whose reversal undoes another entry than its record says names it', async () => {
    const world = await book('reversal');
    const { community } = world;
    const authorisation = await authorise(world);
    const stage = { amountFen: 100n, stage: 'progress' as const, acceptanceHash: acceptance(2) };
    const { seq } = accepted(await accrueStage(world.deps, { community, authorisation, ...stage }));
    accepted(await cancelAccrual(world.deps, { community, seq, reason: '重复' }));
    expect(await placesOf(world)).toEqual([]);
    await alter(sql`update fund_entry set reverses_entry_id =
        (select entry_id from fund_entry where community_id = ${community} and seq = 4)
      where ${ofEntry(world, 8)}`);
    expect(await placesOf(world)).toEqual(['FUND-K017 fund_entry 8 reverses_entry_id']);
  });

  it('in the table of shapes names the row, also one that is gone', async () => {
    const world = await book('shapes');
    await alter(sql`insert into fund_entry_shape values ('pay', 'unit_available', 'D')`);
    expect(await placesOf(world)).toEqual(['FUND-K008 pay D unit_available']);
    await alter(
      sql`delete from fund_entry_shape where (entry_kind, account_kind) in (('pay', 'unit_available'), ('release', 'unit_held'))`,
    );
    expect(await placesOf(world)).toEqual(['FUND-K008 release D unit_held']);
    await alter(sql`insert into fund_entry_shape values ('release', 'unit_held', 'D')`);
    expect(await placesOf(world)).toEqual([]);
  });
});

describe('owners-vote fund check', () => {
  let world: FundWorld;
  beforeAll(async () => {
    world = await book('command');
  });

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
    let opened: Database | undefined;
    const code = await fundCommand(['check', ...argv], output, async () => {
      const db = connect(fresh.appUrl, { maxConnections: 1 });
      opened = db;
      return { db, close: () => db.destroy() };
    });
    return { code, opened: opened !== undefined, ...said };
  }

  it('says that a book is whole, exit 0, and what is not, exit 1, with nothing that steers a terminal', async () => {
    expect(await run(world.community)).toMatchObject({
      code: 0,
      err: '',
      out: '账簿完整 the book is whole: 6 笔 entries, 0 行其他记录 other rows, 0 处不同 differences\n',
    });
    await alter(sql`update fund_account set name = name || chr(27) || '[2J', balance_fen = balance_fen + 1
      where community_id = ${world.community} and kind = 'bank'`);
    const altered = await run(world.community);
    expect([altered.code, altered.out.includes('\u001b'), altered.out.trimEnd().split('\n').length]).toEqual([
      1,
      false,
      6,
    ]);
    expect(altered.out).toContain('FUND-K007 资产:专户存款:建行尾号0071\ufffd[2J: ');
    const json = await run(world.community, '--json');
    expect([json.code, JSON.parse(json.out).findings.length]).toEqual([1, 5]);
  });

  it.each([[[]], [['short']], [['a'.repeat(26), 'b']], [['a'.repeat(26), '--all']]])(
    'does not understand %j, exit 2',
    async (argv) => {
      expect(await run(...argv)).toMatchObject({ code: 2, opened: false, out: '' });
    },
  );

  it('says that a community has no book, exit 1', async () => {
    expect(await run('a'.repeat(26))).toMatchObject({ code: 1, out: '' });
  });
});
