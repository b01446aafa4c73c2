/** Turnout while a meeting is open: heads and area per proposal, never by option, in steps (SPEC 6.10). */
import { parameterOf } from '../assembly/domain/drafting.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { weightOf } from '../record/roll.ts';
import { frozenLeaves } from '../registry/frozen-roll.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { votedEntitlements } from './store/casts.ts';

export type Turnout = {
  readonly proposal: string;
  readonly heads: number;
  readonly areaDm2: bigint;
  readonly totalHeads: number;
  readonly totalAreaDm2: bigint;
};

const STEP_MS = 600_000;
const STEP_STATEMENTS = 5;
type Shown = { readonly at: number; readonly voted: number; readonly turnout: readonly Turnout[] };
/** What was shown last; it may be older than the truth, never finer. */
const shown = new Map<string, Shown>();

/** The turnout of a meeting: renewed every ten minutes and not before five new statements, at once after the close. */
export async function turnoutOf(deps: BallotDeps, meeting: Meeting): Promise<readonly Turnout[]> {
  // A pause shows no finer turnout than the vote around it.
  const open = meeting.state === 'open' || meeting.state === 'paused';
  const now = deps.clock();
  const last = shown.get(meeting.meeting);
  if (open && last !== undefined && Math.abs(now - last.at) < STEP_MS) return last.turnout;
  const voted = new Set(await votedEntitlements(deps.db, meeting.community, meeting.meeting));
  if (open && last !== undefined && voted.size - last.voted < STEP_STATEMENTS) return last.turnout;
  const visible = open && voted.size < STEP_STATEMENTS ? new Set<string>() : voted;
  const turnout = await compute(deps, meeting, visible);
  if (open) shown.set(meeting.meeting, { at: now, voted: visible.size, turnout });
  else shown.delete(meeting.meeting);
  return turnout;
}

async function compute(
  deps: BallotDeps,
  meeting: Meeting,
  voted: ReadonlySet<string>,
): Promise<readonly Turnout[]> {
  const leaves = await frozenLeaves(deps.db, meeting.community, meeting.meeting);
  const countSpecialSpaces = parameterOf(meeting.definition, 'countSpecialSpaces') === 'true';
  return meeting.definition.proposals.map(({ proposal, scope }) => {
    let [heads, areaDm2, totalHeads, totalAreaDm2] = [0, 0n, 0, 0n];
    for (const { leaf, entitlement } of leaves) {
      const weight = weightOf(leaf, scope, countSpecialSpaces);
      totalHeads += weight.heads;
      totalAreaDm2 += weight.areaDm2;
      if (!voted.has(entitlement)) continue;
      heads += weight.heads;
      areaDm2 += weight.areaDm2;
    }
    return { proposal, heads, areaDm2, totalHeads, totalAreaDm2 };
  });
}
