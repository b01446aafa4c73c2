/** From opened choices to the record of a tally, proposal by proposal (SPEC 8.1). */

import type { MatterClassId } from '../../assembly/domain/matter-class.ts';
import type { CountingParameters } from '../../assembly/domain/rule-parameters.ts';
import type { Proposal } from '../../record/meeting.ts';
import type { ProposalTally, Inequality as RecordedInequality } from '../../record/tally-record.ts';
import { countElection } from './election.ts';
import type { DualTest, Inequality } from './majority-rule.ts';
import { quorumTest } from './majority-rule.ts';
import type { ClassDecision } from './outcome.ts';
import { decideMotion } from './outcome.ts';
import type { Answer, Measure, Weight } from './participation.ts';
import { answerTotal, count, entitlementEntry } from './participation.ts';

/** What an entitlement said on a proposal: option ids, that nothing could be opened, that its mark on a paper is invalid, or nothing. */
export type OpenedAnswer = readonly string[] | 'malformed' | 'invalid' | 'absent';

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
  const counts = count(entries, parameters);
  const decision = decideMotion(counts, proposal.classes as readonly MatterClassId[], parameters);
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
    elected: [],
    runOff: [],
  };
}

/** An election is adopted where it fills a seat; its class records the common quorum, since each candidate passes alone. */
function tallyElection(
  proposal: Proposal,
  voters: readonly Voter[],
  parameters: CountingParameters,
): ProposalTally {
  const candidates = proposal.options.map(({ id }) => id);
  const entries = voters.map(({ weight, answer }) => ({ weight, marks: answer }));
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
