/** Every "no" of the room of announcements, a closed union of stable codes. */
import type { Refusal } from '../base/result.ts';

export type NoticeRefusalCode =
  | 'NOT_ALLOWED'
  | 'PRINT_NOTHING'
  | 'PRINT_RUN_UNKNOWN'
  | 'PRINT_RUN_POSTED'
  | 'COMMUNITY_UNKNOWN'
  | 'MONITOR_ACCESS_TOO_MANY'
  | 'MONITOR_ACCESS_UNKNOWN'
  | 'MONITOR_ACCESS_REFUSED'
  | 'ENTRY_NOT_EXPLAINED'
  | 'DELIVERY_UNIT_UNKNOWN'
  | 'DELIVERY_REPEATED'
  | 'EMAIL_NOT_OFFERED'
  | 'EMAIL_MALFORMED'
  | 'EMAIL_NO_HOME'
  | 'EMAIL_CODES_LIMITED'
  | 'EMAIL_CODE_TOO_SOON'
  | 'EMAIL_ADDRESS_LIMITED'
  | 'EMAIL_CODE_NONE'
  | 'EMAIL_CODE_SPENT'
  | 'EMAIL_CODE_WRONG';

export type NoticeRefusal = Refusal<NoticeRefusalCode>;
