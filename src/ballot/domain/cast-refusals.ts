/** Every "no" to a cast; the codes stand in signed refusals and in the record of the tally, so they never change. */

export const CAST_REFUSALS = [
  'CAST_MALFORMED',
  'CAST_MEETING',
  'CAST_ASSISTED',
  'CAST_MANDATE',
  'CAST_MANDATE_AGENT',
  'CAST_MANDATE_PRINCIPAL',
  'CAST_MANDATE_SCOPE',
  'CAST_MANDATE_ENDED',
  'CAST_MANDATE_SUPERSEDED',
  'CAST_MANDATE_CAP',
  'CAST_CHECKPOINT',
  'CAST_CREDENTIAL',
  'CAST_FROZEN',
  'CAST_SIGNATURE',
  'CAST_ENTITLEMENT',
  'CAST_NOT_HOLDER',
  'CAST_DESIGNATION_NONE',
  'CAST_DESIGNATION_OTHER',
  'CAST_ROLL_CORRECTED',
  'CAST_LETTER_OUTDATED',
  'CAST_ANSWERS',
  'CAST_BALLOT',
  'CAST_BALLOT_SPENT',
  'CAST_SEALED',
  'CAST_CHAIN',
  'CAST_REVOTE_KEY',
  'CAST_REVOTE_LIMIT',
  'CAST_PAPER_STANDS',
  'VOTING_NOT_OPEN',
  'VOTING_CLOSED',
] as const;

/** Every "no" to a paper; it ends the act, and its texts are for the officers who keyed it (SPEC 6.4). */
export const PAPER_REFUSALS = [
  'PAPER_MALFORMED',
  'PAPER_MEETING',
  'PAPER_NOT_OPEN',
  'PAPER_SERIAL',
  'PAPER_SERIAL_SPENT',
  'PAPER_SIGNER',
  'PAPER_MANDATE',
  'PAPER_MANDATE_CAP',
  'PAPER_ANSWERS',
  'PAPER_SEALED',
  'PAPER_CHAIN',
  'PAPER_STANDS',
  'PAPER_SUPERSEDED',
  'PAPER_SCAN',
  'PAPER_NOT_KEYED',
  'PAPER_VERSIONS',
  'PAPER_UNITS',
] as const;

export type PaperRefusalCode = (typeof PAPER_REFUSALS)[number];
export type CastRefusalCode = (typeof CAST_REFUSALS)[number];
