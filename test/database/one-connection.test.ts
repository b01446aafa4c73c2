// Goal: statements that share a connection keep their order, their transaction and the first error, and none outlives its loan.
// Method: a real server; locks, failing statements and slow ones on purpose.
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../src/db/connect.ts';
import { CommitUnknownError, isDefinite } from '../../src/db/guarded-pool.ts';
import { onOneConnection } from '../../src/db/one-connection.ts';
import { PLANNED_ONCE } from '../../src/db/planned-once.ts';
import { inTransaction, sqlStateOf, type Tx } from '../../src/db/transaction.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
let db: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  await sql`create table line (n integer primary key)`.execute(fresh.owner);
  await sql`grant select, insert, delete on line to public`.execute(fresh.owner);
  db = connect(fresh.appUrl, { maxConnections: 1 });
});
beforeEach(async () => {
  await sql`delete from line`.execute(fresh.db);
});
afterAll(async () => {
  await db.destroy();
  await fresh.close();
});

const insertion = (n: unknown) => sql`insert into line values (${n})`;
const insert = (on: Database | Tx, n: number) => insertion(n).execute(on);
const count = async (on: Database | Tx): Promise<number> =>
  (await sql<{ n: number }>`${PLANNED_ONCE} select count(*)::int as n from line`.execute(on)).rows[0]?.n ??
  -1;
const backend = async (on: Database | Tx): Promise<number | undefined> =>
  (await sql<{ pid: number }>`${PLANNED_ONCE} select pg_backend_pid() as pid`.execute(on)).rows[0]?.pid;
const isOpen = async (tx: Tx): Promise<boolean | undefined> =>
  (
    await sql<{ is: boolean }>`${PLANNED_ONCE} select now() < clock_timestamp()
      and pg_current_xact_id_if_assigned() is not null as is`.execute(tx)
  ).rows[0]?.is;

describe('statements sent together', () => {
  it('are worked on in the order of their calls, on one connection', async () => {
    const [before, , between, , after] = await onOneConnection(fresh.db, (one) =>
      Promise.all([count(one), insert(one, 1), count(one), insert(one, 2), count(one)]),
    );
    expect([before, between, after]).toEqual([0, 1, 2]);
    const pids = await onOneConnection(fresh.db, (one) => Promise.all([backend(one), backend(one)]));
    expect(new Set(pids).size).toBe(1);
  });

  it('of a transaction stand in it, whichever comes first', async () => {
    const writesFirst = inTransaction(db, async (tx) => {
      const seen = await Promise.all([insert(tx, 1), count(tx), insert(tx, 2), count(tx), isOpen(tx)]);
      expect([seen[1], seen[3], seen[4]]).toEqual([1, 2, true]);
      throw new Error('taken back');
    });
    await expect(writesFirst).rejects.toThrow('taken back');
    const looksFirst = inTransaction(db, async (tx) => {
      const seen = await Promise.all([count(tx), insert(tx, 1), count(tx), isOpen(tx)]);
      expect([seen[0], seen[2], seen[3]]).toEqual([0, 1, true]);
      throw new Error('taken back');
    });
    await expect(looksFirst).rejects.toThrow('taken back');
    expect(await count(db)).toBe(0);
  });

  it('stand once the transaction ends well, also one that says nothing', async () => {
    await inTransaction(db, (tx) => Promise.all([insert(tx, 1), insert(tx, 2)]));
    expect(await inTransaction(db, async () => 'nothing asked')).toBe('nothing asked');
    expect(await count(fresh.db)).toBe(2);
  });

  it('end with the first error, and everything with them', async () => {
    const work = inTransaction(db, (tx) =>
      Promise.all([count(tx), insert(tx, 1), insert(tx, 1), insert(tx, 2), count(tx)]),
    );
    expect(sqlStateOf(await work.catch((error: unknown) => error))).toBe('23505');
    expect(await count(db)).toBe(0);
  });

  it('that nobody waits for any more are over before the connection is lent again', async () => {
    const work = onOneConnection(db, (one) =>
      Promise.all([sql`select 1/0`.execute(one), sql`select pg_sleep(0.2)`.execute(one), insert(one, 1)]),
    );
    await expect(work).rejects.toThrow(/division by zero/);
    expect(await count(db)).toBe(1);
  });
});

