// Casts made and signed before anything is killed: for each entitlement a chain of statements that change one another, with
// ballots issued under the server's ballot key. A client needs nothing but to send them in order.
import type { Meeting } from '../../src/assembly/meetings.ts';
import { readMeeting } from '../../src/assembly/meetings.ts';
import { latestCheckpoint } from '../../src/auditlog/checkpoints.ts';
import type { BallotDeps } from '../../src/ballot/ballot-deps.ts';
import type { BallotRow } from '../../src/ballot/store/ballots.ts';
import { insertBallots } from '../../src/ballot/store/ballots.ts';
import { signToken } from '../../src/ballot/tokens.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { ballotForm, ballotHash } from '../../src/record/ballot.ts';
import { CHAIN_START, castForm, castHash } from '../../src/record/cast.ts';
import { choiceForm, sealChoice } from '../../src/record/choice.ts';
import { letterSeed } from '../../src/record/letter.ts';
import type { Proposal } from '../../src/record/meeting.ts';
import { weightOf } from '../../src/record/roll.ts';
import type { FrozenLeaf } from '../../src/registry/frozen-roll.ts';
import { entitlementsOfPerson, openingOf } from '../../src/registry/frozen-roll.ts';

/** One signed cast, as it goes over the wire, every time the same bytes. */
export type PreparedCast = {
  readonly meeting: string;
  readonly entitlement: string;
  readonly seq: number;
  readonly castHash: string;
  readonly body: string;
};

/** An owner who may vote for one entitlement. */
export type Seat = {
  readonly leaf: FrozenLeaf;
  readonly credential: string;
  readonly seed: Uint8Array;
};

/** What is the same for all casts of a meeting. */
export type Poll = {
  readonly deps: BallotDeps;
  readonly meeting: Meeting;
  readonly proposal: Proposal;
  readonly size: number;
  readonly root: string;
};

/** The proposal that concerns the whole community. */
export async function pollOf(deps: BallotDeps, meeting: string): Promise<Poll> {
  const found = present(await readMeeting(deps.db, meeting), 'an open meeting');
  const proposal = found.definition.proposals.find(({ scope }) => scope.kind === 'community');
  const { size, root } = present(await latestCheckpoint(deps.db), 'a checkpoint');
  return { deps, meeting: found, proposal: present(proposal, 'a proposal'), size, root: toBase64Url(root) };
}

/** One voter for each entitlement with a vote on the proposal. */
export async function seatsOf(poll: Poll, codes: readonly LetterCode[]): Promise<readonly Seat[]> {
  const { deps, meeting, proposal } = poll;
  const seats = new Map<string, Seat>();
  for (const { code } of codes) {
    const seed = letterSeed(code);
    const row = await deps.db
      .selectFrom('credential')
      .select(['credential_id', 'person_id'])
      .where('community_id', '=', meeting.community)
      .where('public_key', '=', publicKeyOf(seed))
      .executeTakeFirst();
    if (row === undefined) continue;
    const leaves = await entitlementsOfPerson(deps.db, meeting.community, meeting.meeting, row.person_id);
    for (const leaf of leaves) {
      if (seats.has(leaf.entitlement) || weightOf(leaf.leaf, proposal.scope, false).heads === 0) continue;
      const opening = await openingOf(deps.db, meeting.community, meeting.meeting, leaf.entitlement);
      const voter = present(opening, 'on the roll').voter;
      if (voter !== '' && voter !== row.person_id) continue;
      seats.set(leaf.entitlement, { leaf, credential: row.credential_id, seed });
    }
  }
  return [...seats.values()];
}

async function issue({ deps, meeting, proposal }: Poll, seat: Seat): Promise<BallotRow> {
  const weight = weightOf(seat.leaf.leaf, proposal.scope, false);
  const claims = {
    iss: meeting.definition.origin,
    jti: newId(deps.random),
    nbf: Math.floor(meeting.opensAt / 1000),
    meeting: meeting.meetingHash,
    proposal: proposal.proposal,
    entitlement: seat.leaf.entitlement,
    credential: seat.credential,
    mandate: '',
    areaDm2: String(weight.areaDm2),
    heads: 1,
    mode: proposal.mode,
  };
  const token = await signToken(claims, 'owners-vote-ballot+jws', deps.keys.ballot, ballotForm);
  return {
    community_id: meeting.community,
    meeting_id: meeting.meeting,
    ballot_hash: present(fromBase64Url(ballotHash(token)), 'own hash'),
    proposal_id: proposal.proposal,
    entitlement_id: seat.leaf.entitlement,
    credential_id: seat.credential,
    mandate_id: null,
    token,
  };
}

