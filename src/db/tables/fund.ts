/** The tables of schema.sql, section `fund`, as Kysely sees them: one interface for each. */
import type { Generated, GeneratedAlways } from 'kysely';
import type { AtMs, OnDate } from './columns.ts';

/** One book a community. */
export interface FundBookTable {
  community_id: string;
  book_id: string;
  last_seq: Generated<bigint>;
  last_booked_on: Generated<OnDate>;
}

/** What opens the fund: a passed resolution, an emergency, or the end of a unit. */
export interface FundAuthorisationTable {
  community_id: string;
  authorisation_id: string;
  kind: Generated<string>;
  meeting_id: string | null;
  proposal_id: string | null;
  outcome: string | null;
  unit_id: string | null;
  document_hash: Uint8Array | null;
  cap_fen: bigint;
  payee_account: Uint8Array;
  developer_units: Generated<string>;
  authorised_on: string;
  state: Generated<string>;
  record: Uint8Array;
  hash: Uint8Array;
  entry_id: bigint;
}

/** Resolutions that were annulled. */
export interface ResolutionAnnulmentTable {
  community_id: string;
  meeting_id: string;
  proposal_id: string;
  document_hash: Uint8Array;
  entry_id: bigint;
}

/** Salt and number of the account that an act names by its hash, sealed. */
export interface FundAccountOpeningTable {
  community_id: string;
  act_id: string;
  sealed_opening: Uint8Array;
}

/** Whether emergencies open the fund; the last row counts. */
export interface FundEmergencyDeclarationTable {
  community_id: string;
  declaration_id: string;
  emergencies: string;
  document_hash: Uint8Array;
  entry_id: bigint;
}

/** What property managers applied for. */
export interface FundApplicationTable {
  community_id: string;
  application_id: string;
  answer_by: OnDate;
  record: Uint8Array;
  hash: Uint8Array;
  officer_id: string;
  entry_id: bigint;
}

/** The answers to an application, numbered from 1: another one only after the meeting of the one before was called off. */
export interface FundApplicationAnswerTable {
  community_id: string;
  application_id: string;
  answer_no: number;
  decision: string;
  meeting_id: string | null;
  proposal_id: string | null;
  record: Uint8Array;
  hash: Uint8Array;
  entry_id: bigint;
}

/** Months that were published. */
export interface FundMonthTable {
  community_id: string;
  month: string;
  record: Uint8Array;
  hash: Uint8Array;
  last_seq: bigint;
  officer_id: string;
  published_at_ms: AtMs;
  entry_id: bigint;
}

/** Work that was accepted or is not done. */
export interface FundClosingTable {
  community_id: string;
  authorisation_id: string;
  document_hash: Uint8Array;
  entry_id: bigint;
}

/** Emergencies that the regulator found unlawful. */
export interface FundEmergencyAnnulmentTable {
  community_id: string;
  authorisation_id: string;
  document_hash: Uint8Array;
  entry_id: bigint;
}

/** Accounts of a book. */
export interface FundAccountTable {
  community_id: string;
  account_id: string;
  kind: string;
  unit_id: string | null;
  authorisation_id: string | null;
  name: string;
  balance_fen: Generated<bigint>;
  version: Generated<bigint>;
}

/** Which kind of entry may touch which kind of account. */
export interface FundEntryShapeTable {
  entry_kind: string;
  account_kind: string;
  side: string;
}

/** Entries that wait for two officers; authorisation, bank and payee of a payment only. */
export interface FundOrderTable {
  community_id: string;
  order_id: string;
  kind: string;
  authorisation_id: string | null;
  bank_account_id: string | null;
  amount_fen: bigint;
  payee_account: Uint8Array | null;
  record: Uint8Array;
  act_id: string;
  idempotency_key: string;
  request_hash: Uint8Array;
}

/** Entries of a book. */
export interface FundEntryTable {
  community_id: string;
  entry_id: string;
  seq: bigint;
  kind: string;
  booked_on: OnDate;
  value_on: OnDate;
  authorisation_id: string | null;
  reverses_entry_id: string | null;
  order_id: string | null;
  idempotency_key: string;
  request_hash: Uint8Array;
  record: Uint8Array;
  hash: Uint8Array;
  log_entry_id: bigint;
  txid: Generated<string>;
  recorded_at_ms: Generated<bigint>;
}

/** Signed legs of an entry. */
export interface FundPostingTable {
  community_id: string;
  entry_id: string;
  line_no: number;
  entry_kind: Generated<string>;
  account_id: string;
  account_kind: Generated<string>;
  amount_fen: bigint;
  side: GeneratedAlways<string>;
  balance_after_fen: Generated<bigint>;
  account_version: Generated<bigint>;
}

/** A bank's statement compared with the book. */
export interface FundReconciliationTable {
  community_id: string;
  reconciliation_id: string;
  bank_account_id: string;
  from_on: OnDate;
  to_on: OnDate;
  closing_fen: bigint;
  file_hash: Uint8Array;
  last_seq: bigint;
  matched: number;
  officer_id: string;
  made_at_ms: AtMs;
}

/** What bank and book do not have in common. */
export interface FundDifferenceTable {
  community_id: string;
  reconciliation_id: string;
  difference_no: number;
  kind: string;
  on_on: OnDate;
  receipt: string;
  seq: bigint | null;
  amount_fen: bigint;
}

/** Why a difference stands. */
export interface FundDifferenceExplanationTable {
  community_id: string;
  reconciliation_id: string;
  difference_no: number;
  reason: string;
  officer_id: string;
  explained_at_ms: AtMs;
}

/** The public-revenue book. */
export interface RevenueEntryTable {
  community_id: string;
  entry_id: string;
  kind: string;
  heading: string;
  booked_on: OnDate;
  amount_fen: bigint;
  meeting_id: string | null;
  proposal_id: string | null;
  reverses_entry_id: string | null;
  record: Uint8Array;
  hash: Uint8Array;
  log_entry_id: bigint;
}

/** Its published half-years. */
export interface RevenuePeriodTable {
  community_id: string;
  period: string;
  record: Uint8Array;
  hash: Uint8Array;
  officer_id: string;
  log_entry_id: bigint;
}

/** Calls to top up. */
export interface FundTopUpCallTable {
  community_id: string;
  call_id: string;
  /** Null where a rule of the city asks, not a resolution. */
  meeting_id: string | null;
  proposal_id: string | null;
  seq: bigint;
  due_on: OnDate;
  record: Uint8Array;
  hash: Uint8Array;
  entry_id: bigint;
  /** Of the record, by the trigger. */
  head: GeneratedAlways<unknown>;
  homes: GeneratedAlways<number>;
  due_fen: GeneratedAlways<bigint>;
}

/** The homes that a call asks, by the trigger. */
export interface FundTopUpLineTable {
  community_id: GeneratedAlways<string>;
  call_id: GeneratedAlways<string>;
  unit_id: GeneratedAlways<string>;
  first_fen: GeneratedAlways<bigint>;
  balance_fen: GeneratedAlways<bigint>;
  due_fen: GeneratedAlways<bigint>;
}

/** Those that were taken back. */
export interface FundTopUpWithdrawalTable {
  community_id: string;
  call_id: string;
  document_hash: Uint8Array;
  entry_id: bigint;
}
