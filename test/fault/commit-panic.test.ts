// Goal: a BEGIN that fails lets nothing be written; a server that panics during COMMIT, as on a full disk, leaves the commit in doubt and is
// never taken for a refusal that stored nothing. Method: a server of few words on loopback, since the moment cannot be hit on a real one.
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { CommitUnknownError } from '../../src/db/guarded-pool.ts';
import { outageOf } from '../../src/db/outages.ts';
import { PLANNED_ONCE } from '../../src/db/planned-once.ts';
import { inTransaction, type Tx } from '../../src/db/transaction.ts';

const message = (type: string, body: string | Buffer): Buffer => {
  const content = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
};
const READY = message('Z', 'I');
const done = (tag: string): Buffer => Buffer.concat([message('C', `${tag}\0`), READY]);
const failure = (severity: string): Buffer =>
  message('E', `S${severity}\0V${severity}\0C53100\0Mcould not write to pg_wal\0Fxlog.c\0\0`);

/** Greets, lets every statement succeed, and answers COMMIT with an error of this severity; a PANIC hangs up. */
function answerStatements(socket: Socket, severity: string): void {
  let greeted = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    if (!greeted) {
      greeted = true;
      socket.write(Buffer.concat([message('R', Buffer.from([0, 0, 0, 0])), READY]));
      return;
    }
    const kind = chunk.toString('latin1', 0, 1);
    // BEGIN is a planned statement: parsed, bound, described, run.
    if (kind === 'P')
      socket.write(Buffer.concat([message('1', ''), message('2', ''), message('n', ''), done('BEGIN')]));
    if (kind !== 'Q') return;
    const isCommit = chunk.toString('latin1', 5) === 'commit\0';
    if (!isCommit) socket.write(done('OK'));
    else if (severity === 'PANIC') socket.end(failure(severity));
    else socket.write(Buffer.concat([failure(severity), READY]));
  });
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A database whose server is this conversation. */
async function databaseOf(converse: (socket: Socket) => void): Promise<Database> {
  const server = createServer(converse);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const db = connect(`postgresql://a:b@127.0.0.1:${(server.address() as AddressInfo).port}/c`);
  open.push(async () => {
    await db.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return db;
}

async function errorOfCommit(severity: string): Promise<unknown> {
  const db = await databaseOf((socket) => answerStatements(socket, severity));
  return inTransaction(db, (tx) => sql`select 1`.execute(tx)).catch((error: unknown) => error);
}

describe('an error in answer to COMMIT', () => {
  it('that is a PANIC of a full disk leaves the commit in doubt', async () => {
    const error = await errorOfCommit('PANIC');
    expect(error).toBeInstanceOf(CommitUnknownError);
    expect(outageOf(error)).toBeUndefined();
  });

  it('that is an ordinary ERROR of a full disk is definite, and known as DATABASE_FULL', async () => {
    const error = await errorOfCommit('ERROR');
    expect(error).not.toBeInstanceOf(CommitUnknownError);
    expect(outageOf(error)).toBe('DATABASE_FULL');
  });
});

describe('a BEGIN that fails while its session lives on', () => {
  it('costs its transaction, and no statement of it that writes reaches the server', async () => {
    const heard: string[] = [];
    const db = await databaseOf((socket) => {
      let greeted = false;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        const text = chunk.toString('latin1');
        heard.push(text);
        const answers: Buffer[] = [];
        if (!greeted) answers.push(message('R', Buffer.from([0, 0, 0, 0])), READY);
        greeted = true;
        if (text.includes('start transaction')) answers.push(failure('ERROR'), READY);
        if (text.includes('select 1'))
          answers.push(message('1', ''), message('2', ''), message('n', ''), done('SELECT 0'));
        socket.write(Buffer.concat(answers));
      });
    });
    for (const together of [
      (tx: Tx) =>
        Promise.all([sql`${PLANNED_ONCE} select 1`.execute(tx), sql`insert into a values (1)`.execute(tx)]),
      (tx: Tx) =>
        Promise.all([sql`insert into a values (1)`.execute(tx), sql`insert into a values (2)`.execute(tx)]),
    ])
      await expect(inTransaction(db, together)).rejects.toThrow(/could not write/);
    expect(heard.join('')).toContain('start transaction');
    expect(heard.join('')).not.toContain('insert');
  });
});
