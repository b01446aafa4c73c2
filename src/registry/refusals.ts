/** Every "no" of the register's floor, a closed union of stable codes. */
import type { Refusal } from '../base/result.ts';
import type { UnitFault } from './domain/roll-leaves.ts';

export type RegistryRefusalCode =
  | 'COMMUNITY_UNKNOWN'
  | 'REGISTER_MISSING'
  | 'REGISTER_SUPERSEDED'
  | 'REGISTER_UNKNOWN'
  | 'BUILDING_PLAN_MALFORMED'
  | 'REGISTER_FILE_ERASED'
  | 'REGISTER_REFUSED'
  | 'REGISTER_UNCONFIRMED'
  | 'IMPORT_UNKNOWN'
  | 'IMPORT_NOT_CHECKED'
  | 'IMPORT_ENDED'
  | 'IMPORT_WITHOUT_ROWS'
  | 'IMPORTS_OF_OFFICER'
  | 'IMPORTS_OF_COMMUNITY'
  | 'IMPORT_QUEUE_FULL'
  | 'ROLL_UNIT_AT_FAULT'
  | 'ROLL_SCOPE_EMPTY'
  | 'ROLL_FROZEN_ALREADY'
  | 'ROLL_REGISTER_SUPERSEDED'
  | 'ROLL_UNKNOWN'
  | 'ROLL_REQUEST_UNIT'
  | 'ROLL_REQUEST_UNKNOWN'
  | 'ROLL_REQUEST_ANSWERED'
  | 'ROLL_REQUESTS_TOO_MANY'
  | 'ROLL_REQUESTS_OPEN'
  | 'CORRECTION_UNIT_UNKNOWN'
  | 'CORRECTION_NO_OWNER'
  | 'CORRECTION_UNITS_APART'
  | 'CORRECTION_NOTHING'
  | 'CORRECTION_MOVED'
  | 'NOT_ALLOWED'
  | 'SERVICE_BUSY';

export type RegistryRefusal = Refusal<RegistryRefusalCode>;

/** A roll that cannot be made, with each unit at fault. */
export type RollRefusal = RegistryRefusal & { readonly faults?: readonly UnitFault[] };
