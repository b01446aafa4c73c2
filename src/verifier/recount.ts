/**
 * The count, written a second time: base, participation, consent and the inequalities of SPEC 8.1 (Civil Code §278).
 * It shares no line with the program that counted first, so that one mistake cannot hide in both (SPEC 9.4).
 */
import { compareText } from '../base/bytes.ts';
import type { Definition, Proposal } from '../record/meeting.ts';
import type { Inequality, ProposalTally } from '../record/tally-record.ts';
import type { Rules, Threshold } from './profile-form.ts';

/** Area in dm² and heads. */
type Weight = { readonly areaDm2: bigint; readonly heads: bigint };

/** One entitlement and what its counted statement says on a proposal. */
export type Vote = {
  readonly areaDm2: bigint;
  /** Option ids; `malformed` where the sealed choice does not open; `invalid` where officers found a paper's mark so; `silent` where nobody voted for it, `served` where it was silent in the whole meeting though its notice is proven. */
  readonly answer: readonly string[] | 'malformed' | 'invalid' | 'blank' | 'silent' | 'served';
};

const MAJOR: ReadonlySet<string> = new Set(['M6', 'M7', 'M8']);

/** What an election's options are when they are no candidates. */
const NO_CANDIDATES: ReadonlySet<string> = new Set(['abstain', 'against']);

const weigh = (votes: readonly Vote[]): Weight => ({
  areaDm2: votes.reduce((sum, { areaDm2 }) => sum + areaDm2, 0n),
  heads: BigInt(votes.length),
});

const stated = ({ areaDm2, heads }: Weight) => ({ areaDm2: String(areaDm2), heads: Number(heads) });

/** Whether an entitlement takes part by its answer (SPEC 6.7, 8.1). */
function takesPart({ answer }: Vote, rules: Rules): boolean {
  if (answer === 'silent' || answer === 'served') return false;
  if (answer === 'malformed') return rules.malformedParticipates;
  if (answer === 'invalid') return rules.invalidParticipates;
  if (answer === 'blank') return rules.blankIsAbstention && rules.abstainParticipates;
  return answer.every((option) => option === 'abstain') ? rules.abstainParticipates : true;
}

/** `part · den` against `base · num`; an empty part or base never holds. */
function compare(
  measure: Inequality['measure'],
  test: Inequality['test'],
  part: bigint,
  base: bigint,
  { num, den, test: comparison }: Threshold,
): Inequality {
  const [left, right] = [part * den, base * num];
  const reaches = comparison === 'GE' ? left >= right : left > right;
  return {
    measure,
    test,
    left: String(left),
    relation: comparison === 'GE' ? '>=' : '>',
    right: String(right),
    holds: part > 0n && base > 0n && reaches,
  };
}

const byBoth = (test: Inequality['test'], part: Weight, base: Weight, threshold: Threshold) => [
  compare('area', test, part.areaDm2, base.areaDm2, threshold),
  compare('heads', test, part.heads, base.heads, threshold),
];

const allHold = (inequalities: readonly Inequality[]): boolean => inequalities.every(({ holds }) => holds);

/** Counts one proposal over every entitlement in its scope; with a clause of silence the count without it stands beside (SPEC 8.1). */
export function recount(proposal: Proposal, votes: readonly Vote[], rules: Rules): ProposalTally {
  const strict = recountVotes(proposal, votes, rules);
  const isMajor = proposal.classes.some((matter) => MAJOR.has(matter));
  if (!rules.silenceFollows || isMajor || proposal.form === 'election') return strict;
  const inScope = votes.filter(({ areaDm2 }) => areaDm2 > 0n);
  const side = sideOf(inScope);
  const followed = votes.map((vote) => (vote.answer === 'served' ? { ...vote, answer: [side] } : vote));
  const { participating, consenting, classes, outcome } = strict;
  return {
    ...recountVotes(proposal, followed, rules),
    options: strict.options,
    silence: [
      {
        ...stated(weigh(inScope.filter(({ answer }) => answer === 'served'))),
        side,
        participating,
        consenting,
        classes,
        outcome,
      },
    ],
  };
}

/** The side of those who voted that has more area and more heads; neither where these differ or tie. */
function sideOf(votes: readonly Vote[]): 'for' | 'against' | 'abstain' {
  const [yes, no] = ['for', 'against'].map((option) =>
    weigh(votes.filter(({ answer }) => isChosen(answer, option))),
  );
  if (yes === undefined || no === undefined) return 'abstain';
  if (yes.areaDm2 > no.areaDm2 && yes.heads > no.heads) return 'for';
  return no.areaDm2 > yes.areaDm2 && no.heads > yes.heads ? 'against' : 'abstain';
}

