/**
 * A clock that does not follow the machine's when that one jumps. A cast counts and a meeting closes by the clock (SPEC 6.5, 6.8), and
 * where service and database share a machine both jump together, so that neither can witness against the other.
 */
import type { Clock } from './clock.ts';
import type { Instant } from './instant.ts';

/** Milliseconds since some moment in the past. */
export type Stopwatch = () => number;

export type SteadyClockParts = {
  /** The machine's clock, which may jump. */
  readonly world: Clock;
  /** Never jumps, but may stand still while the machine sleeps. */
  readonly stopwatch: Stopwatch;
  /** Never jumps and runs on while the machine sleeps; slow to read, to a second at worst. */
  readonly uptime: Stopwatch;
  /** Steps up to this many ms are corrections, and followed. */
  readonly maxStepMs: number;
  /** A jump that lasted this long is taken as meant. */
  readonly acceptAfterMs: number;
};

/** A step that is shorter than the errors of two readings cannot be told from sleep, and is taken as a jump. */
const UPTIME_GRAIN_MS = 1_000;
const ASK_UPTIME_EVERY_MS = 60_000;

/**
 * Shows the machine's clock while it runs evenly. After a jump it runs on by the stopwatch, until the machine's clock is back, or
 * has stayed away for `acceptAfterMs`. Time that the machine slept is no jump.
 */
export function steadyClock(parts: SteadyClockParts): Clock {
  const { world, stopwatch, uptime, maxStepMs, acceptAfterMs } = parts;
  const isNear = (a: number, b: number, more = 0): boolean => Math.abs(a - b) <= maxStepMs + more;
  /** The world's clock when the stopwatch, and the uptime, stood at 0. */
  let started = world() - stopwatch();
  let booted = world() - uptime();
  let askedUptimeAt = stopwatch();
  let jump: { readonly started: number; readonly since: number } | undefined;
  const follow = (now: Instant, elapsed: number): Instant => {
    if (jump !== undefined || elapsed - askedUptimeAt > ASK_UPTIME_EVERY_MS) {
      booted = now - uptime();
      askedUptimeAt = elapsed;
    }
    started = now - elapsed;
    jump = undefined;
    return now;
  };
  return () => {
    const now = world();
    const elapsed = stopwatch();
    if (isNear(now - elapsed, started)) return follow(now, elapsed);
    const couldSleep = jump === undefined && now - elapsed - started > maxStepMs + 2 * UPTIME_GRAIN_MS;
    const slept = couldSleep && isNear(now - uptime(), booted, UPTIME_GRAIN_MS);
    if (slept) return follow(now, elapsed);
    if (jump === undefined || !isNear(now - elapsed, jump.started))
      jump = { started: now - elapsed, since: elapsed };
    if (elapsed - jump.since >= acceptAfterMs) return follow(now, elapsed);
    return Math.round(started + elapsed);
  };
}
