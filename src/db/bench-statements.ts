/**
 * What a use case asks of the server, and the same again without it: a bench records the statements of a transaction that it then
 * rolls back, and replays them, each prepared, over a plain connection. The replay is the least that the same work costs (DESIGN §6).
 */
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Database } from './connect.ts';
import { valueTypes } from './connect.ts';
import type { Schema } from './schema-types.ts';

export type Statement = { readonly text: string; readonly values: readonly unknown[] };

export type BenchStatements = {
  /** The statements that `work` sends, with those that begin and end its transaction; nothing of it stays. */
  readonly record: (work: (db: Database) => Promise<unknown>) => Promise<readonly Statement[]>;
  /** Sends recorded statements in their order, each once the one before was answered; what they write stays. */
  readonly replay: (statements: readonly Statement[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The number of the log's next row: a rolled back entry leaves a gap that the recorded statements do not know. */
const LAST_ID = 'select last_value as last, is_called as used from log_entry_id_seq';
const SET_ID = "select setval('log_entry_id_seq', $1::bigint, $2)";

/** Opens three connections: of the application for recording and replaying, of the owner for the log's numbers. */
export async function openBenchStatements(appUrl: string, ownerUrl: string): Promise<BenchStatements> {
  const connect = async (connectionString: string, pipeline = false): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString, types: valueTypes, pipeline });
    await client.connect();
    return client;
  };
  const [recording, replaying, owner] = [
    await connect(appUrl, true),
    await connect(appUrl),
    await connect(ownerUrl),
  ];
  let statements: Statement[] = [];
  const query = (text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> => {
    statements.push({ text, values });
    return recording.query(text === 'commit' ? 'rollback' : text, [...values]);
  };
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: {
        connect: () =>
          Promise.resolve({
            query: query as unknown as PostgresPoolClient['query'],
            release: () => undefined,
          }),
        end: () => Promise.resolve(),
      },
    }),
  });
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    const known = names.get(text) ?? `replayed_${names.size}`;
    names.set(text, known);
    return known;
  };
  return {
    async record(work) {
      const { rows } = await owner.query(LAST_ID);
      statements = [];
      await work(db);
      await owner.query(SET_ID, [rows[0]?.last, rows[0]?.used]);
      return statements;
    },
    async replay(recorded) {
      for (const { text, values } of recorded)
        await replaying.query({ name: nameOf(text), text, values: [...values] });
    },
    async close() {
      for (const client of [recording, replaying, owner]) await client.end();
    },
  };
}
