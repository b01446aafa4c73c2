/** All that is checked of a cast before it is queued: it needs no lock, since nothing that it reads ever changes (SPEC 6.5). */
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { isSignedBy } from '../../record/binding-evidence.ts';
import type { Cast } from '../../record/cast.ts';
import { castForm, castHash } from '../../record/cast.ts';
import type { Head } from '../../record/designation.ts';
import { needsDesignation } from '../../record/designation.ts';
import type { Mandate, MandateFault, MandateUse } from '../../record/mandate.ts';
import { mandateFault } from '../../record/mandate.ts';
import type { Definition } from '../../record/meeting.ts';
import type { RollLeaf } from '../../record/roll.ts';
import type { Signature } from '../../record/signature.ts';
import type { DuplicateRule } from './acceptance.ts';
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
  readonly duplicateRule: DuplicateRule;
  /** For how many principals one agent may cast (SPEC 3.6). */
  readonly proxyCap: number;
  /** Of several holders only the designated one may cast (SPEC 3.6). */
  readonly designatedOnly: boolean;
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
    | {
        readonly leaf: RollLeaf;
        readonly voter: string;
        /** The correction of the roll that these holders come from, or empty (SPEC 4.4). */
        readonly correction: string;
        readonly holders: ReadonlyMap<string, string>;
      }
    | undefined;
  /** The issued ballots that the answers name, by hash. */
  readonly tokens: ReadonlyMap<string, string>;
  /** The mandate that the cast names, where there is one. */
  readonly mandate: Mandate | undefined;
  /** Who is designated, empty where nobody is; asked only where `designatedOnly` and nobody is named by the leaf itself. */
  readonly designated: string;
};

/** A cast that may be accepted unless its meeting, its credential, its chain or the holders of its entitlement have moved on. */
export type CheckedCast = ReadCast & {
  readonly channel: CastKey['kind'];
  readonly correction: string;
  readonly person: string;
  /** The mandate under which it is cast, none where its person votes for himself. */
  readonly mandate: Mandate | undefined;
  /** The head and who was designated for it, where that had to be asked: somebody else may be meanwhile. */
  readonly designation: { readonly head: Head; readonly voter: string } | undefined;
};

/** The statement in the bytes, where it is one for this meeting. */
export function readCast(
  armed: ArmedMeeting,
  incoming: { readonly bytes: Uint8Array; readonly signature: Signature; readonly receivedAt: Instant },
): Result<ReadCast, CastRefusal> {
  const parsed = castForm.parse(incoming.bytes);
  if (!parsed.ok) return refuse('CAST_MALFORMED', parsed.refusal.where);
  const cast = parsed.value;
  if (cast.meeting !== armed.meetingHash) return refuse('CAST_MEETING');
  if (cast.assisted !== '') return refuse('CAST_ASSISTED');
  return ok({ armed, cast, hash: castHash(incoming.bytes), ...incoming });
}

/** Signature, right to vote, ballots and sealed answers, in this order: what is not signed is looked at no further. */
export function checkCast(read: ReadCast, facts: CastFacts): Result<CheckedCast, CastRefusal> {
  const { armed, cast } = read;
  const { key, tokens } = facts;
  if (key === undefined) return refuse('CAST_CREDENTIAL');
  if (!isSignedBy(key, read.hash, read.signature, armed.definition)) return refuse('CAST_SIGNATURE');
  if (!facts.isCheckpoint) return refuse('CAST_CHECKPOINT');
  if (facts.standing === undefined) return refuse('CAST_ENTITLEMENT');
  const head = askedHead(armed, facts.standing);
  const standing = head === undefined ? facts.standing : { ...facts.standing, voter: facts.designated };
  if (head !== undefined && facts.designated === '') return refuse('CAST_DESIGNATION_NONE');
  const right = cast.mandate === '' ? mayVoteHimself(key, standing) : mayVoteFor(armed, key, standing, facts);
  if (!right.ok) return right;
  const answers = checkAnswers(cast, {
    definition: armed.definition,
    meetingHash: armed.meetingHash,
    leaf: standing.leaf,
    countSpecialSpaces: armed.countSpecialSpaces,
    credential: cast.credential,
    tokens,
  });
  if (!answers.ok) return answers;
  const { mandate } = facts;
  const proposals = answers.value.map(({ proposal }) => proposal.proposal);
  if (
    mandate !== undefined &&
    mandateFault(mandate, useOf(armed, key, standing, mandate, proposals)) !== undefined
  )
    return refuse('CAST_MANDATE_SCOPE');
  const { correction } = standing;
  const designation = head === undefined ? undefined : { head, voter: facts.designated };
  return ok({ ...read, channel: key.kind, correction, person: key.person, mandate, designation });
}

/** The head of a cast for which a designation is asked for; none where any holder may cast, or the leaf names who does. */
export function askedHead(
  { designatedOnly }: ArmedMeeting,
  { leaf, voter, holders }: Standing,
): Head | undefined {
  const head = { units: leaf.units.map(({ unit }) => unit), holders };
  return designatedOnly && voter === '' && needsDesignation(head) ? head : undefined;
}

export type Standing = NonNullable<CastFacts['standing']>;

/** A holder, or the one who is designated, by a letter that names what he votes for (LET-02). */
function mayVoteHimself(key: CastKey, standing: Standing): Result<undefined, CastRefusal> {
  const mayVote = standing.voter === '' || standing.voter === key.person;
  const identity = standing.holders.get(key.person);
  if (identity === undefined) return refuse('CAST_NOT_HOLDER');
  if (!mayVote) return refuse('CAST_DESIGNATION_OTHER');
  const { letterUnits } = key;
  const isOutdated =
    identity !== key.identity ||
    (letterUnits !== undefined && standing.leaf.units.some(({ unit }) => !letterUnits.has(unit)));
  return isOutdated ? refuse('CAST_LETTER_OUTDATED') : ok(undefined);
}

const MANDATE_FAULTS = {
  AGENT: 'CAST_MANDATE_AGENT',
  PRINCIPAL: 'CAST_MANDATE_PRINCIPAL',
  SCOPE: 'CAST_MANDATE_SCOPE',
} as const satisfies Record<MandateFault, CastRefusalCode>;

/** The agent of a mandate whose principal might vote himself (SPEC 3.6); the agent's letter names other units, or none. */
function mayVoteFor(
  armed: ArmedMeeting,
  key: CastKey,
  standing: Standing,
  { mandate }: CastFacts,
): Result<undefined, CastRefusal> {
  if (mandate === undefined) return refuse('CAST_MANDATE');
  const fault = mandateFault(mandate, useOf(armed, key, standing, mandate, []));
  return fault === undefined ? ok(undefined) : refuse(MANDATE_FAULTS[fault]);
}

function useOf(
  { meeting }: ArmedMeeting,
  { person, identity }: CastKey,
  { leaf, voter, holders }: Standing,
  { by }: Mandate,
  proposals: readonly string[],
): MandateUse {
  const mayVote = voter === '' || voter === by.person;
  return {
    meeting,
    agent: { person, identity },
    units: leaf.units.map(({ unit }) => unit),
    proposals,
    principalIdentity: mayVote ? holders.get(by.person) : undefined,
  };
}
