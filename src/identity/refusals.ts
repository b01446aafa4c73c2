/** Every "no" of the identity floor, a closed union of stable codes. */
import type { Refusal } from '../base/result.ts';
import type { BatchFault } from './domain/letter-batch.ts';

export type IdentityRefusalCode =
  | 'IDENTITY_REFUSED'
  | 'IDENTITY_LOCKED'
  | 'LETTERS_UNTIL'
  | 'LETTERS_BATCH_EXISTS'
  | 'LETTERS_ISSUED_ALREADY'
  | 'LETTER_UNKNOWN'
  | 'LETTER_ENDED'
  | 'LETTER_REVOCATION_DRAFTED'
  | 'BINDING_MALFORMED'
  | 'BINDING_ELSEWHERE'
  | 'BINDING_PERSON'
  | 'BINDING_LETTER'
  | 'BINDING_KEY'
  | 'BINDING_KEY_USED'
  | 'BINDING_REPEATED'
  | 'BINDING_EVIDENCE'
  | 'BINDING_TOO_MANY'
  | 'REVOCATION_MALFORMED'
  | 'REVOCATION_NOT_BY'
  | 'CREDENTIAL_UNKNOWN'
  | 'CREDENTIAL_ENDED'
  | 'COMMUNITY_UNKNOWN'
  | 'NOT_ALLOWED'
  | BatchFault;

export type IdentityRefusal = Refusal<IdentityRefusalCode>;
