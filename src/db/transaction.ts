/** The one way to write: READ COMMITTED, and again from the start when the server broke a tie between two transactions. */
import type { DatabaseConnection, Transaction } from 'kysely';
import { CompiledQuery } from 'kysely';
import type { Database } from './connect.ts';
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

async function runOnce<T>(
  db: Database,
  connection: DatabaseConnection,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  try {
    await connection.executeQuery(CompiledQuery.raw(BEGIN));
    const result = await work(transactionOn(db, connection));
    await connection.executeQuery(CompiledQuery.raw('commit'));
    return result;
  } catch (error) {
    // The first error says more than one of a connection that can no longer roll back.
    await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
    throw error;
  }
}

/**
 * Runs `work` in one transaction and commits it. Statements of it that need not wait for each other may be sent together. `work` may run up to five times and therefore keeps its effects inside the
 * transaction. Throws whatever `work` throws, after the rollback; throws CommitUnknownError where the commit is in doubt.
 */
export async function inTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
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
