/** Up to when each process has decided the casts that it received, so that a close loses none that came in time (SPEC 6.8). */
import { concat, toHex } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { generationOfKey } from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import type { BallotDeps } from './ballot-deps.ts';
import {
  dropStaleWatermarks,
  dropWatermark,
  indexKeysOfProcesses,
  processesBehind,
  putWatermark,
} from './store/watermarks.ts';

/** A process that was not seen for this long is taken as gone; its casts were not acknowledged. */
const ALIVE_MS = 10_000;
/** The longest that a close waits for a process that lives but does not come on (SPEC 6.8). */
const FLUSH_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Says how far this process is; each beat does. */
export async function raiseWatermark(deps: BallotDeps): Promise<void> {
  const known = concat(...deps.atRest.indexing.map(generationOfKey));
  await putWatermark(deps.db, deps.casts.process, deps.casts.decidedBefore(deps.clock()), known);
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

/** How many living processes do not know an index key, by its generation; without one how many live at all. */
export async function processesWithout(db: Database, generation: Uint8Array | undefined): Promise<number> {
  const processes = await indexKeysOfProcesses(db, ALIVE_MS);
  if (generation === undefined) return processes.length;
  const size = generation.length;
  const knows = (keys: Uint8Array): boolean =>
    Array.from({ length: keys.length / size }, (_, at) => keys.subarray(at * size, (at + 1) * size)).some(
      (key) => toHex(key) === toHex(generation),
    );
  return processes.filter((keys) => !knows(keys)).length;
}
