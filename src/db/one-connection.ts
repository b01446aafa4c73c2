/**
 * Statements over one connection, sent without waiting for each other: the server works on them, and answers, in the order of their
 * calls, so that several questions cost one wait (docs/decisions/group-commit.md).
 */
import type { DatabaseConnection, KyselyProps } from 'kysely';
import { DummyDriver, Kysely, PostgresDialect, Transaction } from 'kysely';
import type { Database } from './connect.ts';
import type { Schema } from './schema-types.ts';

const dialect = new PostgresDialect({
  pool: () => Promise.reject(new Error('a connection on loan opens no other')),
});

function on(db: Database, connection: DatabaseConnection): KyselyProps {
  const executor = db
    .getExecutor()
    .withConnectionProvider({ provideConnection: (consumer) => consumer(connection) });
  return { config: { dialect }, dialect, driver: new DummyDriver(), executor };
}

/** Runs `work` over one connection of the pool, outside a transaction. */
export const onOneConnection = <T>(db: Database, work: (one: Database) => Promise<T>): Promise<T> =>
  db.getExecutor().provideConnection((connection) => work(new Kysely<Schema>(on(db, connection))));

/** A transaction's handle on a connection that somebody else begins and ends. */
export const transactionOn = (db: Database, connection: DatabaseConnection): Transaction<Schema> =>
  new Transaction<Schema>(on(db, connection));
