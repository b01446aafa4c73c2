/**
 * What-if: a line of a file is a motion, an election, or a motion under a rule of another place or time; each is read strictly and counted
 * (docs/tally-cases.md, `owners-vote tally --help`).
 */
import { generalRuleById, generalRuleIds } from '../../assembly/domain/general-rules.ts';
import { profileIds } from '../../assembly/domain/profile.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { electionLine, parseElection } from './what-if-election.ts';
import { generalLine, parseGeneral } from './what-if-general.ts';
import type { WhatIfRefusal } from './what-if-line.ts';
import { readLine } from './what-if-line.ts';
import { evaluateMotion, motionLine, parseMotion } from './what-if-motion.ts';

/** Every profile that a case may name. */
export const whatIfProfiles = (): readonly string[] => [...profileIds(), ...generalRuleIds()];

/** The results of one case as lines without line ends: its own, and one for each alternative. */
export type WhatIf = () => readonly string[];

/** The case of one line. */
export function parseCase(text: string): Result<WhatIf, WhatIfRefusal> {
  const line = readLine(text);
  if (!line.ok) return line;
  const { profile = 'CN-2021' } = line.value;
  // Before anything else, since it says what the other members are.
  if (typeof profile !== 'string' || !whatIfProfiles().includes(profile))
    return refuse('PROFILE_UNKNOWN', 'profile');
  const rule = generalRuleById(profile);
  if (rule !== undefined) {
    const read = parseGeneral(line.value, rule);
    return read.ok ? ok(() => [generalLine(read.value)]) : read;
  }
  if (Object.hasOwn(line.value, 'seats') || Object.hasOwn(line.value, 'candidates')) {
    const read = parseElection(line.value);
    return read.ok ? ok(() => [electionLine(read.value)]) : read;
  }
  const read = parseMotion(line.value);
  return read.ok ? ok(() => evaluateMotion(read.value).map(motionLine)) : read;
}
