/** The tables of schema.sql, section `ballot`, as Kysely sees them: one interface for each. */
import type { AtMs } from './columns.ts';

/** Casts whose promise the log did not keep, as their owners handed them in. */
export interface CastRestorationTable {
  community_id: string;
  meeting_id: string;
  cast_hash: Uint8Array;
  entitlement_id: string;
  cast_bytes: Uint8Array;
  signature: string;
  acknowledgement: string;
  asked_at_ms: AtMs;
}

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

/** Serials of printed ballots. */
export interface PaperBallotTable {
  community_id: string;
  meeting_id: string;
  serial: string;
  entitlement_id: string;
  print_no: number;
  printed_by: string;
  printed_at_ms: AtMs;
}

/** Pictures of papers, sealed to the ballot box. */
export interface PaperScanTable {
  community_id: string;
  meeting_id: string;
  serial: string;
  scan_hash: Uint8Array;
  boxed_scan: Uint8Array;
  brought_by: string;
  brought_at_ms: AtMs;
}

/** Which officer keyed the bytes of which act himself. */
export interface PaperKeyingTable {
  community_id: string;
  act_id: string;
  officer_id: string;
  keyed_at_ms: AtMs;
}

/** Accepted casts and papers: a cast has a credential, a paper a signer and a serial. */
export interface CastStatementTable {
  community_id: string;
  meeting_id: string;
  cast_hash: Uint8Array;
  entitlement_id: string;
  seq: number;
  prev: Uint8Array;
  credential_id: string | null;
  signer_id: string | null;
  serial: string | null;
  mandate_id: string | null;
  channel: string;
  cast_bytes: Uint8Array;
  signature: string | null;
  acknowledgement: string | null;
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
  index_keys: Uint8Array;
}

/** When officers had those reminded who have not voted. */
export interface ReminderTable {
  community_id: string;
  meeting_id: string;
  round: number;
  officer_id: string;
  asked_at_ms: AtMs;
  queued_at_ms: AtMs | null;
}
