// Goal: receipts whose rows go to the server together, with their log entries and their COMMIT, stand or fall as one and in their order.
// Method: real database; lists of one, of few and of more than are sent together, each beside one that the tables refuse.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { connect } from '../../src/db/connect.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { receive } from '../../src/fund/receiving.ts';
import type { NewEntryRow } from '../../src/fund/store/book.ts';
import { entriesInsertion } from '../../src/fund/store/book.ts';
import { freshDatabase } from '../support/database.ts';
import { accepted, balancesOf, codeOf, deposit, type FundWorld, fundWorld } from './fund-world.ts';
import { refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const BANK = { name: '建行', lastDigits: '0071' };
/** Fits a reference, and makes a key that is longer than the table takes. */
const TOO_LONG = 'x'.repeat(195);

let world: FundWorld;
beforeAll(async () => {
  world = await fundWorld(fresh, {
    seed: 'receiving',
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 5000n },
    ],
    capFen: 9000n,
  });
  accepted(await deposit(world, [1000n]));
});

const receipts = (numbers: readonly string[]) =>
  receive(world.deps, {
    community: world.community,
    bank: BANK,
    receipts: numbers.map((receipt, at) => ({
      receipt,
      unit: present(world.units[at % 2], 'two units').unit,
      amountFen: 1n,
      valueOn: '2026-12-01',
    })),
  });

/** The entries of the book beside those of the log, in the order of `seq`. */
const standing = async () =>
  (
    await sql<{ seq: bigint; log: bigint; logged: string; isNamed: boolean }>`
      select e.seq, e.log_entry_id as log, convert_from(l.data, 'UTF8')::jsonb ->> 'seq' as logged,
             translate(rtrim(encode(e.hash, 'base64'), '='), '+/', '-_') = convert_from(l.data, 'UTF8')::jsonb ->> 'hash' as "isNamed"
        from fund_entry e join log_entry l on l.id = e.log_entry_id
       where e.community_id = ${world.community} order by e.seq`.execute(fresh.db)
  ).rows;
const logged = async (): Promise<number> =>
  (
    await fresh.db
      .selectFrom('log_entry')
      .select('id')
      .where('community_id', '=', world.community)
      .where('kind', '=', 'fund.entry')
      .execute()
  ).length;

describe('receipts that are sent together', () => {
  it.each([
    ['one', 1],
    ['three', 3],
    ['more than go with their COMMIT', 501],
  ] as const)('%s: each has its own row of the log, in the order of the book', async (name, count) => {
    const before = (await standing()).length;
    const numbers = Array.from({ length: count }, (_, at) => `${name} ${at}`);
    const received = accepted(await receipts(numbers));
    expect(received.booked).toBe(count);
    const rows = await standing();
    expect(received.entries.map(({ seq }) => seq)).toEqual(rows.slice(before).map(({ seq }) => seq));
    expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, at) => at + 1));
    for (const { seq, logged: said, isNamed } of rows) expect([said, isNamed]).toEqual([String(seq), true]);
    const ids = rows.map(({ log }) => log);
    expect(ids).toEqual([...ids].sort((one, other) => (one < other ? -1 : 1)));
    expect(await logged()).toBe(rows.length);
    expect(accepted(await receipts(numbers))).toEqual({ ...received, booked: 0, repeated: count });
  });

  it.each([
    ['alone', [TOO_LONG]],
    ['among others', ['a', TOO_LONG, 'b']],
    ['at the end of many', [...Array.from({ length: 501 }, (_, at) => `m${at}`), TOO_LONG]],
  ] as const)('fall whole where the table refuses one of them: %s', async (_name, numbers) => {
    const [before, balances] = [await standing(), await balancesOf(world, 'unit_available')];
    expect(await refusedBy(() => receipts(numbers))).toBe('fund_entry_idempotency_check');
    expect(await standing()).toEqual(before);
    expect(await logged()).toBe(before.length);
    expect(await balancesOf(world, 'unit_available')).toEqual(balances);
    expect(accepted(await receipts([`after ${_name}`])).entries[0]?.seq).toBe(BigInt(before.length + 1));
  });
});

describe('an entry of the book', () => {
  it('without a row of the log, or a row too many, is refused', async () => {
    const rows = await standing();
    const row: NewEntryRow = {
      community_id: world.community,
      entry_id: world.proposal,
      seq: BigInt(rows.length + 1),
      kind: 'deposit',
      booked_on: '2026-12-31',
      value_on: '2026-12-01',
      authorisation_id: null,
      reverses_entry_id: null,
      order_id: null,
      idempotency_key: 'no row',
      request_hash: new Uint8Array(32),
      record: utf8('record'),
      hash: h256('fund-entry', utf8('record')),
    };
    for (const [log, missing] of [
      [sql`select 1::bigint as id where false`, 'log_entry_id'],
      [sql`select id from (values (1::bigint), (2::bigint)) as v (id)`, 'the community has no book'],
    ] as const) {
      const insertion = present(entriesInsertion([row], [], log)[0], 'the entries');
      await expect(inTransaction(fresh.db, (tx) => insertion.execute(tx))).rejects.toThrow(missing);
    }
    expect(await standing()).toEqual(rows);
  });
});

describe('a book that another session has locked', () => {
  it('is busy on a connection of many answers too, which receives again at once afterwards', async () => {
    // Prepared statements are answered in one packet: the echoes of the failed lock are seen before the lock's own error.
    const one = connect(fresh.appUrl, { maxConnections: 1 });
    const go = (receipt: string) =>
      receive(
        { ...world.deps, db: one },
        {
          community: world.community,
          bank: BANK,
          receipts: [
            { receipt, unit: present(world.units[0], 'a unit').unit, amountFen: 1n, valueOn: '2026-12-01' },
          ],
        },
      );
    for (const receipt of ['热1', '热2']) accepted(await go(receipt));
    await fresh.owner.transaction().execute(async (tx) => {
      await sql`select from fund_book where community_id = ${world.community} for update`.execute(tx);
      for (let time = 0; time < 2; time += 1) expect(codeOf(await go('忙'))).toBe('FUND_BOOK_BUSY');
    });
    expect(accepted(await go('忙')).booked).toBe(1);
    await one.destroy();
  }, 30_000);
});
