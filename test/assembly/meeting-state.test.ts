// Goal: a meeting takes only the steps that the table names. Method: the whole table, every pair of states.
import { describe, expect, it } from 'vitest';
import type { MeetingState } from '../../src/assembly/domain/meeting-state.ts';
import { MEETING_STATES, mayBecome } from '../../src/assembly/domain/meeting-state.ts';

const STEPS: ReadonlySet<string> = new Set([
  'draft → noticed',
  'noticed → armed',
  'armed → open',
  'armed → noticed',
  'open → paused',
  'paused → open',
  'open → closing',
  'closing → closed',
  'closed → counting',
  'counting → preliminary',
  'preliminary → counting',
  'preliminary → final',
  'draft → cancelled',
  'noticed → cancelled',
  'armed → cancelled',
]);

const pairs = MEETING_STATES.flatMap((from) =>
  MEETING_STATES.map((to): readonly [MeetingState, MeetingState] => [from, to]),
);

describe('a meeting', () => {
  it.each(pairs)('%s → %s only where the table says so', (from, to) => {
    expect(mayBecome(from, to)).toBe(STEPS.has(`${from} → ${to}`));
  });

  it('is never cancelled once a vote may have been cast', () => {
    const late = MEETING_STATES.slice(MEETING_STATES.indexOf('open'));
    expect(late.filter((state) => mayBecome(state, 'cancelled'))).toEqual([]);
  });
});
