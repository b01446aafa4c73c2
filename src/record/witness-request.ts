/** What a log asks of a witness: the body of C2SP tlog-witness `add-checkpoint` (SPEC 7.4). */
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { MAX_PROOF_HASHES, parseHashLines, parseLogNumber, printHashLines } from './log-text.ts';

/** From the size that the witness cosigned last to the checkpoint in `note`; no proof where that size is 0. */
export type WitnessRequest = {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly note: string;
};

/** Largest body that common witnesses read. */
export const MAX_WITNESS_REQUEST_BYTES = 16_384;

/** The content type of a conflict answer that names the size that the witness cosigned last. */
export const WITNESS_SIZE_TYPE = 'text/x.tlog.size';

/** The body of a request. */
export const printWitnessRequest = (request: WitnessRequest): string =>
  `old ${request.oldSize}\n${printHashLines(request.proof)}\n${request.note}`;

/** The parts of a body, which anybody can send. */
export function parseWitnessRequest(
  body: string,
): Result<WitnessRequest, Refusal<'WITNESS_REQUEST_MALFORMED'>> {
  const end = body.indexOf('\n\n');
  const [oldLine = '', ...hashLines] = body.slice(0, Math.max(end, 0)).split('\n');
  const oldSize = oldLine.startsWith('old ') ? parseLogNumber(oldLine.slice('old '.length)) : undefined;
  const proof = parseHashLines(hashLines);
  if (oldSize === undefined || proof === undefined || proof.length > MAX_PROOF_HASHES) {
    return refuse('WITNESS_REQUEST_MALFORMED');
  }
  if (oldSize === 0 && proof.length > 0) return refuse('WITNESS_REQUEST_MALFORMED');
  return ok({ oldSize, proof, note: body.slice(end + 2) });
}
