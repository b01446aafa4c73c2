/**
 * The tables of schema.sql as Kysely sees them: one `XTable` interface per table, `Schema` at the end. A test compares names
 * and nullability with a real database, so this file cannot drift.
 */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** Milliseconds since 1970: read as bigint, written as bigint or as an Instant. */
export type AtMs = ColumnType<bigint, bigint | number, bigint | number>;

/** A civil date: the text `YYYY-MM-DD` both ways. */
export type OnDate = string;

// == common ==

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

// == auditlog ==

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

// == officers ==

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

// == registry ==

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
  number_index: Uint8Array;
  sealed_number: Uint8Array;
  sealed_name: Uint8Array;
  sealed_contact: Uint8Array;
  sealed_salt: Uint8Array;
  identity: Uint8Array;
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

// == notice ==

/** From which index on a community's entries are still to be announced. */
export interface NoticeWatermarkTable {
  community_id: string;
  next_idx: bigint;
}

/** Announcements that were collected for printing. */
export interface PrintRunTable {
  community_id: string;
  run_id: string;
  officer_id: string;
  count: number;
  printed_at_ms: AtMs;
  posted_by: string | null;
  posted_at_ms: AtMs | null;
}

/** Announcements and what became of them. */
export interface OutboxTable {
  community_id: string;
  outbox_id: string;
  entry_idx: bigint;
  event: string;
  sealed_recipient: Uint8Array | null;
  facts: string;
  channel: string;
  state: string;
  attempts: Generated<number>;
  next_at_ms: AtMs;
  held_until_ms: AtMs | null;
  error_code: string | null;
  run_id: string | null;
  queued_at_ms: AtMs;
  ended_at_ms: AtMs | null;
}

/** Accesses of monitors. */
export interface MonitorAccessTable {
  community_id: string;
  access_id: string;
  officer_id: string;
  token_hash: Uint8Array;
  drawn_at_ms: AtMs;
  expires_at_ms: AtMs;
  ended_by: string | null;
  ended_at_ms: AtMs | null;
  explained: Generated<bigint>;
  used_at_ms: AtMs | null;
}

// == identity ==

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
  number_index: Uint8Array;
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

/** Wrong document numbers under a letter. */
export interface IdentityTryTable {
  community_id: string;
  credential_id: string;
  failures: number;
  last_at_ms: AtMs;
}

// == assembly ==

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
}

/** The texts that a definition names by hash: the notice and the proposals. */
export interface MeetingTextTable {
  community_id: string;
  meeting_id: string;
  text_hash: Uint8Array;
  body: string;
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

// == ballot ==

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

// == tally ==

/** The record of the count and the public list of who took part. */
export interface TallyTable {
  community_id: string;
  meeting_id: string;
  record: Uint8Array;
  participation: Uint8Array;
  preliminary_entry_id: bigint;
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

/** Final outcomes. */
export interface ResolutionTable {
  community_id: string;
  meeting_id: string;
  proposal_id: string;
  outcome: string;
  cap_fen: bigint | null;
  entry_id: bigint;
}

// == fund ==

/** One book a community. */
export interface FundBookTable {
  community_id: string;
  book_id: string;
  last_seq: Generated<bigint>;
  last_booked_on: Generated<OnDate>;
}

/** What a passed resolution opens of the fund. */
export interface FundAuthorisationTable {
  community_id: string;
  authorisation_id: string;
  meeting_id: string;
  proposal_id: string;
  outcome: string;
  cap_fen: bigint;
  payee_account: Uint8Array;
  state: Generated<string>;
  record: Uint8Array;
  hash: Uint8Array;
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

/** Payments that wait for two officers. */
export interface FundPaymentOrderTable {
  community_id: string;
  order_id: string;
  authorisation_id: string;
  bank_account_id: string;
  amount_fen: bigint;
  payee_account: Uint8Array;
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

/** All tables. */
export interface Schema {
  // == common ==
  deployment: DeploymentTable;
  job: JobTable;
  idempotency_key: IdempotencyKeyTable;
  address_count: AddressCountTable;
  // == auditlog ==
  log_entry: LogEntryTable;
  log_head: LogHeadTable;
  log_tile: LogTileTable;
  log_checkpoint: LogCheckpointTable;
  log_cosignature: LogCosignatureTable;
  // == officers ==
  officer: OfficerTable;
  officer_key: OfficerKeyTable;
  enrolment: EnrolmentTable;
  login_challenge: LoginChallengeTable;
  officer_session: OfficerSessionTable;
  officer_recovery: OfficerRecoveryTable;
  act: ActTable;
  act_signature: ActSignatureTable;
  // == registry ==
  community: CommunityTable;
  register: RegisterTable;
  register_import: RegisterImportTable;
  personal_access: PersonalAccessTable;
  person: PersonTable;
  unit: UnitTable;
  ownership: OwnershipTable;
  roll: RollTable;
  roll_entry: RollEntryTable;
  roll_holder: RollHolderTable;
  roll_correction: RollCorrectionTable;
  roll_correction_holder: RollCorrectionHolderTable;
  roll_request: RollRequestTable;
  // == notice ==
  notice_watermark: NoticeWatermarkTable;
  print_run: PrintRunTable;
  outbox: OutboxTable;
  monitor_access: MonitorAccessTable;
  // == identity ==
  letter_batch: LetterBatchTable;
  letter: LetterTable;
  letter_use: LetterUseTable;
  credential: CredentialTable;
  credential_binding: CredentialBindingTable;
  credential_revocation: CredentialRevocationTable;
  revocation_draft: RevocationDraftTable;
  counter_request: CounterRequestTable;
  provider_declaration: ProviderDeclarationTable;
  provider_sign_in: ProviderSignInTable;
  mandate: MandateTable;
  mandate_revocation: MandateRevocationTable;
  mandate_paper: MandatePaperTable;
  designation: DesignationTable;
  designation_signature: DesignationSignatureTable;
  designation_paper: DesignationPaperTable;
  property_staff: PropertyStaffTable;
  voting_freeze: VotingFreezeTable;
  key_share: KeyShareTable;
  owner_session: OwnerSessionTable;
  identity_try: IdentityTryTable;
  // == assembly ==
  meeting: MeetingTable;
  meeting_text: MeetingTextTable;
  meeting_box: MeetingBoxTable;
  // == ballot ==
  ballot: BallotTable;
  cast_statement: CastStatementTable;
  cast_answer: CastAnswerTable;
  sealed_key: SealedKeyTable;
  cast_refusal: CastRefusalTable;
  cast_watermark: CastWatermarkTable;
  // == tally ==
  tally: TallyTable;
  objection: ObjectionTable;
  certificate: CertificateTable;
  resolution: ResolutionTable;
  // == fund ==
  fund_book: FundBookTable;
  fund_authorisation: FundAuthorisationTable;
  fund_account: FundAccountTable;
  fund_entry_shape: FundEntryShapeTable;
  fund_payment_order: FundPaymentOrderTable;
  fund_entry: FundEntryTable;
  fund_posting: FundPostingTable;
}
