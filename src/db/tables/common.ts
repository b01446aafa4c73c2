/** The tables of schema.sql, section `common`, as Kysely sees them: one interface for each. */
import type { Generated } from 'kysely';
import type { AtMs } from './columns.ts';

/** Which schema.sql the database was made from. */
export interface DeploymentTable {
  id: number;
  schema_hash: Uint8Array;
  app_login: string;
  applied_at_ms: AtMs;
}

/** Work left for a higher room. */
export interface JobTable {
  id: Generated<bigint>;
  kind: string;
  once_key: string | null;
  payload: string;
  run_at_ms: AtMs;
  held_until_ms: AtMs | null;
  attempts: Generated<number>;
  max_attempts: number;
  last_error: string | null;
  created_at_ms: AtMs;
  done_at_ms: AtMs | null;
  dead_at_ms: AtMs | null;
}

/** Answers of creating POSTs. */
export interface IdempotencyKeyTable {
  scope: string;
  key: string;
  request_hash: Uint8Array;
  status: number | null;
  content_type: string | null;
  body: string | null;
  created_at_ms: AtMs;
}

/** Requests of an address to a route that count against its limit in a minute. */
export interface AddressCountTable {
  minute: bigint;
  address: Uint8Array;
  counted: number;
}
