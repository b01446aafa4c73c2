/** A vote that the service acknowledged and no longer knows: the page sends it again, or hands it in after the close (SPEC 6.12). */
import type { MeetingAnswer } from '../../assembly/contract.ts';
import type { CastAnswer, ReceiptAnswer } from '../../ballot/contract.ts';
import type { LogTrust } from '../../record/proof.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { checkAcknowledgement, checkReceipt, isPromised } from './receipt-checks.ts';
import type { KeptReceipt } from './receipts.ts';
import { updateReceipt } from './receipts.ts';
import { t } from './words.ts';

/** What became of it: nothing need be done or can be now, it was accepted anew, officers will restore it, or it cannot be mended from here. */
export type Recovered =
  | { readonly became: 'known' }
  | { readonly became: 'sent-again' | 'handed-in' }
  | { readonly became: 'lost'; readonly sentence: string };

/** From the close to the final result (SPEC 6.12). */
const AFTER_CLOSE: readonly string[] = ['closed', 'counting', 'preliminary'];
const KNOWN: Recovered = { became: 'known' };

/** What the service has for a kept receipt. */
export const askReceipt = ({ meeting, castHash }: KeptReceipt): Promise<Answer<ReceiptAnswer>> =>
  call<ReceiptAnswer>('GET', `/v1/meetings/${meeting}/casts/${castHash}/receipt`);

/** A refusal of the cast itself is final; whatever else went wrong may pass, and the page asks again. */
const refusedBy = ({ code, sentence }: { readonly code: string; readonly sentence: string }): Recovered =>
  /^(CAST|PROMISE)_/.test(code) ? { became: 'lost', sentence } : KNOWN;

/** Sends the same bytes; the first promise is kept, since the entry that it names is the one that they make. */
async function sendAgain(receipt: KeptReceipt): Promise<Recovered> {
  const answer = await call<CastAnswer>('POST', `/v1/meetings/${receipt.meeting}/casts`, receipt.sent);
  if (!answer.ok) return refusedBy(answer.problem);
  const checked = checkAcknowledgement(answer.value.acknowledgement, receipt, receipt.ackKey);
  return checked.ok ? { became: 'sent-again' } : { became: 'lost', sentence: t(checked.refusal.code) };
}

async function handIn({ meeting, sent, acknowledgement }: KeptReceipt): Promise<Recovered> {
  const answer = await call('POST', `/v1/meetings/${meeting}/restorations`, { ...sent, acknowledgement });
  return answer.ok ? { became: 'handed-in' } : refusedBy(answer.problem);
}

/** Keeps a proven receipt; under the quorum the cast cannot be lost any more, so what was sent need not stay on the device. */
export function keepProven(receipt: KeptReceipt, { entry, proof }: ReceiptAnswer, isWhole: boolean): void {
  const { sent, ...rest } = receipt;
  updateReceipt({ ...rest, ...(isWhole || sent === undefined ? {} : { sent }), entry, proof });
}

/** Brings back a cast that the service says it does not know; of who cannot be reached nothing is known, so then nothing is done. */
export async function recoverLost(receipt: KeptReceipt, trust: LogTrust): Promise<Recovered> {
  if (receipt.sent === undefined) return KNOWN;
  const asked = await askReceipt(receipt);
  if (asked.ok) {
    const promise = checkAcknowledgement(receipt.acknowledgement, receipt, receipt.ackKey);
    const proven = checkReceipt(asked.value, receipt, trust);
    if (proven.ok && promise.ok && isPromised(asked.value, promise.value))
      keepProven(receipt, asked.value, proven.value.cosigners.length >= trust.quorum);
    return KNOWN;
  }
  return asked.problem.code === 'CAST_UNKNOWN' ? bringBack(receipt) : KNOWN;
}

/** The same of a cast of which the service has just said that it does not know it. */
export async function bringBack(receipt: KeptReceipt): Promise<Recovered> {
  if (receipt.sent === undefined) return KNOWN;
  const found = await call<MeetingAnswer>('GET', `/v1/meetings/${receipt.meeting}`);
  if (!found.ok) return KNOWN;
  const { state } = found.value;
  if (state === 'open') return sendAgain(receipt);
  return AFTER_CLOSE.includes(state) ? handIn(receipt) : KNOWN;
}
