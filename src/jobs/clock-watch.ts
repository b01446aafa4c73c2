/** Whether the time may be acted upon: what is done by the clock cannot be undone when the clock was wrong (SPEC 6.5, 6.8). */
import type { Clock } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import { serverNow } from '../db/server-clock.ts';

/** Readings in their order: ours, the database's, ours again. */
export type Readings = { readonly askedAt: Instant; readonly server: Instant; readonly answeredAt: Instant };

/** By how many ms our clock is certainly ahead of the database's (negative: behind); the time of the question is no skew. */
export function skewOf({ askedAt, server, answeredAt }: Readings): number {
  // A clock that was set back while we asked brackets nothing; what it shows now is compared.
  if (answeredAt < askedAt) return answeredAt - server;
  if (server < askedAt) return askedAt - server;
  return server > answeredAt ? answeredAt - server : 0;
}

/** What the watch needs; without `maxSkewMs` the clock is not the world's, and nothing can witness against it. */
export type WatchedClock = {
  readonly db: Database;
  readonly clock: Clock;
  readonly maxSkewMs: number | undefined;
};

/** The skew in ms where it is larger than allowed, otherwise 0. Throws where the database does not answer. */
export async function forbiddenSkew({ db, clock, maxSkewMs }: WatchedClock): Promise<number> {
  if (maxSkewMs === undefined) return 0;
  const askedAt = clock();
  const server = await serverNow(db);
  const skew = skewOf({ askedAt, server, answeredAt: clock() });
  return Math.abs(skew) > maxSkewMs ? skew : 0;
}
