/** Every "no" of the ballot floor beyond those to a cast. */
import type { CastRefusalCode, PaperRefusalCode } from './domain/cast-refusals.ts';

export type BallotRefusalCode =
  | CastRefusalCode
  | PaperRefusalCode
  | 'MEETING_UNKNOWN'
  | 'MEETING_STATE'
  | 'ACT_DRAFTED'
  | 'CAST_UNKNOWN'
  | 'CORRECTION_VOTED'
  | 'CORRECTION_UNIT_UNKNOWN'
  | 'BOX_SECRET'
  | 'BOX_NOT_HOLDER'
  | 'NOT_ALLOWED'
  | 'NOTHING_TO_VOTE'
  | 'RECEIPT_NOT_YET'
  | 'REMINDER_TOO_SOON'
  | 'REMINDERS_USED_UP';
