/**
 * Creating POSTs under an `Idempotency-Key` (DESIGN §6): one effect, and the first answer to everybody who sends the same. Whoever
 * comes while the first is under way waits for its answer; a request that broke gives its key free, unless its commit is in doubt.
 */
import type { Instant } from '../base/instant.ts';
import type { Refusal } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { CommitUnknownError } from '../db/guarded-pool.ts';
import type { HeldKey, KeyUse } from '../db/idempotency.ts';
import { claimKey, releaseKey, settleKey } from '../db/idempotency.ts';

/** What is done with the key of a creating POST after it was handled. */
export type Once = {
  /** Keeps the answer; the effect stands whether or not this succeeds. */
  readonly settle: (status: number, body: string) => Promise<void>;
  /** The request was refused and had no effect. */
  readonly release: () => Promise<void>;
  /** The handler threw. */
  readonly broke: (error: unknown) => Promise<void>;
};

export type Claimed =
  | { readonly state: 'mine'; readonly once: Once }
  | { readonly state: 'answered'; readonly status: number; readonly body: string }
  | { readonly state: 'refused'; readonly refusal: Refusal };

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/** Keys whose release failed because the database was away; this process gives them free when they are used again. */
const owedOf = new WeakMap<Database, Map<string, HeldKey>>();
/** Bounds the memory of an outage in a rush; the keys beyond stay as those of a crash. */
const MOST_OWED = 1_000;
const nameOf = ({ scope, key }: KeyUse): string => `${scope}\n${key}`;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function release(db: Database, held: HeldKey): Promise<void> {
  const owed = owedOf.get(db) ?? new Map<string, HeldKey>();
  owedOf.set(db, owed);
  try {
    await releaseKey(db, held);
    owed.delete(nameOf(held));
  } catch {
    if (owed.size < MOST_OWED) owed.set(nameOf(held), held);
  }
}

const onceOf = (db: Database, held: HeldKey): Once => ({
  settle: (status, body) => settleKey(db, held, { status, body }).catch(() => undefined),
  release: () => release(db, held),
  broke: async (error) => {
    if (!(error instanceof CommitUnknownError)) await release(db, held);
  },
});

const REFUSALS = {
  reused: { code: 'IDEMPOTENCY_KEY_REUSED' },
  'in-flight': { code: 'IDEMPOTENCY_KEY_IN_FLIGHT' },
  unknown: { code: 'IDEMPOTENCY_OUTCOME_UNKNOWN' },
} as const;

/** Claims the key for this request, waiting at most `waitMs` for another that has it. */
export async function claimOnce(
  db: Database,
  use: KeyUse,
  clock: () => Instant,
  waitMs: number,
): Promise<Claimed> {
  const until = performance.now() + waitMs;
  for (let next = FIRST_PAUSE_MS; ; next = Math.min(next * 2, LONGEST_PAUSE_MS)) {
    const owed = owedOf.get(db)?.get(nameOf(use));
    if (owed !== undefined) await release(db, owed);
    const claim = await claimKey(db, use, clock());
    if (claim.state === 'new')
      return { state: 'mine', once: onceOf(db, { ...use, claimedAt: claim.claimedAt }) };
    if (claim.state === 'answered') return claim;
    if (claim.state !== 'in-flight' || performance.now() > until)
      return { state: 'refused', refusal: REFUSALS[claim.state] };
    await pause(next);
  }
}
