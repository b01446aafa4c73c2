/** Up to when each process has decided the casts that it received, so that a close loses none that came in time (SPEC 6.8). */
import type { Instant } from '../base/instant.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { dropStaleWatermarks, dropWatermark, processesBehind, putWatermark } from './store/watermarks.ts';

/** A process that was not seen for this long is taken as gone; its casts were not acknowledged. */
const ALIVE_MS = 10_000;
/** The longest that a close waits for a process that lives but does not come on (SPEC 6.8). */
const FLUSH_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Says how far this process is; each beat does. */
export async function raiseWatermark(deps: BallotDeps): Promise<void> {
  await putWatermark(deps.db, deps.casts.process, deps.casts.decidedBefore(deps.clock()));
  await dropStaleWatermarks(deps.db, 2 * ALIVE_MS);
}

/** Takes this process off the list, once it decides no more casts. */
export const lowerWatermark = (deps: BallotDeps): Promise<void> => dropWatermark(deps.db, deps.casts.process);

/** Resolves when no living process has a cast of before `closesAt` to decide, or after 30 s. */
export async function castsDecided(deps: BallotDeps, closesAt: Instant): Promise<void> {
  await deps.casts.settled();
  for (let waited = 0; waited < FLUSH_WITHIN_MS; waited += LOOK_EVERY_MS) {
    // Another process may be closing too and wait for this one.
    await raiseWatermark(deps);
    if ((await processesBehind(deps.db, deps.casts.process, closesAt, ALIVE_MS)) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
