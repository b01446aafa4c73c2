/** How far a pause moves the close of a vote: by its length, and by what its signing may take (SPEC 5). */
import type { Instant } from '../../base/instant.ts';

/** A resumption fixes the close when it is drafted and must be signed within this time. */
export const SIGN_WITHIN_MS = 600_000;

const MINUTE_MS = 60_000;

/** What is known of a pause that lasts. */
export type Pause = {
  readonly pausedAt: Instant;
  /** The effective close until then. */
  readonly closedFrom: Instant;
  /** By how much the pauses before moved the close beyond their own length, in ms: no row of pauses may add up what signing takes. */
  readonly surplusMs: number;
};

/** The length of a pause; a clock that stepped back must not take time from the owners. */
export const lengthMs = (pausedAt: Instant, resumedAt: Instant): number => Math.max(0, resumedAt - pausedAt);

/** The close that a resumption drafted now names: a full minute, so that people can read it. */
export function resumedClose({ pausedAt, closedFrom, surplusMs }: Pause, now: Instant): Instant {
  const move = Math.max(0, lengthMs(pausedAt, now) + SIGN_WITHIN_MS - surplusMs);
  return Math.ceil((closedFrom + move) / MINUTE_MS) * MINUTE_MS;
}

/** Whether a drafted close still fits when the vote goes on: never less than the pauses took, nor more than one signing may add. */
export function closeFits(
  { pausedAt, closedFrom, surplusMs }: Pause,
  closesAt: Instant,
  now: Instant,
): boolean {
  const length = lengthMs(pausedAt, now);
  const least = closedFrom + Math.max(0, length - surplusMs);
  const most = closedFrom + Math.max(0, length + SIGN_WITHIN_MS - surplusMs) + MINUTE_MS;
  return closesAt >= least && closesAt <= most;
}
