/** The tables of schema.sql, section `auditlog`, as Kysely sees them: one interface for each. */
import type { GeneratedAlways } from 'kysely';
import type { AtMs } from './columns.ts';

/** Entries of the log; `idx` is null until the sequencer numbered them. */
export interface LogEntryTable {
  id: GeneratedAlways<bigint>;
  data: Uint8Array;
  leaf_hash: GeneratedAlways<Uint8Array>;
  idx: bigint | null;
  kind: string;
  community_id: string | null;
  meeting_id: string | null;
}

/** How far the log is numbered. */
export interface LogHeadTable {
  id: number;
  size: bigint;
  root: Uint8Array;
}

/** Hashes of the Merkle tree. */
export interface LogTileTable {
  level: number;
  n: bigint;
  hashes: Uint8Array;
}

/** Checkpoints that the log signed. */
export interface LogCheckpointTable {
  size: bigint;
  root: Uint8Array;
  note: string;
  signed_at_ms: AtMs;
}

/** Signature lines of witnesses; `at_s` in seconds since 1970. */
export interface LogCosignatureTable {
  size: bigint;
  vkey: string;
  at_s: bigint;
  line: string;
}
