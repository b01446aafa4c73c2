/** Counting by a rule in the general form: every test with both sides, the second vote, the objection stage (docs/tally-cases.md). */
import type { GeneralRule, RuleTest } from '../../assembly/domain/general-rule.ts';
import { generalRuleById } from '../../assembly/domain/general-rules.ts';
import { present } from '../../base/assert.ts';
import type { Answer } from './participation.ts';
import type { Capped, Voter, VoterShare } from './weight-cap.ts';
import { ownersWith } from './weight-cap.ts';

/** Weight and heads, multiplied by the scale of the caps. */
export type Measured = { readonly weight: bigint; readonly heads: bigint };

/** `left` ∘ `right`. */
export type TestResult = RuleTest & {
  readonly left: bigint;
  readonly right: bigint;
  readonly holds: boolean;
};

/** PROVISIONAL: adopted, unless too many object within the days of the rule. */
export type GeneralOutcome = 'NO_SCOPE' | 'NOT_QUORATE' | 'REJECTED' | 'PROVISIONAL' | 'ADOPTED';

export type GeneralResult = {
  /** The rules that were applied, the deciding one last. */
  readonly rules: readonly string[];
  readonly total: Measured;
  readonly participating: Measured;
  readonly consenting: Measured;
  readonly against: Measured;
  readonly quorum: readonly TestResult[];
  readonly pass: readonly TestResult[];
  readonly outcome: GeneralOutcome;
};

type Choice = (share: VoterShare) => boolean;

const anything: Choice = () => true;
const is =
  (wanted: Answer): Choice =>
  ({ answer }) =>
    answer === wanted;
const isCast: Choice = ({ answer }) => answer === 'for' || answer === 'against';
const takesPart: Choice = (share) => isCast(share) || share.answer === 'abstain';

/** Weight of the shares that count and are wanted; heads all of whose counted shares are wanted. */
function measure(voters: readonly Voter[], counts: Choice, wanted: Choice): Measured {
  let [weight, heads] = [0n, 0n];
  for (const { times, heads: own, shares } of voters) {
    const counted = shares.filter(counts);
    const met = counted.filter(wanted);
    for (const share of met) weight += times * share.weight;
    if (counted.length > 0 && met.length === counted.length) heads += times * own;
  }
  return { weight, heads };
}

/** The whole roll. */
export const wholeOf = (voters: readonly Voter[]): Measured => measure(voters, anything, anything);

/** Whom a vote for whatever the majority decides joins: the side that leads in weight and in heads among those for and against, or neither. */
function leaderOf(voters: readonly Voter[]): Answer {
  const yes = measure(voters, takesPart, is('for'));
  const no = measure(voters, takesPart, is('against'));
  if (yes.weight > no.weight && yes.heads > no.heads) return 'for';
  return no.weight > yes.weight && no.heads > yes.heads ? 'against' : 'abstain';
}

/** The voters with each `follow`, which is a vote that somebody cast, as the answer that it became. */
function settled(voters: readonly Voter[]): readonly Voter[] {
  const answer = leaderOf(voters);
  return voters.map((voter) => ({
    ...voter,
    shares: voter.shares.map((share) => (share.answer === 'follow' ? { ...share, answer } : share)),
  }));
}

const WANTED: Readonly<Record<Exclude<RuleTest['of'], 'OBJECTING'>, Choice>> = {
  FOR: is('for'),
  AGAINST: is('against'),
  PARTICIPATING: anything,
  IN_PERSON: ({ inPerson }) => inPerson,
};

