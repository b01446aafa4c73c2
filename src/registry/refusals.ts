/** Every "no" of the register's floor, a closed union of stable codes. */
import type { Refusal } from '../base/result.ts';
import type { Finding } from './domain/findings.ts';
import type { UnitFault } from './domain/roll-leaves.ts';

export type RegistryRefusalCode =
  | 'COMMUNITY_UNKNOWN'
  | 'REGISTER_MISSING'
  | 'REGISTER_SUPERSEDED'
  | 'REGISTER_UNKNOWN'
  | 'BUILDING_PLAN_MALFORMED'
  | 'REGISTER_FILE_ERASED'
  | 'ROLL_UNIT_AT_FAULT'
  | 'ROLL_SCOPE_EMPTY'
  | 'ROLL_FROZEN_ALREADY'
  | 'ROLL_REGISTER_SUPERSEDED'
  | 'ROLL_UNKNOWN'
  | 'NOT_ALLOWED'
  | 'SERVICE_BUSY';

export type RegistryRefusal = Refusal<RegistryRefusalCode>;

/** A register that the check refuses, or that wants a tick first, with everything that was found in it. */
export type FindingsRefusal = Refusal<'REGISTER_REFUSED' | 'REGISTER_UNCONFIRMED'> & {
  readonly findings: readonly Finding[];
};

/** A roll that cannot be made, with each unit at fault. */
export type RollRefusal = RegistryRefusal & { readonly faults?: readonly UnitFault[] };
