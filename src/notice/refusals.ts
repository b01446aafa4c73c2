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
  | 'DELIVERY_REPEATED';

export type NoticeRefusal = Refusal<NoticeRefusalCode>;
