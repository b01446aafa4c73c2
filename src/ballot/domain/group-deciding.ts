/** What becomes of each cast of a group, one after the other, so that none spoils its neighbours (SPEC 6.5, 6.7). */
import { toBase64Url } from '../../base/bytes.ts';
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { ephemeralKeyOf } from '../../record/choice.ts';
import type { Basis } from '../../record/mandate.ts';
import { isCapped, yieldsToPrincipal } from '../../record/mandate.ts';
import type { Caster, ChainEnd, Principal } from './acceptance.ts';
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
  /** By position: whether the owner has frozen his vote. */
  readonly frozen: readonly boolean[];
  /** By position: whether the mandate that a cast names is in force; true where it names none. */
  readonly mandateInForce: readonly boolean[];
  /** By position: who is designated now, where a cast depends on it; empty where nobody is, or it does not. */
  readonly designated: readonly string[];
  /** For whom agents have cast under mandates that count for the cap, by `agentKey`. */
  readonly principals: ReadonlyMap<string, ReadonlySet<string>>;
  /** The acknowledgements of casts that stand already, by cast hash. */
  readonly acknowledgements: ReadonlyMap<string, string>;
  /** The ends of chains, by `chainKey`. */
  readonly chains: ReadonlyMap<string, ChainEnd>;
  /** The corrections of the roll in force, by `chainKey`; none where the entitlement is as it was frozen. */
  readonly corrections: ReadonlyMap<string, string>;
  /** Spent ballots and used ephemeral keys, by `meetingKey`. */
  readonly spent: ReadonlySet<string>;
  readonly sealedWith: ReadonlySet<string>;
};

export const chainKey = (meeting: string, entitlement: string): string => `${meeting} ${entitlement}`;
/** An agent within a meeting. */
export const agentKey = (meeting: string, agent: string): string => `${meeting} ${agent}`;
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
  const principals = new Map([...standing.principals].map(([agent, persons]) => [agent, new Set(persons)]));
  return casts.map((checked, at) => {
    const { meeting } = checked.armed;
    const acknowledgement = standing.acknowledgements.get(toBase64Url(checked.hash));
    if (acknowledgement !== undefined) return { became: 'repeated', acknowledgement };
    const ballots = checked.cast.answers.map(({ ballot }) => meetingKey(meeting, ballot));
    const keys = ephemeralKeysOf(checked).map((key) => meetingKey(meeting, toBase64Url(key)));
    const decided = decideOne(checked, standing, at);
    if (!decided.ok) return { became: 'refused', refusal: decided.refusal };
    const served = principalsOf(principals, checked);
    if (
      served !== undefined &&
      served.size >= checked.armed.proxyCap &&
      !served.has(checked.mandate?.by.person ?? '')
    )
      return { became: 'refused', refusal: { code: 'CAST_MANDATE_CAP' } };
    if (ballots.some((ballot) => spent.has(ballot)))
      return { became: 'refused', refusal: { code: 'CAST_BALLOT_SPENT' } };
    if (keys.some((key) => sealedWith.has(key)))
      return { became: 'refused', refusal: { code: 'CAST_SEALED' } };
    for (const ballot of ballots) spent.add(ballot);
    for (const key of keys) sealedWith.add(key);
    served?.add(checked.mandate?.by.person ?? '');
    return { became: 'accepted' };
  });
}

/** The principals of the agent of a cast whose mandate counts for the cap; undefined where it does not. */
function principalsOf(
  principals: Map<string, Set<string>>,
  { armed, mandate, person }: CheckedCast,
): Set<string> | undefined {
  if (mandate === undefined || !isCapped(mandate.basis)) return undefined;
  const key = agentKey(armed.meeting, person);
  const found = principals.get(key) ?? new Set();
  principals.set(key, found);
  return found;
}

/** Who casts, as the rule of the chain asks. */
export const casterOf = ({ person, mandate }: CheckedCast): Caster => ({
  person,
  principal: mandate === undefined ? undefined : principalOf(mandate.by.person, mandate.basis),
});

/** A principal as the rule of the chain asks for him. */
export const principalOf = (person: string, basis: Basis): Principal => ({
  person,
  yields: yieldsToPrincipal(basis),
});

/** A cast that came in time is still decided while the meeting closes: the close waits for it (SPEC 6.8). */
function decideOne(
  checked: CheckedCast,
  standing: GroupStanding,
  at: number,
): Result<undefined, Refusal<CastRefusalCode>> {
  const { armed, cast, receivedAt } = checked;
  const window = standing.windows.get(armed.meeting);
  if (window === undefined || window.state === 'noticed' || window.state === 'armed')
    return refuse('VOTING_NOT_OPEN');
  if (window.state === 'paused') return refuse('VOTING_PAUSED');
  if (window.state !== 'open' && window.state !== 'closing') return refuse('VOTING_CLOSED');
  const timely = isInWindow(receivedAt, window);
  if (!timely.ok) return timely;
  if (standing.inForce[at] !== true) return refuse('CAST_CREDENTIAL');
  if (standing.frozen[at] !== false) return refuse('CAST_FROZEN');
  if (standing.mandateInForce[at] !== true) return refuse('CAST_MANDATE_ENDED');
  // The holders were read before the lock; whoever lost the entitlement meanwhile may not vote for it any more.
  const corrected = standing.corrections.get(chainKey(armed.meeting, cast.entitlement)) ?? '';
  if (corrected !== checked.correction) return refuse('CAST_ROLL_CORRECTED');
  // Likewise who is designated.
  if (checked.designation !== undefined && checked.designation.voter !== standing.designated[at])
    return refuse('CAST_DESIGNATION_OTHER');
  const end = standing.chains.get(chainKey(armed.meeting, cast.entitlement));
  const chain = continuesChain(cast, end, armed, casterOf(checked));
  return chain.ok ? ok(undefined) : chain;
}