const COMPARED: Readonly<Record<RuleTest['op'], (left: bigint, right: bigint) => boolean>> = {
  GE: (left, right) => left >= right,
  GT: (left, right) => left > right,
  LE: (left, right) => left <= right,
  LT: (left, right) => left < right,
};

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** One test. An empty base never holds, and nobody never reaches a fraction, whatever `0 ≥ 0` says. */
function run(test: RuleTest, { voters, scale }: Capped, objecting: Measured): TestResult {
  const counts = test.base === 'CAST' ? isCast : takesPart;
  const base = test.base === 'ALL' ? measure(voters, anything, anything) : measure(voters, counts, anything);
  const wanted = test.of === 'OBJECTING' ? anything : WANTED[test.of];
  const part = test.of === 'OBJECTING' ? objecting : measure(voters, counts, wanted);
  const key = test.measure === 'HEADS' ? 'heads' : 'weight';
  const [num, den] = [BigInt(test.num), BigInt(test.den)];
  const left = den * part[key];
  const asked = num * base[key];
  const right = test.orMin === undefined ? asked : smaller(asked, den * BigInt(test.orMin) * scale);
  const reaches = test.op === 'GE' || test.op === 'GT';
  const owners =
    test.minCount === undefined ? 0n : ownersWith(voters, (share) => counts(share) && wanted(share));
  const enough = owners >= BigInt(test.minCount ?? 0) && (part[key] > 0n || !reaches);
  return { ...test, left, right, holds: base[key] > 0n && enough && COMPARED[test.op](left, right) };
}

const allHold = (results: readonly TestResult[]): boolean => results.every(({ holds }) => holds);

/** The tests that a motion of these matters must pass; undefined where the rule tells matters apart and one is missing. */
export function passTests(rule: GeneralRule, matters: readonly number[]): readonly RuleTest[] | undefined {
  const tests = rule.pass.flatMap((item) => ('matters' in item ? [] : [item]));
  const byMatter = rule.pass.flatMap((item) => ('matters' in item ? [item] : []));
  if (byMatter.length === 0) return tests;
  if (matters.length === 0) return undefined;
  const classes = matters.map((matter) => byMatter.find((each) => each.matters.includes(matter))?.pass);
  return classes.some((pass) => pass === undefined) ? undefined : classes.flatMap((pass) => pass ?? []);
}

/** Decides by one rule and, where it fails and says so, by the next. `objecting` undefined: the time for objections has not ended. */
export function decideGenerally(
  rule: GeneralRule,
  tests: readonly RuleTest[],
  capped: Capped,
  objecting: Measured | undefined,
): GeneralResult {
  const none: Measured = { weight: 0n, heads: 0n };
  const voters = settled(capped.voters);
  const check = (list: readonly RuleTest[]): readonly TestResult[] =>
    list.map((test) => run(test, { voters, scale: capped.scale }, objecting ?? none));
  const total = wholeOf(voters);
  const quorum = check(rule.quorum);
  const pass = check(tests);
  const isQuorate =
    rule.anyQuorum === true ? quorum.length === 0 || quorum.some(({ holds }) => holds) : allHold(quorum);
  const outcome = (): GeneralOutcome => {
    if (total.weight === 0n || total.heads === 0n) return 'NO_SCOPE';
    if (!isQuorate) return 'NOT_QUORATE';
    if (!allHold(pass)) return 'REJECTED';
    if (rule.objection === undefined) return 'ADOPTED';
    if (objecting === undefined) return 'PROVISIONAL';
    return allHold(check(rule.objection.max)) ? 'ADOPTED' : 'REJECTED';
  };
  const decided: GeneralResult = {
    rules: [rule.id],
    total,
    participating: measure(voters, takesPart, anything),
    consenting: measure(voters, takesPart, is('for')),
    against: measure(voters, takesPart, is('against')),
    quorum,
    pass,
    outcome: outcome(),
  };
  const { fallback } = rule;
  if (decided.outcome !== 'REJECTED' || fallback === undefined || !allHold(check(fallback.when)))
    return decided;
  const next = present(generalRuleById(fallback.next), 'a rule that another one names');
  const again = decideGenerally(next, present(passTests(next, []), 'its tests'), capped, objecting);
  return { ...again, rules: [rule.id, ...again.rules] };
}
