/** Every "no" of the assembly floor. */
import type { DraftCode } from './domain/drafting.ts';
import type { TimetableCode } from './domain/timetable.ts';

/** Every "no" about a meeting that owners demand. */
export type RequisitionRefusalCode =
  | 'REQUISITION_MALFORMED'
  | 'REQUISITION_UNKNOWN'
  | 'REQUISITION_REPEATED'
  | 'REQUISITION_TOO_MANY'
  | 'REQUISITION_OPEN'
  | 'REQUISITION_EVIDENCE'
  | 'REQUISITION_CREDENTIAL'
  | 'REQUISITION_NO_HOME'
  | 'REQUISITION_STANDS'
  | 'REQUISITION_ANSWERED'
  | 'REQUISITION_NOT_REACHED'
  | 'REQUISITION_COMMITTEE_FIRST'
  | 'REQUISITION_MEETING'
  | 'NOT_ALLOWED';

export type AssemblyRefusalCode =
  | DraftCode
  | TimetableCode
  | 'MEETING_UNKNOWN'
  | 'MEETING_STATE'
  | 'PROFILE_UNKNOWN'
  | 'PROFILE_DEMO_ONLY'
  | 'PARAMETER_UNKNOWN'
  | 'PARAMETER_MISSING'
  | 'PARAMETER_NOT_PERMITTED'
  | 'SCOPE_UNKNOWN'
  | 'QUESTIONS_CLOSED'
  | 'QUESTIONS_TOO_MANY'
  | 'QUESTION_PROPOSAL'
  | 'QUESTION_UNKNOWN'
  | 'RULES_OTHERWISE'
  | 'RULES_CHANGED'
  | 'NOTICE_CHANGED'
  | 'COMMUNITY_UNKNOWN'
  | 'BOX_KEY_MALFORMED'
  | 'BOX_KEY_TAKEN'
  | 'BOX_HOLDER_ROLE'
  | 'BOX_MISSING'
  | 'ROLL_MISSING'
  | 'OPENING_CHANGED'
  | 'OPENING_LATE'
  | 'PAUSE_LATE'
  | 'RESUMPTION_STALE'
  | 'ACT_DRAFTED'
  | 'NOT_ALLOWED';
