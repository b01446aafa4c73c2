// Goal: an outage of the database is known as what it is, and nothing else is taken for one. Method: the errors of the driver and of a
// real server; errors that only a broken disk gives are built as the driver decorates them.
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { CommitUnknownError } from '../../src/db/guarded-pool.ts';
import { outageOf } from '../../src/db/outages.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { problemText } from '../../src/http/problem.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

async function errorAt(url: string): Promise<unknown> {
  const db = connect(url);
  try {
    return await errorOf(sql`select 1`.execute(db));
  } finally {
    await db.destroy();
  }
}

const serverError = (code: string, more: Record<string, string> = {}): Error =>
  Object.assign(new Error(more['message'] ?? 'said the server'), { code, severity: 'ERROR', ...more });

describe('a real error', () => {
  it('of a port where nobody listens, and of a socket that is not there, is DATABASE_UNREACHABLE', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    const port = typeof address === 'object' ? address?.port : 0;
    expect(outageOf(await errorAt(`postgresql://a:b@127.0.0.1:${port}/c`))).toBe('DATABASE_UNREACHABLE');
    expect(outageOf(await errorAt(`postgresql://a:b@localhost:${port}/c`))).toBe('DATABASE_UNREACHABLE');
    expect(outageOf(await errorAt('postgresql://a:b@/c?host=/nowhere/at/all'))).toBe('DATABASE_UNREACHABLE');
  });

  it('of a server that hangs up is DATABASE_UNREACHABLE', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(outageOf(await errorAt(`postgresql://a:b@127.0.0.1:${port}/c`))).toBe('DATABASE_UNREACHABLE');
    await new Promise((resolve) => server.close(resolve));
  });

  it('of a read-only transaction, as on a standby, is DATABASE_READ_ONLY', async () => {
    const work = inTransaction(fresh.db, async (tx) => {
      await sql`set transaction read only`.execute(tx);
      await sql`update job set attempts = 0`.execute(tx);
    });
    expect(outageOf(await errorOf(work))).toBe('DATABASE_READ_ONLY');
  });

  it('of an ended session is DATABASE_RESTARTING, of a slow statement DATABASE_OVERLOADED', async () => {
    const admin: Database = connect(fresh.adminUrl);
    const db = connect(fresh.appUrl, { maxConnections: 1 });
    try {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
      const sleeping = errorOf(sql`select pg_sleep(20)`.execute(db));
      await new Promise((resolve) => setTimeout(resolve, 200));
      await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(admin);
      expect(outageOf(await sleeping)).toBe('DATABASE_RESTARTING');
      const slow = inTransaction(db, async (tx) => {
        await sql`set local statement_timeout = 20`.execute(tx);
        await sql`select pg_sleep(5)`.execute(tx);
      });
      expect(outageOf(await errorOf(slow))).toBe('DATABASE_OVERLOADED');
    } finally {
      await db.destroy();
      await admin.destroy();
    }
  });

  it('of a full pool is DATABASE_OVERLOADED, of a closed one DATABASE_RESTARTING', async () => {
    const db = connect(fresh.appUrl, { maxConnections: 1 });
    const holding = db.connection().execute(async (held) => sql`select pg_sleep(2.5)`.execute(held));
    expect(outageOf(await errorOf(sql`select 1`.execute(db)))).toBe('DATABASE_OVERLOADED');
    await holding;
    await db.destroy();
  });

  it('of a refused row, a missing grant and a wrong statement is none', async () => {
    const { db, owner } = fresh;
    const missingGrant = sql`delete from log_entry`;
    const refused = sql`insert into job (kind, payload, run_at_ms, max_attempts, created_at_ms)
      values ('NOT A KIND', '{}', 0, 1, 0)`;
    for (const [work, login] of [
      [missingGrant, db],
      [refused, owner],
      [sql`select nonsense`, db],
    ] as const)
      expect(outageOf(await errorOf(work.execute(login)))).toBeUndefined();
  });
});

describe('an error as the driver decorates it', () => {
  it.each([
    ['53100', {}, 'DATABASE_FULL'],
    ['XX000', { file: 'md.c', message: 'could not extend file: Disk quota exceeded' }, 'DATABASE_FULL'],
    ['XX000', { file: 'md.c', message: 'could not extend file: File too large' }, 'DATABASE_DISK_FAULT'],
    ['XX000', { file: 'nodeAgg.c', message: 'unexpected' }, undefined],
    ['42501', { file: 'fd.c', message: 'could not open: Read-only file system' }, 'DATABASE_READ_ONLY'],
    ['42501', { file: 'aclchk.c', message: 'permission denied for table job' }, undefined],
    ['53300', {}, 'DATABASE_OVERLOADED'],
    ['57P03', {}, 'DATABASE_RESTARTING'],
    ['58030', {}, 'DATABASE_DISK_FAULT'],
    ['XX001', {}, 'DATABASE_DISK_FAULT'],
    ['08006', {}, 'DATABASE_UNREACHABLE'],
    ['23505', {}, undefined],
    ['22P02', {}, undefined],
  ] as const)('%s %o is %s', (code, more, outage) => {
    expect(outageOf(serverError(code, more))).toBe(outage);
  });

  it('is found in a cause and among several attempts, and a file that is missing is not the socket', () => {
    const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect' });
    expect(outageOf(new Error('wrapped', { cause: refused }))).toBe('DATABASE_UNREACHABLE');
    expect(outageOf(new AggregateError([refused]))).toBe('DATABASE_UNREACHABLE');
    const missing = { code: 'ENOENT', syscall: 'open' };
    expect(outageOf(Object.assign(new Error('no file'), missing))).toBeUndefined();
    const loop = new Error('loop');
    loop.cause = loop;
    expect(outageOf(loop)).toBeUndefined();
    expect(outageOf('ECONNREFUSED')).toBeUndefined();
  });

  it('is none while a commit is in doubt, which has its own answer', () => {
    const cause = serverError('57P01');
    expect(outageOf(new CommitUnknownError('no answer', { cause }))).toBeUndefined();
  });
});

describe('every outage', () => {
  it.each([
    'DATABASE_UNREACHABLE',
    'DATABASE_RESTARTING',
    'DATABASE_FULL',
    'DATABASE_READ_ONLY',
    'DATABASE_DISK_FAULT',
    'DATABASE_OVERLOADED',
  ])('%s is answered 503 with Retry-After', (code) => {
    const text = problemText(code);
    expect(text.status).toBe(503);
    expect(text.retryAfterS).toBeGreaterThan(0);
  });
});
