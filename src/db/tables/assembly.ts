/** The tables of schema.sql, section `assembly`, as Kysely sees them: one interface for each. */
import type { AtMs } from './columns.ts';

/** Meetings. */
export interface MeetingTable {
  community_id: string;
  meeting_id: string;
  title: string;
  state: string;
  definition: Uint8Array;
  meeting_hash: Uint8Array | null;
  opens_at_ms: AtMs;
  closes_at_ms: AtMs;
  objection_until_ms: AtMs | null;
  drafted_by: string;
  created_at_ms: AtMs;
  /** Since when owners may ask of the draft; null where they were not asked. */
  consulted_at_ms: AtMs | null;
}

/** What owners ask of a draft; gone when its notice is out. */
export interface MeetingQuestionTable {
  community_id: string;
  meeting_id: string;
  question_id: string;
  proposal_id: string;
  person_id: string;
  body: string;
  asked_at_ms: AtMs;
  outcome: string;
  answer: string;
  answered_by: string | null;
}

/** The texts that a definition names by hash: the notice and the proposals. */
export interface MeetingTextTable {
  community_id: string;
  meeting_id: string;
  text_hash: Uint8Array;
  body: string;
}

/** Pauses of a vote; the last two are null until it goes on. */
export interface MeetingPauseTable {
  community_id: string;
  meeting_id: string;
  pause_id: string;
  reason_hash: Uint8Array;
  paused_at_ms: AtMs;
  closed_from_ms: AtMs;
  resumed_at_ms: AtMs | null;
  closes_at_ms: AtMs | null;
}

/** Meetings that owners demand; null until it reaches its fifth, until it is answered, and until the street office has its word on a refusal. */
export interface RequisitionTable {
  community_id: string;
  requisition_id: string;
  record: Uint8Array;
  filed_by: string;
  filed_at_ms: AtMs;
  entry_id: bigint;
  reached_at_ms: AtMs | null;
  reached_entry_id: bigint | null;
  count_record: Uint8Array | null;
  answered_at_ms: AtMs | null;
  answered_entry_id: bigint | null;
  answer: Uint8Array | null;
  answered_by: string | null;
  street_answered_at_ms: AtMs | null;
  street_answered_entry_id: bigint | null;
  street_answer: Uint8Array | null;
}

/** Who joined or left one. */
export interface RequisitionSupportTable {
  community_id: string;
  requisition_id: string;
  support_hash: Uint8Array;
  person_id: string;
  credential_id: string;
  stands: string;
  record: Uint8Array;
  signature: string;
  entry_id: bigint;
}

/** The key of the ballot box. */
export interface MeetingBoxTable {
  community_id: string;
  meeting_id: string;
  box_key: Uint8Array;
  holder: string;
  uploaded_by: string;
  secret: Uint8Array | null;
}
