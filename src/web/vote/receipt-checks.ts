/** What the page checks after the vote: the acknowledgement, the receipt, and the list of who took part (SPEC 4.5, 7.3). Pure. */
import type { ReceiptAnswer } from '../../ballot/contract.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { parseCanonical } from '../../base/canonical.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { Acknowledgement } from '../../record/acknowledgement.ts';
import { openAcknowledgement } from '../../record/acknowledgement.ts';
import { leafHash } from '../../record/merkle.ts';
import type { LogTrust, ProvenEntry } from '../../record/proof.ts';
import { verifyLogProof } from '../../record/proof.ts';
import { participationForm, participationHash } from '../../record/tally-record.ts';
import type { ParticipationAnswer } from '../../tally/contract.ts';

/** The statement that an answer must be about. */
export type OwnCast = {
  readonly meeting: string;
  readonly meetingHash: string;
  readonly entitlement: string;
  readonly castHash: string;
  readonly seq: number;
};

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

function membersOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value = parseCanonical(bytes);
  return typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/** The server's signed promise for this very statement. */
export function checkAcknowledgement(
  token: string,
  cast: OwnCast,
  ackKey: string,
): Result<Acknowledgement, Refusal<'ACK_SIGNATURE' | 'ACK_CLAIMS'>> {
  const verified = openAcknowledgement(token, ackKey);
  if (!verified.ok) return refuse('ACK_SIGNATURE');
  const { meeting, castHash, seq } = verified.value;
  const fits = meeting === cast.meetingHash && castHash === cast.castHash && seq === cast.seq;
  return fits ? verified : refuse('ACK_CLAIMS');
}

/** The log's proof of this very statement; `cosigners` says how many witnesses stand behind it. */
export function checkReceipt(
  answer: ReceiptAnswer,
  cast: OwnCast,
  trust: LogTrust,
): Result<ProvenEntry, Refusal<'RECEIPT_ENTRY' | 'RECEIPT_PROOF'>> {
  const bytes = bytesOf(answer.entry);
  const entry = membersOf(bytes);
  const fits =
    (entry['kind'] === 'cast.accepted' || entry['kind'] === 'cast.restored') &&
    entry['meeting'] === cast.meeting &&
    entry['entitlement'] === cast.entitlement &&
    entry['castHash'] === cast.castHash &&
    entry['seq'] === cast.seq;
  if (!fits) return refuse('RECEIPT_ENTRY');
  // A receipt without the quorum is provisional, not wrong.
  const proven = verifyLogProof(bytes, answer.proof, { ...trust, quorum: 0 });
  return proven.ok ? proven : refuse('RECEIPT_PROOF', undefined, { code: proven.refusal.code });
}

/** Whether two officers restored the cast, since the log had not kept what was promised (SPEC 6.12). */
export const isRestored = (answer: ReceiptAnswer): boolean =>
  membersOf(bytesOf(answer.entry))['kind'] === 'cast.restored';

/** Whether the receipt's entry is the one that the acknowledgement promised, or the one that restored its cast. */
export const isPromised = (answer: ReceiptAnswer, acknowledgement: Pick<Acknowledgement, 'entry'>): boolean =>
  isRestored(answer) || toBase64Url(leafHash(bytesOf(answer.entry))) === acknowledgement.entry;

/** What the public list says of an own entitlement. */
export type Counted = 'counted' | 'replaced' | 'missing';
export type ParticipationRefusal = Refusal<
  'LIST_ENTRY' | 'LIST_HASH' | 'LIST_MALFORMED' | 'LIST_PROOF' | 'LIST_MEETING'
>;

/** Whether the list that the log holds counts this statement. */
export function checkParticipation(
  answer: ParticipationAnswer,
  cast: Pick<OwnCast, 'meeting' | 'entitlement' | 'castHash'>,
  trust: LogTrust,
): Result<Counted, ParticipationRefusal> {
  const entryBytes = bytesOf(answer.entry);
  const entry = membersOf(entryBytes);
  if (entry['kind'] !== 'tally.preliminary' || entry['meeting'] !== cast.meeting) return refuse('LIST_ENTRY');
  const listBytes = bytesOf(answer.participation);
  if (entry['participationHash'] !== participationHash(listBytes)) return refuse('LIST_HASH');
  const list = participationForm.parse(listBytes);
  if (!list.ok) return refuse('LIST_MALFORMED', list.refusal.where);
  if (list.value.meeting !== cast.meeting) return refuse('LIST_MEETING');
  const proven = verifyLogProof(entryBytes, answer.proof, { ...trust, quorum: 0 });
  if (!proven.ok) return refuse('LIST_PROOF', undefined, { code: proven.refusal.code });
  const line = list.value.took.find(({ entitlement }) => entitlement === cast.entitlement);
  if (line === undefined) return ok('missing');
  return ok(line.castHash === cast.castHash ? 'counted' : 'replaced');
}
