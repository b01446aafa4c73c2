// Goal: whoever may switch triggers off changes, deletes or invents no row of public revenue, of a call, an end, an annulment, a declaration,
// an application or a month unseen: `fund check` names table, id and column. Method: one world with a row of each kind by the shells; every
// change by the database's administrator alone, then the rows as they were.
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { connect } from '../../src/db/connect.ts';
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { publishMonth } from '../../src/fund/publishing.ts';
import { reconcile } from '../../src/fund/reconciling.ts';
import { applyRefund, draftRefund } from '../../src/fund/refunding.ts';
import type { SpendingRequest } from '../../src/fund/revenue-booking.ts';
import {
  applySpending,
  draftRevenueReversal,
  draftSpending,
  receiveRevenue,
} from '../../src/fund/revenue-booking.ts';
import { publishPeriod } from '../../src/fund/revenue-publishing.ts';
import { freshDatabase } from '../support/database.ts';
import { announce, applyFor, convening, refusal, reply } from './application-world.ts';
import { closeWork } from './closing-world.ts';
import { annulLift, authoriseLift, declare } from './emergency-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  codeOf,
  deposit,
  execute,
  type FundWorld,
  fundWorld,
  PAYEE_OPENING,
  signAs,
} from './fund-world.ts';
import { demolish } from './refund-world.ts';
import { callTopUp, withdrawTopUp } from './top-up-world.ts';

const fresh = await freshDatabase();
const admin = connect(fresh.adminUrl, { maxConnections: 1 });
afterAll(async () => {
  await admin.destroy();
  await fresh.close();
});

const INCOME = { heading: 'parking', bookedOn: '2026-12-01', text: '地面车位租金' } as const;
async function bookRevenue(world: FundWorld): Promise<void> {
  const { community, meeting, proposal, deps } = world;
  const income = { community, ...INCOME, amountFen: 100_000n, documentHash: acceptance(1) };
  accepted(await receiveRevenue(deps, income));
  const execution = async (act: string) => {
    await signAs(world, act, world.officers);
    accepted(await execute(world, act, applySpending));
  };
  const out = {
    community,
    bookedOn: '2026-12-02',
    text: '支出',
    amountFen: 600n,
    documentHash: acceptance(2),
  };
  const spent = async (more: Pick<SpendingRequest, 'entryKind' | 'heading' | 'meeting' | 'proposal'>) =>
    execution(accepted(await draftSpending(deps, { ...out, ...more }, 'test')).act);
  await spent({ entryKind: 'use', heading: 'resolution', meeting, proposal });
  await spent({ entryKind: 'cost', heading: 'tax', meeting: '', proposal: '' });
  const { entry_id: reverses } = await fresh.db
    .selectFrom('revenue_entry')
    .select('entry_id')
    .where('community_id', '=', community)
    .where('kind', '=', 'cost')
    .executeTakeFirstOrThrow();
  const undone = { community, reverses, text: '记错', documentHash: acceptance(3) };
  await execution(accepted(await draftRevenueReversal(deps, undone, 'test')).act);
}

async function refundLast(world: FundWorld): Promise<void> {
  await demolish(world, 3);
  const { community, deps, officers, regulator } = world;
  const unit = present(world.units[3], 'a unit').unit;
  const request = { community, unit, payeeOpening: PAYEE_OPENING, documentHash: acceptance(4) };
  const { act } = accepted(await draftRefund(deps, request, 'test'));
  await signAs(world, act, [...officers.slice(1), regulator]);
  accepted(await execute(world, act, applyRefund));
}

async function annulResolution(world: FundWorld): Promise<void> {
  const { community, meeting, proposal, deps, officers, regulator } = world;
  const asked = { community, meeting, proposal, documentHash: acceptance(5) };
  const { act } = accepted(await draftAnnulment(deps, asked, 'test'));
  await signAs(world, act, [...officers.slice(1), regulator]);
  accepted(await execute(world, act, applyAnnulment));
}

async function publishAll(world: FundWorld): Promise<void> {
  const { community, deps, time } = world;
  const officer = present(world.officers[0], 'an officer').officer;
  time.advance(25 * 86_400_000);
  const statement = {
    from: '2026-12-10',
    to: '2026-12-31',
    closingFen: 609_999n,
    csv: '交易日期,流水号,收入,支出\n',
  };
  const bank = { name: '建行', lastDigits: '0071' };
  accepted(await reconcile(deps, { community, bank, ...statement }, officer));
  accepted(await publishMonth(deps, { community, month: '2026-12' }, officer));
  accepted(await publishPeriod(deps, { community, period: '2026-H2' }, officer));
}

