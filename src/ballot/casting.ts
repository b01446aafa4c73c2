/**
 * Accepting a cast: everything that can be checked alone is checked first; then one transaction locks what it relies on,
 * decides, and writes the statement together with its log entry (SPEC 6.5, 6.6). A refusal leaves only a count.
 */

import { parameterOf } from '../assembly/domain/drafting.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { lockMeetingShared } from '../assembly/store.ts';
import { hasCheckpoint } from '../auditlog/checkpoints.ts';
import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { verify } from '../crypto/ed25519.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Credential } from '../identity/credentials.ts';
import { credentialInForce, readCredential, unitsOfLetter } from '../identity/credentials.ts';
import { acknowledgementForm, INCLUDE_WITHIN_S, refusalForm } from '../record/acknowledgement.ts';
import { checkAssertion } from '../record/assertion.ts';
import type { Cast } from '../record/cast.ts';
import { castForm, castHash } from '../record/cast.ts';
import { ephemeralKeyOf } from '../record/choice.ts';
import type { Signature } from '../record/signature.ts';
import { evidenceHash, signatureForm } from '../record/signature.ts';
import type { FrozenLeaf } from '../registry/frozen-roll.ts';
import { leafOfEntitlement, openingOf } from '../registry/frozen-roll.ts';
import type { BallotDeps } from './ballot-deps.ts';
import type { ChainEnd } from './domain/acceptance.ts';
import { checkAnswers, continuesChain, isInWindow } from './domain/acceptance.ts';
import type { CastRefusalCode } from './domain/cast-refusals.ts';
import type { CastRow } from './store.ts';
import { ballotsByHash, castByHash, chainOf, countRefusal, insertCast, lockEntitlement } from './store.ts';
import { signToken } from './tokens.ts';

type CastRefusal = Refusal<CastRefusalCode | 'MEETING_UNKNOWN'>;

/** A cast as it came in; `receivedAt` is when its body was wholly received. */
export type IncomingCast = {
  readonly meeting: string;
  readonly bytes: Uint8Array;
  readonly signature: Signature;
  readonly receivedAt: Instant;
};

/** The signed acknowledgement, and whether this very cast had been accepted before. */
export type Accepted = {
  readonly acknowledgement: string;
  readonly castHash: string;
  readonly repeated: boolean;
};

/** A refusal with the server's signature under it, where there is a meeting to count it for. */
export type SignedRefusal = {
  readonly ok: false;
  readonly refusal: CastRefusal;
  readonly extras: { readonly refusal: string };
};

/** A cast whose signature verified under a credential that exists. */
type CheckedCast = {
  readonly meeting: Meeting;
  readonly cast: Cast;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly signature: Signature;
  readonly credential: Credential;
  readonly receivedAt: Instant;
};

type Answered = Result<Accepted, CastRefusal> | SignedRefusal;

/** Casts that this process is deciding, by meeting. */
const underWay = new Map<string, Set<Promise<Answered>>>();

/** Resolves when every cast that came in before this call is decided: the queue that a close flushes (SPEC 6.8). */
export async function castsDecided(meeting: string): Promise<void> {
  await Promise.allSettled(underWay.get(meeting) ?? []);
}

/** Accepts a cast, or refuses it with a signed refusal. */
export async function acceptCast(deps: BallotDeps, incoming: IncomingCast): Promise<Answered> {
  const deciding = answer(deps, incoming);
  const beside = underWay.get(incoming.meeting) ?? new Set();
  underWay.set(incoming.meeting, beside.add(deciding));
  try {
    return await deciding;
  } finally {
    beside.delete(deciding);
    if (beside.size === 0) underWay.delete(incoming.meeting);
  }
}

async function answer(deps: BallotDeps, incoming: IncomingCast): Promise<Answered> {
  const meeting = await readMeeting(deps.db, incoming.meeting);
  if (meeting === undefined || meeting.meetingHash === '') return refuse('MEETING_UNKNOWN');
  const outcome = await decide(deps, meeting, incoming);
  if (outcome.ok) return outcome;
  const { code } = outcome.refusal;
  await countRefusal(deps.db, meeting.community, meeting.meeting, code);
  const claims = {
    iss: meeting.definition.origin,
    iat: Math.floor(deps.clock() / 1000),
    meeting: meeting.meetingHash,
    castHash: toBase64Url(castHash(incoming.bytes)),
    code,
  };
  const token = await signToken(claims, 'owners-vote-refusal+jws', deps.keys.ack, refusalForm);
  return { ...outcome, extras: { refusal: token } };
}

