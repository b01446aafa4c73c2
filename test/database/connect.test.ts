// Goal: values keep their types, ties are retried, and a doubtful commit is never reported as done. Method: a real server, whose
// sessions are ended, whose commits warn, and whose transactions deadlock on purpose.
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { refusalOfConstraint } from '../../src/db/constraint-refusals.ts';
import { CommitUnknownError } from '../../src/db/guarded-pool.ts';
import { enqueue } from '../../src/db/jobs.ts';
import { inTransaction, sqlStateOf } from '../../src/db/transaction.ts';
import { TEST_NOW } from '../support/clock.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await sql`create table pair (id integer primary key, n integer not null)`.execute(fresh.owner);
  await sql`insert into pair values (1, 0), (2, 0)`.execute(fresh.owner);
  await sql`grant select, insert, update on pair to public`.execute(fresh.owner);
});
afterAll(async () => fresh.close());

const job = { kind: 'test.one', payload: {}, runAt: TEST_NOW };

describe('a value', () => {
  it('comes back exact: bigint, civil date as text, bytes as a plain Uint8Array, and arrays of them', async () => {
    const { rows } = await sql<Record<string, unknown>>`
      select 9007199254740993::bigint as big, date '2026-02-28' as day, '\\x00ff'::bytea as bytes,
             array[1::bigint, null] as bigs, array['\\x0a'::bytea, '\\x'] as blobs, array[date '2026-01-01'] as days, null::bytea as none,
             '\\x0102'::bytea as domained`.execute(fresh.db);
    expect(rows[0]).toEqual({
      big: 9007199254740993n,
      day: '2026-02-28',
      bytes: new Uint8Array([0, 255]),
      bigs: [1n, null],
      blobs: [new Uint8Array([10]), new Uint8Array([])],
      days: ['2026-01-01'],
      none: null,
      domained: new Uint8Array([1, 2]),
    });
  });

  it('goes in exact', async () => {
    const { rows } = await sql<{ back: unknown; size: unknown }>`
      select ${9007199254740993n}::bigint as back, octet_length(${new Uint8Array([1, 2, 3])}::bytea) as size`.execute(
      fresh.db,
    );
    expect(rows[0]).toEqual({ back: 9007199254740993n, size: 3 });
  });
});

describe('a transaction', () => {
  it('is undone when its work throws', async () => {
    const work = inTransaction(fresh.db, async (tx) => {
      await sql`update pair set n = 99`.execute(tx);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect((await sql`select 1 from pair where n = 99`.execute(fresh.db)).rows).toEqual([]);
  });

  it('that loses a deadlock runs again, and both sides end with their work done', async () => {
    let runs = 0;
    let meet = (): void => undefined;
    const meeting = new Promise<void>((resolve) => {
      meet = resolve;
    });
    let arrived = 0;
    const cross = (first: number, second: number): Promise<void> =>
      inTransaction(fresh.db, async (tx) => {
        runs += 1;
        await sql`update pair set n = n + 1 where id = ${first}`.execute(tx);
        arrived += 1;
        if (arrived === 2) meet();
        await meeting;
        await sql`update pair set n = n + 1 where id = ${second}`.execute(tx);
      });
    await Promise.all([cross(1, 2), cross(2, 1)]);
    expect(runs).toBe(3);
    expect((await sql`select n from pair order by id`.execute(fresh.db)).rows).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('gives up after five ties and throws the tie, never a refusal', async () => {
    let runs = 0;
    const work = inTransaction(fresh.db, async (tx) => {
      runs += 1;
      await sql`do $$ begin raise exception 'tie' using errcode = '40001'; end $$`.execute(tx);
    });
    const error = await work.catch((thrown: unknown) => thrown);
    expect([runs, sqlStateOf(error), refusalOfConstraint(error, {})]).toEqual([5, '40001', undefined]);
  });

  it('does not run again for any other error', async () => {
    let runs = 0;
    const work = inTransaction(fresh.db, async (tx) => {
      runs += 1;
      await sql`select 1/0`.execute(tx);
    });
    await expect(work).rejects.toThrow(/division by zero/);
    expect(runs).toBe(1);
  });
});

describe('a commit in doubt', () => {
  it('is an unknown outcome when the session ends before the answer', async () => {
    const db = connect(fresh.appUrl, { maxConnections: 1 });
    const work = inTransaction(db, async (tx) => {
      await enqueue(tx, job, TEST_NOW);
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      const admin = new pg.Client({ connectionString: fresh.adminUrl });
      await admin.connect();
      await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await admin.end();
    });
    await expect(work).rejects.toBeInstanceOf(CommitUnknownError);
    // The spoilt connection is not used again.
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
    await db.destroy();
  });

  it('is an unknown outcome when the server warns while it commits, as it does when a wait for the standby is cancelled', async () => {
    // A deferred trigger raises the same warning at the same moment.
    await sql`create table warned (id integer)`.execute(fresh.owner);
    await sql`grant insert, select on warned to public`.execute(fresh.owner);
    await sql`create function warns() returns trigger language plpgsql as
      $$ begin raise warning 'canceling wait for synchronous replication' using errcode = '01000'; return null; end $$`.execute(
      fresh.owner,
    );
    await sql`create constraint trigger warned_late after insert on warned deferrable initially deferred
      for each row execute function warns()`.execute(fresh.owner);
    const work = inTransaction(fresh.db, (tx) => sql`insert into warned values (1)`.execute(tx));
    await expect(work).rejects.toBeInstanceOf(CommitUnknownError);
    expect((await sql`select id from warned`.execute(fresh.db)).rows).toEqual([{ id: 1 }]);
  });

  it('is none when the warning came before the commit', async () => {
    const work = inTransaction(fresh.db, (tx) => sql`do $$ begin raise warning 'early'; end $$`.execute(tx));
    await expect(work).resolves.toBeDefined();
  });
});

describe('a violated constraint', () => {
  const violation = async (): Promise<unknown> => {
    await inTransaction(fresh.db, (tx) => enqueue(tx, { ...job, kind: 'Not A Kind' }, TEST_NOW));
    return undefined;
  };

  it('is the refusal that its name means', async () => {
    const error = await violation().catch((thrown: unknown) => thrown);
    expect(refusalOfConstraint(error, { job_kind_check: 'BAD_KIND' })).toEqual({ code: 'BAD_KIND' });
    expect(refusalOfConstraint(error, { other_check: 'OTHER' })).toBeUndefined();
    expect(refusalOfConstraint(new Error('no'), { job_kind_check: 'BAD_KIND' })).toBeUndefined();
  });
});