/** Deposits 1 to 4 and a refund 5, and at least one row of each table beside the ledger. */
async function fullWorld(): Promise<FundWorld> {
  const world = await fundWorld(fresh, {
    seed: 'altered rows',
    units: ['101', '102', '103', '104'].map((room) => ({ building: '1幢', room, areaDm2: 5000n })),
    capFen: 100n,
    classes: ['M5', 'M6'],
  });
  accepted(await deposit(world, [299_999n, 300_000n, 1000n, 9000n]));
  await refundLast(world);
  await bookRevenue(world);
  await withdrawTopUp(world, await callTopUp(world));
  await callTopUp(world);
  const applied = accepted(await applyFor(world));
  await announce(world);
  accepted(await reply(world, convening(world, applied.application)));
  const other = accepted(await applyFor(world));
  accepted(await reply(world, refusal(world, other.application)));
  await authorise(world);
  await annulResolution(world);
  await declare(world);
  const { community } = world;
  await closeWork(world, { community, authorisation: await authoriseLift(world, { capFen: 100n }) });
  await annulLift(world, await authoriseLift(world, { capFen: 200n }));
  await publishAll(world);
  return world;
}

let world: FundWorld;
beforeAll(async () => {
  world = await fullWorld();
});

const alter = (...statements: readonly RawBuilder<unknown>[]): Promise<void> =>
  admin.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const statement of statements) await statement.execute(tx);
  });
const ofWorld = () => sql`community_id = ${world.community}`;
const checked = async () => accepted(await checkBook(fresh.db, world.community));
const placesOf = async (): Promise<readonly string[]> =>
  (await checked()).findings.map(({ code, where }) => `${code} ${where}`);

/** What the check finds after a change of one table, which then stands as before. */
async function found(
  table: string,
  ...statements: readonly RawBuilder<unknown>[]
): Promise<readonly string[]> {
  const name = sql.table(table);
  await sql`create temp table kept as select * from ${name} where ${ofWorld()}`.execute(admin);
  await alter(...statements);
  const places = await placesOf();
  await alter(sql`delete from ${name} where ${ofWorld()}`, sql`insert into ${name} select * from kept`);
  await sql`drop table kept`.execute(admin);
  return places;
}

type TableCase = {
  readonly key: readonly string[];
  /** A row that nobody wrote: what differs from the first one. */
  readonly invented: Readonly<Record<string, string | number>>;
  /** Of the record: its tag, and a change that leaves it a record. */
  readonly record?: readonly [tag: string, from: string, to: string];
  /** Columns and what they are set to in the row that the condition finds. */
  readonly columns: readonly (readonly [
    column: string,
    value: RawBuilder<unknown>,
    where?: RawBuilder<unknown>,
  ])[];
};

const INVENTED = `${'b'.repeat(25)}a`;
const DOCUMENT = ['document_hash', sql`sha256('x')`] as const;
const PLACE = ['entry_id', sql`-entry_id`] as const;
const LOG_PLACE = ['log_entry_id', sql`-log_entry_id`] as const;
const NONCE = ['"nonce":"', '"nonce":"AAAA'] as const;

