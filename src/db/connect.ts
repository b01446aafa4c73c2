/**
 * One pool per login, with the value types that the house uses and the guards of `docs/decisions/embedded-postgresql.md`: a COMMIT
 * whose outcome is unknown is never reported as done, and a connection that failed in the middle is not used again.
 */

import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { plannedName } from './planned-once.ts';
import type { Schema } from './schema-types.ts';

/** The database as the stores see it: outside a transaction, or inside one. */
export type Database = Kysely<Schema>;

/** A COMMIT was sent and its answer is missing or doubtful: the rows may stand or not. Ask again with the same key. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

const { builtins } = pg.types;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const BYTEA_ARRAY = 1001;
const TEXT_ARRAY = 1009;

const plainBytes = (buffer: Buffer): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
/** The driver's own parser; its types know no array, hence the wider signature. */
const usualParser = pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;
const parseBytea = usualParser(builtins.BYTEA) as (text: string) => Buffer;
const parseTexts = usualParser(TEXT_ARRAY) as (text: string) => (string | null)[];

const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, BigInt],
  [builtins.DATE, (text) => text],
  [builtins.BYTEA, (text) => plainBytes(parseBytea(text))],
  [INT8_ARRAY, (text) => parseTexts(text).map((item) => (item === null ? null : BigInt(item)))],
  [DATE_ARRAY, (text) => parseTexts(text)],
  [
    BYTEA_ARRAY,
    (text) => parseTexts(text).map((item) => (item === null ? null : plainBytes(parseBytea(item)))),
  ],
]);

/** How values come back: int8 as bigint, date as text, bytea as a plain Uint8Array; the rest as pg does it. */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ??
    usualParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

/** What an operator may set; the defaults suit one Node process. */
export type ConnectOptions = {
  readonly maxConnections?: number;
  /** Called with errors of idle connections, which nobody awaits. */
  readonly onIdleError?: (error: Error) => void;
};

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** A server that says so ends with its answer: a PANIC of a full disk may come after the commit record was written. */
const ENDING = new Set<unknown>(['FATAL', 'PANIC']);
/** A server's definite answer carries a SQLSTATE; classes 08 and 57P end the connection and leave the outcome open. */
const isDefinite = (error: unknown): boolean => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof Error && 'severity' in error && ENDING.has(error.severity)) return false;
  return typeof code === 'string' && SQLSTATE.test(code) && !code.startsWith('08') && !code.startsWith('57P');
};

/** Warnings in answer to COMMIT that mean "on this server only": a cancelled or ended wait for the synchronous standby. */
const DOUBTFUL_WARNINGS = new Set(['01000', '57P01']);
const doubtful = new WeakSet<pg.PoolClient>();

/** One client on loan, and whether it may go back to the pool. */
type Loan = { readonly client: pg.PoolClient; spoilt: boolean };

async function guardedQuery(loan: Loan, text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
  const { client } = loan;
  const commits = text === 'commit';
  // The server has rolled back what a lost session left; asking it would only hide the first error.
  if (loan.spoilt && text === 'rollback')
    return { command: 'ROLLBACK', rowCount: 0, oid: 0, fields: [], rows: [] };
  if (commits) doubtful.delete(client);
  try {
    const name = plannedName(text);
    const result = await client.query({ ...(name === undefined ? {} : { name }), text, values: [...values] });
    if (commits && doubtful.has(client)) throw new CommitUnknownError('the server warned while it committed');
    return result;
  } catch (error) {
    if (isDefinite(error)) throw error;
    loan.spoilt = true;
    if (!commits || error instanceof CommitUnknownError) throw error;
    throw new CommitUnknownError('the answer to COMMIT is missing', { cause: error });
  }
}

function guardedPool(pool: pg.Pool): PostgresPool {
  return {
    end: () => pool.end(),
    async connect(): Promise<PostgresPoolClient> {
      const loan: Loan = { client: await pool.connect(), spoilt: false };
      const query = (text: string, values: readonly unknown[]) => guardedQuery(loan, text, values);
      return {
        // Cursors are not used: streams would bypass the guards.
        query: query as unknown as PostgresPoolClient['query'],
        release: () => loan.client.release(loan.spoilt),
      };
    },
  };
}

/** Opens a pool for one login; nothing is sent before the first query. Close it with `destroy()`. */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const onIdleError = options.onIdleError ?? (() => undefined);
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 10,
    types: valueTypes,
    application_name: 'owners-vote',
    connectionTimeoutMillis: 2_000,
    keepAlive: true,
    query_timeout: 10_000,
    statement_timeout: 9_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  // Without these listeners a lost connection ends the process.
  pool.on('error', onIdleError);
  pool.on('connect', (client) => {
    client.on('error', onIdleError);
    client.on('notice', (notice) => {
      if (notice.code !== undefined && DOUBTFUL_WARNINGS.has(notice.code)) doubtful.add(client);
    });
  });
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: guardedPool(pool) }) });
}
