/** How an entry cites what proves it; money that a bank's receipt proves is cited in one form, so that it counts once (SPEC 8.3). */

const RECEIPT = '回单 ';

/** The reference of an entry that a bank's receipt proves. */
export const receiptReference = (receipt: string): string => `${RECEIPT}${receipt}`;

/** Whether a reference has the form of a receipt's. */
export const isReceiptReference = (reference: string): boolean => reference.startsWith(RECEIPT);

/** The idempotency key of a receipt: once for each bank account, whatever it is booked as. */
export const receiptKey = (bankAccountName: string, receipt: string): string =>
  `receipt:${bankAccountName}:${receipt}`;

/** The bank's number in a reference of a receipt, or undefined where it is of another form. */
export const receiptOf = (reference: string): string | undefined =>
  isReceiptReference(reference) ? reference.slice(RECEIPT.length) : undefined;
