// Goal: what money that comes in, moves or is undone must never do is refused by the database, whoever asks. Method: raw SQL around
// the shells, once as the application and once as the owner of the tables; each case names the rule that must refuse it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { receive } from '../../src/fund/receiving.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { accepted, deposit, type FundWorld, fundWorld } from './fund-world.ts';
import type { RawEntry } from './raw-book.ts';
import { account, entryOf, raw, refusedBy } from './raw-book.ts';

const BANK = { name: '建行', lastDigits: '0071' };
const BOTH = ['committee', 'street'];
const UNITS = [
  { building: '1幢', room: '101', areaDm2: 5000n },
  { building: '1幢', room: '102', areaDm2: 5000n },
];

let fresh: FreshDatabase;
/** Two households of 1,000 fen each, 30 fen of unknown payers, 20 fen of interest not shared, one period shared already. */
let world: FundWorld;

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await fundWorld(fresh, { seed: 'raw movements', units: UNITS, capFen: 100n });
  const { community, deps } = world;
  accepted(await deposit(world, [1000n, 1000n]));
  const receipt = { receipt: '甲1', unit: '', amountFen: 30n, valueOn: '2026-12-01' };
  accepted(await receive(deps, { community, bank: BANK, receipts: [receipt] }));
  const interest = { community, bank: BANK, valueOn: '2026-12-01' };
  accepted(await receiveInterest(deps, { ...interest, receipt: '息1', amountFen: 10n }));
  accepted(await distributeInterest(deps, { community, until: '2026-12-03' }));
  accepted(await receiveInterest(deps, { ...interest, receipt: '息2', amountFen: 20n }));
});
afterAll(async () => fresh.close());

type Case = readonly [name: string, rule: string, attempt: (db: Database) => Promise<unknown>];

const at = (kind: string, place?: number): Promise<string> => account(world, kind, place);
/** Money from one account to another. */
const moved = async (
  db: Database,
  amountFen: bigint,
  to: string,
  from: string,
  entry: Omit<RawEntry, 'legs'>,
) =>
  raw(db, world, {
    ...entry,
    legs: [
      [to, amountFen],
      [from, -amountFen],
    ],
  });

/** A reversal of the first deposit, which stands with 1,000 fen. */
const reversal = async (db: Database, entry: Partial<RawEntry>) => {
  const former = await entryOf(world, 'deposit');
  return moved(db, 1000n, await at('unit_available', 0), await at('bank'), {
    kind: 'deposit_reversed',
    reverses: former.entry_id,
    valueOn: former.value_on,
    ...entry,
  });
};

/** Interest of `amounts` to the units, as a period up to `until`. */
const shared = async (db: Database, until: string, amounts: readonly [bigint, bigint]) =>
  raw(db, world, {
    kind: 'interest_distributed',
    valueOn: until,
    legs: [
      [await at('interest_undistributed'), amounts[0] + amounts[1]],
      [await at('unit_available', 0), -amounts[0]],
      [await at('unit_available', 1), -amounts[1]],
    ],
  });

const order = async (db: Database, changes: { readonly kind: string; readonly payee?: Uint8Array }) => {
  const act = await fresh.owner.selectFrom('act').select('act_id').executeTakeFirstOrThrow();
  return db
    .insertInto('fund_order')
    .values({
      community_id: world.community,
      order_id: newId(world.deps.random),
      kind: changes.kind,
      authorisation_id: null,
      bank_account_id: null,
      amount_fen: 1n,
      payee_account: changes.payee ?? null,
      record: new Uint8Array(),
      act_id: act.act_id,
      idempotency_key: newId(world.deps.random),
      request_hash: sha256(),
    })
    .execute();
};

const secondAccount = (db: Database, kind: string) =>
  db
    .insertInto('fund_account')
    .values({
      community_id: world.community,
      account_id: newId(world.deps.random),
      kind,
      unit_id: null,
      authorisation_id: null,
      name: `负债:第二个:${kind}`,
    })
    .execute();

