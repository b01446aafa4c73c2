/**
 * The tables of schema.sql by name, as Kysely sees them; each is described in its section under `tables/`. A test compares names and
 * nullability with a real database, so that they cannot drift.
 */
import type {
  MeetingBoxTable,
  MeetingPauseTable,
  MeetingQuestionTable,
  MeetingTable,
  MeetingTextTable,
  RequisitionSupportTable,
  RequisitionTable,
} from './tables/assembly.ts';
import type {
  LogCheckpointTable,
  LogCosignatureTable,
  LogEntryTable,
  LogHeadTable,
  LogTileTable,
} from './tables/auditlog.ts';
import type {
  BallotTable,
  CastAnswerTable,
  CastRefusalTable,
  CastRestorationTable,
  CastStatementTable,
  CastWatermarkTable,
  PaperBallotTable,
  PaperKeyingTable,
  PaperScanTable,
  ReminderTable,
  SealedKeyTable,
} from './tables/ballot.ts';
import type { AddressCountTable, DeploymentTable, IdempotencyKeyTable, JobTable } from './tables/common.ts';
import type {
  FundAccountOpeningTable,
  FundAccountTable,
  FundApplicationAnswerTable,
  FundApplicationTable,
  FundAuthorisationTable,
  FundBookTable,
  FundClosingTable,
  FundDifferenceExplanationTable,
  FundDifferenceTable,
  FundEmergencyAnnulmentTable,
  FundEmergencyDeclarationTable,
  FundEntryShapeTable,
  FundEntryTable,
  FundMonthTable,
  FundOrderTable,
  FundPostingTable,
  FundReconciliationTable,
  FundTopUpCallTable,
  FundTopUpLineTable,
  FundTopUpWithdrawalTable,
  ResolutionAnnulmentTable,
  RevenueEntryTable,
  RevenuePeriodTable,
} from './tables/fund.ts';
import type {
  CounterRequestTable,
  CredentialBindingTable,
  CredentialRevocationTable,
  CredentialTable,
  DayCountTable,
  DesignationPaperTable,
  DesignationSignatureTable,
  DesignationTable,
  IdentityTryTable,
  KeyShareTable,
  LetterBatchTable,
  LetterTable,
  LetterUseTable,
  MandatePaperTable,
  MandateRevocationTable,
  MandateTable,
  OwnerSessionTable,
  PropertyStaffTable,
  ProviderDeclarationTable,
  ProviderSignInTable,
  RevocationDraftTable,
  VotingFreezeTable,
} from './tables/identity.ts';
import type {
  DeliveryFileTable,
  DeliveryTable,
  EmailAddressTable,
  EmailAskTable,
  EmailChangeTable,
  EmailCodeTable,
  MonitorAccessTable,
  NoticeMessageTable,
  NoticeWatermarkTable,
  OutboxTable,
  PrintRunTable,
} from './tables/notice.ts';
import type {
  ActSignatureTable,
  ActTable,
  EnrolmentTable,
  LoginChallengeTable,
  OfficerKeyTable,
  OfficerRecoveryTable,
  OfficerSessionTable,
  OfficerTable,
} from './tables/officers.ts';
import type {
  CommunityTable,
  OwnershipTable,
  PersonalAccessTable,
  PersonalErasureTable,
  PersonMergeTable,
  PersonTable,
  RegisterImportTable,
  RegisterTable,
  RollCorrectionHolderTable,
  RollCorrectionTable,
  RollEntryTable,
  RollHolderTable,
  RollRequestTable,
  RollTable,
  UnitTable,
} from './tables/registry.ts';
import type {
  ArchiveTable,
  CertificateTable,
  CommunityRulesTable,
  FollowUpTable,
  ObjectionTable,
  ResolutionTable,
  TallyTable,
} from './tables/tally.ts';

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
  personal_erasure: PersonalErasureTable;
  unit: UnitTable;
  person_merge: PersonMergeTable;
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
  email_address: EmailAddressTable;
  email_ask: EmailAskTable;
  email_change: EmailChangeTable;
  email_code: EmailCodeTable;
  notice_message: NoticeMessageTable;
  delivery: DeliveryTable;
  delivery_file: DeliveryFileTable;
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
  day_count: DayCountTable;
  identity_try: IdentityTryTable;
  // == assembly ==
  meeting: MeetingTable;
  meeting_text: MeetingTextTable;
  meeting_pause: MeetingPauseTable;
  meeting_question: MeetingQuestionTable;
  requisition: RequisitionTable;
  requisition_support: RequisitionSupportTable;
  meeting_box: MeetingBoxTable;
  // == ballot ==
  ballot: BallotTable;
  paper_ballot: PaperBallotTable;
  paper_scan: PaperScanTable;
  paper_keying: PaperKeyingTable;
  cast_restoration: CastRestorationTable;
  cast_statement: CastStatementTable;
  cast_answer: CastAnswerTable;
  sealed_key: SealedKeyTable;
  cast_refusal: CastRefusalTable;
  cast_watermark: CastWatermarkTable;
  reminder: ReminderTable;
  // == tally ==
  archive: ArchiveTable;
  tally: TallyTable;
  objection: ObjectionTable;
  certificate: CertificateTable;
  resolution: ResolutionTable;
  community_rules: CommunityRulesTable;
  followup: FollowUpTable;
  // == fund ==
  fund_book: FundBookTable;
  fund_authorisation: FundAuthorisationTable;
  fund_closing: FundClosingTable;
  fund_account_opening: FundAccountOpeningTable;
  fund_emergency_annulment: FundEmergencyAnnulmentTable;
  fund_emergency_declaration: FundEmergencyDeclarationTable;
  fund_application: FundApplicationTable;
  fund_application_answer: FundApplicationAnswerTable;
  fund_month: FundMonthTable;
  resolution_annulment: ResolutionAnnulmentTable;
  fund_account: FundAccountTable;
  fund_entry_shape: FundEntryShapeTable;
  fund_order: FundOrderTable;
  fund_reconciliation: FundReconciliationTable;
  fund_difference: FundDifferenceTable;
  fund_difference_explanation: FundDifferenceExplanationTable;
  fund_entry: FundEntryTable;
  fund_posting: FundPostingTable;
  revenue_entry: RevenueEntryTable;
  revenue_period: RevenuePeriodTable;
  fund_top_up_call: FundTopUpCallTable;
  fund_top_up_line: FundTopUpLineTable;
  fund_top_up_withdrawal: FundTopUpWithdrawalTable;
}
