/** The tables of schema.sql, section `ballot`, as Kysely sees them: one interface for each. */
import type { AtMs } from './columns.ts';

/** Issued ballots. */
export interface BallotTable {
  community_id: string;
  meeting_id: string;
  ballot_hash: Uint8Array;
  proposal_id: string;
  entitlement_id: string;
  credential_id: string;
  mandate_id: string | null;
  token: string;
}

/** Accepted casts. */
export interface CastStatementTable {
  community_id: string;
  meeting_id: string;
  cast_hash: Uint8Array;
  entitlement_id: string;
  seq: number;
  prev: Uint8Array;
  credential_id: string;
  mandate_id: string | null;
  channel: string;
  cast_bytes: Uint8Array;
  signature: string;
  acknowledgement: string;
  entry_id: bigint;
  accepted_at_ms: AtMs;
}

/** Which ballot was spent by which cast. */
export interface CastAnswerTable {
  community_id: string;
  meeting_id: string;
  ballot_hash: Uint8Array;
  cast_hash: Uint8Array;
}

/** Ephemeral keys of sealed choices. */
export interface SealedKeyTable {
  community_id: string;
  meeting_id: string;
  ephemeral_key: Uint8Array;
  cast_hash: Uint8Array;
}

/** How many casts were refused, by code. */
export interface CastRefusalTable {
  community_id: string;
  meeting_id: string;
  code: string;
  refused: bigint;
}

/** Up to when each process has decided what came in. */
export interface CastWatermarkTable {
  process_id: string;
  decided_before_ms: AtMs;
  seen_at_ms: AtMs;
}
