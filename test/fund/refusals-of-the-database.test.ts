// Goal: what the ledger must never do is refused by the database, whoever asks. Method: raw SQL around the shells, once as the
// application and once as the owner of the tables; each case names the constraint that must refuse it. The eighteen attacks that a first
// ledger was tried by have a number; the others came with what was added since, as do those of the other tests `*-constraints`.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
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

const UNITS = [
  { building: '1幢', room: '101', areaDm2: 5000n },
  { building: '1幢', room: '102', areaDm2: 5000n },
];
const random = seededRandom('raw');

let fresh: FreshDatabase;
/** Held, one stage accrued, part of it paid; a second payment is drafted and unsigned. */
let open: FundWorld;
let closed: FundWorld;
let rejected: FundWorld;
let openId: string;
let closedId: string;
let orderId: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  open = await fundWorld(fresh, { seed: 'open', units: UNITS, capFen: 100_000n });
  closed = await fundWorld(fresh, { seed: 'closed', units: UNITS, capFen: 100_000n });
  rejected = await fundWorld(fresh, {
    seed: 'rejected',
    units: UNITS,
    capFen: 100_000n,
    outcome: 'REJECTED',
  });
  for (const world of [open, closed, rejected]) accepted(await deposit(world, [400_000n, 400_000n]));
  openId = await authorise(open);
  closedId = await authorise(closed);
  accepted(await holdShares(open.deps, { community: open.community, authorisation: openId }));
  accepted(await holdShares(closed.deps, { community: closed.community, authorisation: closedId }));
  await closeWork(closed, { community: closed.community, authorisation: closedId });
  accepted(
    await accrueStage(open.deps, {
      community: open.community,
      authorisation: openId,
      amountFen: 60_000n,
      stage: 'advance',
      acceptanceHash: acceptance(1),
    }),
  );
  await pay(open, openId, 20_000n);
  orderId = accepted(await draft(open, openId, 30_000n)).order;
});
afterAll(async () => fresh.close());

const copyAuthorisation = async (
  db: Database,
  world: FundWorld,
  changes: { readonly cap?: bigint; readonly outcome?: string },
): Promise<unknown> => {
  const record = utf8(newId(random));
  return db
    .insertInto('fund_authorisation')
    .values({
      community_id: world.community,
      authorisation_id: newId(random),
      meeting_id: world.meeting,
      proposal_id: world.proposal,
      outcome: changes.outcome ?? 'ADOPTED',
      cap_fen: changes.cap ?? 100_000n,
      payee_account: sha256(),
      authorised_on: '2026-12-10',
      record,
      hash: h256('authorisation', record),
      entry_id: (await entryOf(open, 'deposit')).log_entry_id,
    })
    .execute();
};

type Case = readonly [name: string, refusal: string, attempt: (db: Database) => Promise<unknown>];

