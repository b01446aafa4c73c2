/** A vote that the service acknowledged and no longer knows: the page sends it again, or hands it in after the close (SPEC 6.12). */
import type { CastAnswer, ReceiptAnswer } from '../../ballot/contract.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import type { KeptReceipt } from './receipts.ts';
import { keepReceipt } from './receipts.ts';

/** What became of it: the log has it or will, it was accepted anew, officers will restore it, or it cannot be mended from here. */
export type Recovered =
  | { readonly became: 'known' }
  | { readonly became: 'sent-again' | 'handed-in' }
  | { readonly became: 'lost'; readonly sentence: string };

const receiptPath = ({ meeting, castHash }: KeptReceipt): string =>
  `/v1/meetings/${meeting}/casts/${castHash}/receipt`;

/** What the service has for a kept receipt. */
export const askReceipt = (receipt: KeptReceipt): Promise<Answer<ReceiptAnswer>> =>
  call<ReceiptAnswer>('GET', receiptPath(receipt));

/** Brings back a cast that the service says it does not know; whoever cannot be reached knows nothing, so then nothing is done. */
export async function recoverLost(receipt: KeptReceipt): Promise<Recovered> {
  const { sent, meeting, acknowledgement } = receipt;
  const asked = await askReceipt(receipt);
  if (asked.ok || asked.problem.code !== 'CAST_UNKNOWN' || sent === undefined) return { became: 'known' };
  const again = await call<CastAnswer>('POST', `/v1/meetings/${meeting}/casts`, sent);
  if (again.ok) {
    keepReceipt({ ...receipt, acknowledgement: again.value.acknowledgement });
    return { became: 'sent-again' };
  }
  if (again.problem.code !== 'VOTING_CLOSED') return { became: 'lost', sentence: again.problem.sentence };
  const path = `/v1/meetings/${meeting}/restorations`;
  const handed = await call('POST', path, { ...sent, acknowledgement });
  return handed.ok ? { became: 'handed-in' } : { became: 'lost', sentence: handed.problem.sentence };
}