const TABLES: Readonly<Record<string, TableCase>> = {
  revenue_entry: {
    key: ['entry_id'],
    invented: { entry_id: INVENTED, log_entry_id: -1 },
    record: ['revenue-entry', '地面车位租金', '地面车位收入'],
    columns: [
      ['amount_fen', sql`amount_fen + 1`, sql`kind = 'income'`],
      ['heading', sql`'rent'`, sql`kind = 'income'`],
      ['booked_on', sql`'2026-11-30'`, sql`kind = 'income'`],
      ['kind', sql`'reversal', reverses_entry_id = entry_id`, sql`kind = 'income'`],
      ['meeting_id', sql`${INVENTED}`, sql`kind = 'use'`],
      ['proposal_id', sql`${INVENTED}`, sql`kind = 'use'`],
      ['reverses_entry_id', sql`${INVENTED}`, sql`kind = 'reversal'`],
      LOG_PLACE,
    ],
  },
  revenue_period: {
    key: ['period'],
    invented: { period: '2027-H1', log_entry_id: -1 },
    record: ['revenue-period', '"openingFen":"0"', '"openingFen":"7"'],
    columns: [LOG_PLACE],
  },
  fund_top_up_call: {
    key: ['call_id'],
    invented: { call_id: INVENTED, entry_id: -1 },
    record: ['top-up-call', '支行柜台', '支行网银'],
    columns: [
      ['seq', sql`seq + 1`],
      ['due_on', sql`due_on + 1`],
      ['meeting_id', sql`${INVENTED}`],
      ['proposal_id', sql`${INVENTED}`],
      PLACE,
    ],
  },
  fund_top_up_withdrawal: {
    key: ['call_id'],
    invented: { call_id: INVENTED, entry_id: -1 },
    columns: [DOCUMENT, PLACE],
  },
  fund_closing: {
    key: ['authorisation_id'],
    invented: { authorisation_id: INVENTED, entry_id: -1 },
    columns: [DOCUMENT, PLACE],
  },
  resolution_annulment: {
    key: ['meeting_id', 'proposal_id'],
    invented: { proposal_id: INVENTED, entry_id: -1 },
    columns: [DOCUMENT, PLACE],
  },
  fund_emergency_annulment: {
    key: ['authorisation_id'],
    invented: { authorisation_id: INVENTED, entry_id: -1 },
    columns: [DOCUMENT, PLACE],
  },
  fund_emergency_declaration: {
    key: ['declaration_id'],
    invented: { declaration_id: INVENTED, entry_id: -1 },
    columns: [['emergencies', sql`'barred'`], DOCUMENT, PLACE],
  },
  fund_application: {
    key: ['application_id'],
    invented: { application_id: INVENTED, entry_id: -1 },
    record: ['application', '暴雨', '台风'],
    columns: [['answer_by', sql`answer_by + 30`], PLACE],
  },
  fund_application_answer: {
    key: ['application_id', 'answer_no'],
    invented: { answer_no: 2, entry_id: -1 },
    record: ['application-answer', ...NONCE],
    columns: [
      ['decision', sql`'refused', meeting_id = null, proposal_id = null`, sql`decision = 'convened'`],
      ['meeting_id', sql`${INVENTED}`, sql`decision = 'convened'`],
      ['proposal_id', sql`${INVENTED}`, sql`decision = 'convened'`],
      PLACE,
    ],
  },
  fund_month: {
    key: ['month'],
    invented: { month: '2027-01', entry_id: -1 },
    record: ['fund-month', '"explained":0', '"explained":1'],
    columns: [['last_seq', sql`last_seq - 1`], PLACE],
  },
};

/** Each row of a table with its id. */
async function rowsOf(table: string, where: RawBuilder<unknown> = sql`true`) {
  const { key } = present(TABLES[table], table);
  const id = sql.join(
    key.map((column) => sql`${sql.ref(column)}::text`),
    sql` || '/' || `,
  );
  const rows = await sql<{ id: string; at: string }>`
    select ${id} as id, ctid::text as at from ${sql.table(table)} where ${ofWorld()} and ${where} order by 1`.execute(
    admin,
  );
  return rows.rows;
}
const first = async (table: string, where?: RawBuilder<unknown>) =>
  present((await rowsOf(table, where))[0], `a row of ${table}`);

describe('a whole book', () => {
  it('has at least a row of each table, and nothing to find', async () => {
    const counts = await Promise.all(Object.keys(TABLES).map(async (table) => (await rowsOf(table)).length));
    expect(counts).toEqual([4, 1, 2, 1, 1, 1, 1, 1, 2, 2, 1]);
    expect(await checked()).toEqual({ entries: 5, rows: 17, findings: [] });
  });
});

