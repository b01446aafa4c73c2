// The world's clock, which a test can put wrong and right again; the database's stays right beside it.
import type { DemoClock } from '../../src/cli/demo/demo-deployment.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** `jumpTo(ms)` makes it so many ms wrong, 0 right. */
export type JumpingClock = DemoClock & { readonly jumpTo: (aheadMs: number) => void };

export function jumpingClock(): JumpingClock {
  let ahead = 0;
  return Object.assign(() => Date.now() + ahead, {
    jumpTo: (aheadMs: number) => {
      ahead = aheadMs;
    },
    moveTo: () => {
      throw new Error('the world does not move to a time');
    },
  });
}

/** Waits until the right time has come. */
export const until = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now() + 1)));
