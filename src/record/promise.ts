/** What an acknowledgement promises: the entry that its cast makes, and the name of a promise that the log did not keep (SPEC 6.12, 7.3). */
import { toBase64Url, utf8 } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { h256Text } from '../crypto/frame.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import type { Cast } from './cast.ts';
import { entryForm } from './entry.ts';
import type { Signature } from './signature.ts';
import { evidenceHash } from './signature.ts';

/** The bytes of the `cast.accepted` that a cast under this signature makes in a meeting; `hash` is its castHash. */
export const acceptedEntry = (
  meeting: string,
  { entitlement, seq }: Pick<Cast, 'entitlement' | 'seq'>,
  hash: Uint8Array,
  signature: Signature,
): Uint8Array =>
  entryForm.bytes({
    v: 1,
    kind: 'cast.accepted',
    meeting,
    entitlement,
    seq,
    castHash: toBase64Url(hash),
    evidence: [evidenceHash(signature)],
  });

/** `H256("promise", ASCII of the acknowledgement)`. */
export const promiseHash = (acknowledgement: string): string => h256Text('promise', utf8(acknowledgement));

/** A cast that came in before the close is decided, and promised, in the half minute that the queues then have (SPEC 6.8). */
const DECIDED_WITHIN_MS = 30_000;

/**
 * When a cast came in by its promise: `iat` is in whole seconds, rounded down, and a cast of the last moment is promised after it.
 * Undefined where it was not promised while one could vote; `closesAt` is the effective close.
 */
export function cameInAt(
  { iat }: Pick<Acknowledgement, 'iat'>,
  { opensAt, closesAt }: { readonly opensAt: Instant; readonly closesAt: Instant },
): Instant | undefined {
  const isTimely = (iat + 1) * 1000 > opensAt && iat * 1000 < closesAt + DECIDED_WITHIN_MS;
  return isTimely ? Math.min(Math.max(iat * 1000, opensAt), closesAt - 1) : undefined;
}
