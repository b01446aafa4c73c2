/** What an owner takes away and can check later: acknowledgement, log proof, and whether his statement is the last (SPEC 7.3). */
import type { Meeting } from '../assembly/meetings.ts';
import { receiptOf } from '../auditlog/proving.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { castByHash, chainOf } from './store/casts.ts';

export type CastReceipt = {
  readonly castHash: string;
  readonly acknowledgement: string;
  /** The log entry's bytes and the C2SP tlog-proof of it. */
  readonly entry: string;
  readonly proof: string;
  readonly hasQuorum: boolean;
  readonly isLast: boolean;
  /** Two officers voided it (SPEC 6.7). */
  readonly isVoid: boolean;
};

/** The receipt of a cast, once a checkpoint covers it. */
export async function castReceipt(
  deps: BallotDeps,
  meeting: Meeting,
  hash: Uint8Array,
): Promise<Result<CastReceipt, Refusal<'CAST_UNKNOWN' | 'RECEIPT_NOT_YET'>>> {
  const row = await castByHash(deps.db, meeting.community, meeting.meeting, hash);
  // A paper has no acknowledgement, and its owner a receipt of another kind: what the roll's page says.
  if (row === undefined || row.acknowledgement === null) return refuse('CAST_UNKNOWN');
  const receipt = await receiptOf(deps.log, row.entry_id);
  if (!receipt.ok) return refuse('RECEIPT_NOT_YET');
  const chain = await chainOf(deps.db, meeting.community, meeting.meeting, row.entitlement_id);
  const last = chain.at(-1);
  return ok({
    castHash: toBase64Url(hash),
    acknowledgement: row.acknowledgement,
    entry: toBase64Url(receipt.value.bytes),
    proof: receipt.value.text,
    hasQuorum: receipt.value.hasQuorum,
    isLast: last !== undefined && last.seq === row.seq,
    isVoid: chain.some(({ channel, seq }) => channel === 'void' && seq === row.seq + 1),
  });
}
