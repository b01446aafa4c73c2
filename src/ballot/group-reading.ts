/** What a group of casts is decided against, read under its locks (SPEC 6.5, 6.6). */
import { readWindows, windowLocks } from '../assembly/meetings.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import { sentTogether } from '../db/sent-together.ts';
import type { Tx } from '../db/transaction.ts';
import { areFrozen, areInForce } from '../identity/credentials.ts';
import { designatedVoters } from '../identity/designations.ts';
import { areMandatesInForce } from '../identity/mandate-uses.ts';
import { designationLocks } from '../identity/store/designations.ts';
import { agentLocks } from '../identity/store/mandates.ts';
import { isCapped } from '../record/mandate.ts';
import { chainEnds } from './chain-ends.ts';
import type { CheckedCast } from './domain/cast-checking.ts';
import type { GroupStanding } from './domain/group-deciding.ts';
import { agentKey, chainKey, ephemeralKeysOf, meetingKey } from './domain/group-deciding.ts';
import { principalsServed, standingOf } from './store/cast-groups.ts';
import { chainLocks } from './store/casts.ts';

/** Takes the locks of a group in one order: meetings, entitlements, agents, designations, credentials, mandates. */
export async function readGroup(
  tx: Tx,
  casts: readonly CheckedCast[],
): Promise<{ readonly standing: GroupStanding; readonly serverNow: Instant }> {
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
  const found = { windows, inForce, frozen, mandateInForce, principals, designated: voters, ...standing };
  return { standing: found, serverNow };
}

async function readStanding(
  tx: Tx,
  casts: readonly CheckedCast[],
): Promise<
  Omit<GroupStanding, 'windows' | 'inForce' | 'frozen' | 'mandateInForce' | 'principals' | 'designated'>
> {
  const columns = <T>(valuesOf: (cast: CheckedCast) => readonly T[]) => {
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
  casts: readonly CheckedCast[],
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
