/**
 * Elections of the committee: each candidate must himself pass the dual majority on the common quorum, those who
 * pass are ranked by heads and then area, and a tie over the last seats is voted again, never drawn; Civil Code §278.
 */

import type { CountingParameters } from '../../assembly/domain/rule-parameters.ts';
import { assert, present } from '../../base/assert.ts';
import { compareText } from '../../base/bytes.ts';
import { type ClassDecision, decide } from './outcome.ts';
import {
  type Answer,
  count,
  type Entry,
  entitlementEntry,
  type Measure,
  type Weight,
} from './participation.ts';

/** One entitlement in an election: the candidates marked, in any order, or that no choice could be read. */
export type ElectionEntry = {
  readonly weight: Weight;
  readonly marks: readonly string[] | 'malformed' | 'invalid' | 'absent';
};

/** What ranks those who pass: heads and then area, area and then heads, or the sum of both shares of those taking part. */
export const RANKS = ['HEADS_AREA', 'AREA_HEADS', 'SUM_FRACTIONS'] as const;
export type Rank = (typeof RANKS)[number];

/** What is elected: distinct candidates, at least one seat, and how many of them a ballot may mark at most. */
export type Election = {
  readonly seats: number;
  readonly maxMarks: number;
  readonly candidates: readonly string[];
  readonly rank: Rank;
};

/** A candidate's consent and decision on the common base and quorum. */
export type CandidateDecision = {
  readonly candidate: string;
  readonly consent: Measure;
  readonly decision: ClassDecision;
};

/** NO_SCOPE and NOT_QUORATE elect nobody; COUNTED may still leave seats vacant or to a run-off. */
export type ElectionResult = {
  readonly outcome: 'NO_SCOPE' | 'NOT_QUORATE' | 'COUNTED';
  readonly total: Measure;
  readonly participating: Measure;
  /** In the order of the definition. */
  readonly candidates: readonly CandidateDecision[];
  /** In the order of rank; equal ranks that all have a seat in the order of their ids. */
  readonly elected: readonly string[];
  /** Those who tie for fewer seats than they are. */
  readonly runOff: { readonly seats: number; readonly candidates: readonly string[] };
  /** Passed, but behind the last seat (候补), in the order of rank. */
  readonly reserve: readonly string[];
  /** Seats that nobody passed for. */
  readonly vacant: number;
};

/** Whether the ballot as a whole counts: too many, repeated or unknown marks make it invalid, none is abstention. */
function standing(
  marks: ElectionEntry['marks'],
  known: ReadonlyMap<string, unknown>,
  maxMarks: number,
): Answer | 'marked' {
  if (marks === 'malformed' || marks === 'invalid' || marks === 'absent') return marks;
  const sound = new Set(marks).size === marks.length && marks.every((mark) => known.has(mark));
  if (!sound || marks.length > maxMarks) return 'invalid';
  return marks.length === 0 ? 'abstain' : 'marked';
}

/** What each candidate has: the ballots that mark him; one that marks others takes part without consenting to him. */
function consents(
  entries: readonly ElectionEntry[],
  { candidates, maxMarks }: Election,
): { readonly base: readonly Entry[]; readonly of: ReadonlyMap<string, Measure> } {
  const of = new Map(candidates.map((candidate) => [candidate, { areaDm2: 0n, heads: 0n }]));
  const base = entries.map(({ weight, marks }) => {
    const whole = standing(marks, of, maxMarks);
    if (whole !== 'marked') return entitlementEntry(weight, whole);
    for (const mark of marks) {
      const consent = present(of.get(mark), 'a sound ballot marks candidates');
      consent.areaDm2 += weight.areaDm2;
      consent.heads += BigInt(weight.heads);
    }
    return entitlementEntry(weight, 'against');
  });
  return { base, of };
}

/** Positive where `a` ranks before `b`. */
type Compare = (a: Measure, b: Measure) => bigint;

/** How two consents compare; the sum of shares by cross multiplication, never a division. */
function comparison(rank: Rank, participating: Measure): Compare {
  const sum = ({ heads, areaDm2 }: Measure) => heads * participating.areaDm2 + areaDm2 * participating.heads;
  switch (rank) {
    case 'HEADS_AREA':
      return (a, b) => a.heads - b.heads || a.areaDm2 - b.areaDm2;
    case 'AREA_HEADS':
      return (a, b) => a.areaDm2 - b.areaDm2 || a.heads - b.heads;
    case 'SUM_FRACTIONS':
      return (a, b) => sum(a) - sum(b);
  }
}

/** Fills seats rank by rank; a rank that does not fit as a whole goes to a run-off and ends the filling. */
function fill(passers: readonly CandidateDecision[], seats: number, compare: Compare) {
  const ids = (part: readonly CandidateDecision[]) => part.map((entry) => entry.candidate);
  const sameRank = (a: CandidateDecision, b: CandidateDecision) => compare(a.consent, b.consent) === 0n;
  const ranked = [...passers].sort((a, b) => {
    const ahead = compare(b.consent, a.consent);
    if (ahead === 0n) return compareText(a.candidate, b.candidate);
    return ahead > 0n ? 1 : -1;
  });
  const last = ranked[seats - 1];
  const next = ranked[seats];
  const tied = last !== undefined && next !== undefined && sameRank(last, next);
  const run = tied ? ranked.filter((entry) => sameRank(entry, last)) : [];
  const clear = tied ? ranked.findIndex((entry) => sameRank(entry, last)) : Math.min(seats, ranked.length);
  return {
    elected: ids(ranked.slice(0, clear)),
    runOff: { seats: tied ? seats - clear : 0, candidates: ids(run) },
    reserve: ids(ranked.slice(clear + run.length)),
    vacant: tied ? 0 : seats - clear,
  };
}

/** Counts an election under the matter class M3; the order of the entries never matters. */
export function countElection(
  entries: readonly ElectionEntry[],
  election: Election,
  parameters: CountingParameters,
): ElectionResult {
  const { seats, candidates } = election;
  assert(Number.isSafeInteger(seats) && seats > 0, 'an election has a seat');
  assert(candidates.length > 0 && new Set(candidates).size === candidates.length, 'candidates are distinct');
  const { base, of } = consents(entries, election);
  const { T, P } = count(base, parameters);
  const decisions = candidates.map((candidate): CandidateDecision => {
    const consent = present(of.get(candidate), 'each candidate is counted');
    return { candidate, consent, decision: decide({ T, P, Y: consent }, 'M3', parameters) };
  });
  const { outcome } = decide({ T, P, Y: { areaDm2: 0n, heads: 0n } }, 'M3', parameters);
  const passers = decisions.filter((entry) => entry.decision.outcome === 'ADOPTED');
  return {
    outcome: outcome === 'NO_SCOPE' || outcome === 'NOT_QUORATE' ? outcome : 'COUNTED',
    total: T,
    participating: P,
    candidates: decisions,
    ...fill(passers, seats, comparison(election.rank, P)),
  };
}