const CASES: readonly Case[] = [
  [
    '1: an unbalanced entry',
    'fund_entry_unbalanced',
    async (db) =>
      raw(db, open, {
        kind: 'deposit',
        legs: [
          [await account(open, 'bank'), 100n],
          [await account(open, 'unit_available', 0), -90n],
        ],
      }),
  ],
  ['an entry without legs', 'fund_entry_unbalanced', (db) => raw(db, open, { kind: 'deposit', legs: [] })],
  [
    '2: a hold beyond the balance',
    'fund_account_never_negative_check',
    async (db) =>
      raw(db, open, {
        kind: 'hold',
        authorisation: openId,
        legs: [
          [await account(open, 'unit_available', 0), 9_000_000n],
          [await account(open, 'unit_held', 0), -9_000_000n],
        ],
      }),
  ],
  [
    '3: a payment straight from a unit',
    'fund_posting_shape_fk',
    async (db) =>
      raw(db, open, {
        kind: 'pay',
        authorisation: openId,
        order: orderId,
        legs: [
          [await account(open, 'unit_available', 0), 100n],
          [await account(open, 'bank'), -100n],
        ],
      }),
  ],
  [
    '4: money out of the bank as a move between banks',
    'fund_posting_shape_fk',
    async (db) =>
      raw(db, open, {
        kind: 'bank_moved',
        signedAs: ['committee', 'street'],
        legs: [
          [await account(open, 'unit_available', 0), 100n],
          [await account(open, 'bank'), -100n],
        ],
      }),
  ],
  [
    '5: a hold under a closed authorisation',
    'fund_authorisation_is_open',
    async (db) =>
      raw(db, closed, {
        kind: 'hold',
        authorisation: closedId,
        legs: [
          [await account(closed, 'unit_available', 0), 100n],
          [await account(closed, 'unit_held', 0), -100n],
        ],
      }),
  ],
  [
    '6: a hold without an authorisation',
    'fund_entry_authorisation_check',
    async (db) =>
      raw(db, open, {
        kind: 'hold',
        legs: [
          [await account(open, 'unit_available', 0), 100n],
          [await account(open, 'unit_held', 0), -100n],
        ],
      }),
  ],
  [
    'a hold above the cap',
    'fund_hold_within_cap',
    async (db) =>
      raw(db, open, {
        kind: 'hold',
        authorisation: openId,
        legs: [
          [await account(open, 'unit_available', 0), 1n],
          [await account(open, 'unit_held', 0), -1n],
        ],
      }),
  ],
  [
    '7: a release to another household',
    'fund_money_crossed_units',
    async (db) =>
      raw(db, open, {
        kind: 'release',
        authorisation: openId,
        legs: [
          [await account(open, 'unit_held', 0), 100n],
          [await account(open, 'unit_available', 1), -100n],
        ],
      }),
  ],
  [
    'an entry that uses the accounts of no authorisation of its own',
    'fund_posting_account_fk',
    async (db) =>
      raw(db, open, {
        kind: 'release',
        authorisation: openId,
        legs: [
          [await account(closed, 'unit_held', 0), 100n],
          [await account(open, 'unit_available', 0), -100n],
        ],
      }),
  ],
  [
    '8: an earlier date than the last entry’s',
    'fund_entry_date_order',
    async (db) =>
      raw(db, open, {
        kind: 'deposit',
        bookedOn: '2020-01-01',
        legs: [
          [await account(open, 'bank'), 100n],
          [await account(open, 'unit_available', 0), -100n],
        ],
      }),
  ],
  [
    'a gap in the numbers',
    'fund_entry_seq_next',
    (db) => raw(db, open, { kind: 'deposit', seqStep: 2n, legs: [] }),
  ],
  [
    'a number that stands already',
    'fund_entry_seq_next',
    (db) => raw(db, open, { kind: 'deposit', seqStep: 0n, legs: [] }),
  ],
  [
    '11: postings added to an old entry',
    'fund_entry_is_sealed',
    async (db) => {
      const entry = (await entryOf(open, 'deposit')).entry_id;
      await addLegs(db, open, entry, [[await account(open, 'bank'), 100n]], 9);
    },
  ],
  [
    'postings to no entry',
    'fund_posting_entry_fk',
    async (db) => addLegs(db, open, newId(random), [[await account(open, 'bank'), 100n]], 1),
  ],
  [
    'a posting of zero',
    'fund_posting_amount_check',
    async (db) => raw(db, open, { kind: 'deposit', legs: [[await account(open, 'bank'), 0n]] }),
  ],
  [
    '17: the same key with other content',
    'fund_entry_idempotency_key',
    async (db) =>
      raw(db, open, {
        kind: 'deposit',
        key: (await entryOf(open, 'deposit')).idempotency_key,
        legs: [],
      }),
  ],
  [
    'a refund that a resolution opened',
    'fund_refund_of_its_unit',
    async (db) =>
      raw(db, open, {
        kind: 'refund',
        authorisation: openId,
        legs: [
          [await account(open, 'unit_available', 0), 100n],
          [await account(open, 'payable'), -100n],
        ],
      }),
  ],
  [
    '18: a refund of a unit that stands',
    'fund_refund_unit_gone',
    async (db) => {
      const record = utf8(newId(random));
      const values = {
        community_id: open.community,
        authorisation_id: newId(random),
        kind: 'unit_refund',
        unit_id: present(open.units[0], 'a unit').unit,
        document_hash: sha256(),
        cap_fen: 100n,
        payee_account: sha256(),
        authorised_on: '2026-12-10',
        record,
        hash: h256('refund', record),
        entry_id: (await entryOf(open, 'deposit')).log_entry_id,
      };
      return db.insertInto('fund_authorisation').values(values).execute();
    },
  ],
  [
    'an entry whose hash is not that of its record',
    'fund_entry_hash_check',
    (db) => raw(db, open, { kind: 'deposit', hash: sha256(), legs: [] }),
  ],
  [
    'an entry that the log does not name',
    'fund_entry_is_logged',
    async (db) =>
      raw(db, open, {
        kind: 'deposit',
        loggedHash: sha256(),
        legs: [
          [await account(open, 'bank'), 100n],
          [await account(open, 'unit_available', 0), -100n],
        ],
      }),
  ],
  [
    'a payment without an order',
    'fund_entry_order_check',
    async (db) =>
      raw(db, open, {
        kind: 'pay',
        authorisation: openId,
        legs: [
          [await account(open, 'payable'), 100n],
          [await account(open, 'bank'), -100n],
        ],
      }),
  ],
  [
    'a payment whose order nobody signed',
    'fund_order_is_signed',
    async (db) => {
      const order = await fresh.owner
        .selectFrom('fund_order')
        .selectAll()
        .where('order_id', '=', orderId)
        .executeTakeFirstOrThrow();
      return raw(db, open, {
        kind: 'pay',
        authorisation: openId,
        order: orderId,
        record: order.record,
        legs: [
          [await account(open, 'payable'), 30_000n],
          [await account(open, 'bank'), -30_000n],
        ],
      });
    },
  ],
  [
    'a payment under an order that was paid already',
    'fund_entry_order_key',
    async (db) =>
      raw(db, open, {
        kind: 'pay',
        authorisation: openId,
        order: present((await entryOf(open, 'pay')).order_id, 'the order of a payment'),
        legs: [],
      }),
  ],
  [
    'an order to another account than the resolution names',
    'fund_order_payee_fk',
    async (db) => {
      const order = await fresh.owner
        .selectFrom('fund_order')
        .selectAll()
        .where('order_id', '=', orderId)
        .executeTakeFirstOrThrow();
      const payee = { payee_account: sha256(utf8('somebody else')), order_id: newId(random) };
      const act = { ...(await anyAct()), act_id: newId(random), subject: sha256(random(8)) };
      await fresh.owner.insertInto('act').values(act).execute();
      await db
        .insertInto('fund_order')
        .values({ ...order, ...payee, act_id: act.act_id, idempotency_key: 'other payee' })
        .execute();
    },
  ],
  [
    'a reversal that is not exact',
    'fund_reversal_exact',
    async (db) =>
      raw(db, open, {
        kind: 'deposit_reversed',
        signedAs: ['committee', 'street'],
        reverses: (await entryOf(open, 'deposit')).entry_id,
        valueOn: (await entryOf(open, 'deposit')).value_on,
        legs: [
          [await account(open, 'unit_available', 0), 100n],
          [await account(open, 'bank'), -100n],
        ],
      }),
  ],
  [
    'a reversal of nothing',
    'fund_entry_reverses_check',
    async (db) =>
      raw(db, open, {
        kind: 'deposit_reversed',
        signedAs: ['committee', 'street'],
        legs: [
          [await account(open, 'unit_available', 0), 100n],
          [await account(open, 'bank'), -100n],
        ],
      }),
  ],
  [
    '12: an authorisation from a rejected resolution',
    'fund_authorisation_resolution_fk',
    (db) => copyAuthorisation(db, rejected, {}),
  ],
  [
    '14: an authorisation that says itself that it was rejected',
    'fund_authorisation_outcome_check',
    (db) => copyAuthorisation(db, rejected, { outcome: 'REJECTED' }),
  ],
  [
    '13: an authorisation for a larger cap',
    'fund_authorisation_resolution_key',
    (db) => copyAuthorisation(db, open, { cap: 100_001n }),
  ],
  [
    '15: a second authorisation of one resolution',
    'fund_authorisation_resolution_key',
    (db) => copyAuthorisation(db, open, {}),
  ],
  [
    'a second available account of a unit',
    'fund_account_available_key',
    (db) =>
      db
        .insertInto('fund_account')
        .values({
          community_id: open.community,
          account_id: newId(random),
          kind: 'unit_available',
          unit_id: present(open.units[0], 'a unit').unit,
          authorisation_id: null,
          name: '负债:分户账:另一个:可用',
        })
        .execute(),
  ],
  [
    'a held account without an authorisation',
    'fund_account_owner_check',
    (db) =>
      db
        .insertInto('fund_account')
        .values({
          community_id: open.community,
          account_id: newId(random),
          kind: 'unit_held',
          unit_id: present(open.units[0], 'a unit').unit,
          authorisation_id: null,
          name: '负债:分户账:另一个:冻结',
        })
        .execute(),
  ],
];

