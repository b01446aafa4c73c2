/** The tables of schema.sql, section `identity`, as Kysely sees them: one interface for each. */
import type { AtMs, OnDate } from './columns.ts';

/** Batches of letters. */
export interface LetterBatchTable {
  community_id: string;
  batch_id: string;
  until_on: OnDate | null;
  count: number;
  root: Uint8Array;
  items: Uint8Array | null;
  reissue: Uint8Array | null;
  drafted_by: string;
  drafted_at_ms: AtMs;
  entry_id: bigint | null;
}

/** First sign-ins by letters. */
export interface LetterUseTable {
  community_id: string;
  letter_id: string;
  first_at_ms: AtMs;
}

/** Issued letters. */
export interface LetterTable {
  community_id: string;
  letter_id: string;
  batch_id: string;
  position: number;
  person_id: string;
  item: Uint8Array;
  ended_entry_id: bigint | null;
}

/** Keys of owners. */
export interface CredentialTable {
  community_id: string;
  credential_id: string;
  person_id: string;
  identity: Uint8Array;
  kind: string;
  alg: string;
  public_key: Uint8Array;
  webauthn_id: Uint8Array;
  until_on: OnDate | null;
  entry_id: bigint;
  ended_entry_id: bigint | null;
}

/** Owners who froze their electronic vote. */
export interface VotingFreezeTable {
  community_id: string;
  freeze_hash: Uint8Array;
  person_id: string;
  by_credential_id: string;
  record: Uint8Array;
  signature: string;
  frozen_at_ms: bigint;
  entry_id: bigint;
  lifted_entry_id: bigint | null;
}

/** The service's half of what unlocks a device key with a PIN. */
export interface KeyShareTable {
  community_id: string;
  credential_id: string;
  handle_hash: Uint8Array;
  proof_hash: string;
  share: Uint8Array;
  tries: number;
  last_at_ms: bigint;
}

/** By what evidence a passkey or a device key speaks for its person. */
export interface CredentialBindingTable {
  community_id: string;
  credential_id: string;
  letter_id: string | null;
  binding: Uint8Array;
  letter_signature: string | null;
  key_signature: string;
  id_token: Uint8Array | null;
  bound_at_ms: bigint;
  entry_id: bigint;
}

/** Keys that were taken back; without a credential two officers did it. */
export interface CredentialRevocationTable {
  community_id: string;
  credential_id: string;
  by_credential_id: string | null;
  revocation: Uint8Array;
  signature: string | null;
  revoked_at_ms: bigint;
  entry_id: bigint;
}

/** Revocations that wait for two officers. */
export interface RevocationDraftTable {
  community_id: string;
  act_id: string;
  credential_id: string;
  revocation: Uint8Array;
}

/** Keys that owners offer at the counter; all of the claim is null, or nothing of it. */
export interface CounterRequestTable {
  request_id: string;
  code: string;
  credential_id: string;
  credential_kind: string;
  alg: string;
  public_key: Uint8Array;
  webauthn_id: Uint8Array;
  nonce: Uint8Array;
  expires_at_ms: bigint;
  community_id: string | null;
  person_id: string | null;
  claimed_by: string | null;
  binding: Uint8Array | null;
  key_signature: string | null;
  act_id: string | null;
}

/** Identity providers of a community, the last declaration in force. */
export interface ProviderDeclarationTable {
  community_id: string;
  entry_id: bigint;
  declaration: string;
}

/** Owners on their way to an identity provider and back. */
export interface ProviderSignInTable {
  request_id: string;
  community_id: string;
  iss: string;
  state: Uint8Array | null;
  code_verifier: Uint8Array;
  expected_nonce: Uint8Array;
  credential_id: string;
  credential_kind: string;
  alg: string;
  public_key: Uint8Array;
  webauthn_id: Uint8Array;
  nonce: Uint8Array;
  binding: Uint8Array | null;
  key_signature: string | null;
  expires_at_ms: bigint;
}

/** Who may vote for whom; without a credential two officers entered it from a paper. */
export interface DesignationTable {
  community_id: string;
  designation_id: string;
  meeting_id: string | null;
  designee_id: string;
  until_on: OnDate;
  designation: Uint8Array;
  needed: number;
  proposed_at_ms: bigint;
  entry_id: bigint | null;
}

export interface DesignationSignatureTable {
  community_id: string;
  designation_id: string;
  person_id: string;
  credential_id: string;
  signature: string;
  signed_at_ms: bigint;
}

export interface DesignationPaperTable {
  community_id: string;
  designation_id: string;
  sealed_file: Uint8Array;
  sealed_salt: Uint8Array;
  drafted_by: string;
  drafted_at_ms: bigint;
}

export interface MandateTable {
  community_id: string;
  mandate_id: string;
  meeting_id: string | null;
  basis: string;
  principal_id: string;
  agent_id: string;
  until_on: OnDate;
  mandate: Uint8Array;
  credential_id: string | null;
  signature: string | null;
  granted_at_ms: bigint;
  entry_id: bigint;
  ended_entry_id: bigint | null;
}

/** Mandates that were taken back. */
export interface MandateRevocationTable {
  community_id: string;
  mandate_id: string;
  credential_id: string | null;
  signature: string | null;
  revoked_at_ms: bigint;
  entry_id: bigint;
}

/** The sealed scan of a paper mandate. */
export interface MandatePaperTable {
  community_id: string;
  mandate_id: string;
  sealed_file: Uint8Array;
  sealed_salt: Uint8Array;
  drafted_by: string;
  drafted_at_ms: bigint;
}

/** Documents of those who may not be agents, by their keyed index. */
export interface PropertyStaffTable {
  community_id: string;
  staff_id: string;
  doc_kind: string;
  number_index: Uint8Array;
  sealed_number: Uint8Array;
  listed_by: string;
  listed_at_ms: bigint;
}

/** Sessions of owners. */
export interface OwnerSessionTable {
  community_id: string;
  token_hash: Uint8Array;
  credential_id: string;
  created_at_ms: AtMs;
  seen_at_ms: AtMs;
  expires_at_ms: AtMs;
}

/** What is limited for a day, by officer or letter. */
export interface DayCountTable {
  community_id: string;
  deed: string;
  subject_id: string;
  day: bigint;
  counted: number;
}

/** Wrong document numbers under a letter. */
export interface IdentityTryTable {
  community_id: string;
  credential_id: string;
  failures: number;
  last_at_ms: AtMs;
}
