/**
 * At most two argon2 computations at once: they share libuv's threads with file and signature work (DESIGN §3). The line is bounded:
 * who comes when it is full is told so at once, instead of waiting for what his request will not outlive.
 */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';

const AT_ONCE = 2;
/** At some 30 ms each, the last of them waits for about half a second, on a slow computer for three. */
const MOST_WAITING = 32;
let running = 0;
const waiting: (() => void)[] = [];

export type Busy = Refusal<'SERVICE_BUSY'>;

/** Runs a computation when its turn comes; refused without having begun where too many wait. */
export async function limitedArgon2<T>(compute: () => Promise<T>): Promise<Result<T, Busy>> {
  if (running < AT_ONCE) running += 1;
  else if (waiting.length < MOST_WAITING) await new Promise<void>((resolve) => waiting.push(resolve));
  else return refuse('SERVICE_BUSY');
  try {
    return ok(await compute());
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
