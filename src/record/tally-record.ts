/** The record of a tally: every number, both sides of every inequality, what was left out and why (SPEC 8.1, 8.2). */
import { h256Text } from '../crypto/frame.ts';
import { MADE_IN } from './letter.ts';
import { MATTER_CLASSES } from './meeting.ts';
import type { Of } from './schema.ts';
import { boolean, closed, exactly, integer, list, oneOf, recordForm, text } from './schema.ts';
import { decimal, hash, id } from './shapes.ts';

const count = integer(0, 10_000_000);
const weight = closed({ areaDm2: decimal, heads: count });

/** `left` compared with `right` by `relation`, after cross-multiplication. */
const inequality = closed({
  measure: oneOf('area', 'heads'),
  test: oneOf('quorum', 'pass'),
  left: decimal,
  relation: oneOf('>=', '>'),
  right: decimal,
  holds: boolean,
});

export const OUTCOMES = ['NO_SCOPE', 'NOT_QUORATE', 'ADOPTED', 'REJECTED'] as const;

const classTally = closed({
  class: oneOf(...MATTER_CLASSES),
  outcome: oneOf(...OUTCOMES),
  inequalities: list(inequality, 8),
});

const SIDES = ['for', 'against', 'abstain'] as const;

/** What a clause of silence did to a count: who was silent, for whom they were counted, and the count without them. */
const silence = closed({
  areaDm2: decimal,
  heads: count,
  side: oneOf(...SIDES),
  participating: weight,
  consenting: weight,
  classes: list(classTally, 9),
  outcome: oneOf(...OUTCOMES),
});

const proposalTally = closed({
  proposal: id,
  total: weight,
  participating: weight,
  consenting: weight,
  options: list(closed({ option: text(20), areaDm2: decimal, heads: count }), 60),
  classes: list(classTally, 9),
  outcome: oneOf(...OUTCOMES),
  /** Where a clause of silence counts; `consenting`, `participating`, `classes` and `outcome` above are then with it. */
  silence: list(silence, 1),
  /** Of an election: who is elected, in order, and who must run again. */
  elected: list(text(20), 60),
  runOff: list(text(20), 60),
});

const tallyRecord = closed({
  v: exactly(1),
  kind: oneOf('tally'),
  meeting: id,
  meetingHash: hash,
  proposals: list(proposalTally, 40, 1),
  /** Participation by channel, never options by channel. */
  channels: list(
    closed({ channel: oneOf('letter', 'passkey', 'device', 'paper'), areaDm2: decimal, heads: count }),
    4,
  ),
  malformed: list(closed({ entitlement: id, proposal: id, castHash: hash, code: text(60) }), 100_000),
  voids: count,
  /** Casts whose promise the log had not kept and that two officers entered (SPEC 6.12). */
  restored: count,
  /** Entries that changed who holds an entitlement after the freeze, in log order. */
  corrections: list(closed({ entitlement: id, entry: hash }), 100_000),
  /** Letters that batches after the freeze and before the close gave. */
  lateLetters: count,
  /** Keys that two officers bound at a counter or by video before the close, whenever. */
  counterBindings: count,
  /** `browser` where any batch before the close was made in a page: a key that its letter bound outlives the letter. */
  lettersFrom: oneOf(...MADE_IN),
  refusals: list(closed({ code: text(60), count }), 100),
});

export type Inequality = Of<typeof inequality>;
export type ProposalTally = Of<typeof proposalTally>;
/** The count without a clause of silence, beside the one with it. */
export type SilenceTally = Of<typeof silence>;
export type TallyRecord = Of<typeof tallyRecord>;
export const tallyRecordForm = recordForm(tallyRecord, 'tally', 8 * 1024 * 1024);

/** `H256("tally", bytes)`. */
export const tallyHash = (bytes: Uint8Array): string => h256Text('tally', bytes);

const participation = closed({
  v: exactly(1),
  kind: oneOf('participation'),
  meeting: id,
  /** Who took part and how, sorted by entitlement; the rest did not. */
  took: list(
    closed({ entitlement: id, channel: oneOf('letter', 'passkey', 'device', 'paper'), castHash: hash }),
    100_000,
  ),
});

export type ParticipationList = Of<typeof participation>;
/** Public after the close: entitlement → took part, and the hash of the statement that counts (SPEC 4.5). */
export const participationForm = recordForm(participation, 'participation', 16 * 1024 * 1024);

/** `H256("participation", bytes)`. */
export const participationHash = (bytes: Uint8Array): string => h256Text('participation', bytes);

const certificate = closed({
  iss: text(200),
  meeting: hash,
  recordHash: hash,
  /** Leaf hash of the `tally.final` entry. */
  entry: hash,
  outcomes: list(closed({ proposal: id, outcome: oneOf(...OUTCOMES) }), 40, 1),
});

export type Certificate = Of<typeof certificate>;
export const certificateForm = recordForm(certificate, 'certificate', 65_535);
