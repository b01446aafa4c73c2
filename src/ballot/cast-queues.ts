/** The queues of one process between a cast's coming in and its answer, and up to when all that came in is decided (SPEC 6.5, 6.8). */
import type { Instant } from '../base/instant.ts';
import type { GroupQueue } from '../db/group-queue.ts';
import { groupQueue } from '../db/group-queue.ts';
import type { PromisedCast } from './acknowledging.ts';
import type { FactMemory } from './cast-facts.ts';
import { castFacts } from './cast-facts.ts';
import type { CastFacts, ReadCast } from './domain/cast-checking.ts';
import type { Entered, EnteringDeps, Unavailable } from './entering.ts';
import { enterGroup } from './entering.ts';
import type { RefusalCount } from './store/casts.ts';
import { addRefusals } from './store/casts.ts';

export type CastQueues = {
  /** This process among those on the database. */
  readonly process: string;
  /** How far our clock may be from the database's, in ms; undefined where the clock is not the world's. */
  readonly maxSkewMs: number | undefined;
  readonly memory: FactMemory;
  readonly facts: GroupQueue<ReadCast, CastFacts>;
  readonly entering: GroupQueue<PromisedCast, Entered>;
  readonly refusals: GroupQueue<Omit<RefusalCount, 'refused'>, true>;
  /** The outage for which the last group could not be entered, undefined after one that was, or some time without any. */
  readonly outage: () => Unavailable | undefined;
  /** Counts a cast as under way until `deciding` settles. */
  readonly watch: <T>(receivedAt: Instant, deciding: Promise<T>) => Promise<T>;
  /** Every cast received before this instant is decided; at most `now`. */
  readonly decidedBefore: (now: Instant) => Instant;
  /** Resolves when every cast that came in before this call is decided. */
  readonly settled: () => Promise<void>;
};

/** Groups as measured in docs/decisions/group-commit.md; the bound is a few seconds of work. */
const ENTERING = { waitMs: 5, bound: 5_000, atOnce: 1 };
const FACTS = { waitMs: 2, bound: 5_000, atOnce: 1 };
const LEAST_FULL = 32;
const MOST = 200;

/** A full group is half of what is under way: our processor checks the one half while the server enters the other. */
const half = (underWay: number): number => Math.min(MOST, Math.max(LEAST_FULL, Math.ceil(underWay / 2)));

function summed(refusals: readonly Omit<RefusalCount, 'refused'>[]): RefusalCount[] {
  const counts = new Map<string, RefusalCount>();
  for (const { community, meeting, code } of refusals) {
    const key = `${meeting} ${code}`;
    counts.set(key, { community, meeting, code, refused: (counts.get(key)?.refused ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** After this long without a cast nobody knows whether the outage lasts, and the next cast may find out. */
const OUTAGE_KNOWN_MS = 10_000;

/** Remembers for what reason a whole group could not be entered. */
function outageMemory() {
  let last: { readonly code: Unavailable; readonly at: number } | undefined;
  return {
    note(entered: readonly Entered[]): readonly Entered[] {
      const [first] = entered;
      const isOut = entered.every(({ became }) => became === 'unavailable');
      last =
        isOut && first?.became === 'unavailable' ? { code: first.code, at: performance.now() } : undefined;
      return entered;
    },
    outage: (): Unavailable | undefined =>
      last !== undefined && performance.now() - last.at < OUTAGE_KNOWN_MS ? last.code : undefined,
  };
}

/** The queues of a process; they hold no timer while they are empty. */
export function castQueues(deps: EnteringDeps, process: string): CastQueues {
  const memory: FactMemory = { meetings: new Map(), checkpoints: new Set() };
  const underWay = new Map<Promise<unknown>, Instant>();
  const { note, outage } = outageMemory();
  const most = (): number => half(underWay.size);
  return {
    process,
    maxSkewMs: deps.maxSkewMs,
    memory,
    facts: groupQueue((casts) => castFacts(deps.db, memory, casts), { ...FACTS, most }),
    outage,
    entering: groupQueue(async (casts) => note(await enterGroup(deps, casts)), {
      ...ENTERING,
      most,
      keyOf: ({ cast }) => cast.entitlement,
    }),
    refusals: groupQueue(
      async (refusals) => {
        await addRefusals(deps.db, summed(refusals));
        return refusals.map(() => true as const);
      },
      { ...FACTS, most },
    ),
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
