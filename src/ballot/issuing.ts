/** What an owner is given to vote with, and everything his page needs to check it first (SPEC 6.0, 6.1). */
import { parameterOf } from '../assembly/domain/drafting.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { ballotForm, ballotHash } from '../record/ballot.ts';
import type { RollOpening } from '../record/identity.ts';
import { weightOf } from '../record/roll.ts';
import type { FrozenLeaf, RollInclusion } from '../registry/frozen-roll.ts';
import { entitlementsOfPerson, openingOf, rollInclusion } from '../registry/frozen-roll.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { insertBallots, unspentBallots } from './store/ballots.ts';
import { chainLocks, chainOf } from './store/casts.ts';
import { signToken } from './tokens.ts';

/** One entitlement of an owner, with his ballots and the end of its chain. */
export type IssuedBallots = {
  readonly entitlement: string;
  readonly leaf: Uint8Array;
  readonly inclusion: RollInclusion;
  readonly opening: RollOpening;
  readonly ballots: readonly { readonly proposal: string; readonly token: string }[];
  readonly seq: number;
  /** Hash of the last statement, empty where nobody has voted. */
  readonly last: string;
};

export type OwnerIdentity = { readonly person: string; readonly credential: string };

/** The papers of an owner in a meeting that is armed or open. */
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
  return papers;
}

async function issuePaper(
  tx: Tx,
  deps: BallotDeps,
  meeting: Meeting,
  owner: OwnerIdentity,
  leaf: FrozenLeaf,
): Promise<IssuedBallots> {
  const { community, meeting: id } = meeting;
  await takeLocks(tx, [chainLocks([leaf.entitlement])]);
  const ballots = await ballotsFor(tx, deps, meeting, owner, leaf);
  const last = (await chainOf(tx, community, id, leaf.entitlement)).at(-1);
  return {
    entitlement: leaf.entitlement,
    leaf: leaf.bytes,
    inclusion: present(await rollInclusion(tx, community, id, leaf.entitlement), 'on the roll'),
    opening: present(await openingOf(tx, community, id, leaf.entitlement), 'on the roll'),
    ballots,
    seq: last?.seq ?? 0,
    last: last === undefined ? '' : toBase64Url(last.cast_hash),
  };
}

/** One unspent ballot for each proposal in which the entitlement has area; new ones are signed where they are missing. */
async function ballotsFor(
  tx: Tx,
  deps: BallotDeps,
  meeting: Meeting,
  owner: OwnerIdentity,
  leaf: FrozenLeaf,
) {
  const { definition, community, meeting: id, meetingHash } = meeting;
  const unspent = new Map(
    (await unspentBallots(tx, community, id, leaf.entitlement, owner.credential)).map((row) => [
      row.proposal_id,
      row.token,
    ]),
  );
  const countSpecialSpaces = parameterOf(definition, 'countSpecialSpaces') === 'true';
  const ballots: { proposal: string; token: string }[] = [];
  const fresh = [];
  for (const { proposal, scope, mode } of definition.proposals) {
    const weight = weightOf(leaf.leaf, scope, countSpecialSpaces);
    if (weight.heads === 0) continue;
    const known = unspent.get(proposal);
    const claims = {
      iss: definition.origin,
      jti: newId(deps.random),
      nbf: Math.floor(meeting.opensAt / 1000),
      meeting: meetingHash,
      proposal,
      entitlement: leaf.entitlement,
      credential: owner.credential,
      mandate: '',
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
        token,
      });
    }
  }
  await insertBallots(tx, fresh);
  return ballots;
}
