// A clock that stands until a test moves it.
import type { Clock } from '../../src/base/clock.ts';
import type { Instant } from '../../src/base/instant.ts';

/** `clock()` reads it, the others move it. */
export type FixedClock = {
  readonly clock: Clock;
  set(instant: Instant): void;
  advance(ms: number): void;
};

/** 2026-12-10T10:00:00Z, the instant at which tests begin unless they say otherwise. */
export const TEST_NOW: Instant = 1_796_896_800_000;

export function fixedClock(start: Instant = TEST_NOW): FixedClock {
  let now = start;
  return {
    clock: () => now,
    set: (instant) => {
      now = instant;
    },
    advance: (ms) => {
      now += ms;
    },
  };
}
