// Goal: constraints that stand behind a trigger refuse too: those that a forged row of the log leads to, for the application and for the
// owner; and those that the trigger keeps everybody from, once the owner has put the trigger away. Method: raw SQL around the shells.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import { publishMonth } from '../../src/fund/publishing.ts';
import { reconcile } from '../../src/fund/reconciling.ts';
import { receiveRevenue } from '../../src/fund/revenue-booking.ts';
import { publishPeriod } from '../../src/fund/revenue-publishing.ts';
import { freshDatabase } from '../support/database.ts';
import { announce, applyFor, callOff, convening, reply } from './application-world.ts';
import { annulLift, authoriseLift, declare } from './emergency-world.ts';
import { signed, undone } from './forged-log.ts';
import { acceptance, accepted, deposit, type FundWorld, fundWorld } from './fund-world.ts';
import { rawIn, refusedBy } from './raw-book.ts';
import { callTopUp, poorWorld, withdrawTopUp } from './top-up-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());
const UNITS = [{ building: '1幢', room: '101', areaDm2: 5000n }];
const NOBODY = 'a'.repeat(26);
const BANK = { name: '建行', lastDigits: '0071' };
const DAY_MS = 86_400_000;

/** A book whose December is published, a half-year of revenue published, an application answered, one emergency that stands and one annulled. */
let world: FundWorld;
/** An application waits for its answer. */
let asking: FundWorld;
/** There is no book. */
let bookless: FundWorld;
/** A book in which nothing was booked. */
let blank: FundWorld;
/** A call to top up was withdrawn, and another one stands. */
let poor: FundWorld;
let [standing, waiting, otherCall] = ['', '', ''];
const officerOf = (of: FundWorld): string => present(of.officers[0], 'an officer').officer;

beforeAll(async () => {
  const make = (seed: string) => fundWorld(fresh, { seed: `logged ${seed}`, units: UNITS, capFen: 100n });
  [world, asking, bookless, blank] = [
    await make('one'),
    await make('asking'),
    await make('bookless'),
    await make('blank'),
  ];
  poor = await poorWorld(fresh, 'logged poor');
  await withdrawTopUp(poor, await callTopUp(poor));
  otherCall = await callTopUp(poor);
  accepted(await deposit(world, [9000n]));
  await declare(world);
  standing = await authoriseLift(world);
  await annulLift(world, await authoriseLift(world, { text: '2幢电梯也停了。' }));
  const { application } = accepted(await applyFor(world));
  waiting = accepted(await applyFor(asking)).application;
  await announce(world);
  accepted(await reply(world, convening(world, application)));
  await callOff(world);
  const { community } = world;
  const facts = { heading: 'parking', bookedOn: '2026-06-30', amountFen: 100n, text: '车位' } as const;
  accepted(await receiveRevenue(world.deps, { community, ...facts, documentHash: acceptance(1) }));
  accepted(await publishPeriod(world.deps, { community, period: '2026-H1' }, officerOf(world)));
  world.time.advance(25 * DAY_MS);
  const december = { community, bank: BANK, from: '2026-12-01', to: '2026-12-31', closingFen: 9000n };
  const csv = '交易日期,流水号,收入,支出\n';
  accepted(await reconcile(world.deps, { ...december, csv }, officerOf(world)));
  accepted(await publishMonth(world.deps, { community, month: '2026-12' }, officerOf(world)));
  await fresh.owner
    .insertInto('fund_book')
    .values({ community_id: blank.community, book_id: newId(blank.deps.random) })
    .execute();
});

type Facts = Readonly<Record<string, unknown>>;