async function anyAct() {
  return fresh.owner
    .selectFrom('act')
    .selectAll()
    .where('community_id', '=', open.community)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
}

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  it.each(CASES)('%s [%s]', async (_name, refusal, attempt) => {
    expect(await refusedBy(() => attempt(login === 'owner' ? fresh.owner : fresh.db))).toBe(refusal);
  });
});

describe('13: an authorisation for more than was resolved', () => {
  it('finds no such resolution, even before the right one was made', async () => {
    const world = await fundWorld(fresh, { seed: 'larger', units: UNITS, capFen: 100_000n });
    accepted(await deposit(world, [1n, 1n]));
    for (const db of [fresh.db, fresh.owner])
      expect(await refusedBy(() => copyAuthorisation(db, world, { cap: 100_001n }))).toBe(
        'fund_authorisation_resolution_fk',
      );
  });
});

const edits: readonly Case[] = [
  [
    '9: an entry changed',
    'fund_entry_900_append_only',
    (db) => sql`update fund_entry set value_on = '2020-01-01'`.execute(db),
  ],
  ['9: an entry deleted', 'fund_entry_900_append_only', (db) => sql`delete from fund_entry`.execute(db)],
  [
    '10: entries truncated',
    'fund_entry_900_append_only',
    (db) => sql`truncate fund_entry cascade`.execute(db),
  ],
  [
    '9: a posting changed',
    'fund_posting_900_append_only',
    (db) => sql`update fund_posting set amount_fen = 1`.execute(db),
  ],
  ['9: a posting deleted', 'fund_posting_900_append_only', (db) => sql`delete from fund_posting`.execute(db)],
  ['10: postings truncated', 'fund_posting_900_append_only', (db) => sql`truncate fund_posting`.execute(db)],
  [
    'an order changed',
    'fund_order_append_only',
    (db) => sql`update fund_order set amount_fen = 1`.execute(db),
  ],
  [
    'a shape added',
    'fund_entry_shape_append_only',
    (db) => sql`insert into fund_entry_shape values ('pay', 'unit_available', 'D')`.execute(db),
  ],
  [
    'an account renamed',
    'fund_account_900_frozen',
    (db) => sql`update fund_account set name = name || 'x'`.execute(db),
  ],
  [
    'a cap raised',
    'fund_authorisation_900_frozen',
    (db) => sql`update fund_authorisation set cap_fen = cap_fen + 1`.execute(db),
  ],
  ['a book deleted', 'fund_book_900_frozen', (db) => sql`delete from fund_book`.execute(db)],
  [
    '16: an outcome flipped',
    'resolution_append_only',
    (db) => sql`update resolution set outcome = 'REJECTED'`.execute(db),
  ],
];

