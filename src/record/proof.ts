/** Offline receipts: C2SP tlog-proof, an inclusion proof with the checkpoint that it leads to (SPEC 7.3). */
import { fromBase64, toBase64 } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Checkpoint, CheckpointRefusal, Cosigner, WitnessKey } from './checkpoint.ts';
import { cosignersOf, verifyCheckpoint } from './checkpoint.ts';
import { MAX_PROOF_HASHES, parseHashLines, parseLogNumber, printHashLines } from './log-text.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { MAX_NOTE_LENGTH } from './note.ts';

/** A receipt: `note` is the signed checkpoint verbatim, `extra` unauthenticated bytes. */
export type LogProof = {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly note: string;
  readonly extra?: Uint8Array;
};

const HEADER = 'c2sp.org/tlog-proof@v1';

/** The text of a receipt, the content of a `.tlog-proof` file. */
export function printLogProof(proof: LogProof): string {
  const extra = proof.extra === undefined ? '' : `extra ${toBase64(proof.extra)}\n`;
  return `${HEADER}\n${extra}index ${proof.index}\n${printHashLines(proof.proof)}\n${proof.note}`;
}

export type LogProofRefusal =
  | Refusal<'PROOF_MALFORMED' | 'PROOF_NOT_INCLUDED' | 'PROOF_QUORUM_SHORT'>
  | CheckpointRefusal;

/** The parts of a receipt; nothing is verified yet. */
export function parseLogProof(text: string): Result<LogProof, Refusal<'PROOF_MALFORMED'>> {
  // The head ends at the first empty line; the checkpoint has one of its own.
  const end = text.indexOf('\n\n');
  if (end < 0 || text.length > MAX_NOTE_LENGTH) return refuse('PROOF_MALFORMED');
  const lines = text.slice(0, end).split('\n');
  const header = lines.shift();
  const extraLine = lines[0]?.startsWith('extra ') === true ? lines.shift() : undefined;
  const extra = extraLine === undefined ? undefined : fromBase64(extraLine.slice('extra '.length));
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseLogNumber(indexLine.slice('index '.length)) : undefined;
  const proof = parseHashLines(lines);
  if (header !== HEADER || (extraLine !== undefined && extra === undefined)) return refuse('PROOF_MALFORMED');
  if (index === undefined || proof === undefined || lines.length > MAX_PROOF_HASHES) {
    return refuse('PROOF_MALFORMED');
  }
  return ok({ index, proof, note: text.slice(end + 2), ...(extra === undefined ? {} : { extra }) });
}

/** What a receipt is checked against, all of it from outside the receipt. */
export type LogTrust = {
  readonly logVkey: string;
  readonly witnesses: readonly WitnessKey[];
  /** How many of the witnesses must have cosigned; 0 asks for none. */
  readonly quorum: number;
};

/** What a verified receipt shows. */
export type ProvenEntry = {
  readonly index: number;
  readonly checkpoint: Checkpoint;
  readonly cosigners: readonly Cosigner[];
};

/** Verifies that a receipt proves the entry with these bytes under a checkpoint that the trust accepts. */
export function verifyLogProof(
  entry: Uint8Array,
  proofText: string,
  trust: LogTrust,
): Result<ProvenEntry, LogProofRefusal> {
  const parsed = parseLogProof(proofText);
  if (!parsed.ok) return parsed;
  const { index, proof, note } = parsed.value;
  const checkpoint = verifyCheckpoint(note, trust.logVkey);
  if (!checkpoint.ok) return checkpoint;
  const { size, root } = checkpoint.value;
  if (!verifyInclusion(leafHash(entry), index, size, root, proof)) return refuse('PROOF_NOT_INCLUDED');
  const cosigners = cosignersOf(note, trust.witnesses);
  if (cosigners.length < trust.quorum) {
    return refuse('PROOF_QUORUM_SHORT', undefined, { cosigners: cosigners.length, quorum: trust.quorum });
  }
  return ok({ index, checkpoint: checkpoint.value, cosigners });
}