const CASES: readonly Case[] = [
  ['a reversal without an order', 'fund_entry_order_check', (db) => reversal(db, {})],
  [
    'a reversal that one officer signed',
    'fund_order_is_signed',
    (db) => reversal(db, { signedAs: ['street'] }),
  ],
  [
    'a reversal that two officers of one role signed',
    'fund_order_is_signed',
    (db) => reversal(db, { signedAs: ['street', 'street'] }),
  ],
  [
    'a reversal that counts from another day',
    'fund_reversal_value',
    (db) => reversal(db, { signedAs: BOTH, valueOn: '2026-12-02' }),
  ],
  [
    'a reversal of money of unknown payers from a household',
    'fund_reversal_exact',
    async (db) => {
      const former = await entryOf(world, 'deposit_unidentified');
      return moved(db, 30n, await at('unit_available', 0), await at('bank'), {
        kind: 'deposit_reversed',
        reverses: former.entry_id,
        valueOn: former.value_on,
        signedAs: BOTH,
      });
    },
  ],
  [
    'a reversal of interest',
    'fund_reversal_exact',
    async (db) => {
      const former = await entryOf(world, 'interest_received');
      return moved(db, 10n, await at('unit_available', 0), await at('bank'), {
        kind: 'deposit_reversed',
        reverses: former.entry_id,
        valueOn: former.value_on,
        signedAs: BOTH,
      });
    },
  ],
  [
    'money of unknown payers that nobody signed for',
    'fund_entry_order_check',
    async (db) =>
      moved(db, 30n, await at('deposit_unidentified'), await at('unit_available', 0), {
        kind: 'deposit_identified',
      }),
  ],
  [
    'more than there is of unknown payers',
    'fund_account_never_negative_check',
    async (db) =>
      moved(db, 31n, await at('deposit_unidentified'), await at('unit_available', 0), {
        kind: 'deposit_identified',
        signedAs: BOTH,
      }),
  ],
  [
    'money of unknown payers out of the bank',
    'fund_posting_shape_fk',
    async (db) =>
      moved(db, 30n, await at('deposit_unidentified'), await at('bank'), {
        kind: 'deposit_identified',
        signedAs: BOTH,
      }),
  ],
  [
    'money between banks that nobody signed for',
    'fund_entry_order_check',
    async (db) => moved(db, 1n, await at('bank'), await at('bank'), { kind: 'bank_moved' }),
  ],
  [
    'a value date after the day of booking',
    'fund_entry_value_check',
    async (db) =>
      moved(db, 1n, await at('bank'), await at('unit_available', 0), {
        kind: 'deposit',
        valueOn: '2099-01-01',
      }),
  ],
  ['interest that is not shared whole', 'fund_interest_whole', (db) => shared(db, '2026-12-05', [10n, 9n])],
  [
    'interest by another measure than balance-days',
    'fund_interest_by_days',
    (db) => shared(db, '2026-12-05', [11n, 9n]),
  ],
  [
    'interest of a period that was shared',
    'fund_interest_period_order',
    (db) => shared(db, '2026-12-03', [10n, 10n]),
  ],
  [
    'interest straight to the bank',
    'fund_posting_shape_fk',
    async (db) =>
      moved(db, 20n, await at('interest_undistributed'), await at('bank'), {
        kind: 'interest_distributed',
        valueOn: '2026-12-05',
      }),
  ],
  [
    'a second account of undistributed interest',
    'fund_account_single_key',
    (db) => secondAccount(db, 'interest_undistributed'),
  ],
  [
    'a second account of unknown payers',
    'fund_account_single_key',
    (db) => secondAccount(db, 'deposit_unidentified'),
  ],
  ['an order of a kind that nobody signs', 'fund_order_kind_check', (db) => order(db, { kind: 'deposit' })],
  ['an order to pay nobody', 'fund_order_pay_check', (db) => order(db, { kind: 'pay' })],
  [
    'an order that names a payee and is no payment',
    'fund_order_pay_check',
    (db) => order(db, { kind: 'bank_moved', payee: sha256() }),
  ],
];

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  beforeAll(async () => {
    // An act to hang an order on.
    const acts = await fresh.owner.selectFrom('act').select('act_id').execute();
    if (acts.length > 0) return;
    const paying = await fundWorld(fresh, { seed: 'an act', units: UNITS, capFen: 100n });
    accepted(await deposit(paying, [100n, 100n]));
    await raw(fresh.db, paying, {
      kind: 'bank_moved',
      signedAs: BOTH,
      legs: [
        [await account(paying, 'bank'), 1n],
        [await account(paying, 'bank'), -1n],
      ],
    });
  });

  it.each(CASES)('%s [%s]', async (_name, rule, attempt) => {
    expect(await refusedBy(() => attempt(login === 'owner' ? fresh.owner : fresh.db))).toBe(rule);
  });
});

describe('what is allowed', () => {
  it('is an exact reversal that two roles signed, and the shares that balance-days give', async () => {
    expect(await refusedBy(() => shared(fresh.db, '2026-12-05', [10n, 10n]))).toBe('accepted');
    expect(await refusedBy(() => reversal(fresh.db, { signedAs: BOTH }))).toBe('accepted');
    expect(await refusedBy(() => reversal(fresh.db, { signedAs: BOTH }))).toBe('fund_entry_reverses_key');
  });
});