/** Place in the chain, and what a forger would share: the ballot and the ephemeral secret. */
export type CastWish = {
  readonly seq: number;
  readonly prev: string;
  readonly ballot: string;
  readonly ephemeralSecret: Uint8Array;
};

/** Makes and signs one cast. */
export function makeOne(poll: Poll, seat: Seat, wish: CastWish): PreparedCast {
  const { deps, meeting, proposal } = poll;
  const { random } = deps;
  const { entitlement } = seat.leaf;
  const choice = choiceForm.check({
    v: 1,
    meeting: meeting.meetingHash,
    entitlement,
    ballot: wish.ballot,
    proposal: proposal.proposal,
    choice: ['for'],
    salt: toBase64Url(random(16)),
  });
  if (!choice.ok) throw new Error('the choice is malformed');
  const boxKey = present(fromBase64Url(meeting.definition.boxKey), 'checked key');
  const sealed = sealChoice(choice.value, proposal.sealLength, boxKey, wish.ephemeralSecret, random(24));
  const bytes = castForm.bytes({
    v: 1,
    kind: 'cast',
    meeting: meeting.meetingHash,
    entitlement,
    credential: seat.credential,
    mandate: '',
    assisted: '',
    seq: wish.seq,
    prev: wish.prev,
    size: poll.size,
    root: poll.root,
    nonce: toBase64Url(random(16)),
    answers: [{ ballot: wish.ballot, sealed: toBase64Url(sealed) }],
  });
  const hash = castHash(bytes);
  const signature = { alg: 'Ed25519', signature: toBase64Url(sign(seat.seed, hash)) };
  return {
    meeting: meeting.meeting,
    entitlement,
    seq: wish.seq,
    castHash: toBase64Url(hash),
    body: JSON.stringify({ cast: toBase64Url(bytes), signature }),
  };
}

/** Issues so many unspent ballots to each seat, a thousand a transaction. */
export async function issueBallots(
  poll: Poll,
  seats: readonly Seat[],
  each: number,
): Promise<readonly (readonly string[])[]> {
  const rows: BallotRow[] = [];
  for (const seat of seats) for (let n = 0; n < each; n += 1) rows.push(await issue(poll, seat));
  for (let at = 0; at < rows.length; at += 1000)
    await inTransaction(poll.deps.db, (tx) => insertBallots(tx, rows.slice(at, at + 1000)));
  return seats.map((_, at) =>
    rows.slice(at * each, (at + 1) * each).map(({ ballot_hash }) => toBase64Url(ballot_hash)),
  );
}

/** A chain of `length` casts for each seat. */
export async function prepareChains(
  poll: Poll,
  seats: readonly Seat[],
  length: number,
): Promise<readonly (readonly PreparedCast[])[]> {
  const ballots = await issueBallots(poll, seats, length);
  return seats.map((seat, at) => {
    const chain: PreparedCast[] = [];
    for (const ballot of present(ballots[at], 'ballots of the seat')) {
      const prev = chain.at(-1)?.castHash ?? CHAIN_START;
      const ephemeralSecret = poll.deps.random(32);
      chain.push(makeOne(poll, seat, { seq: chain.length + 1, prev, ballot, ephemeralSecret }));
    }
    return chain;
  });
}

/** As many casts as a test may need, in chains as long as the rules of the meeting allow. */
export async function supplyFor(
  poll: Poll,
  codes: readonly LetterCode[],
  wanted: number,
): Promise<readonly (readonly PreparedCast[])[]> {
  const seats = await seatsOf(poll, codes);
  return prepareChains(poll, seats, Math.min(99, Math.ceil(wanted / seats.length)));
}
