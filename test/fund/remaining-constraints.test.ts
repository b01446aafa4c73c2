// Goal: constraints of the fund's tables that no other test reaches refuse, for the application and for the owner, and none is added without a test.
// Method: rows like those that stand, with one thing wrong; and the names in the catalogue against the names in these tests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import type { Database } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { draftAnnulment } from '../../src/fund/annulling.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { closeWork } from './closing-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  deposit,
  draft,
  type FundWorld,
  fundWorld,
  pay,
} from './fund-world.ts';
import { account, addLegs, entryOf, raw, rawIn, refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const random = seededRandom('remaining constraints');
const NOBODY = 'a'.repeat(26);
const UNITS = ['101', '102'].map((room) => ({ building: '1幢', room, areaDm2: 5000n }));

/** Held, accrued and paid in part; one payment and one annulment are drafted. */
let open: FundWorld;
let closed: FundWorld;
/** A book whose resolution was not taken over, and a community without a book. */
let waiting: FundWorld;
let bookless: FundWorld;
let authorisation: string;
let spareAct: string;

beforeAll(async () => {
  const make = (seed: string) =>
    fundWorld(fresh, { seed: `remaining ${seed}`, units: UNITS, capFen: 100_000n });
  [open, closed, waiting, bookless] = [
    await make('open'),
    await make('closed'),
    await make('waiting'),
    await make('none'),
  ];
  for (const world of [open, closed, waiting]) accepted(await deposit(world, [400_000n, 400_000n]));
  authorisation = await authorise(open);
  const ref = { community: open.community, authorisation };
  accepted(await holdShares(open.deps, ref));
  accepted(
    await accrueStage(open.deps, {
      ...ref,
      amountFen: 10_000n,
      stage: 'progress',
      acceptanceHash: acceptance(1),
    }),
  );
  await pay(open, authorisation, 1000n);
  accepted(await draft(open, authorisation, 500n));
  const { community, meeting, proposal } = open;
  const drafted = draftAnnulment(
    open.deps,
    { community, meeting, proposal, documentHash: acceptance(2) },
    'test',
  );
  spareAct = accepted(await drafted).act;
  await closeWork(closed, { community: closed.community, authorisation: await authorise(closed) });
});

/** Inserts a row like the first that `like` finds, with other values; only columns that the application may write. */
async function insertLike(
  db: Database,
  table: string,
  like: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const found = await sql<{ name: string }>`
    select column_name as name from information_schema.column_privileges
     where table_name = ${table} and privilege_type = 'INSERT' and grantee = current_user`.execute(fresh.db);
  const names = found.rows.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(1);
  const rows = await sql<Record<string, unknown>>`
    select ${sql.join(names.map((name) => sql.ref(name)))} from ${sql.table(table)} where ${sql.raw(like)}`.execute(
    fresh.owner,
  );
  const row = { ...rows.rows[0], ...changes };
  const values = Object.values(row).map((value) => sql`${value}`);
  await sql`insert into ${sql.table(table)} (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
            values (${sql.join(values)})`.execute(db);
}

type Case = readonly [
  constraint: string,
  table: string,
  like: () => string,
  changes: () => Record<string, unknown>,
];
const ofOpen =
  (more = 'true') =>
  () =>
    `community_id = '${open.community}' and ${more}`;
const fresh26 = () => newId(random);
const named = (changes: Record<string, unknown>) => ({
  account_id: fresh26(),
  name: `假:${fresh26()}`,
  ...changes,
});

const CASES: readonly Case[] = [
  ['fund_book_pk', 'fund_book', ofOpen(), () => ({ book_id: fresh26() })],
  ['fund_book_community_fk', 'fund_book', ofOpen(), () => ({ community_id: NOBODY, book_id: fresh26() })],
  ['fund_account_pk', 'fund_account', ofOpen("kind = 'bank'"), () => ({ name: '假' })],
  ['fund_account_name_key', 'fund_account', ofOpen("kind = 'bank'"), () => ({ account_id: fresh26() })],
  ['fund_account_held_key', 'fund_account', ofOpen("kind = 'unit_held'"), () => named({})],
  ['fund_account_payable_key', 'fund_account', ofOpen("kind = 'payable'"), () => named({})],
  ['fund_account_kind_check', 'fund_account', ofOpen("kind = 'bank'"), () => named({ kind: 'purse' })],
  [
    'fund_account_book_fk',
    'fund_account',
    ofOpen("kind = 'bank'"),
    () => named({ community_id: bookless.community }),
  ],
  [
    'fund_account_unit_fk',
    'fund_account',
    ofOpen("kind = 'unit_available'"),
    () => named({ unit_id: NOBODY }),
  ],
  [
    'fund_account_authorisation_fk',
    'fund_account',
    ofOpen("kind = 'payable'"),
    () => named({ authorisation_id: NOBODY }),
  ],
  ['fund_authorisation_pk', 'fund_authorisation', ofOpen(), () => ({})],
  [
    'fund_authorisation_entry_key',
    'fund_authorisation',
    ofOpen(),
    () => ({ authorisation_id: fresh26(), proposal_id: NOBODY }),
  ],
  [
    'fund_authorisation_entry_fk',
    'fund_authorisation',
    ofOpen(),
    () => ({
      community_id: waiting.community,
      meeting_id: waiting.meeting,
      proposal_id: waiting.proposal,
      entry_id: 0n,
    }),
  ],
  [
    'fund_authorisation_book_fk',
    'fund_authorisation',
    ofOpen(),
    () => ({
      community_id: bookless.community,
      meeting_id: bookless.meeting,
      proposal_id: bookless.proposal,
    }),
  ],
  [
    'fund_closing_entry_key',
    'fund_closing',
    () => `community_id = '${closed.community}'`,
    () => ({ community_id: open.community, authorisation_id: authorisation }),
  ],
  [
    'fund_closing_entry_fk',
    'fund_closing',
    () => `community_id = '${closed.community}'`,
    () => ({ community_id: open.community, authorisation_id: authorisation, entry_id: 0n }),
  ],
  [
    'fund_closing_authorisation_fk',
    'fund_closing',
    () => `community_id = '${closed.community}'`,
    () => ({ authorisation_id: NOBODY, entry_id: 0n }),
  ],
  ['fund_order_pk', 'fund_order', ofOpen(), () => ({})],
  ['fund_order_key', 'fund_order', ofOpen(), () => ({ order_id: fresh26() })],
  ['fund_order_act_key', 'fund_order', ofOpen(), () => ({ order_id: fresh26(), idempotency_key: fresh26() })],
  [
    'fund_order_act_fk',
    'fund_order',
    ofOpen(),
    () => ({ order_id: fresh26(), idempotency_key: fresh26(), act_id: NOBODY }),
  ],
  [
    'fund_order_bank_fk',
    'fund_order',
    ofOpen(),
    () => ({ order_id: fresh26(), idempotency_key: fresh26(), act_id: spareAct, bank_account_id: NOBODY }),
  ],
  ['fund_order_amount_check', 'fund_order', ofOpen(), () => ({ order_id: fresh26(), amount_fen: 0n })],
];

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);

  it.each(CASES)('a row against %s of %s', async (constraint, table, like, changes) => {
    expect(await refusedBy(() => insertLike(db(), table, like(), changes()))).toBe(constraint);
  });

  it('an entry with the id, the place in the log, the order, the authorisation or the former entry of another, or of none', async () => {
    const legs = [
      [await account(open, 'bank'), 1n],
      [await account(open, 'unit_available', 0), -1n],
    ] as const;
    const former = await entryOf(open, 'deposit');
    const refused = (entry: Partial<Parameters<typeof raw>[2]>) =>
      refusedBy(() => raw(db(), open, { kind: 'deposit', legs, ...entry }));
    expect(await refused({ id: former.entry_id })).toBe('fund_entry_pk');
    expect(await refused({ key: '' })).toBe('fund_entry_idempotency_check');
    expect(await refused({ logEntryId: former.log_entry_id })).toBe('fund_entry_log_key');
    expect(await refused({ logEntryId: 0n })).toBe('fund_entry_log_fk');
    expect(await refused({ kind: 'bank_moved', order: NOBODY })).toBe('fund_entry_order_fk');
    expect(await refused({ kind: 'hold', authorisation: NOBODY })).toBe('fund_entry_authorisation_fk');
    expect(await refused({ kind: 'pay_returned', authorisation, reverses: NOBODY })).toBe(
      'fund_entry_reverses_fk',
    );
  });

  it('a leg on the line of another, or on none', async () => {
    const bank = await account(open, 'bank');
    const available = await account(open, 'unit_available', 0);
    const added = (first: number) =>
      refusedBy(() =>
        db()
          .transaction()
          .execute(async (tx) => {
            await rawIn(tx, open, {
              kind: 'deposit',
              legs: [
                [bank, 1n],
                [available, -1n],
              ],
            });
            const { entry_id: id } = await tx
              .selectFrom('fund_entry')
              .select('entry_id')
              .where('community_id', '=', open.community)
              .orderBy('seq', 'desc')
              .executeTakeFirstOrThrow();
            await addLegs(tx, open, id, [[bank, 1n]], first);
          }),
      );
    expect(await added(1)).toBe('fund_posting_pk');
    expect(await added(0)).toBe('fund_posting_line_check');
  });
});