/** A row of the log as an intruder with the application's rights could write it; communities and meetings need not exist there. */
async function logged(
  tx: Database,
  kind: string,
  of: { readonly community: string; readonly meeting?: string },
  facts: Facts,
): Promise<bigint> {
  const { id } = await tx
    .insertInto('log_entry')
    .values({
      data: utf8(JSON.stringify(facts)),
      kind,
      community_id: of.community,
      meeting_id: of.meeting ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A record with its hash, as the tables want them. */
function hashed(tag: Parameters<typeof h256>[0], text: string) {
  const record = utf8(text);
  return { record, hash: h256(tag, record) };
}

async function insert(tx: Database, table: string, row: Facts): Promise<void> {
  const names = sql.join(Object.keys(row).map((name) => sql.ref(name)));
  const values = sql.join(Object.values(row).map((value) => sql`${value}`));
  await sql`insert into ${sql.table(table)} (${names}) values (${values})`.execute(tx);
}

/** An application whose row of the log names it. */
async function application(tx: Database, community: string, change: Facts = {}): Promise<void> {
  const id = newId(world.deps.random);
  const { record, hash } = hashed('application', id);
  const facts = { application: id, applicationHash: toBase64Url(hash) };
  await insert(tx, 'fund_application', {
    community_id: community,
    application_id: id,
    answer_by: '2027-01-09',
    record,
    hash,
    officer_id: officerOf(world),
    entry_id: await logged(tx, 'application.filed', { community }, facts),
    ...change,
  });
}

/** Convened is a meeting of which the log has a notice and the database nothing. */
async function answer(tx: Database, meeting: string): Promise<void> {
  const { community, proposal } = asking;
  await logged(tx, 'meeting.noticed', { community, meeting }, {});
  const { record, hash } = hashed('application-answer', meeting);
  const facts = { application: waiting, answerHash: toBase64Url(hash) };
  const id = await logged(tx, 'application.answered', { community }, facts);
  await signed(tx, world, id, ['committee']);
  await insert(tx, 'fund_application_answer', {
    community_id: community,
    application_id: waiting,
    answer_no: 1,
    decision: 'convened',
    meeting_id: meeting,
    proposal_id: proposal,
    record,
    hash,
    entry_id: id,
  });
}

/** A month whose row of the log names it; the next one of the book unless said. */
async function month(tx: Database, change: Facts = {}, of = world): Promise<void> {
  const row = { month: '2027-01', last_seq: 1n, ...hashed('fund-month', 'January'), ...change };
  const facts = { month: row.month, monthHash: toBase64Url(row.hash) };
  await insert(tx, 'fund_month', {
    community_id: of.community,
    officer_id: officerOf(of),
    published_at_ms: 1n,
    entry_id: await logged(tx, 'fund.published', of, facts),
    ...row,
  });
}

/** Income of a community whose row of the log names it. */
async function income(tx: Database, community: string, change: Facts = {}): Promise<void> {
  const row = { entry_id: newId(world.deps.random), ...hashed('revenue-entry', 'income'), ...change };
  const facts = { entry: row.entry_id, revenueHash: toBase64Url(row.hash) };
  await insert(tx, 'revenue_entry', {
    community_id: community,
    kind: 'income',
    heading: 'parking',
    booked_on: '2026-12-02',
    amount_fen: 1n,
    log_entry_id: await logged(tx, 'revenue.received', { community }, facts),
    ...row,
  });
}

/** A half-year whose row of the log names it. */
async function halfYear(tx: Database, of: FundWorld, period: string, change: Facts = {}): Promise<void> {
  const { record, hash } = hashed('revenue-period', period);
  const facts = { period, periodHash: toBase64Url(hash) };
  await insert(tx, 'revenue_period', {
    community_id: of.community,
    period,
    record,
    hash,
    officer_id: officerOf(of),
    log_entry_id: await logged(tx, 'revenue.published', of, facts),
    ...change,
  });
}

/** The first row that stands in a table of the world, or of that with the call, without the columns that are generated. */
async function rowOf(table: string): Promise<Readonly<Record<string, unknown>>> {
  const { community } = table.startsWith('fund_top_up') ? poor : world;
  const found = await sql<Record<string, unknown>>`
    select * from ${sql.table(table)} where community_id = ${community} limit 1`.execute(fresh.owner);
  const { side: _generated, ...row } = present(found.rows[0], table);
  return row;
}

/** Copies that row, with other values. */
const copy = async (tx: Database, table: string, changes: Facts): Promise<void> =>
  insert(tx, table, { ...(await rowOf(table)), ...changes });

const annulment = async (tx: Database, entryId: bigint): Promise<void> =>
  insert(tx, 'fund_emergency_annulment', {
    community_id: world.community,
    authorisation_id: standing,
    document_hash: sha256(),
    entry_id: entryId,
  });

/** A book that begins in a year of five digits, and its first month. */
async function farMonth(tx: Database): Promise<void> {
  const ids = [newId(blank.deps.random), newId(blank.deps.random)] as const;
  const { community } = blank;
  const [bank, available] = ids;
  const unit = present(blank.units[0], 'a unit').unit;
  await insert(tx, 'fund_account', { community_id: community, account_id: bank, kind: 'bank', name: bank });
  const owned = { kind: 'unit_available', unit_id: unit, name: available };
  await insert(tx, 'fund_account', { community_id: community, account_id: available, ...owned });
  const legs = [[bank, 1n] as const, [available, -1n] as const];
  await rawIn(tx, blank, { kind: 'deposit', bookedOn: '10000-01-01', legs });
  await month(tx, { month: '10000-01' }, blank);
}

const FORGED: readonly (readonly [string, string, (tx: Database) => Promise<void>])[] = [
  ['no application that is in order', 'accepted', (tx) => application(tx, world.community)],
  ['one in a community that is not there', 'fund_application_community_fk', (tx) => application(tx, NOBODY)],
  ['no answer that is in order', 'accepted', (tx) => answer(tx, asking.meeting)],
  ['one by a meeting that is not there', 'fund_application_answer_meeting_fk', (tx) => answer(tx, NOBODY)],
  [
    'an annulment by the entry of another',
    'fund_emergency_annulment_entry_key',
    async (tx) => annulment(tx, (await rowOf('fund_emergency_annulment'))['entry_id'] as bigint),
  ],
  ['an annulment by no entry', 'fund_emergency_annulment_entry_fk', (tx) => annulment(tx, 0n)],
  ['no month that is in order', 'accepted', (tx) => month(tx)],
  ['one whose hash is not of its record', 'fund_month_hash_check', (tx) => month(tx, { record: utf8('x') })],
  ['one that nobody published', 'fund_month_officer_fk', (tx) => month(tx, { officer_id: NOBODY })],
  ['one of a year of five digits', 'fund_month_month_check', farMonth],
  ['no income that is in order', 'accepted', (tx) => income(tx, world.community)],
  ['some of a community that is not there', 'revenue_entry_community_fk', (tx) => income(tx, NOBODY)],
  [
    'some under the id of another',
    'revenue_entry_pk',
    async (tx) => income(tx, world.community, { entry_id: (await rowOf('revenue_entry'))['entry_id'] }),
  ],
  ['no half-year that is in order', 'accepted', (tx) => halfYear(tx, world, '2026-H2')],
  [
    'one of a year of five digits too',
    'revenue_period_period_check',
    async (tx) => {
      await income(tx, blank.community, { booked_on: '10000-01-01' });
      await halfYear(tx, blank, '10000-H1');
    },
  ],
];

describe.each(['application', 'owner'] as const)('the %s is refused behind a forged log', (login) => {
  it.each(FORGED)('%s: %s', async (_what, constraint, attempt) => {
    const db = login === 'owner' ? fresh.owner : fresh.db;
    expect(await refusedBy(() => undone(db, attempt))).toBe(constraint);
  });

  it('a state that no authorisation knows: fund_authorisation_state_check', async () => {
    const db = login === 'owner' ? fresh.owner : fresh.db;
    const change = sql`update fund_authorisation set state = 'lost' where community_id = ${world.community}`;
    expect(await refusedBy(() => change.execute(db))).toBe(
      login === 'owner' ? 'fund_authorisation_state_check' : 'denied',
    );
  });
});

/** Another row, of which a copy changes what would be a second key, or names what is not there. */
type Guarded = readonly [
  constraint: string,
  table: string,
  /** Refuses before the constraint is asked, and what it says. */
  trigger: string,
  rule: string,
  changes: () => Facts,
];
const id26 = () => newId(world.deps.random);
const entryLike = () => ({ entry_id: id26(), idempotency_key: id26(), booked_on: '2027-01-09' });

/** The log names an application by its id, in its community: the entry of another, or none, is told first. */
const APPLICATION = ['fund_application', 'fund_application_100_check', 'fund_application_is_logged'] as const;
/** Nothing was noticed before an entry that is not there. */
const NOTICED = [
  'fund_application_answer',
  'fund_application_answer_100_check',
  'fund_application_answer_is_noticed',
] as const;
/** A second answer stands only where a meeting was called off between the entries of both, which one entry cannot be. */
const ANSWER = [
  'fund_application_answer',
  'fund_application_answer_100_check',
  'fund_application_answer_reopened',
] as const;
/** As of an application. */
const DECLARATION = [
  'fund_emergency_declaration',
  'fund_emergency_declaration_100_check',
  'fund_emergency_declaration_is_signed',
] as const;
/** The next month is the one after the last, and no book has none. */
const MONTH = ['fund_month', 'fund_month_100_check', 'fund_month_in_order'] as const;
/** The log names a month by its name, in its community. */
const LOGGED_MONTH = ['fund_month', 'fund_month_100_check', 'fund_month_is_logged'] as const;
/** The log names an entry by its id; a use wants its resolution, and a reversal its entry, before a key is asked. */
const REVENUE = ['revenue_entry', 'revenue_entry_100_check', 'revenue_entry_is_logged'] as const;
/** As of a month. */
const PERIOD = ['revenue_period', 'revenue_period_100_check', 'revenue_period_in_order'] as const;
const LOGGED_PERIOD = ['revenue_period', 'revenue_period_100_check', 'revenue_period_is_logged'] as const;
/** The log names a call by its id, and what its resolution decided and the book had is asked before a key is. */
const CALL = ['fund_top_up_call', 'fund_top_up_call_100_check', 'fund_top_up_call_is_signed'] as const;
const WITHDRAWAL = [
  'fund_top_up_withdrawal',
  'fund_top_up_withdrawal_100_check',
  'fund_top_up_withdrawal_is_signed',
] as const;

const GUARDED: readonly Guarded[] = [
  ['fund_application_entry_key', ...APPLICATION, () => ({ application_id: id26() })],
  ['fund_application_entry_fk', ...APPLICATION, () => ({ application_id: id26(), entry_id: 0n })],
  ['fund_application_answer_entry_key', ...ANSWER, () => ({ answer_no: 2 })],
  ['fund_application_answer_entry_fk', ...NOTICED, () => ({ answer_no: 2, entry_id: 0n })],
  ['fund_emergency_declaration_entry_key', ...DECLARATION, () => ({ declaration_id: id26() })],
  ['fund_emergency_declaration_entry_fk', ...DECLARATION, () => ({ declaration_id: id26(), entry_id: 0n })],
  ['fund_month_pk', ...MONTH, () => ({})],
  ['fund_month_book_fk', ...MONTH, () => ({ community_id: bookless.community, entry_id: 0n })],
  ['fund_month_entry_key', ...LOGGED_MONTH, () => ({ month: '2027-01' })],
  ['fund_month_entry_fk', ...LOGGED_MONTH, () => ({ month: '2027-01', entry_id: 0n })],
  ['revenue_entry_log_key', ...REVENUE, () => ({ entry_id: id26() })],
  ['revenue_entry_log_fk', ...REVENUE, () => ({ entry_id: id26(), log_entry_id: 0n })],
  [
    'revenue_entry_resolution_fk',
    ...REVENUE,
    () => ({
      ...{ entry_id: id26(), log_entry_id: 0n, kind: 'use', heading: 'resolution', amount_fen: -1n },
      ...{ meeting_id: world.meeting, proposal_id: NOBODY },
    }),
  ],
  [
    'revenue_entry_reverses_fk',
    ...REVENUE,
    () => ({ entry_id: id26(), log_entry_id: 0n, kind: 'reversal', reverses_entry_id: NOBODY }),
  ],
  ['revenue_period_pk', ...PERIOD, () => ({})],
  ['revenue_period_community_fk', ...PERIOD, () => ({ community_id: NOBODY, log_entry_id: 0n })],
  ['revenue_period_log_key', ...LOGGED_PERIOD, () => ({ period: '2026-H2' })],
  ['revenue_period_log_fk', ...LOGGED_PERIOD, () => ({ period: '2026-H2', log_entry_id: 0n })],
  ['fund_top_up_call_entry_key', ...CALL, () => ({ call_id: id26() })],
  ['fund_top_up_call_entry_fk', ...CALL, () => ({ call_id: id26(), entry_id: 0n })],
  [
    'fund_top_up_call_book_fk',
    ...CALL,
    () => ({ community_id: bookless.community, meeting_id: null, proposal_id: null, entry_id: 0n }),
  ],
  ['fund_top_up_call_resolution_fk', ...CALL, () => ({ call_id: id26(), proposal_id: NOBODY, entry_id: 0n })],
  ['fund_top_up_withdrawal_entry_key', ...WITHDRAWAL, () => ({ call_id: id26() })],
  ['fund_top_up_withdrawal_entry_fk', ...WITHDRAWAL, () => ({ call_id: otherCall, entry_id: 0n })],
  // The trigger counts, so that no number comes twice, and knows that there is a book.
  ['fund_entry_seq_key', 'fund_entry', 'fund_entry_100_number', 'fund_entry_seq_next', entryLike],
  [
    'fund_entry_book_fk',
    'fund_entry',
    'fund_entry_100_number',
    'fund_entry_book_fk',
    () => ({ ...entryLike(), community_id: bookless.community }),
  ],
  // The trigger writes the version, and adds nothing to what was booked.
  [
    'fund_posting_version_key',
    'fund_posting',
    'fund_posting_200_apply',
    'fund_entry_is_sealed',
    () => ({ line_no: 9 }),
  ],
];

describe('what a trigger keeps from everybody', () => {
  it.each(GUARDED)('is kept by %s of %s too, with %s away', async (constraint, table, trigger, rule, of) => {
    const { owner } = fresh;
    expect(await refusedBy(() => undone(owner, (tx) => copy(tx, table, of())))).toBe(rule);
    const without = undone(owner, async (tx) => {
      await sql`alter table ${sql.table(table)} disable trigger ${sql.ref(trigger)}`.execute(tx);
      await copy(tx, table, of());
    });
    expect(await refusedBy(() => without)).toBe(constraint);
  });

  it.each([
    ['fund_entry_shape_pk', 'D'],
    ['fund_entry_shape_side_check', 'X'],
  ])('is kept by %s too, where the shapes of entries can be written', async (constraint, side) => {
    const add = (tx: Database) =>
      insert(tx, 'fund_entry_shape', { entry_kind: 'pay', account_kind: 'payable', side });
    expect(await refusedBy(() => undone(fresh.db, add))).toBe('denied');
    expect(await refusedBy(() => undone(fresh.owner, add))).toBe('fund_entry_shape_append_only');
    const without = undone(fresh.owner, async (tx) => {
      await sql`alter table fund_entry_shape disable trigger fund_entry_shape_append_only`.execute(tx);
      await add(tx);
    });
    expect(await refusedBy(() => without)).toBe(constraint);
  });
});
