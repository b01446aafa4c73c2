/** What a motion still lacks, and what would overturn it: the smallest whole numbers by area and by heads; Civil Code §278, SPEC 8.1. */
import { type MatterClassId, matterClass } from '../../assembly/domain/matter-class.ts';
import type { CountingParameters } from '../../assembly/domain/rule-parameters.ts';
import { present } from '../../base/assert.ts';
import { compare, passThreshold, quorumThreshold, type Threshold } from './majority-rule.ts';
import type { Counts } from './participation.ts';

/** One measure of a motion: the base, those taking part, those consenting; dm² or heads. */
export type Part = { readonly total: bigint; readonly participating: bigint; readonly consenting: bigint };

/** What one measure lacks. `undefined` says that those who have not voted are too few. */
export type Shortfall = {
  /** More that must take part, whatever they say, for the quorum. */
  readonly participants: bigint | undefined;
  /** More that must take part and consent, for quorum and consent in every class. */
  readonly consents: bigint | undefined;
  /** Of those who have voted otherwise, how many would have to consent instead, for consent in every class. */
  readonly converts: bigint | undefined;
  /** Where it passes: how many more may take part and not consent before it fails; else 0. */
  readonly slack: bigint;
};

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** ⌈a / b⌉ for a ≥ 0, b > 0. */
const ceiling = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** The smallest x ≥ 0 with `rate·x` ≥ (GE) or > (GT) `gap`, or undefined where no x is large enough. */
function smallest(gap: bigint, rate: bigint, test: Threshold['test']): bigint | undefined {
  const wanted = test === 'GE' ? gap : gap + 1n;
  if (wanted <= 0n) return 0n;
  return rate > 0n ? ceiling(wanted, rate) : undefined;
}

const upTo = (count: bigint | undefined, most: bigint): bigint | undefined =>
  count === undefined || count > most ? undefined : count;

/** The largest of the needs of several conditions, all of which must hold. */
function need(
  conditions: readonly Threshold[],
  of: (threshold: Threshold) => bigint | undefined,
): bigint | undefined {
  let most: bigint | undefined = 0n;
  for (const condition of conditions) {
    const one = of(condition);
    most = one === undefined || most === undefined ? undefined : larger(most, one);
  }
  return most;
}

/** What one measure lacks under a quorum and the consent of several classes. */
export function shortfallOf(part: Part, quorum: Threshold, passes: readonly Threshold[]): Shortfall {
  const { total, participating, consenting } = part;
  const silent = total - participating;
  // Nobody decides nothing (majority-rule): at least one must take part, and at least one consent.
  const least = (there: bigint): bigint => (there > 0n ? 0n : 1n);
  const toQuorum = smallest(quorum.num * total - quorum.den * participating, quorum.den, quorum.test);
  const participants =
    total === 0n ? undefined : upTo(larger(toQuorum ?? total, least(participating)), silent);
  const toPass = need(passes, ({ num, den, test }) =>
    smallest(num * participating - den * consenting, den - num, test),
  );
  const consents =
    participants === undefined || toPass === undefined
      ? undefined
      : upTo(larger(larger(participants, toPass), least(consenting)), silent);
  const toConvert = need(passes, ({ num, den, test }) =>
    smallest(num * participating - den * consenting, den, test),
  );
  const converts =
    toConvert === undefined
      ? undefined
      : upTo(larger(toConvert, least(consenting)), participating - consenting);
  const stands =
    compare(participating, total, quorum).holds &&
    passes.every((pass) => compare(consenting, participating, pass).holds);
  return { participants, consents, converts, slack: stands ? slackOf(part, passes) : 0n };
}

/** The largest x with den·Y ≥ (GE) or > (GT) num·(P + x) in every class, at most those who have not voted. */
function slackOf({ total, participating, consenting }: Part, passes: readonly Threshold[]): bigint {
  let most = total - participating;
  for (const { num, den, test } of passes) {
    const room = den * consenting - num * participating - (test === 'GE' ? 0n : 1n);
    if (num > 0n && room / num < most) most = room / num;
  }
  return most;
}

/** What a motion of these classes lacks by area and by heads. */
export function motionShortfall(
  { T, P, Y }: Counts,
  matters: readonly MatterClassId[],
  parameters: CountingParameters,
): { readonly area: Shortfall; readonly heads: Shortfall } {
  const quorum = quorumThreshold(parameters);
  const passes = matters.map((matter) =>
    passThreshold(present(matterClass(matter), 'a matter class of the profile').threshold, parameters),
  );
  const of = (key: 'areaDm2' | 'heads'): Shortfall =>
    shortfallOf({ total: T[key], participating: P[key], consenting: Y[key] }, quorum, passes);
  return { area: of('areaDm2'), heads: of('heads') };
}