async function decide(
  deps: BallotDeps,
  meeting: Meeting,
  incoming: IncomingCast,
): Promise<Result<Accepted, Refusal<CastRefusalCode>>> {
  const parsed = castForm.parse(incoming.bytes);
  if (!parsed.ok) return refuse('CAST_MALFORMED', parsed.refusal.where);
  const cast = parsed.value;
  if (cast.meeting !== meeting.meetingHash) return refuse('CAST_MEETING');
  if (cast.mandate !== '' || cast.assisted !== '') return refuse('CAST_MANDATE');
  const credential = await readCredential(deps.db, meeting.community, cast.credential);
  if (credential === undefined) return refuse('CAST_CREDENTIAL');
  const hash = castHash(incoming.bytes);
  const { bytes, signature, receivedAt } = incoming;
  if (!isSignedBy(meeting, credential, hash, signature)) return refuse('CAST_SIGNATURE');
  const checked: CheckedCast = { meeting, cast, bytes, hash, signature, credential, receivedAt };
  try {
    return await inTransaction(deps.db, (tx) => enter(tx, deps, checked));
  } catch (error) {
    const refusal = refusalOfConstraint(error, {
      cast_answer_pk: 'CAST_BALLOT_SPENT',
      sealed_key_pk: 'CAST_SEALED',
    });
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

function isSignedBy(
  meeting: Meeting,
  credential: Credential,
  hash: Uint8Array,
  signature: Signature,
): boolean {
  if (credential.alg === 'Ed25519') {
    const bytes = signature.alg === 'Ed25519' ? fromBase64Url(signature.signature) : undefined;
    return bytes !== undefined && verify(credential.publicKey, hash, bytes);
  }
  if (signature.alg !== 'webauthn') return false;
  const { rpId, origins } = meeting.definition;
  const { publicKey: coseKey, webauthnId: credentialId } = credential;
  return checkAssertion(signature, { challenge: hash, rpId, origins, coseKey, credentialId }).ok;
}

/** The locked part. Locks are taken in one order: meeting, credential, entitlement. */
async function enter(
  tx: Tx,
  deps: BallotDeps,
  checked: CheckedCast,
): Promise<Result<Accepted, Refusal<CastRefusalCode>>> {
  const { cast, hash } = checked;
  const { community, meeting: id } = checked.meeting;
  await lockMeetingShared(tx, id);
  const meeting = present(await readMeeting(tx, id), 'read before');
  const credential = await credentialInForce(tx, community, cast.credential, checked.receivedAt);
  await lockEntitlement(tx, cast.entitlement);
  const known = await castByHash(tx, community, id, hash);
  if (known !== undefined) return ok(acceptedBefore(known));
  if (meeting.state === 'noticed' || meeting.state === 'armed') return refuse('VOTING_NOT_OPEN');
  if (meeting.state !== 'open') return refuse('VOTING_CLOSED');
  const timely = isInWindow(checked.receivedAt, meeting);
  if (!timely.ok) return timely;
  if (credential === undefined) return refuse('CAST_CREDENTIAL');
  if (!(await hasCheckpoint(tx, cast.size, cast.root))) return refuse('CAST_CHECKPOINT');
  const leaf = await leafOfEntitlement(tx, community, id, cast.entitlement);
  if (leaf === undefined) return refuse('CAST_ENTITLEMENT');
  const opening = present(await openingOf(tx, community, id, cast.entitlement), 'on the roll');
  const mayVote = opening.voter === '' || opening.voter === credential.person;
  const holder = opening.holders.find(({ person }) => person === credential.person);
  if (!mayVote || holder === undefined) return refuse('CAST_NOT_HOLDER');
  const letterUnits = await unitsOfLetter(tx, community, credential.credential);
  const isOutdated =
    holder.identity !== credential.identity ||
    (letterUnits !== undefined && leaf.leaf.units.some(({ unit }) => !letterUnits.has(unit)));
  if (isOutdated) return refuse('CAST_LETTER_OUTDATED');
  const chain = continuesChain(cast, await chainEnd(tx, checked), {
    revoteLimit: Number(parameterOf(meeting.definition, 'revoteLimit')),
    letterRevote: parameterOf(meeting.definition, 'letterRevote') === 'true',
  });
  if (!chain.ok) return chain;
  const answers = await answersFit(tx, checked, leaf);
  return answers.ok ? ok(await write(tx, deps, checked)) : answers;
}

const acceptedBefore = (row: CastRow): Accepted => ({
  acknowledgement: row.acknowledgement,
  castHash: toBase64Url(row.cast_hash),
  repeated: true,
});

async function chainEnd(tx: Tx, { cast, meeting }: CheckedCast): Promise<ChainEnd | undefined> {
  const chain = await chainOf(tx, meeting.community, meeting.meeting, cast.entitlement);
  const last = chain.at(-1);
  if (last === undefined) return undefined;
  return {
    seq: last.seq,
    hash: toBase64Url(last.cast_hash),
    credential: last.credential_id,
    credentialKind: last.channel as ChainEnd['credentialKind'],
    revotes: chain.length - 1,
  };
}

async function answersFit(
  tx: Tx,
  checked: CheckedCast,
  leaf: FrozenLeaf,
): Promise<Result<unknown, Refusal<CastRefusalCode>>> {
  const { cast, meeting } = checked;
  const hashes = cast.answers.map(({ ballot }) => present(fromBase64Url(ballot), 'checked hash'));
  const rows = await ballotsByHash(tx, meeting.community, meeting.meeting, hashes);
  return checkAnswers(cast, {
    definition: meeting.definition,
    meetingHash: meeting.meetingHash,
    leaf: leaf.leaf,
    countSpecialSpaces: parameterOf(meeting.definition, 'countSpecialSpaces') === 'true',
    credential: cast.credential,
    tokens: new Map(rows.map((row) => [toBase64Url(row.ballot_hash), row.token])),
  });
}

async function write(tx: Tx, deps: BallotDeps, checked: CheckedCast): Promise<Accepted> {
  const { cast, hash, meeting, signature, credential } = checked;
  const { community, meeting: id, meetingHash } = meeting;
  const hashText = toBase64Url(hash);
  const { entryId, leafHash } = await writeEntry(
    tx,
    {
      v: 1,
      kind: 'cast.accepted',
      meeting: id,
      entitlement: cast.entitlement,
      seq: cast.seq,
      castHash: hashText,
    },
    [evidenceHash(signature)],
    community,
  );
  const iat = Math.floor(deps.clock() / 1000);
  const acknowledgement = await signToken(
    {
      iss: meeting.definition.origin,
      iat,
      entry: toBase64Url(leafHash),
      meeting: meetingHash,
      castHash: hashText,
      seq: cast.seq,
      includeBy: iat + INCLUDE_WITHIN_S,
    },
    'owners-vote-ack+jws',
    deps.keys.ack,
    acknowledgementForm,
  );
  const row: CastRow = {
    community_id: community,
    meeting_id: id,
    cast_hash: hash,
    entitlement_id: cast.entitlement,
    seq: cast.seq,
    prev: present(fromBase64Url(cast.prev), 'checked hash'),
    credential_id: cast.credential,
    channel: credential.kind,
    cast_bytes: checked.bytes,
    signature: present(fromUtf8(signatureForm.bytes(signature)), 'own text'),
    acknowledgement,
    entry_id: entryId,
    accepted_at_ms: BigInt(checked.receivedAt),
  };
  const ballots = cast.answers.map(({ ballot }) => present(fromBase64Url(ballot), 'checked hash'));
  const keys = new Map(
    cast.answers.map(({ sealed }) => [toBase64Url(ephemeralKeyOf(sealed)), ephemeralKeyOf(sealed)]),
  );
  await insertCast(tx, row, ballots, [...keys.values()]);
  return { acknowledgement, castHash: hashText, repeated: false };
}
