/**
 * What a count means: the outcome of each matter class and of the whole motion, and the passed resolution, which
 * can be made here only, from counts that pass; Civil Code §278, SPEC 8.1 and 8.3.
 */

import { type MatterClassId, matterClass } from '../../assembly/domain/matter-class.ts';
import type { CountingParameters } from '../../assembly/domain/rule-parameters.ts';
import { assert, present } from '../../base/assert.ts';
import { bothHold, type DualTest, passTest, quorumTest } from './majority-rule.ts';
import type { Counts } from './participation.ts';

/** NO_SCOPE: nobody has a vote. NOT_QUORATE: too few took part, whatever they said. */
export type Outcome = 'NO_SCOPE' | 'NOT_QUORATE' | 'ADOPTED' | 'REJECTED';

/** The decision in one matter class with both sides of its four inequalities. */
export type ClassDecision = {
  readonly matter: MatterClassId;
  readonly quorum: DualTest;
  readonly pass: DualTest;
  readonly outcome: Outcome;
};

/** The decision of a motion: adopted only where every one of its classes is. The quorum is the same in all. */
export type MotionDecision = {
  readonly counts: Counts;
  readonly classes: readonly ClassDecision[];
  readonly outcome: Outcome;
};

function outcomeOf(counts: Counts, quorum: DualTest, pass: DualTest): Outcome {
  if (counts.T.areaDm2 === 0n || counts.T.heads === 0n) return 'NO_SCOPE';
  if (!bothHold(quorum)) return 'NOT_QUORATE';
  return bothHold(pass) ? 'ADOPTED' : 'REJECTED';
}

/** Decides one matter class. */
export function decide(counts: Counts, matter: MatterClassId, parameters: CountingParameters): ClassDecision {
  const { threshold } = present(matterClass(matter), 'a matter class of the profile');
  const quorum = quorumTest(counts, parameters);
  const pass = passTest(counts, threshold, parameters);
  return { matter, quorum, pass, outcome: outcomeOf(counts, quorum, pass) };
}

/** Decides a motion in all of its classes, at least one. */
export function decideMotion(
  counts: Counts,
  matters: readonly MatterClassId[],
  parameters: CountingParameters,
): MotionDecision {
  assert(matters.length > 0, 'a motion has a matter class');
  const classes = matters.map((matter) => decide(counts, matter, parameters));
  const failed = classes.find((decision) => decision.outcome !== 'ADOPTED');
  return { counts, classes, outcome: failed?.outcome ?? 'ADOPTED' };
}

declare const passed: unique symbol;

/** A resolution of the owners: only a value of this type opens the maintenance fund. */
export type PassedResolution = {
  readonly [passed]: true;
  readonly meeting: string;
  readonly proposal: string;
  readonly decision: MotionDecision;
};

/** The resolution that these counts make, or undefined where the motion is not adopted. Decided anew, never read. */
export function passedResolution(
  subject: { readonly meeting: string; readonly proposal: string },
  counts: Counts,
  matters: readonly MatterClassId[],
  parameters: CountingParameters,
): PassedResolution | undefined {
  const decision = decideMotion(counts, matters, parameters);
  if (decision.outcome !== 'ADOPTED') return undefined;
  return { meeting: subject.meeting, proposal: subject.proposal, decision } as PassedResolution;
}
