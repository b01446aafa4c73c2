/** The tables of schema.sql, section `officers`, as Kysely sees them: one interface for each. */
import type { Generated } from 'kysely';
import type { AtMs, OnDate } from './columns.ts';

/** Appointed officers. */
export interface OfficerTable {
  officer_id: string;
  community_id: string;
  role: string;
  name: string;
  identity: Uint8Array;
  until_on: OnDate;
  appointed_entry_id: bigint;
  removed_entry_id: bigint | null;
}

/** Keys of officers. */
export interface OfficerKeyTable {
  credential_id: string;
  officer_id: string;
  alg: string;
  public_key: Uint8Array;
  webauthn_id: Uint8Array;
  sign_count: Generated<bigint>;
  ended_entry_id: Generated<bigint | null>;
}

/** Invitations to enrol. */
export interface EnrolmentTable {
  enrolment_id: string;
  community_id: string;
  role: string;
  name: string;
  identity: Uint8Array;
  code_hash: string;
  tries: Generated<number>;
  expires_at_ms: AtMs;
  used_at_ms: AtMs | null;
  act_id: string | null;
  /** The officer who lost his keys, where the invitation is for him. */
  recovers_officer_id: string | null;
}

/** Server nonces of logins under way. */
export interface LoginChallengeTable {
  nonce: Uint8Array;
  purpose: string;
  expires_at_ms: AtMs;
}

/** Sessions of officers. */
export interface OfficerSessionTable {
  token_hash: Uint8Array;
  officer_id: string;
  created_at_ms: AtMs;
  seen_at_ms: AtMs;
  expires_at_ms: AtMs;
  session_id: string;
  /** When a key was last used in it. */
  proved_at_ms: AtMs;
  /** Family of browser and system. */
  agent: string;
}

/** Recovery codes of officers, hashed. */
export interface OfficerRecoveryTable {
  officer_id: string;
  code_hash: string;
  tries: Generated<number>;
  drawn_at_ms: AtMs;
}

/** Entries that wait for officers' actions. */
export interface ActTable {
  act_id: string;
  community_id: string;
  meeting_id: string | null;
  kind: string;
  entry: Uint8Array;
  subject: Uint8Array;
  rule_kind: string | null;
  details: string;
  state: string;
  refusal_code: string | null;
  drafted_by: string;
  drafted_at_ms: AtMs;
  done_at_ms: AtMs | null;
  entry_id: bigint | null;
}

/** Signed actions. */
export interface ActSignatureTable {
  act_id: string;
  officer_id: string;
  role: string;
  identity: Uint8Array;
  public_key: Uint8Array;
  action: Uint8Array;
  signature: string;
  evidence: Uint8Array;
  signed_at_ms: AtMs;
}
