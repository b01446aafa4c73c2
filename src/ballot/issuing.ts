/** What an owner is given to vote with, and everything his page needs to check it first (SPEC 6.0, 6.1). */
import { parameterOf } from '../assembly/domain/drafting.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { mandatesForAgent, mandatesNamed } from '../identity/mandate-uses.ts';
import { ballotForm, ballotHash } from '../record/ballot.ts';
import type { RollOpening } from '../record/identity.ts';
import type { Mandate } from '../record/mandate.ts';
import { weightOf } from '../record/roll.ts';
import type { FrozenLeaf, RollInclusion } from '../registry/frozen-roll.ts';
import { entitlementsOfPerson, openingOf, rollInclusion } from '../registry/frozen-roll.ts';
import type { CorrectionInForce } from '../registry/roll-corrections.ts';
import { rollCorrections } from '../registry/roll-corrections.ts';
import { maskedPerson } from '../registry/units.ts';
import type { BallotDeps } from './ballot-deps.ts';
import type { DuplicateRule } from './domain/acceptance.ts';
import { isTakenOver, replacesPaper } from './domain/acceptance.ts';
import { principalOf } from './domain/group-deciding.ts';
import { insertBallots, unspentBallots } from './store/ballots.ts';
import type { CastRow } from './store/casts.ts';
import { chainLocks, chainOf } from './store/casts.ts';
import { signToken } from './tokens.ts';

/** One entitlement of an owner, with his ballots and the end of its chain. */
export type IssuedBallots = {
  readonly entitlement: string;
  readonly leaf: Uint8Array;
  readonly inclusion: RollInclusion;
  /** Corrections of the leaf in log order; the opening is that of the last, else of the frozen leaf (SPEC 4.4). */
  readonly corrections: readonly CorrectionInForce[];
  readonly opening: RollOpening;
  readonly ballots: readonly { readonly proposal: string; readonly token: string }[];
  readonly seq: number;
  /** Hash of the last item of the chain, empty where nobody has voted. */
  readonly last: string;
  /** The mandate under which he may cast it for its principal, where it is not his own. */
  readonly mandate: HeldMandate | undefined;
  /** An agent has voted for this owner, who may vote over him; what stands is a paper that his cast may replace; or it is void (SPEC 6.7). */
  readonly mayTakeOver: boolean;
  /** When the paper that stands was recorded; undefined where the last statement is none. */
  readonly paperAt: Instant | undefined;
  /** What stood was voided by two officers. */
  readonly isVoid: boolean;
};

/** A mandate with its exact bytes, and its principal's name as the agent is shown it. */
export type HeldMandate = {
  readonly given: Mandate;
  readonly bytes: Uint8Array;
  readonly principalName: string;
};

export type OwnerIdentity = { readonly person: string; readonly credential: string };

/** The papers of an owner in a meeting that is armed or open: his own, then those that he holds for others. */
export async function issuePapers(
  deps: BallotDeps,
  meeting: Meeting,
  owner: OwnerIdentity,
): Promise<readonly IssuedBallots[]> {
  const leaves = await entitlementsOfPerson(deps.db, meeting.community, meeting.meeting, owner.person);
  const papers: IssuedBallots[] = [];
  for (const leaf of leaves) {
    papers.push(await inTransaction(deps.db, (tx) => issuePaper(tx, deps, meeting, owner, leaf)));
  }
  return [...papers, ...(await issueAsAgent(deps, meeting, owner))];
}

/** Papers under mandates; none for an entitlement whose holder has cast himself, since that ends the mandate there (SPEC 3.6). */
async function issueAsAgent(
  deps: BallotDeps,
  meeting: Meeting,
  owner: OwnerIdentity,
): Promise<readonly IssuedBallots[]> {
  const { community, meeting: id } = meeting;
  const held = await mandatesForAgent(deps.db, {
    community,
    agent: owner.person,
    meeting: id,
    at: deps.clock(),
  });
  const papers: IssuedBallots[] = [];
  for (const { mandate: given, bytes } of held) {
    const name = (await maskedPerson(deps, community, given.by.person))?.name ?? '';
    for (const leaf of await entitlementsOfPerson(deps.db, community, id, given.by.person)) {
      const units = new Set(given.units);
      if (!leaf.leaf.units.every(({ unit }) => units.has(unit))) continue;
      const last = (await chainOf(deps.db, community, id, leaf.entitlement)).at(-1);
      if (last !== undefined && last.mandate_id === null && last.channel !== 'void') continue;
      const mandate = { given, bytes, principalName: name };
      papers.push(await inTransaction(deps.db, (tx) => issuePaper(tx, deps, meeting, owner, leaf, mandate)));
    }
  }
  return papers;
}