describe('a statement that the COMMIT goes with', () => {
  it('and that fails before the server sees it leaves the rest in doubt, not undone', async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const work = inTransaction(db, async (tx, last) => {
      await insert(tx, 1);
      last(insertion(circle));
    });
    await expect(work).rejects.toBeInstanceOf(CommitUnknownError);
  });

  it('stands once the transaction is over', async () => {
    const said = await inTransaction(db, async (tx, last) => {
      expect(await count(tx)).toBe(0);
      last(insertion(1));
      last(insertion(2));
      return 'written';
    });
    expect([said, await count(fresh.db)]).toEqual(['written', 2]);
  });

  it('and that fails leaves nothing, and says why', async () => {
    await insert(db, 2);
    const work = inTransaction(db, async (tx, last) => {
      await insert(tx, 1);
      last(insertion(2));
      last(insertion(3));
    });
    expect(sqlStateOf(await work.catch((error: unknown) => error))).toBe('23505');
    expect(await count(fresh.db)).toBe(1);
    expect(await inTransaction(db, (tx) => count(tx))).toBe(1);
  });

  it('is taken back where the work throws after it', async () => {
    const work = inTransaction(db, async (tx, last) => {
      await insert(tx, 1);
      last(sql`select 1/0`);
      throw new Error('better not');
    });
    await expect(work).rejects.toThrow('better not');
    expect(await count(db)).toBe(0);
  });

  it('and whose session ends is in doubt, not failed', async () => {
    const ended = sql`select pg_terminate_backend(pg_backend_pid())`;
    const work = inTransaction(db, async (tx, last) => {
      await insert(tx, 1);
      last(ended);
    });
    await expect(work).rejects.toBeInstanceOf(CommitUnknownError);
    expect(await count(db)).toBe(0);
  });
});

it('only a server that goes on gives a definite answer, and no name of a system error is one', () => {
  const told = (facts: Record<string, unknown>): boolean =>
    isDefinite(Object.assign(new Error('told'), facts));
  expect(told({ severity: 'ERROR', code: '23505' })).toBe(true);
  for (const facts of [
    { code: 'EPIPE', errno: -32, syscall: 'write' },
    { code: 'ECONNRESET' },
    { code: '23505' },
    { severity: 'ERROR', code: '08006' },
    { severity: 'FATAL', code: '57P01' },
    { severity: 'PANIC', code: '53100' },
    {},
  ])
    expect(told(facts), JSON.stringify(facts)).toBe(false);
  expect(isDefinite('told')).toBe(false);
});

it('a failure that nobody heard of never passes for a commit', async () => {
  const work = inTransaction(db, async (tx) => {
    await insert(tx, 1);
    await sql`select 1/0`.execute(tx).catch(() => undefined);
  });
  await expect(work).rejects.toThrow('had failed');
  expect(await count(db)).toBe(0);
});

it('a statement after the end of its transaction is refused', async () => {
  let kept: Tx | undefined;
  await inTransaction(db, async (tx) => {
    kept = tx;
  });
  await expect(insert(kept as unknown as Tx, 1)).rejects.toThrow(/after the COMMIT of its transaction/);
  expect(await count(db)).toBe(0);
});

it('a session that ends before the first statement is an error, and nothing was done', async () => {
  const pid = await backend(db);
  const work = inTransaction(db, async (tx) => {
    const admin = new pg.Client({ connectionString: fresh.adminUrl });
    await admin.connect();
    await admin.query('select pg_terminate_backend($1)', [pid]);
    await admin.end();
    await insert(tx, 1);
  });
  await expect(work).rejects.toThrow();
  expect(await count(db)).toBe(0);
});
