/** Signing what the server answers to a cast: the promise to log it, or the refusal (SPEC 6.5, 7.3). */
import { toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { acknowledgementForm, INCLUDE_WITHIN_S, refusalForm } from '../record/acknowledgement.ts';
import { leafHash } from '../record/merkle.ts';
import { acceptedEntry } from '../record/promise.ts';
import type { ArmedMeeting, CheckedCast, ReadCast } from './domain/cast-checking.ts';
import type { CastRefusalCode } from './domain/cast-refusals.ts';
import type { SigningKey } from './tokens.ts';
import { signToken } from './tokens.ts';

/** A checked cast with its log entry and the promise to log it; the promise leaves the process only after the COMMIT. */
export type PromisedCast = CheckedCast & {
  readonly entry: Uint8Array;
  readonly leaf: Uint8Array;
  readonly acknowledgement: string;
};

const seconds = (now: Instant): number => Math.floor(now / 1000);

/** The entry of a cast and its signed acknowledgement. */
export async function promiseCast(
  checked: CheckedCast,
  key: SigningKey,
  now: Instant,
): Promise<PromisedCast> {
  const { armed, cast } = checked;
  const castHash = toBase64Url(checked.hash);
  const { seq } = cast;
  const entry = acceptedEntry(armed.meeting, cast, checked.hash, checked.signature);
  const leaf = leafHash(entry);
  const iat = seconds(now);
  const claims = {
    iss: armed.definition.origin,
    iat,
    entry: toBase64Url(leaf),
    meeting: armed.meetingHash,
    castHash,
    seq,
    includeBy: iat + INCLUDE_WITHIN_S,
  };
  const acknowledgement = await signToken(claims, 'owners-vote-ack+jws', key, acknowledgementForm);
  return { ...checked, entry, leaf, acknowledgement };
}

/** The signed refusal of a cast. */
export const signRefusal = (
  armed: ArmedMeeting,
  castHash: ReadCast['hash'],
  code: CastRefusalCode,
  key: SigningKey,
  now: Instant,
): Promise<string> =>
  signToken(
    {
      iss: armed.definition.origin,
      iat: seconds(now),
      meeting: armed.meetingHash,
      castHash: toBase64Url(castHash),
      code,
    },
    'owners-vote-refusal+jws',
    key,
    refusalForm,
  );
