/** Every "no" to a cast; the codes stand in signed refusals and in the record of the tally, so they never change. */

export const CAST_REFUSALS = [
  'CAST_MALFORMED',
  'CAST_MEETING',
  'CAST_MANDATE',
  'CAST_CHECKPOINT',
  'CAST_CREDENTIAL',
  'CAST_SIGNATURE',
  'CAST_ENTITLEMENT',
  'CAST_NOT_HOLDER',
  'CAST_LETTER_OUTDATED',
  'CAST_ANSWERS',
  'CAST_BALLOT',
  'CAST_BALLOT_SPENT',
  'CAST_SEALED',
  'CAST_CHAIN',
  'CAST_REVOTE_KEY',
  'CAST_REVOTE_LIMIT',
  'VOTING_NOT_OPEN',
  'VOTING_CLOSED',
] as const;

export type CastRefusalCode = (typeof CAST_REFUSALS)[number];
