/** Every "no" of the officers' floor, a closed union of stable codes. */
import type { AssertionRefusal } from '../record/assertion.ts';

export type OfficerRefusalCode =
  | 'ACT_UNKNOWN'
  | 'ACT_NOT_OPEN'
  | 'ACTION_MALFORMED'
  | 'ACTION_SUBJECT'
  | 'ACTION_EXPIRED'
  | 'ACTION_TOO_LONG'
  | 'ACTION_CHECKPOINT'
  | 'ACTION_ROLE'
  | 'ACTION_OFFICER'
  | 'ACTION_SIGNATURE'
  | 'ACTION_REPEATED'
  | 'ACTION_SAME_IDENTITY'
  | 'LOGIN_REFUSED'
  | 'LOGIN_CHALLENGE'
  | 'ENROLMENT_REFUSED'
  | 'ROOT_MALFORMED'
  | 'ROOT_DECLARED_ALREADY'
  | 'OFFICER_EXISTS'
  | 'NOT_SIGNED_IN'
  | 'NOT_ALLOWED'
  | AssertionRefusal['code'];
