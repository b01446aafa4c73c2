/** Receipts on this device: what proves that a vote was accepted, never what was voted and never the code (SPEC 7.3). */
import type { OwnCast } from './receipt-checks.ts';

/** A receipt as it is kept; `entry` and `proof` are empty until the log has covered the cast. */
export type KeptReceipt = OwnCast & {
  readonly title: string;
  readonly communityName: string;
  readonly units: string;
  readonly closes: string;
  readonly ackKey: string;
  readonly acknowledgement: string;
  readonly entry: string;
  readonly proof: string;
  /** The statement as it was sent, sealed, until a quorum stands under it: for a promise that the log does not keep (SPEC 6.12). */
  readonly sent?: SentCast;
};

/** The body of a cast. */
export type SentCast = { readonly cast: string; readonly signature: unknown };

const KEY = 'ov-receipts';

function readAll(): readonly KeptReceipt[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? (value as readonly KeptReceipt[]) : [];
  } catch {
    return [];
  }
}

/** The receipts of a meeting, the newest of each entitlement. */
export const receiptsOf = (meeting: string): readonly KeptReceipt[] =>
  readAll().filter((each) => each.meeting === meeting);

/** Keeps a receipt in place of an older one of the same entitlement. */
export function keepReceipt(receipt: KeptReceipt): void {
  const others = readAll().filter(
    ({ meeting, entitlement }) => meeting !== receipt.meeting || entitlement !== receipt.entitlement,
  );
  try {
    localStorage.setItem(KEY, JSON.stringify([...others, receipt]));
  } catch {
    // A private window keeps nothing; the receipt can still be printed.
  }
}

/** Keeps what became of a receipt, unless another vote of the home took its place meanwhile. */
export function updateReceipt(receipt: KeptReceipt): void {
  const stands = receiptsOf(receipt.meeting).find((each) => each.entitlement === receipt.entitlement);
  if (stands === undefined || stands.castHash === receipt.castHash) keepReceipt(receipt);
}
