/** What an acknowledgement promises: the entry that its cast makes, and the name of a promise that the log did not keep (SPEC 6.12, 7.3). */
import { toBase64Url, utf8 } from '../base/bytes.ts';
import { h256Text } from '../crypto/frame.ts';
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
