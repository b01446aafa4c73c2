/**
 * Entering a group of casts: one transaction locks what they rely on, decides each, and writes those that are accepted with
 * their log entries (SPEC 6.5, 6.6). Nothing is answered before its COMMIT is certain (docs/decisions/group-commit.md).
 */

import { appending } from '../auditlog/logbook.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8 } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { Refusal } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import { CommitUnknownError } from '../db/guarded-pool.ts';
import type { Outage } from '../db/outages.ts';
import { outageOf } from '../db/outages.ts';
import type { Last, Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { signatureForm } from '../record/signature.ts';
import type { PromisedCast } from './acknowledging.ts';
import type { CastRefusalCode } from './domain/cast-refusals.ts';
import type { Decision } from './domain/group-deciding.ts';
import { decideGroup, ephemeralKeysOf } from './domain/group-deciding.ts';
import { readGroup } from './group-reading.ts';
import type { CastRows } from './store/cast-groups.ts';
import { awaitingDurability, castsInsertion } from './store/cast-groups.ts';

/** Why nothing can be said of a cast now; the same bytes may be sent again. */
export type Unavailable = Outage | 'OUTCOME_UNKNOWN' | 'CLOCK_SKEW' | 'SERVICE_BUSY';

export type Entered =
  | { readonly became: 'accepted' | 'repeated'; readonly acknowledgement: string }
  | { readonly became: 'refused'; readonly refusal: Refusal<CastRefusalCode> }
  | { readonly became: 'unavailable'; readonly code: Unavailable };

export type EnteringDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** How far our clock may be from the database's, in ms; undefined where the clock is not the world's. */
  readonly maxSkewMs: number | undefined;
  /** Told of an error for which a cast alone is to blame and which is no refusal. */
  readonly onBroken: (error: unknown) => void;
};

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 50;
const CONSTRAINTS = {
  cast_answer_pk: 'CAST_BALLOT_SPENT',
  sealed_key_pk: 'CAST_SEALED',
  cast_statement_chain_key: 'CAST_CHAIN',
} as const satisfies Record<string, CastRefusalCode>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Enters a group. An outage is ridden out for about three seconds with the same casts, which is safe: a cast that stands is
 * recognised by its hash. Any other error halves the group until the one that causes it is alone.
 */
export async function enterGroup(
  deps: EnteringDeps,
  casts: readonly PromisedCast[],
): Promise<readonly Entered[]> {
  let inDoubt = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(deps.db, (tx, last) => enter(tx, last, deps, casts));
    } catch (error) {
      const outage = outageOf(error);
      if (error instanceof CommitUnknownError) inDoubt = true;
      else if (outage === undefined) return halve(deps, casts, error);
      if (attempt === ATTEMPTS) {
        const code = inDoubt || outage === undefined ? 'OUTCOME_UNKNOWN' : outage;
        return casts.map(() => ({ became: 'unavailable', code }));
      }
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

async function halve(
  deps: EnteringDeps,
  casts: readonly PromisedCast[],
  error: unknown,
): Promise<readonly Entered[]> {
  if (casts.length === 1) {
    const refusal = refusalOfConstraint(error, CONSTRAINTS);
    if (refusal !== undefined) return [{ became: 'refused', refusal }];
    // Broken promises of ours are to be seen by whoever runs the service; the owner is told that nothing is known.
    deps.onBroken(error);
    return [{ became: 'unavailable', code: 'OUTCOME_UNKNOWN' }];
  }
  const middle = Math.ceil(casts.length / 2);
  const first = await enterGroup(deps, casts.slice(0, middle));
  return [...first, ...(await enterGroup(deps, casts.slice(middle)))];
}

async function enter(
  tx: Tx,
  last: Last,
  deps: EnteringDeps,
  casts: readonly PromisedCast[],
): Promise<readonly Entered[]> {
  const askedAt = deps.clock();
  const { standing, serverNow } = await readGroup(tx, casts);
  if (isSkewed(deps, askedAt, serverNow, casts))
    return casts.map(() => ({ became: 'unavailable', code: 'CLOCK_SKEW' }));
  const decisions = decideGroup(casts, standing);
  const accepted = casts.filter((_, at) => decisions[at]?.became === 'accepted');
  if (accepted.length > 0) last(insertionOf(accepted));
  if (decisions.some(({ became }) => became === 'repeated')) last(awaitingDurability());
  return casts.map((cast, at) => answer(cast, present(decisions[at], 'every cast is decided')));
}

function answer(cast: PromisedCast, decision: Decision): Entered {
  return decision.became === 'accepted'
    ? { became: 'accepted', acknowledgement: cast.acknowledgement }
    : decision;
}

/**
 * The server's clock was read between `askedAt` and now, so only what lies outside is skew. A receipt in the future means that
 * our clock was set back since.
 */
function isSkewed(
  { clock, maxSkewMs }: EnteringDeps,
  askedAt: number,
  serverNow: number,
  casts: readonly PromisedCast[],
): boolean {
  const now = clock();
  if (maxSkewMs === undefined) return false;
  return (
    serverNow < askedAt - maxSkewMs ||
    serverNow > now + maxSkewMs ||
    casts.some(({ receivedAt }) => receivedAt > now)
  );
}

function insertionOf(casts: readonly PromisedCast[]) {
  const entries = casts.map(({ armed, entry }) => ({
    bytes: entry,
    kind: 'cast.accepted',
    community: armed.community,
    meeting: armed.meeting,
  }));
  return castsInsertion(casts.map(rowsOf), appending(entries));
}

/** A cast with what it spends, as the tables keep it. */
export function rowsOf(promised: Omit<PromisedCast, 'entry'>): CastRows {
  const { armed, cast, hash, bytes, signature, channel, acknowledgement, receivedAt, leaf } = promised;
  return {
    row: {
      community_id: armed.community,
      meeting_id: armed.meeting,
      cast_hash: hash,
      entitlement_id: cast.entitlement,
      seq: cast.seq,
      prev: present(fromBase64Url(cast.prev), 'checked hash'),
      credential_id: cast.credential,
      signer_id: null,
      serial: null,
      mandate_id: cast.mandate === '' ? null : cast.mandate,
      channel,
      cast_bytes: bytes,
      signature: present(fromUtf8(signatureForm.bytes(signature)), 'own text'),
      acknowledgement,
      accepted_at_ms: BigInt(receivedAt),
    },
    // What was promised is what stands: a cast finds its entry by the leaf that its acknowledgement names.
    leafHash: leaf,
    ballots: cast.answers.map(({ ballot }) => present(fromBase64Url(ballot), 'checked hash')),
    ephemeralKeys: ephemeralKeysOf(promised),
  };
}
