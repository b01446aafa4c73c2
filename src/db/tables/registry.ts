/** The tables of schema.sql, section `registry`, as Kysely sees them: one interface for each. */
import type { AtMs, OnDate } from './columns.ts';

/** Communities. */
export interface CommunityTable {
  community_id: string;
  name: string;
  register_id: string | null;
  created_at_ms: AtMs;
}

/** Imports of register files. */
export interface RegisterTable {
  community_id: string;
  register_id: string;
  file_hash: Uint8Array;
  file_salt: Uint8Array;
  settings: string;
  draft: Uint8Array | null;
  file: Uint8Array | null;
  drafted_by: string;
  drafted_at_ms: AtMs;
  entry_id: bigint | null;
}

/** Files on their way to become registers. */
export interface RegisterImportTable {
  community_id: string;
  import_id: string;
  officer_id: string;
  state: string;
  settings: string;
  file: Uint8Array | null;
  draft: Uint8Array | null;
  outcome: Uint8Array | null;
  rows_read: number;
  rows_total: number;
  submitted_at_ms: AtMs;
  act_id: string | null;
}

/** Who was given personal data in bulk, when, what, and why. */
export interface PersonalAccessTable {
  community_id: string;
  access_id: string;
  officer_id: string;
  kind: string;
  subject_id: string;
  reason: string;
  accessed_at_ms: AtMs;
}

/** Owners, sealed. */
export interface PersonTable {
  community_id: string;
  person_id: string;
  doc_kind: string;
  /** Null where he was erased. */
  number_index: Uint8Array | null;
  sealed_number: Uint8Array;
  sealed_name: Uint8Array;
  sealed_contact: Uint8Array;
  sealed_salt: Uint8Array;
  identity: Uint8Array;
  erased_at_ms: bigint | null;
}

/** What was erased at whose request. */
export interface PersonalErasureTable {
  community_id: string;
  erasure_id: string;
  person_id: string;
  reason: string;
  erased: string;
  kept: string;
  erased_at_ms: AtMs;
}

/** Exclusive units. */
export interface UnitTable {
  community_id: string;
  unit_id: string;
  unit_key: string;
  building: string;
  stair: string;
  room: string;
  kind: string;
  state: string;
  area_dm2: bigint;
  area_source: string;
  since_on: OnDate | null;
  register_id: string;
}

/** Persons who are one, under two documents. */
export interface PersonMergeTable {
  community_id: string;
  merge_id: string;
  keeps_id: string;
  merged_id: string;
  record: Uint8Array;
  drafted_by: string;
  drafted_at_ms: bigint;
  entry_id: bigint | null;
  ended_entry_id: bigint | null;
}

/** Who owns which unit, by register. */
export interface OwnershipTable {
  community_id: string;
  register_id: string;
  unit_id: string;
  person_id: string;
}

/** Rolls of meetings. */
export interface RollTable {
  community_id: string;
  roll_id: string;
  meeting_id: string;
  register_id: string;
  count_special_spaces: boolean;
  root: Uint8Array;
  size: number;
  totals: string;
  drafted_by: string;
  drafted_at_ms: AtMs;
  entry_id: bigint | null;
}

/** Entitlements of a roll. */
export interface RollEntryTable {
  community_id: string;
  roll_id: string;
  entitlement_id: string;
  position: number;
  leaf: Uint8Array;
  proof: Uint8Array;
  holders_salt: Uint8Array;
  voter_salt: Uint8Array;
  voter: string;
}

/** Holders of entitlements. */
export interface RollHolderTable {
  community_id: string;
  roll_id: string;
  entitlement_id: string;
  person_id: string;
  identity: Uint8Array;
}

/** Corrections of frozen rolls. */
export interface RollCorrectionTable {
  community_id: string;
  correction_id: string;
  meeting_id: string;
  roll_id: string;
  entitlement_id: string;
  leaf: Uint8Array;
  holders_salt: Uint8Array;
  voter_salt: Uint8Array;
  correction: Uint8Array;
  sealed_document: Uint8Array;
  drafted_by: string;
  drafted_at_ms: AtMs;
  entry_id: bigint | null;
}

/** Holders of corrected entitlements. */
export interface RollCorrectionHolderTable {
  community_id: string;
  correction_id: string;
  person_id: string;
  identity: Uint8Array;
}

/** What owners ask of a roll before it is frozen, and the answers. */
export interface RollRequestTable {
  community_id: string;
  request_id: string;
  meeting_id: string;
  person_id: string;
  unit_id: string | null;
  about: string;
  sealed_text: Uint8Array | null;
  asked_at_ms: AtMs;
  outcome: string | null;
  sealed_answer: Uint8Array | null;
  answered_by: string | null;
  answered_at_ms: AtMs | null;
}
