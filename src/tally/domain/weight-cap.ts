/**
 * What one owner may weigh at most. The excess counts nowhere, neither among those who vote nor in the base, so that a cap cannot make every
 * resolution impossible. Fractions stay exact: all measures are multiplied by one factor first.
 */
import type { RuleCap } from '../../assembly/domain/general-rule.ts';
import type { Answer } from './participation.ts';

/** A head's part with one answer. */
export type VoterShare = { readonly weight: bigint; readonly answer: Answer; readonly inPerson: boolean };

/** `times` owners, or units of one owner, with `heads` heads together and these shares each. */
export type Voter = {
  /** Undefined for owners who are each somebody else. */
  readonly owner: string | undefined;
  readonly times: bigint;
  readonly heads: bigint;
  readonly shares: readonly VoterShare[];
};

/** The voters, with every measure multiplied by `scale`. */
export type Capped = { readonly voters: readonly Voter[]; readonly scale: bigint };

const weightOf = ({ times, shares }: Voter): bigint =>
  times * shares.reduce((sum, share) => sum + share.weight, 0n);
const headsOf = ({ times, heads }: Voter): bigint => times * heads;
const sizeOf = { WEIGHT: weightOf, HEADS: headsOf } as const;
const total = (voters: readonly Voter[], size: (voter: Voter) => bigint): bigint =>
  voters.reduce((sum, voter) => sum + size(voter), 0n);

/** Whether all shares have the same answer, so that what is left of them has one, too. */
const isUniform = (voters: readonly Voter[]): boolean => {
  const [first, ...others] = voters.flatMap(({ shares }) => shares);
  return others.every(({ answer, inPerson }) => answer === first?.answer && inPerson === first.inPerson);
};

/** The owners as groups of voters: all rows of a named one, and each of the others alone. */
function byOwner(voters: readonly Voter[]): readonly (readonly Voter[])[] {
  const named = new Map<string, Voter[]>();
  const groups: (readonly Voter[])[] = [];
  for (const voter of voters) {
    if (voter.owner === undefined) groups.push([voter]);
    else if (named.has(voter.owner)) named.get(voter.owner)?.push(voter);
    else named.set(voter.owner, [voter]);
  }
  return [...groups, ...named.values()];
}

/** How many owners have a share that is wanted, however many units each has. */
export const ownersWith = (voters: readonly Voter[], wanted: (share: VoterShare) => boolean): bigint =>
  byOwner(voters)
    .filter((group) => group.some(({ shares }) => shares.some(wanted)))
    .reduce((sum, [first]) => sum + (first?.owner === undefined ? (first?.times ?? 0n) : 1n), 0n);

/** Most that one owner may have of `whole`. */
const limitOf = ({ num, den, onExcess }: RuleCap, whole: bigint, own: bigint): bigint =>
  onExcess === 'DROP' ? (whole * BigInt(num)) / BigInt(den) : whole - own;

/** An owner above a cap who answered in several ways, so that what is left of him has no answer. */
export type Divided = { readonly dividedOwner: string };

/** Applies one cap. */
function cap(voters: readonly Voter[], rule: RuleCap): readonly Voter[] | Divided {
  const size = sizeOf[rule.measure];
  const whole = total(voters, size);
  const left: Voter[] = [];
  for (const group of byOwner(voters)) {
    const [first] = group;
    if (first === undefined) continue;
    const times = first.owner === undefined ? first.times : 1n;
    const own = total(group, size) / times;
    const [share] = first.shares;
    if (share === undefined || own * BigInt(rule.den) <= whole * BigInt(rule.num)) {
      left.push(...group);
      continue;
    }
    if (!isUniform(group)) return { dividedOwner: first.owner ?? '' };
    const limit = limitOf(rule, whole, own);
    const weight = rule.measure === 'WEIGHT' ? limit : total(group, weightOf) / times;
    const heads = rule.measure === 'HEADS' ? limit : total(group, headsOf) / times;
    left.push({ owner: first.owner, times, heads, shares: [{ ...share, weight }] });
  }
  return left;
}

const scaled = (voter: Voter, scale: bigint): Voter => ({
  ...voter,
  heads: voter.heads * scale,
  shares: voter.shares.map((share) => ({ ...share, weight: share.weight * scale })),
});

/** Applies all caps, each on what the former left. */
export function applyCaps(voters: readonly Voter[], caps: readonly RuleCap[]): Capped | Divided {
  const dropping = caps.filter(({ onExcess }) => onExcess === 'DROP');
  const scale = dropping.reduce((product, { den }) => product * BigInt(den), 1n);
  let left: readonly Voter[] = voters.map((voter) => scaled(voter, scale));
  for (const rule of caps) {
    const after = cap(left, rule);
    if ('dividedOwner' in after) return after;
    left = after;
  }
  return { voters: left, scale };
}
