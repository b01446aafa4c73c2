/** From opened choices to the record of a tally, proposal by proposal (SPEC 8.1). */

import { type MatterClassId, matterClass } from '../../assembly/domain/matter-class.ts';
import type { CountingParameters } from '../../assembly/domain/rule-parameters.ts';
import { present } from '../../base/assert.ts';
import type { Proposal } from '../../record/meeting.ts';
import type {
  ProposalTally,
  Inequality as RecordedInequality,
  SilenceTally,
} from '../../record/tally-record.ts';
import { countElection } from './election.ts';
import type { DualTest, Inequality } from './majority-rule.ts';
import { quorumTest } from './majority-rule.ts';
import type { ClassDecision } from './outcome.ts';
import { decideMotion } from './outcome.ts';
import type { Answer, Entry, Measure, Weight } from './participation.ts';
import { answerTotal, count, entitlementEntry, leader } from './participation.ts';

/**
 * What an entitlement said on a proposal: option ids, that nothing could be opened, that its mark on a paper is invalid, or nothing;
 * `delivered-silent` where it said nothing in the whole meeting though its notice is proven.
 */
export type OpenedAnswer = readonly string[] | 'malformed' | 'invalid' | 'absent' | 'delivered-silent';

/** One entitlement with area in the proposal's scope. */
export type Voter = { readonly weight: Weight; readonly answer: OpenedAnswer };

const measure = ({ areaDm2, heads }: Measure) => ({ areaDm2: String(areaDm2), heads: Number(heads) });

const inequality = (
  test: 'quorum' | 'pass',
  what: 'area' | 'heads',
  { left, right, test: relation, holds }: Inequality,
): RecordedInequality => ({
  measure: what,
  test,
  left: String(left),
  relation: relation === 'GE' ? '>=' : '>',
  right: String(right),
  holds,
});

const both = (test: 'quorum' | 'pass', dual: DualTest): RecordedInequality[] => [
  inequality(test, 'area', dual.area),
  inequality(test, 'heads', dual.heads),
];

const recordedClass = ({
  matter,
  quorum,
  pass,
  outcome,
}: ClassDecision): ProposalTally['classes'][number] => ({
  class: matter,
  outcome,
  inequalities: [...both('quorum', quorum), ...both('pass', pass)],
});

const MOTION_ANSWERS: Readonly<Record<string, Answer>> = {
  for: 'for',
  against: 'against',
  abstain: 'abstain',
};

function motionAnswer(answer: OpenedAnswer): Answer {
  return typeof answer === 'string' ? answer : (MOTION_ANSWERS[answer[0] ?? ''] ?? 'malformed');
}

function tallyMotion(
  proposal: Proposal,
  voters: readonly Voter[],
  parameters: CountingParameters,
): ProposalTally {
  const entries = voters.map(({ weight, answer }) => entitlementEntry(weight, motionAnswer(answer)));
  const classes = proposal.classes as readonly MatterClassId[];
  const strict = { ...parameters, silenceRule: 'NONE' } as const;
  const isSilenceCounted = parameters.silenceRule !== 'NONE' && mayCountSilence(classes);
  const decision = decideMotion(count(entries, isSilenceCounted ? parameters : strict), classes, parameters);
  const { counts } = decision;
  return {
    proposal: proposal.proposal,
    total: measure(counts.T),
    participating: measure(counts.P),
    consenting: measure(counts.Y),
    options: proposal.options.map(({ id }) => ({
      option: id,
      ...measure(answerTotal(entries, MOTION_ANSWERS[id] ?? 'absent')),
    })),
    classes: decision.classes.map(recordedClass),
    outcome: decision.outcome,
    silence: isSilenceCounted ? [silenceOf(entries, classes, strict)] : [],
    elected: [],
    runOff: [],
  };
}

/** Whether a clause of silence may count for a motion: never where the law asks for three quarters (SPEC 8.1). */
const mayCountSilence = (classes: readonly MatterClassId[]): boolean =>
  classes.every((id) => present(matterClass(id), 'a checked class').threshold === 'ORDINARY');

/** Who was silent, which side they follow, and the count as it is without them. */
function silenceOf(
  entries: readonly Entry[],
  classes: readonly MatterClassId[],
  strict: CountingParameters,
): SilenceTally {
  const decision = decideMotion(count(entries, strict), classes, strict);
  return {
    ...measure(answerTotal(entries, 'delivered-silent')),
    side: leader(entries, strict),
    participating: measure(decision.counts.P),
    consenting: measure(decision.counts.Y),
    classes: decision.classes.map(recordedClass),
    outcome: decision.outcome,
  };
}

/** An election is adopted where it fills a seat; its class records the common quorum, since each candidate passes alone. */
function tallyElection(
  proposal: Proposal,
  voters: readonly Voter[],
  parameters: CountingParameters,
): ProposalTally {
  const candidates = proposal.options.map(({ id }) => id);
  // Silence follows a side, and an election has none.
  const entries = voters.map(({ weight, answer }) => ({
    weight,
    marks: answer === 'delivered-silent' ? ('absent' as const) : answer,
  }));
  const election = {
    seats: proposal.seats,
    maxMarks: proposal.max,
    candidates,
    rank: 'HEADS_AREA' as const,
  };
  const result = countElection(entries, election, parameters);
  const { total, participating } = result;
  const nobody = { areaDm2: 0n, heads: 0n };
  const quorum = quorumTest({ T: total, P: participating, Y: nobody }, parameters);
  const counted = result.elected.length > 0 ? 'ADOPTED' : 'REJECTED';
  const outcome = result.outcome === 'COUNTED' ? counted : result.outcome;
  return {
    proposal: proposal.proposal,
    total: measure(total),
    participating: measure(participating),
    consenting: measure(nobody),
    options: result.candidates.map(({ candidate, consent }) => ({ option: candidate, ...measure(consent) })),
    classes: [{ class: 'M3', outcome, inequalities: both('quorum', quorum) }],
    outcome,
    silence: [],
    elected: [...result.elected],
    runOff: [...result.runOff.candidates],
  };
}

/** Counts one proposal. */
export const tallyProposal = (
  proposal: Proposal,
  voters: readonly Voter[],
  parameters: CountingParameters,
): ProposalTally =>
  proposal.form === 'election'
    ? tallyElection(proposal, voters, parameters)
    : tallyMotion(proposal, voters, parameters);
