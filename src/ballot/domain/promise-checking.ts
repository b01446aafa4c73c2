/** Whether an acknowledgement is the service's promise of this very cast, given while one could vote (SPEC 6.12, 7.3). Pure. */
import { toBase64Url } from '../../base/bytes.ts';
import type { Instant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { openAcknowledgement } from '../../record/acknowledgement.ts';
import { castForm, castHash } from '../../record/cast.ts';
import { leafHash } from '../../record/merkle.ts';
import { acceptedEntry, cameInAt } from '../../record/promise.ts';
import type { Signature } from '../../record/signature.ts';
import type { ArmedMeeting } from './cast-checking.ts';

export type PromiseRefusal = Refusal<
  'CAST_MALFORMED' | 'PROMISE_SIGNATURE' | 'PROMISE_OTHER' | 'PROMISE_LATE'
>;

/** The leaf hash of the entry that was promised, and when the cast came in by the promise; `window` is that of the meeting after all its moves, `closedIndex` the place of its close in the log. */
export function checkPromise(
  { meeting, meetingHash, definition }: Pick<ArmedMeeting, 'meeting' | 'meetingHash' | 'definition'>,
  window: { readonly opensAt: Instant; readonly closesAt: Instant; readonly closedIndex: number },
  lost: { readonly bytes: Uint8Array; readonly signature: Signature; readonly acknowledgement: string },
): Result<{ readonly leaf: Uint8Array; readonly receivedAt: Instant }, PromiseRefusal> {
  const parsed = castForm.parse(lost.bytes);
  if (!parsed.ok) return refuse('CAST_MALFORMED', parsed.refusal.where);
  const token = openAcknowledgement(lost.acknowledgement, definition.keys.ack);
  if (!token.ok) return refuse('PROMISE_SIGNATURE');
  const hash = castHash(lost.bytes);
  const leaf = leafHash(acceptedEntry(meeting, parsed.value, hash, lost.signature));
  const { iss, iat, ...said } = token.value;
  const isOfCast =
    iss === definition.origin &&
    said.meeting === meetingHash &&
    said.castHash === toBase64Url(hash) &&
    said.seq === parsed.value.seq &&
    said.entry === toBase64Url(leaf);
  if (!isOfCast) return refuse('PROMISE_OTHER');
  const receivedAt = cameInAt({ iat }, window);
  // A checkpoint of after the close was not there while one could vote.
  const isLate = receivedAt === undefined || parsed.value.size > window.closedIndex;
  return isLate ? refuse('PROMISE_LATE') : ok({ leaf, receivedAt });
}