it('the eighteen attacks are tried, each under its number', () => {
  const numbers = [...CASES, ...edits].map(([name]) => Number(/^(\d+): /.exec(name)?.[1] ?? 0));
  expect([...new Set(numbers)].filter((no) => no > 0).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 18 }, (_, at) => at + 1),
  );
});

describe('history', () => {
  it.each(edits)('%s: the application is denied, the owner refused [%s]', async (_name, trigger, attempt) => {
    expect(await refusedBy(() => attempt(fresh.db))).toBe('denied');
    expect(await refusedBy(() => attempt(fresh.owner))).toBe(trigger);
  });

  it.each([
    ['a balance', () => sql`update fund_account set balance_fen = 1`.execute(fresh.db)],
    [
      'the state of an authorisation',
      () => sql`update fund_authorisation set state = 'open'`.execute(fresh.db),
    ],
    ['the last number of a book', () => sql`update fund_book set last_seq = 0`.execute(fresh.db)],
    ['a trigger', () => sql`alter table fund_entry disable trigger all`.execute(fresh.db)],
    [
      'an account that is born rich',
      () =>
        sql`insert into fund_account (community_id, account_id, kind, name, balance_fen)
            values (${open.community}, ${newId(random)}, 'bank', '资产:专户存款:富', 100)`.execute(fresh.db),
    ],
  ])('the application cannot write %s', async (_name, attempt) => {
    expect(await refusedBy(attempt)).toBe('denied');
  });

  it('16: with its trigger away, an outcome is still held by the authorisation that relies on it', async () => {
    const refusal = await refusedBy(() =>
      fresh.owner.transaction().execute(async (tx) => {
        await sql`alter table resolution disable trigger resolution_append_only`.execute(tx);
        await sql`update resolution set outcome = 'REJECTED' where community_id = ${open.community}`.execute(
          tx,
        );
      }),
    );
    expect(refusal).toBe('fund_authorisation_resolution_fk');
  });

  it('with a shape smuggled in, the bank still falls by payments only', async () => {
    const refusal = await refusedBy(() =>
      fresh.owner.transaction().execute(async (tx) => {
        await sql`alter table fund_entry_shape disable trigger fund_entry_shape_append_only`.execute(tx);
        await sql`insert into fund_entry_shape values ('bank_moved', 'unit_available', 'D')`.execute(tx);
        await rawIn(tx, open, {
          kind: 'bank_moved',
          signedAs: ['committee', 'street'],
          legs: [
            [await account(open, 'unit_available', 0), 100n],
            [await account(open, 'bank'), -100n],
          ],
        });
      }),
    );
    expect(refusal).toBe('fund_bank_falls');
  });
});

