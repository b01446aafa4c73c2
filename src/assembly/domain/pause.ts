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
};

/** The close that a resumption drafted now names: a full minute, so that people can read it. */
export function resumedClose({ pausedAt, closedFrom }: Pause, now: Instant): Instant {
  // A clock that stepped back must not take time from the owners.
  const length = Math.max(0, now - pausedAt);
  return Math.ceil((closedFrom + length + SIGN_WITHIN_MS) / MINUTE_MS) * MINUTE_MS;
}

/** Whether a drafted close still fits when the vote goes on: never less than the pause took, nor more than the signing may add. */
export function closeFits({ pausedAt, closedFrom }: Pause, closesAt: Instant, now: Instant): boolean {
  const least = closedFrom + Math.max(0, now - pausedAt);
  return closesAt >= least && closesAt <= least + SIGN_WITHIN_MS + MINUTE_MS;
}
