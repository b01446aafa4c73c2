/** What becomes of each cast of a group, one after the other, so that none spoils its neighbours (SPEC 6.5, 6.7). */
import { toBase64Url } from '../../base/bytes.ts';
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { ephemeralKeyOf } from '../../record/choice.ts';
import type { ChainEnd } from './acceptance.ts';
import { continuesChain, isInWindow } from './acceptance.ts';
import type { CheckedCast } from './cast-checking.ts';
import type { CastRefusalCode } from './cast-refusals.ts';

/** The state of a meeting and its window, read under its lock. */
export type Window = {
  readonly state: string;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
};

/** What a group finds under its locks. Ids are unique over communities; hashes and keys are base64url. */
export type GroupStanding = {
  readonly windows: ReadonlyMap<string, Window>;
  /** By position in the group. */
  readonly inForce: readonly boolean[];
  /** The acknowledgements of casts that stand already, by cast hash. */
  readonly acknowledgements: ReadonlyMap<string, string>;
  /** The ends of chains, by `chainKey`. */
  readonly chains: ReadonlyMap<string, ChainEnd>;
  /** Spent ballots and used ephemeral keys, by `meetingKey`. */
  readonly spent: ReadonlySet<string>;
  readonly sealedWith: ReadonlySet<string>;
};

export const chainKey = (meeting: string, entitlement: string): string => `${meeting} ${entitlement}`;
/** A hash or key within its meeting. */
export const meetingKey = (meeting: string, hash: string): string => `${meeting} ${hash}`;

export type Decision =
  | { readonly became: 'accepted' }
  | { readonly became: 'repeated'; readonly acknowledgement: string }
  | { readonly became: 'refused'; readonly refusal: Refusal<CastRefusalCode> };

/** The distinct ephemeral keys of a cast's answers. */
export const ephemeralKeysOf = ({ cast }: CheckedCast): readonly Uint8Array[] => [
  ...new Map(
    cast.answers.map(({ sealed }) => [toBase64Url(ephemeralKeyOf(sealed)), ephemeralKeyOf(sealed)]),
  ).values(),
];

/** Decides a group in its order; at most one cast of a chain may be in it. */
export function decideGroup(casts: readonly CheckedCast[], standing: GroupStanding): readonly Decision[] {
  const spent = new Set(standing.spent);
  const sealedWith = new Set(standing.sealedWith);
  return casts.map((checked, at) => {
    const { meeting } = checked.armed;
    const acknowledgement = standing.acknowledgements.get(toBase64Url(checked.hash));
    if (acknowledgement !== undefined) return { became: 'repeated', acknowledgement };
    const ballots = checked.cast.answers.map(({ ballot }) => meetingKey(meeting, ballot));
    const keys = ephemeralKeysOf(checked).map((key) => meetingKey(meeting, toBase64Url(key)));
    const decided = decideOne(checked, standing, standing.inForce[at] === true);
    if (!decided.ok) return { became: 'refused', refusal: decided.refusal };
    if (ballots.some((ballot) => spent.has(ballot)))
      return { became: 'refused', refusal: { code: 'CAST_BALLOT_SPENT' } };
    if (keys.some((key) => sealedWith.has(key)))
      return { became: 'refused', refusal: { code: 'CAST_SEALED' } };
    for (const ballot of ballots) spent.add(ballot);
    for (const key of keys) sealedWith.add(key);
    return { became: 'accepted' };
  });
}

/** A cast that came in time is still decided while the meeting closes: the close waits for it (SPEC 6.8). */
function decideOne(
  checked: CheckedCast,
  standing: GroupStanding,
  isInForce: boolean,
): Result<undefined, Refusal<CastRefusalCode>> {
  const { armed, cast, receivedAt } = checked;
  const window = standing.windows.get(armed.meeting);
  if (window === undefined || window.state === 'noticed' || window.state === 'armed')
    return refuse('VOTING_NOT_OPEN');
  if (window.state !== 'open' && window.state !== 'closing') return refuse('VOTING_CLOSED');
  const timely = isInWindow(receivedAt, window);
  if (!timely.ok) return timely;
  if (!isInForce) return refuse('CAST_CREDENTIAL');
  const chain = continuesChain(cast, standing.chains.get(chainKey(armed.meeting, cast.entitlement)), armed);
  return chain.ok ? ok(undefined) : chain;
}
