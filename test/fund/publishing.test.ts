// Goal: a month is published in order, once, and only when every bank account was compared on each of its days with nothing unexplained;
// what it says is the book, and stays it (SPEC 8.3). Method: figures by hand, the shells on a real database, raw SQL as both logins.
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { fundFiles, namedLater } from '../../src/fund/bundling.ts';
import { countingIn, daysOfMonth, monthAfter, monthGaps } from '../../src/fund/domain/month-gate.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readPublicBook } from '../../src/fund/public-book.ts';
import { listMonths, publishMonth } from '../../src/fund/publishing.ts';
import { receive } from '../../src/fund/receiving.ts';
import { explainDifference, reconcile } from '../../src/fund/reconciling.ts';
import { fundMonthForm, fundMonthHash } from '../../src/record/fund.ts';
import { freshDatabase } from '../support/database.ts';
import { authoriseLift, declare } from './emergency-world.ts';
import type { FundWorld } from './fund-world.ts';
import { acceptance, accepted, authorise, codeOf, deposit, fundWorld, pay } from './fund-world.ts';
import { account, raw, refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const BANK = { name: '建行', lastDigits: '0071' };
const DAY_MS = 86_400_000;
let world: FundWorld;
let worlds = 0;
let authorisation = '';
/** The book is opened on the 10th of December 2026; one stage is paid on the 10th. */
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `publishing ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 7001n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [9000n, 9000n]));
  authorisation = await authorise(world);
  accepted(await holdShares(world.deps, { community: world.community, authorisation }));
  const stage = { community: world.community, authorisation, stage: 'advance' } as const;
  accepted(await accrueStage(world.deps, { ...stage, amountFen: 4000n, acceptanceHash: acceptance(1) }));
  await pay(world, authorisation, 3000n);
});

const officer = () => present(world.officers[0], 'an officer').officer;
const publish = (month = '2026-12') =>
  publishMonth(world.deps, { community: world.community, month }, officer());
const HEAD = '交易日期,流水号,收入,支出\n';
const compare = (from: string, to: string, closingFen: bigint, lines = '') =>
  reconcile(
    world.deps,
    { community: world.community, bank: BANK, from, to, closingFen, csv: HEAD + lines },
    officer(),
  );
const gapsOf = async (month?: string) => {
  const answer = await publish(month);
  if (answer.ok) throw new Error('published');
  expect(answer.refusal.code).toBe('FUND_MONTH_UNRECONCILED');
  return answer.refusal.gaps?.map(({ kind, from, to, seq, amountFen }) =>
    [kind, from, to, seq, amountFen].join(' '),
  );
};
const intoJanuary = () => world.time.advance(25 * DAY_MS);
const december = async () => {
  intoJanuary();
  accepted(await compare('2026-12-10', '2026-12-31', 15_000n, '2026-12-10,付1,,30.00\n'));
};

describe('a month', () => {
  it('lists an emergency among the charges, in the order of the log', async () => {
    await declare(world);
    const lift = await authoriseLift(world, { capFen: 100n });
    accepted(await holdShares(world.deps, { community: world.community, authorisation: lift }));
    await december();
    const { record } = accepted(await publish());
    expect(record.charges.map(({ authorisation: id, capFen, heldFen }) => [id, capFen, heldFen])).toEqual([
      [authorisation, '10000', '6000'],
      [lift, '100', '100'],
    ]);
  });

  it('that is compared is published with the figures of the book and its hash in the log', async () => {
    await december();
    const { record, hash } = accepted(await publish());
    expect(hash).toBe(fundMonthHash(fundMonthForm.bytes(record)));
    const group = (kind: string) => {
      const { openingFen, inFen, outFen, closingFen } = present(
        record.accounts.find(({ accountKind }) => accountKind === kind),
        kind,
      );
      return [openingFen, inFen, outFen, closingFen].map(Number);
    };
    expect(group('bank')).toEqual([0, 18_000, 3000, 15_000]);
    expect(group('unit_available')).toEqual([0, 18_000, 10_000, 8000]);
    expect(group('unit_held')).toEqual([0, 10_000, 4000, 6000]);
    expect(group('payable')).toEqual([0, 4000, 3000, 1000]);
    const { depositsFen, interestFen, paidFen, lastSeq, explained } = record;
    expect([depositsFen, interestFen, paidFen, lastSeq, explained]).toEqual(['18000', '0', '3000', 5, 0]);
    expect(record.charges).toEqual([
      {
        authorisation,
        capFen: '10000',
        units: 2,
        areaDm2: '12001',
        leftOverFen: '1',
        heldFen: '6000',
        payableFen: '1000',
        paidFen: '3000',
      },
    ]);
    expect(record.statements).toMatchObject([{ from: '2026-12-10', to: '2026-12-31', closingFen: '15000' }]);
    const journal = accepted(await exportJournal(fresh.db, world.community, '2026-12-31'));
    expect(record.journalHash).toBe(toBase64Url(sha256(utf8(journal))));
    expect(await listMonths(fresh.db, world.community)).toMatchObject([{ month: '2026-12', hash, record }]);
    const book = accepted(await readPublicBook(fresh.db, world.community));
    expect(book.months).toMatchObject([{ period: '2026-12', state: 'published', closingFen: 15_000n }]);
    expect(book.years).toMatchObject([{ period: '2026', state: 'published', paidFen: 3000n }]);
    const { lines, journal: told } = await fundFiles(fresh.db, world.community, async () => () => false);
    expect(told).toBe(accepted(await exportJournal(fresh.db, world.community)));
    expect(new TextDecoder().decode(lines.at(-1))).toContain('"fund-month"');
    // Nothing of it has a place in the log yet, so a bundle made now would hold none of it.
    const all = () => namedLater(fresh.db, world.community, 1_000_000);
    expect(await fundFiles(fresh.db, world.community, all)).toEqual({ lines: [], journal: undefined });
    const cut = await fundFiles(fresh.db, world.community, async () => (each) => each === hash);
    expect([cut.lines.length, cut.journal]).toEqual([lines.length - 1, told]);
    expect(codeOf(await publish())).toBe('FUND_MONTH_PUBLISHED');
  });

  it('that is not over, not the next one, or before the book, is refused', async () => {
    expect(codeOf(await publish())).toBe('FUND_MONTH_NOT_OVER');
    await december();
    world.time.advance(40 * DAY_MS);
    expect(codeOf(await publish('2026-11'))).toBe('FUND_MONTH_ORDER');
    expect(codeOf(await publish('2027-01'))).toBe('FUND_MONTH_ORDER');
    accepted(await publish());
    expect(await gapsOf('2027-01')).toEqual(['uncovered 2027-01-01 2027-01-31  ']);
    accepted(await compare('2027-01-01', '2027-01-31', 15_000n));
    const { record } = accepted(await publish('2027-01'));
    expect(record).toMatchObject({ depositsFen: '0', paidFen: '0', lastSeq: 5 });
    expect(record.accounts[0]).toMatchObject({ openingFen: '15000', inFen: '0', closingFen: '15000' });
  });

  it('lists days without a statement, entries after it, and differences without a reason', async () => {
    intoJanuary();
    expect(await gapsOf()).toEqual([
      'uncovered 2026-12-10 2026-12-31  ',
      'uncompared 2026-12-10 2026-12-10 5 ',
    ]);
    accepted(await compare('2026-12-10', '2026-12-15', 15_000n, '2026-12-10,付1,,30.00\n'));
    const found = accepted(await compare('2026-12-20', '2026-12-31', 15_500n, '2026-12-21,息1,5.00,\n'));
    expect(await gapsOf()).toEqual([
      'uncovered 2026-12-16 2026-12-19  ',
      'unexplained 2026-12-21 2026-12-21  500',
    ]);
    accepted(await compare('2026-12-16', '2026-12-19', 15_000n));
    const { community } = world;
    const explained = { community, reconciliation: found.reconciliation, no: 1, reason: '次月入账' };
    accepted(await explainDifference(world.deps, explained, officer()));
    // Booked in January, but the bank showed it in December, after the comparison.
    const receipt = { receipt: '甲1', unit: '', amountFen: 500n, valueOn: '2026-12-21' };
    accepted(await receive(world.deps, { community, bank: BANK, receipts: [receipt] }));
    expect(await gapsOf()).toEqual(['uncompared 2026-12-21 2026-12-21 6 ']);
    accepted(await compare('2026-12-20', '2026-12-31', 15_500n, '2026-12-21,甲1,5.00,\n'));
    expect(accepted(await publish()).record).toMatchObject({
      lastSeq: 5,
      depositsFen: '18000',
      explained: 1,
    });
  });

  it('is published once by many at the same time', async () => {
    await december();
    const all = await Promise.all(Array.from({ length: 5 }, () => publish()));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(all.flatMap((each) => (each.ok ? [] : [each.refusal.code])))).toEqual(
      new Set(['FUND_MONTH_PUBLISHED']),
    );
  });

  it('of a community without a book is refused', async () => {
    intoJanuary();
    const nobody = { community: 'a'.repeat(26), month: '2026-12' };
    expect(codeOf(await publishMonth(world.deps, nobody, officer()))).toBe('FUND_BOOK_MISSING');
  });
});

describe('the gate', () => {
  it('knows the days of every month', () => {
    expect(daysOfMonth('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
    expect(daysOfMonth('2026-12')).toEqual({ from: '2026-12-01', to: '2026-12-31' });
    expect(['2026-01', '2026-11', '2026-12'].map(monthAfter)).toEqual(['2026-02', '2026-12', '2027-01']);
  });

  it('lets the last comparison of an account count, and asks nothing of an account that came later', () => {
    const month = daysOfMonth('2026-12');
    const open = [{ on: '2026-12-05', amountFen: 5n, reason: '' }];
    const one = { account: '甲', from: month.from, to: month.to, lastSeq: 9n, madeAt: 1, differences: open };
    const banks = [
      { account: '甲', since: '2026-01-01' },
      { account: '乙', since: '2027-01-01' },
    ];
    const kinds = (compared: readonly (typeof one)[]) =>
      monthGaps(month, banks, compared, []).map(({ kind }) => kind);
    expect(kinds([one])).toEqual(['unexplained']);
    expect(kinds([one, { ...one, madeAt: 2, differences: [] }])).toEqual([]);
    expect(
      kinds([
        { ...one, differences: [] },
        { ...one, madeAt: 2 },
      ]),
    ).toEqual(['unexplained']);
    expect(kinds([{ ...one, account: '丙' }])).toEqual(['uncovered', 'unexplained']);
  });

  it('names the comparisons that count for some day, however many there were', () => {
    const month = daysOfMonth('2026-12');
    const whole = { account: '甲', from: month.from, to: month.to, lastSeq: 9n, differences: [] };
    const many = Array.from({ length: 500 }, (_, madeAt) => ({ ...whole, madeAt }));
    const part = { ...whole, to: '2026-12-10', madeAt: 1000 };
    const other = { ...whole, account: '乙', madeAt: 3 };
    const before = { ...whole, from: '2026-11-01', to: '2026-11-30', madeAt: 2000 };
    expect(countingIn(month, [...many, part, other, before])).toEqual([many[499], part, other]);
  });
});

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);
  const insert = (lie: {
    month?: string;
    lastSeq?: bigint;
    kind?: string;
    named?: string;
    hash?: Uint8Array;
  }) =>
    db()
      .transaction()
      .execute(async (tx: Database) => {
        const month = lie.month ?? '2026-12';
        const record = utf8(`month ${month}`);
        const hash = h256('fund-month', record);
        const log = await tx
          .insertInto('log_entry')
          .values({
            data: utf8(JSON.stringify({ month: lie.named ?? month, monthHash: toBase64Url(hash) })),
            kind: lie.kind ?? 'fund.published',
            community_id: world.community,
            meeting_id: null,
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        await tx
          .insertInto('fund_month')
          .values({
            community_id: world.community,
            month,
            record,
            hash: lie.hash ?? hash,
            last_seq: lie.lastSeq ?? 5n,
            officer_id: officer(),
            published_at_ms: 1n,
            entry_id: log.id,
          })
          .execute();
      });

  it.each([
    ['before the book', { month: '2026-11' }, 'fund_month_in_order'],
    ['after a gap', { month: '2027-01' }, 'fund_month_in_order'],
    ['that ends with another entry', { lastSeq: 4n }, 'fund_month_last_seq'],
    ['that the log does not name', { named: '2026-11' }, 'fund_month_is_logged'],
    ['under another kind', { kind: 'fund.entry' }, 'fund_month_is_logged'],
    ['with another hash', { hash: fromBase64Url('A'.repeat(43)) as Uint8Array }, 'fund_month_is_logged'],
  ] as const)('a month %s', async (_what, lie, rule) => {
    expect(await refusedBy(() => insert(lie))).toBe(rule);
  });

  it('a month with an unexplained difference, until a later comparison has none', async () => {
    intoJanuary();
    accepted(
      await compare('2026-12-10', '2026-12-31', 15_500n, '2026-12-10,付1,,30.00\n2026-12-21,息1,5.00,\n'),
    );
    expect(await refusedBy(() => insert({}))).toBe('fund_month_is_explained');
    world.time.advance(1);
    accepted(await compare('2026-12-10', '2026-12-31', 15_000n, '2026-12-10,付1,,30.00\n'));
    expect(await refusedBy(() => insert({}))).toBe('accepted');
    expect(await refusedBy(() => insert({}))).toBe('fund_month_in_order');
  });

  it('an entry in a published month, and a change of one', async () => {
    await december();
    accepted(await publish());
    const legs = [
      [await account(world, 'bank'), 1n],
      [await account(world, 'unit_available', 0), -1n],
    ] as const;
    const entry = { kind: 'deposit', legs };
    expect(await refusedBy(() => raw(db(), world, entry))).toBe('fund_month_is_closed');
    expect(await refusedBy(() => raw(db(), world, { ...entry, bookedOn: '2027-01-01' }))).toBe('accepted');
    const own = login === 'owner' ? 'fund_month_900_append_only' : 'denied';
    for (const statement of [
      sql`update fund_month set month = '2026-01'`,
      sql`delete from fund_month`,
      sql`truncate fund_month`,
    ])
      expect(await refusedBy(() => statement.execute(db()))).toBe(own);
  });
});