/** Never reached: each has all columns of the primary key and more, so that only a foreign key needs it, and the primary key speaks first. */
const NEVER_REACHED = [
  'fund_account_kind_key',
  'fund_authorisation_payee_key',
  'fund_book_id_key',
  'fund_entry_kind_key',
];

describe('the catalogue', () => {
  it('has no constraint of the fund that no test names', async () => {
    const { rows } = await sql<{ name: string }>`
      select c.conname as name from pg_constraint c join pg_class t on t.oid = c.conrelid
       where t.relname ~ '^(fund|revenue)_' and c.contype in ('c', 'u', 'p', 'f')`.execute(fresh.owner);
    const tests = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8').split('const NEVER_REACHED')[0])
      .join('\n');
    const missing = rows
      .map(({ name }) => name)
      .filter((name) => !tests.includes(`'${name}'`) && !NEVER_REACHED.includes(name));
    expect(rows.length).toBeGreaterThan(100);
    expect(missing).toEqual([]);
  });

  it.each(NEVER_REACHED)('lets no row come to %s that the primary key would take', async (name) => {
    const { rows } = await sql<{ holds: boolean }>`
      select k.conkey @> p.conkey and p.conindid < k.conindid as holds
        from pg_constraint k join pg_constraint p on p.conrelid = k.conrelid and p.contype = 'p'
       where k.conname = ${name} and k.contype = 'u'`.execute(fresh.owner);
    expect(rows).toEqual([{ holds: true }]);
  });
});