function recountVotes(proposal: Proposal, votes: readonly Vote[], rules: Rules): ProposalTally {
  const inScope = votes.filter(({ areaDm2 }) => areaDm2 > 0n);
  const [total, taking] = [weigh(inScope), inScope.filter((vote) => takesPart(vote, rules))];
  const participating = weigh(taking);
  const chose = (option: string): Weight =>
    weigh(
      taking.filter(({ answer }) => isChosen(answer, option) || (answer === 'blank' && option === 'abstain')),
    );
  const options = proposal.options.map(({ id }) => ({ option: id, ...stated(chose(id)) }));
  const quorum = byBoth('quorum', participating, total, rules.quorum);
  const isElection = proposal.form === 'election';
  const consenting: Weight = isElection ? { areaDm2: 0n, heads: 0n } : chose('for');
  const election = isElection ? elect(proposal, chose, participating, rules.ordinary) : undefined;
  const classes = proposal.classes.map((matter) => {
    const threshold = MAJOR.has(matter) ? rules.major : rules.ordinary;
    const pass = isElection ? [] : byBoth('pass', consenting, participating, threshold);
    const passes = election === undefined ? allHold(pass) : election.elected.length > 0;
    return {
      class: matter,
      outcome: outcomeOf(total, allHold(quorum), passes),
      inequalities: [...quorum, ...pass],
    };
  });
  const passesAll = classes.every(({ outcome }) => outcome === 'ADOPTED');
  const isQuorate = allHold(quorum);
  return {
    proposal: proposal.proposal,
    total: stated(total),
    participating: stated(participating),
    consenting: stated(consenting),
    options,
    classes,
    outcome: outcomeOf(total, isQuorate, passesAll),
    silence: [],
    elected: isQuorate ? (election?.elected ?? []) : [],
    runOff: isQuorate ? (election?.runOff ?? []) : [],
  };
}

const isChosen = (answer: Vote['answer'], option: string): boolean =>
  typeof answer !== 'string' && answer.includes(option);

function outcomeOf(total: Weight, isQuorate: boolean, passes: boolean): ProposalTally['outcome'] {
  if (total.areaDm2 === 0n || total.heads === 0n) return 'NO_SCOPE';
  if (!isQuorate) return 'NOT_QUORATE';
  return passes ? 'ADOPTED' : 'REJECTED';
}

/** Each candidate must pass alone; those who do are ranked by heads, then area; a tie over the last seats runs again. */
function elect(
  proposal: Proposal,
  chose: (option: string) => Weight,
  participating: Weight,
  threshold: Threshold,
): { readonly elected: readonly string[]; readonly runOff: readonly string[] } {
  const passed = proposal.options
    .filter(({ id }) => !NO_CANDIDATES.has(id))
    .map(({ id }) => ({ id, weight: chose(id) }))
    .filter(({ weight }) => allHold(byBoth('pass', weight, participating, threshold)));
  const above = (a: Weight, b: Weight): boolean =>
    a.heads > b.heads || (a.heads === b.heads && a.areaDm2 > b.areaDm2);
  passed.sort((a, b) =>
    above(a.weight, b.weight) ? -1 : above(b.weight, a.weight) ? 1 : compareText(a.id, b.id),
  );
  const elected: string[] = [];
  for (let at = 0; at < passed.length && elected.length < proposal.seats; ) {
    const first = passed[at];
    const equals = passed.filter(
      ({ weight }) => first !== undefined && !above(weight, first.weight) && !above(first.weight, weight),
    );
    const room = proposal.seats - elected.length;
    const ids = equals.map(({ id }) => id);
    if (ids.length > room) return { elected, runOff: ids };
    elected.push(...ids);
    at += ids.length;
  }
  return { elected, runOff: [] };
}

/** Whether a proposal lacks its quorum, for the rule that only such a meeting is extended (SPEC 5). */
export const isQuorate = (proposal: Proposal, votes: readonly Vote[], rules: Rules): boolean =>
  !['NOT_QUORATE', 'NO_SCOPE'].includes(recount(proposal, votes, rules).outcome);

/** The proposals that this version can count: choices that are sealed, not those of the second stage. */
export const countable = (definition: Definition): readonly Proposal[] =>
  definition.proposals.filter(({ mode }) => mode === 'open');
