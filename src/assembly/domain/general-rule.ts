/**
 * The general form of a majority rule: tests on two measures and three bases, caps, a second vote and an objection stage. CN-2021 has its own
 * form, in which meetings are held; rules in this form are counted by `owners-vote tally` only (docs/tally-cases.md).
 */
import type { Certainty } from './rule-parameters.ts';

/** HEADS are owners, or units where the rule says so; WEIGHT is area, shares or entitlements, whatever the case states. */
export type RuleMeasure = 'HEADS' | 'WEIGHT';

/** `den` · part ∘ `num` · base. ALL is the whole roll, PARTICIPATING whoever is present, CAST those for and against. */
export type RuleTest = {
  readonly of: 'FOR' | 'AGAINST' | 'PARTICIPATING' | 'IN_PERSON' | 'OBJECTING';
  readonly measure: RuleMeasure;
  readonly base: 'ALL' | 'PARTICIPATING' | 'CAST';
  readonly op: 'GE' | 'GT' | 'LE' | 'LT';
  readonly num: number;
  readonly den: number;
  /** At least so many, whatever the fraction says. */
  readonly minCount?: number;
  /** So many are enough where the fraction asks for more. */
  readonly orMin?: number;
};

/** What one owner may weigh: the excess over the fraction is dropped, or he is reduced to what all others have. */
export type RuleCap = {
  readonly measure: RuleMeasure;
  readonly num: number;
  readonly den: number;
  readonly onExcess: 'DROP' | 'REDUCE_TO_REST';
};

/** What passes: by matter of Civil Code §278 where the rule tells matters apart. */
export type RulePass =
  | readonly RuleTest[]
  | readonly { readonly matters: readonly number[]; readonly pass: readonly RuleTest[] }[];

/** A rule of one place and time. */
export type GeneralRule = {
  readonly id: string;
  readonly version: number;
  /** Civil dates; a rule without an end is in force. */
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly zh: string;
  readonly en: string;
  readonly article: string;
  readonly certainty: Certainty;
  /** Whether an owner or each of his units is a head. */
  readonly headKey: 'owner' | 'unit';
  /** All must hold, or with `anyQuorum` one of them. None: whoever comes decides. */
  readonly quorum: readonly RuleTest[];
  readonly anyQuorum?: true;
  /** All must hold. */
  readonly pass: RulePass;
  /** Where the rule fails and these hold, the votes are counted at once by the next rule. */
  readonly fallback?: { readonly when: readonly RuleTest[]; readonly next: string };
  /** The resolution stands only where, after so many days, each of these holds. */
  readonly objection?: { readonly days: number; readonly max: readonly RuleTest[] };
  readonly caps: readonly RuleCap[];
  /** Whether owners whom nobody can find leave the base by order of a court. */
  readonly removesUnlocated?: true;
  /** Whether parking spaces stay out unless special spaces are counted, and every other kind of unit is one that counts (China). */
  readonly excludesSpecialSpaces?: true;
};
