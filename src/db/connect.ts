/** One guarded pool per login, with the value types that the house uses. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { guardedPool, TurnSocket, watchForDoubt } from './guarded-pool.ts';
import type { Schema } from './schema-types.ts';

/** The database as the stores see it: outside a transaction, or inside one. */
export type Database = Kysely<Schema>;

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
    pipeline: true,
    stream: () => new TurnSocket(),
  });
  // Without these listeners a lost connection ends the process.
  pool.on('error', onIdleError);
  pool.on('connect', (client) => {
    client.on('error', onIdleError);
    watchForDoubt(client);
  });
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: guardedPool(pool) }) });
}
