/** Every "no" of the tally floor. */
export type TallyRefusalCode =
  | 'MEETING_UNKNOWN'
  | 'MEETING_STATE'
  | 'ACT_DRAFTED'
  | 'RESULT_NOT_YET'
  | 'OBJECTION_UNKNOWN'
  | 'OBJECTION_DECIDED'
  | 'OBJECTIONS_OPEN'
  | 'OBJECTIONS_UNDECIDED'
  | 'OBJECTION_UPHELD'
  | 'NOT_ALLOWED';
