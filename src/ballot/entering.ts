/**
 * Entering a group of casts: one transaction locks what they rely on, decides each, and writes those that are accepted with
 * their log entries (SPEC 6.5, 6.6). Nothing is answered before its COMMIT is certain (docs/decisions/group-commit.md).
 */

import { readWindows, windowLocks } from '../assembly/meetings.ts';
import { appending } from '../auditlog/logbook.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { Refusal } from '../base/result.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import { CommitUnknownError } from '../db/guarded-pool.ts';
import type { Outage } from '../db/outages.ts';
import { outageOf } from '../db/outages.ts';
import { sentTogether } from '../db/sent-together.ts';
import type { Last, Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { areFrozen, areInForce } from '../identity/credentials.ts';
import { designatedVoters } from '../identity/designations.ts';
import { areMandatesInForce } from '../identity/mandate-uses.ts';
import { designationLocks } from '../identity/store/designations.ts';
import { agentLocks } from '../identity/store/mandates.ts';
import { isCapped } from '../record/mandate.ts';
import { signatureForm } from '../record/signature.ts';
import type { PromisedCast } from './acknowledging.ts';
import { chainEnds } from './chain-ends.ts';
import type { CastRefusalCode } from './domain/cast-refusals.ts';
import type { Decision, GroupStanding } from './domain/group-deciding.ts';
import { agentKey, chainKey, decideGroup, ephemeralKeysOf, meetingKey } from './domain/group-deciding.ts';
import type { CastRows } from './store/cast-groups.ts';
import { awaitingDurability, castsInsertion, principalsServed, standingOf } from './store/cast-groups.ts';
import { chainLocks } from './store/casts.ts';

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

/** Locks are taken in one order: meetings, entitlements, agents, designations, credentials, mandates. */
async function enter(
  tx: Tx,
  last: Last,
  deps: EnteringDeps,
  casts: readonly PromisedCast[],
): Promise<readonly Entered[]> {
  const askedAt = deps.clock();
  const meetings = [...new Set(casts.map(({ armed }) => armed.meeting))];
  const entitlements = casts.map(({ cast }) => cast.entitlement);
  const uses = casts.map(({ armed, cast, receivedAt }) => ({
    community: armed.community,
    credential: cast.credential,
    at: receivedAt,
  }));
  const agents = casts.filter(({ mandate }) => mandate !== undefined && isCapped(mandate.basis));
  // Sent together: the server takes the locks before it looks at the rest.
  const designated = casts.filter(({ designation }) => designation !== undefined);
  const [, { windows, serverNow }, inForce, frozen, mandateInForce, standing, principals, voters] =
    await sentTogether([
      takeLocks(tx, [
        windowLocks(meetings),
        chainLocks(entitlements),
        agentLocks(agents.map(({ person }) => person)),
        designationLocks(
          designated.map(({ armed }) => armed.community),
          true,
        ),
      ]),
      readWindows(tx, meetings),
      areInForce(tx, uses),
      areFrozen(tx, uses),
      areMandatesInForce(
        tx,
        casts.map(({ armed, cast, receivedAt }) => ({
          community: armed.community,
          mandate: cast.mandate,
          at: receivedAt,
        })),
      ),
      readStanding(tx, casts),
      readPrincipals(tx, agents),
      designatedVoters(
        tx,
        casts.map(({ armed: { community, meeting }, receivedAt, designation }) =>
          designation === undefined ? undefined : { ...designation.head, community, meeting, at: receivedAt },
        ),
      ),
    ]);
  if (isSkewed(deps, askedAt, serverNow, casts))
    return casts.map(() => ({ became: 'unavailable', code: 'CLOCK_SKEW' }));
  const decisions = decideGroup(casts, {
    windows,
    inForce,
    frozen,
    mandateInForce,
    principals,
    designated: voters,
    ...standing,
  });
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

async function readStanding(
  tx: Tx,
  casts: readonly PromisedCast[],
): Promise<
  Omit<GroupStanding, 'windows' | 'inForce' | 'frozen' | 'mandateInForce' | 'principals' | 'designated'>
> {
  const columns = <T>(valuesOf: (cast: PromisedCast) => readonly T[]) => {
    const flat = casts.flatMap((cast) => valuesOf(cast).map((value) => ({ value, armed: cast.armed })));
    return {
      communities: flat.map(({ armed }) => armed.community),
      meetings: flat.map(({ armed }) => armed.meeting),
      values: flat.map(({ value }) => value),
    };
  };
  const standing = await standingOf(
    tx,
    columns(({ cast }) => [cast.entitlement]),
    columns(({ cast }) => cast.answers.map(({ ballot }) => present(fromBase64Url(ballot), 'checked hash'))),
    columns(ephemeralKeysOf),
  );
  const places = (used: typeof standing.ballots) =>
    new Set(used.map(({ meeting, value }) => meetingKey(meeting, toBase64Url(value))));
  return {
    acknowledgements: new Map(
      standing.casts.flatMap((row) =>
        row.acknowledgement === null ? [] : [[toBase64Url(row.cast_hash), row.acknowledgement] as const],
      ),
    ),
    chains: chainEnds(standing.casts),
    corrections: new Map(
      standing.corrections.map((row) => [chainKey(row.meeting_id, row.entitlement_id), row.credential_id]),
    ),
    spent: places(standing.ballots),
    sealedWith: places(standing.keys),
  };
}

/** For whom the agents of some casts have cast before, by `agentKey`; nothing is asked where no cast is an agent's. */
async function readPrincipals(
  tx: Tx,
  casts: readonly PromisedCast[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const served = new Map<string, Set<string>>();
  if (casts.length === 0) return served;
  const rows = await principalsServed(tx, {
    communities: casts.map(({ armed }) => armed.community),
    meetings: casts.map(({ armed }) => armed.meeting),
    values: casts.map(({ person }) => person),
  });
  for (const row of rows) {
    const key = agentKey(row.meeting_id, row.agent_id);
    served.set(key, (served.get(key) ?? new Set()).add(row.principal_id));
  }
  return served;
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

function rowsOf(promised: PromisedCast): CastRows {
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
