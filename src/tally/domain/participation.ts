/**
 * What counts: base, participants and consent of one proposal by area and by heads, in exact integers, with the
 * silence rule and the head consent rule; Civil Code §278, SPEC 4.3 and 8.1.
 */

import type { CountingParameters } from '../../assembly/domain/rule-parameters.ts';
import { assert } from '../../base/assert.ts';

/**
 * An answer to one proposal. `follow` is an explicit vote for whatever the majority decides; `malformed` a sealed
 * choice that does not open as SPEC 6.2 demands; `invalid` a paper that is void in itself, such as an over-marked
 * one; `delivered-silent` no answer after a proven delivery; `absent` no answer.
 */
export type Answer =
  | 'for'
  | 'against'
  | 'abstain'
  | 'follow'
  | 'malformed'
  | 'invalid'
  | 'delivered-silent'
  | 'absent';

/** The weight of an entitlement in a proposal's scope: area in dm², and one head where the area is not zero. */
export type Weight = { readonly heads: 0 | 1; readonly areaDm2: bigint };

/** Part of one head's area and the answer given with it. */
export type Share = { readonly areaDm2: bigint; readonly answer: Answer };

/**
 * `times` heads that are each made of these shares; without shares none is in the base. A ballot answers for all
 * of a head, so that the tally has one share a head: only what-if and imported paper split one.
 */
export type Entry = { readonly times: bigint; readonly shares: readonly Share[] };

/** Area in dm² and heads. */
export type Measure = { readonly areaDm2: bigint; readonly heads: bigint };

/** T the base in scope, P those taking part, Y those consenting. */
export type Counts = { readonly T: Measure; readonly P: Measure; readonly Y: Measure };

/** What the participation of an answer depends on. */
export type CountingRule = Pick<
  CountingParameters,
  'abstainParticipates' | 'invalidParticipates' | 'malformedParticipates' | 'silenceRule'
>;

/** The entry of one entitlement with one answer; heads and area must agree (SPEC 4.3). */
export function entitlementEntry(weight: Weight, answer: Answer): Entry {
  assert(
    weight.areaDm2 >= 0n && (weight.heads === 1) === weight.areaDm2 > 0n,
    'a head has area, and only a head',
  );
  return { times: 1n, shares: weight.heads === 0 ? [] : [{ areaDm2: weight.areaDm2, answer }] };
}

/** Shares that `counts` accepts: their area; and the heads with at least one, all of whose are `wanted`. */
function measure(
  entries: readonly Entry[],
  counts: (answer: Answer) => boolean,
  wanted: (answer: Answer) => boolean,
): Measure {
  let areaDm2 = 0n;
  let heads = 0n;
  for (const { times, shares } of entries) {
    const counted = shares.filter((share) => counts(share.answer));
    const met = counted.filter((share) => wanted(share.answer));
    for (const share of met) areaDm2 += times * share.areaDm2;
    if (counted.length > 0 && met.length === counted.length) heads += times;
  }
  return { areaDm2, heads };
}

const any = (): boolean => true;
const is =
  (wanted: Answer) =>
  (answer: Answer): boolean =>
    answer === wanted;

/** Whether an answer takes part, once the silence rule is settled. */
function participates(answer: Answer, rule: CountingRule): boolean {
  switch (answer) {
    case 'for':
    case 'against':
      return true;
    case 'abstain':
      return rule.abstainParticipates;
    case 'invalid':
      return rule.invalidParticipates;
    case 'malformed':
      return rule.malformedParticipates;
    default:
      return false;
  }
}

/** The side that leads by area and by heads among explicit answers; where they differ or tie, abstention. */
export function leader(entries: readonly Entry[], rule: CountingRule): 'for' | 'against' | 'abstain' {
  const takesPart = (answer: Answer): boolean => participates(answer, rule);
  const yes = measure(entries, takesPart, is('for'));
  const no = measure(entries, takesPart, is('against'));
  if (yes.areaDm2 > no.areaDm2 && yes.heads > no.heads) return 'for';
  if (no.areaDm2 > yes.areaDm2 && no.heads > yes.heads) return 'against';
  return 'abstain';
}

/** Entries in which `follow`, and silence where the rule deems it a vote, have become an answer. */
function settle(entries: readonly Entry[], rule: CountingRule): readonly Entry[] {
  const silent = rule.silenceRule === 'FOLLOW_MAJORITY';
  const follows = (answer: Answer): boolean =>
    answer === 'follow' || (silent && answer === 'delivered-silent');
  const led = leader(entries, rule);
  return entries.map(({ times, shares }) => ({
    times,
    shares: shares.map((share) => (follows(share.answer) ? { ...share, answer: led } : share)),
  }));
}

/** T, P and Y of one proposal. Order never matters. The strict tally is the same call with silenceRule NONE. */
export function count(entries: Iterable<Entry>, rule: CountingRule): Counts {
  const settled = settle([...entries], rule);
  const takesPart = (answer: Answer): boolean => participates(answer, rule);
  return {
    T: measure(settled, any, any),
    P: measure(settled, takesPart, any),
    Y: measure(settled, takesPart, is('for')),
  };
}

/** Area and heads of one answer as it was given, before the silence rule: what the record lists per option. */
export const answerTotal = (entries: Iterable<Entry>, answer: Answer): Measure =>
  measure([...entries], any, is(answer));
