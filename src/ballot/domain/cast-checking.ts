/** All that is checked of a cast before it is queued: it needs no lock, since nothing that it reads ever changes (SPEC 6.5). */
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { isSignedBy } from '../../record/binding-evidence.ts';
import type { Cast } from '../../record/cast.ts';
import { castForm, castHash } from '../../record/cast.ts';
import type { Definition } from '../../record/meeting.ts';
import type { RollLeaf } from '../../record/roll.ts';
import type { Signature } from '../../record/signature.ts';
import { checkAnswers } from './acceptance.ts';
import type { CastRefusalCode } from './cast-refusals.ts';

type CastRefusal = Refusal<CastRefusalCode>;

/** A meeting from its arming on, as far as it never changes. */
export type ArmedMeeting = {
  readonly community: string;
  readonly meeting: string;
  readonly meetingHash: string;
  readonly definition: Definition;
  readonly countSpecialSpaces: boolean;
  readonly revoteLimit: number;
  readonly letterRevote: boolean;
};

/** A cast in its canonical form, not yet verified. */
export type ReadCast = {
  readonly armed: ArmedMeeting;
  readonly cast: Cast;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly signature: Signature;
  readonly receivedAt: Instant;
};

/** A credential as a cast is checked against it; `publicKey` is raw Ed25519 or COSE bytes, by `alg`. */
export type CastKey = {
  readonly person: string;
  readonly identity: string;
  readonly kind: 'letter' | 'passkey' | 'device';
  readonly alg: 'Ed25519' | 'webauthn';
  readonly publicKey: Uint8Array;
  readonly webauthnId: Uint8Array;
  readonly letterUnits: ReadonlySet<string> | undefined;
};

/** What the database says about a cast; every part of it is append-only. */
export type CastFacts = {
  readonly key: CastKey | undefined;
  readonly isCheckpoint: boolean;
  /** The holders' identities by person. */
  readonly standing:
    | { readonly leaf: RollLeaf; readonly voter: string; readonly holders: ReadonlyMap<string, string> }
    | undefined;
  /** The issued ballots that the answers name, by hash. */
  readonly tokens: ReadonlyMap<string, string>;
};

/** A cast that may be accepted unless its meeting, its credential or its chain have moved on. */
export type CheckedCast = ReadCast & { readonly channel: CastKey['kind'] };

/** The statement in the bytes, where it is one for this meeting. */
export function readCast(
  armed: ArmedMeeting,
  incoming: { readonly bytes: Uint8Array; readonly signature: Signature; readonly receivedAt: Instant },
): Result<ReadCast, CastRefusal> {
  const parsed = castForm.parse(incoming.bytes);
  if (!parsed.ok) return refuse('CAST_MALFORMED', parsed.refusal.where);
  const cast = parsed.value;
  if (cast.meeting !== armed.meetingHash) return refuse('CAST_MEETING');
  if (cast.mandate !== '' || cast.assisted !== '') return refuse('CAST_MANDATE');
  return ok({ armed, cast, hash: castHash(incoming.bytes), ...incoming });
}

/** Signature, right to vote, ballots and sealed answers, in this order: what is not signed is looked at no further. */
export function checkCast(read: ReadCast, facts: CastFacts): Result<CheckedCast, CastRefusal> {
  const { armed, cast } = read;
  const { key, standing, tokens } = facts;
  if (key === undefined) return refuse('CAST_CREDENTIAL');
  if (!isSignedBy(key, read.hash, read.signature, armed.definition)) return refuse('CAST_SIGNATURE');
  if (!facts.isCheckpoint) return refuse('CAST_CHECKPOINT');
  if (standing === undefined) return refuse('CAST_ENTITLEMENT');
  const mayVote = standing.voter === '' || standing.voter === key.person;
  const identity = standing.holders.get(key.person);
  if (!mayVote || identity === undefined) return refuse('CAST_NOT_HOLDER');
  const { letterUnits } = key;
  const isOutdated =
    identity !== key.identity ||
    (letterUnits !== undefined && standing.leaf.units.some(({ unit }) => !letterUnits.has(unit)));
  if (isOutdated) return refuse('CAST_LETTER_OUTDATED');
  const answers = checkAnswers(cast, {
    definition: armed.definition,
    meetingHash: armed.meetingHash,
    leaf: standing.leaf,
    countSpecialSpaces: armed.countSpecialSpaces,
    credential: cast.credential,
    tokens,
  });
  return answers.ok ? ok({ ...read, channel: key.kind }) : answers;
}
