/** The tables of schema.sql, section `tally`, as Kysely sees them: one interface for each. */
import type { GeneratedAlways } from 'kysely';
import type { AtMs, OnDate } from './columns.ts';

/** The records of the counts and the public lists of who took part. */
export interface TallyTable {
  community_id: string;
  meeting_id: string;
  record: Uint8Array;
  participation: Uint8Array;
  preliminary_entry_id: bigint;
  version: number;
}

/** Objections to a preliminary result and the decisions on them. */
export interface ObjectionTable {
  community_id: string;
  meeting_id: string;
  objection_id: string;
  objection: Uint8Array;
  entry_id: bigint;
  decision: Uint8Array | null;
  decision_entry_id: bigint | null;
}

/** The result certificate, at most one a meeting. */
export interface CertificateTable {
  community_id: string;
  meeting_id: string;
  token: string;
  entry_id: bigint;
}

/** Archive packs of meetings that are over, as they were first made. */
export interface ArchiveTable {
  community_id: string;
  meeting_id: string;
  manifest: Uint8Array;
  pack: Uint8Array;
  /** SHA-256 and length of the pack, which the database computes once, so that no page reads it whole. */
  pack_hash: GeneratedAlways<Uint8Array>;
  pack_length: GeneratedAlways<number>;
  kept_at_ms: AtMs;
}

/** Final outcomes. */
export interface ResolutionTable {
  community_id: string;
  meeting_id: string;
  proposal_id: string;
  outcome: string;
  cap_fen: bigint | null;
  entry_id: bigint;
}

/** Own rules that a community adopted; `meeting_id` and `proposal_id` name the resolution, null where it was none of this system. */
export interface CommunityRulesTable {
  community_id: string;
  rules_id: string;
  rules_hash: Uint8Array;
  meeting_id: string | null;
  proposal_id: string | null;
  record: Uint8Array;
  entry_id: bigint;
}

/** What follows from a resolution: the lines of each step. */
export interface FollowUpTable {
  community_id: string;
  meeting_id: string;
  proposal_id: string;
  step_id: string;
  state: string;
  due_on: OnDate;
  text_hash: Uint8Array;
  entry_id: bigint;
}