describe.each(Object.entries(TABLES))('%s', (table, { key, invented, columns }) => {
  it.each(columns.map(([column, value, where = sql`true`]) => [column, value, where] as const))(
    'with another %s is named',
    async (column, value, where) => {
      const { id, at } = await first(table, where);
      const places = await found(
        table,
        sql`update ${sql.table(table)} set ${sql.ref(column)} = ${value} where ctid = ${at}::tid`,
      );
      expect(places).toContain(`FUND-K017 ${table} ${id} ${column}`);
      expect(places.every((place) => place.startsWith(`FUND-K017 ${table} ${id} `))).toBe(true);
    },
  );

  it('of which a row is gone names it', async () => {
    for (const { id } of await rowsOf(table)) {
      const where = sql.join(
        id.split('/').map((part, at) => sql`${sql.ref(key[at] ?? '')}::text = ${part}`),
        sql` and `,
      );
      const places = await found(table, sql`delete from ${sql.table(table)} where ${ofWorld()} and ${where}`);
      expect(places).toEqual([`FUND-K020 ${table} ${id}`]);
    }
  });

  it('with a row that nobody wrote names it', async () => {
    const { id, at } = await first(table);
    const places = await found(
      table,
      sql`insert into ${sql.table(table)} select (jsonb_populate_record(t, ${JSON.stringify(invented)}::jsonb)).*
            from ${sql.table(table)} t where ctid = ${at}::tid`,
    );
    const parts = id.split('/').map((part, index) => String(invented[key[index] ?? ''] ?? part));
    expect(places).toContain(`FUND-K018 ${table} ${parts.join('/')}`);
    expect(places).toHaveLength(1);
  });
});

const RECORDED = Object.entries(TABLES).flatMap(([table, { record }]) =>
  record === undefined ? [] : [[table, ...record] as const],
);

describe.each(RECORDED)('%s', (table, tag, from, to) => {
  it('with another record and its hash is named, also one that is none', async () => {
    const row = await first(table, sql`position(convert_to(${from}, 'UTF8') in record) > 0`);
    const frame = sql`int4send(${sql.lit(15 + tag.length)}) || ${sql.lit(`owners-vote/v1/${tag}`)}::bytea`;
    const rewrite = (bytes: RawBuilder<unknown>) =>
      sql`update ${sql.table(table)} set record = ${bytes}, hash = sha256(${frame} || int4send(octet_length(${bytes})) || ${bytes})
           where ctid = ${row.at}::tid`;
    const other = sql`convert_to(replace(convert_from(record, 'UTF8'), ${from}, ${to}), 'UTF8')`;
    expect(await found(table, rewrite(other))).toEqual([`FUND-K019 ${table} ${row.id}`]);
    const none = await first(table);
    const garbage = sql`update ${sql.table(table)} set record = 'x', hash = sha256(${frame} || int4send(1) || 'x') where ctid = ${none.at}::tid`;
    expect(await found(table, garbage)).toEqual([`FUND-K019 ${table} ${none.id}`]);
  });
});

describe('of a refund', () => {
  const refunded = () =>
    sql`${ofWorld()} and entry_id = (select entry_id from fund_entry where ${ofWorld()} and kind = 'refund')`;

  it('another amount is named by its entry and account', async () => {
    // A posting has a column that the database makes, so it is not put back but undone.
    const raise = (fen: number) =>
      alter(
        sql`update fund_posting set amount_fen = amount_fen + ${fen} * sign(amount_fen)::bigint where ${refunded()}`,
      );
    await raise(1);
    const places = await placesOf();
    await raise(-1);
    expect(places.filter((place) => place.startsWith('FUND-K005'))).toEqual([
      'FUND-K005 entry 5 line 1',
      'FUND-K005 entry 5 line 2',
    ]);
  });

  it('the entry that is gone, its authorisation left, is named', async () => {
    expect(await found('fund_entry', sql`delete from fund_entry where ${refunded()}`)).toContain(
      'FUND-K001 entry 5',
    );
  });
});

describe('a book that is gone', () => {
  it('is named by its last number, and what the log has of the community is still compared', async () => {
    expect(await found('fund_book', sql`delete from fund_book where ${ofWorld()}`)).toEqual([
      'FUND-K010 book',
    ]);
  });

  it('public revenue of a community without a fund is checked as well', async () => {
    const poor = await fundWorld(fresh, {
      seed: 'altered rows without a fund',
      units: [{ building: '1幢', room: '1', areaDm2: 1n }],
      capFen: 1n,
    });
    const { community } = poor;
    expect(codeOf(await checkBook(fresh.db, community))).toBe('FUND_BOOK_MISSING');
    const income = { community, ...INCOME, amountFen: 100n, documentHash: acceptance(1) };
    const { entry } = accepted(await receiveRevenue(poor.deps, income));
    expect(accepted(await checkBook(fresh.db, community))).toEqual({ entries: 0, rows: 1, findings: [] });
    await alter(sql`delete from revenue_entry where community_id = ${community}`);
    expect(accepted(await checkBook(fresh.db, community)).findings).toMatchObject([
      { code: 'FUND-K020', where: `revenue_entry ${entry}`, found: 'none' },
    ]);
  });
});
