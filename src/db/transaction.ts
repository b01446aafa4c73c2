/** The one way to write: READ COMMITTED, and again from the start when the server broke a tie between two transactions. */
import type { DatabaseConnection, RawBuilder, Transaction } from 'kysely';
import { CompiledQuery, sql } from 'kysely';
import type { Database } from './connect.ts';
import { CommitUnknownError } from './guarded-pool.ts';
import { transactionOn } from './one-connection.ts';
import { BEGIN } from './planned-once.ts';
import type { Schema } from './schema-types.ts';

/** An open transaction; stores take it where a write belongs to others. */
export type Tx = Transaction<Schema>;

/** Serialization failure and deadlock: the server undid everything, so doing it again is safe. Nothing else is retried. */
const RETRIED = new Set(['40001', '40P01']);
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 5;

/** The SQLSTATE of a database error, or undefined. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Takes a statement whose outcome needs no look before the COMMIT: both are sent together. Where the server refuses it, it answers the
 * COMMIT with a rollback.
 */
export type Last = (statement: RawBuilder<unknown>) => void;

type Work<T> = (tx: Tx, last: Last) => Promise<T>;

async function runOnce<T>(db: Database, connection: DatabaseConnection, work: Work<T>): Promise<T> {
  const tx = transactionOn(db, connection);
  const lasts: RawBuilder<unknown>[] = [];
  try {
    await connection.executeQuery(CompiledQuery.raw(BEGIN));
    const result = await work(tx, (statement) => lasts.push(statement));
    await endOf([...lasts, sql`commit`].map((statement) => statement.execute(tx)));
    return result;
  } catch (error) {
    // The first error says more than one of a connection that can no longer roll back.
    await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
    throw error;
  }
}

/** Throws where the transaction did not end well: above all that nobody knows, else the reason of the statement for which it failed. */
async function endOf(statements: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(statements);
  const commit = outcomes.at(-1);
  const [first] = outcomes.filter((outcome) => outcome.status === 'rejected');
  if (commit?.status === 'rejected' && commit.reason instanceof CommitUnknownError) throw commit.reason;
  if (first === undefined) return;
  if (commit?.status === 'rejected') throw first.reason;
  // A statement that failed before the server saw it: what came before it stands.
  throw new CommitUnknownError('committed without its last statement', { cause: first.reason });
}

/**
 * Runs `work` in one transaction and commits it. Statements of it that need not wait for each other may be sent together. `work` may
 * run up to five times and therefore keeps its effects inside the transaction. Throws whatever `work` throws, after the rollback;
 * throws CommitUnknownError where the commit is in doubt.
 */
export async function inTransaction<T>(db: Database, work: Work<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.getExecutor().provideConnection((connection) => runOnce(db, connection, work));
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === undefined || !RETRIED.has(state) || attempt === ATTEMPTS) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}
