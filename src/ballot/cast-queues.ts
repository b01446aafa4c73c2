/** The queues of one process between a cast's coming in and its answer, and up to when all that came in is decided (SPEC 6.5, 6.8). */
import type { Instant } from '../base/instant.ts';
import type { GroupQueue } from '../db/group-queue.ts';
import { groupQueue } from '../db/group-queue.ts';
import type { PromisedCast } from './acknowledging.ts';
import type { FactMemory } from './cast-facts.ts';
import { castFacts } from './cast-facts.ts';
import type { CastFacts, ReadCast } from './domain/cast-checking.ts';
import type { Entered, EnteringDeps } from './entering.ts';
import { enterGroup } from './entering.ts';
import type { RefusalCount } from './store/casts.ts';
import { addRefusals } from './store/casts.ts';

export type CastQueues = {
  /** This process among those on the database. */
  readonly process: string;
  readonly memory: FactMemory;
  readonly facts: GroupQueue<ReadCast, CastFacts>;
  readonly entering: GroupQueue<PromisedCast, Entered>;
  readonly refusals: GroupQueue<Omit<RefusalCount, 'refused'>, true>;
  /** Counts a cast as under way until `deciding` settles. */
  readonly watch: <T>(receivedAt: Instant, deciding: Promise<T>) => Promise<T>;
  /** Every cast received before this instant is decided; at most `now`. */
  readonly decidedBefore: (now: Instant) => Instant;
  /** Resolves when every cast that came in before this call is decided. */
  readonly settled: () => Promise<void>;
};

/** Groups as measured in docs/decisions/group-commit.md; the bound is a few seconds of work. */
const GROUP = { most: 200, waitMs: 5, bound: 5_000, atOnce: 2 };
/** Short groups, so that the event loop comes round between the checks of their signatures. */
const FACTS = { most: 32, waitMs: 0, bound: 5_000, atOnce: 2 };

function summed(refusals: readonly Omit<RefusalCount, 'refused'>[]): RefusalCount[] {
  const counts = new Map<string, RefusalCount>();
  for (const { community, meeting, code } of refusals) {
    const key = `${meeting} ${code}`;
    counts.set(key, { community, meeting, code, refused: (counts.get(key)?.refused ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** The queues of a process; they hold no timer while they are empty. */
export function castQueues(deps: EnteringDeps, process: string): CastQueues {
  const memory: FactMemory = { meetings: new Map(), checkpoints: new Set() };
  const underWay = new Map<Promise<unknown>, Instant>();
  return {
    process,
    memory,
    facts: groupQueue((casts) => castFacts(deps.db, memory, casts), FACTS),
    entering: groupQueue((casts) => enterGroup(deps, casts), {
      ...GROUP,
      keyOf: ({ cast }) => cast.entitlement,
    }),
    refusals: groupQueue(async (refusals) => {
      await addRefusals(deps.db, summed(refusals));
      return refusals.map(() => true as const);
    }, FACTS),
    async watch(receivedAt, deciding) {
      underWay.set(deciding, receivedAt);
      try {
        return await deciding;
      } finally {
        underWay.delete(deciding);
      }
    },
    decidedBefore: (now) => [...underWay.values()].reduce((least, at) => Math.min(least, at), now),
    settled: async () => {
      await Promise.allSettled([...underWay.keys()]);
    },
  };
}