async function issuePaper(
  tx: Tx,
  deps: BallotDeps,
  meeting: Meeting,
  owner: OwnerIdentity,
  leaf: FrozenLeaf,
  mandate?: HeldMandate,
): Promise<IssuedBallots> {
  const { community, meeting: id } = meeting;
  await takeLocks(tx, [chainLocks([leaf.entitlement])]);
  const ballots = await ballotsFor(tx, deps, meeting, owner, leaf, mandate?.given);
  const last = (await chainOf(tx, community, id, leaf.entitlement)).at(-1);
  const corrections = await rollCorrections(tx, community, id, leaf.entitlement);
  const frozen = await openingOf(tx, community, id, leaf.entitlement);
  return {
    entitlement: leaf.entitlement,
    leaf: leaf.bytes,
    inclusion: present(await rollInclusion(tx, community, id, leaf.entitlement), 'on the roll'),
    corrections,
    opening: corrections.at(-1)?.line.opening ?? present(frozen, 'on the roll'),
    ballots,
    seq: last?.seq ?? 0,
    last: last === undefined ? '' : toBase64Url(last.cast_hash),
    mandate,
    mayTakeOver: last !== undefined && (await mayTakeOver(tx, meeting, owner.person, mandate?.given, last)),
    paperAt: last?.channel === 'paper' ? Number(last.accepted_at_ms) : undefined,
    isVoid: last?.channel === 'void',
  };
}

/** Whether what stands gives way to this person's cast: an agent's to its principal's, a paper as the notice says. */
async function mayTakeOver(
  tx: Tx,
  { community, definition }: Meeting,
  person: string,
  given: Mandate | undefined,
  last: CastRow,
): Promise<boolean> {
  if (last.channel === 'void') return true;
  const [held] = await mandatesNamed(tx, [{ community, mandate: last.mandate_id ?? '' }]);
  const former = held === undefined ? undefined : principalOf(held.by.person, held.basis);
  const by = {
    person,
    principal: given === undefined ? undefined : principalOf(given.by.person, given.basis),
  };
  if (isTakenOver(former, by)) return true;
  const isSuperseded = former === undefined && by.principal !== undefined;
  const rule = parameterOf(definition, 'duplicateRule') as DuplicateRule;
  return last.channel === 'paper' && !isSuperseded && replacesPaper(rule, former, by);
}

/** One unspent ballot for each proposal in which the entitlement has area; new ones are signed where they are missing. */
async function ballotsFor(
  tx: Tx,
  deps: BallotDeps,
  meeting: Meeting,
  owner: OwnerIdentity,
  leaf: FrozenLeaf,
  given: Mandate | undefined,
) {
  const { definition, community, meeting: id, meetingHash } = meeting;
  const mandate = given?.mandate ?? '';
  const unspent = new Map(
    (
      await unspentBallots(tx, community, id, leaf.entitlement, { credential: owner.credential, mandate })
    ).map((row) => [row.proposal_id, row.token]),
  );
  const countSpecialSpaces = parameterOf(definition, 'countSpecialSpaces') === 'true';
  const ballots: { proposal: string; token: string }[] = [];
  const fresh = [];
  for (const { proposal, scope, mode } of definition.proposals) {
    const weight = weightOf(leaf.leaf, scope, countSpecialSpaces);
    const isCovered =
      given === undefined || given.proposals.length === 0 || given.proposals.includes(proposal);
    if (weight.heads === 0 || !isCovered) continue;
    const known = unspent.get(proposal);
    const claims = {
      iss: definition.origin,
      jti: newId(deps.random),
      nbf: Math.floor(meeting.opensAt / 1000),
      meeting: meetingHash,
      proposal,
      entitlement: leaf.entitlement,
      credential: owner.credential,
      mandate,
      areaDm2: String(weight.areaDm2),
      heads: 1,
      mode,
    };
    const token = known ?? (await signToken(claims, 'owners-vote-ballot+jws', deps.keys.ballot, ballotForm));
    ballots.push({ proposal, token });
    if (known === undefined) {
      fresh.push({
        community_id: community,
        meeting_id: id,
        ballot_hash: present(fromBase64Url(ballotHash(token)), 'own hash'),
        proposal_id: proposal,
        entitlement_id: leaf.entitlement,
        credential_id: owner.credential,
        mandate_id: mandate === '' ? null : mandate,
        token,
      });
    }
  }
  await insertBallots(tx, fresh);
  return ballots;
}