describe('what is allowed', () => {
  it('an exact reversal passes once, and a second one is refused', async () => {
    const world = await fundWorld(fresh, { seed: 'reversal', units: UNITS, capFen: 1n });
    accepted(await deposit(world, [5n, 7n]));
    const reversal = async () =>
      raw(fresh.db, world, {
        kind: 'deposit_reversed',
        signedAs: ['committee', 'street'],
        reverses: (await entryOf(world, 'deposit')).entry_id,
        valueOn: (await entryOf(world, 'deposit')).value_on,
        legs: [
          [await account(world, 'unit_available', 0), 5n],
          [await account(world, 'bank'), -5n],
        ],
      });
    expect(await refusedBy(reversal)).toBe('accepted');
    expect(await refusedBy(reversal)).toBe('fund_entry_reverses_key');
  });

  it('an account of one authorisation takes no entry of another', async () => {
    const world = await fundWorld(fresh, { seed: 'two', units: UNITS, capFen: 100n });
    accepted(await deposit(world, [500n, 500n]));
    const authorisation = await authorise(world);
    accepted(await holdShares(world.deps, { community: world.community, authorisation }));
    const deposited = raw(fresh.db, world, {
      kind: 'deposit_identified',
      signedAs: ['committee', 'street'],
      legs: [
        [await account(world, 'unit_held', 0), 1n],
        [await account(world, 'unit_available', 0), -1n],
      ],
    });
    expect(await refusedBy(() => deposited)).toBe('fund_posting_authorisation');
  });
});
