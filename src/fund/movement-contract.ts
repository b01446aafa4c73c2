/** Wire types of money that comes in, is put in its place, or is undone: fen as decimal text; unknown members are refused. */
import { z } from 'zod';
import {
  accountOpening,
  bankRef,
  dateText,
  fenText,
  findingAnswer,
  hashText,
  idText,
  lineText,
} from './contract.ts';

/** The number of an entry in its book, as the journal's code shows it. */
const seqText = z.string().regex(/^[1-9][0-9]{0,14}$/);
/** The bank's number of a receipt. */
const receiptText = lineText(100).refine((text) => text.trim() !== '');

/** Receipts of one bank account; `unit` is empty where nobody knows whose the money is. */
export const receiptsBody = z.strictObject({
  bank: bankRef,
  receipts: z
    .array(
      z.strictObject({
        receipt: receiptText,
        unit: z.union([idText, z.literal('')]),
        amountFen: fenText,
        valueOn: dateText,
      }),
    )
    .min(1)
    .max(5000),
});
export const receiptsAnswer = z.strictObject({
  booked: z.number().int(),
  repeated: z.number().int(),
  entries: z.array(z.strictObject({ entry: idText, seq: fenText })),
});

/** A bank's file of receipts as text, CSV with the columns of its receipts' numbers, days and amounts, and of units where it has them. */
export const receiptFileBody = z.strictObject({
  bank: bankRef,
  csv: z.string().max(2_000_000),
  unknownAsUnidentified: z.boolean(),
});
export const receiptFileAnswer = z.strictObject({
  booked: z.number().int(),
  repeated: z.number().int(),
  totalFen: fenText,
  findings: z.array(findingAnswer),
});

export const interestBody = z.strictObject({
  bank: bankRef,
  receipt: receiptText,
  amountFen: fenText,
  valueOn: dateText,
});
/** `expectedFen` is what was seen undistributed: where more came in meanwhile, nothing is shared out. */
export const distributionBody = z.strictObject({ until: dateText, expectedFen: fenText.optional() });

export const identificationBody = z.strictObject({
  items: z
    .array(z.strictObject({ unit: idText, amountFen: fenText }))
    .min(1)
    .max(5000),
  /** The receipt whose money it is. */
  seq: seqText,
  reference: lineText(150),
});
export type IdentificationBody = z.input<typeof identificationBody>;
export const bankMoveBody = z.strictObject({
  from: bankRef,
  to: bankRef,
  amountFen: fenText,
  reference: lineText(150),
});

/** `documentHash` is SHA-256 of the judgment or order. */
export const annulmentBody = z.strictObject({ meeting: idText, proposal: idText, documentHash: hashText });
export const annulmentAnswer = z.strictObject({ act: idText });

/** The record names the account by `H256("account", salt, number)`; `documentHash` is SHA-256 of the document that says why the unit is no more; `expectedFen` is the balance that whoever drafts it saw. */
export const refundBody = z.strictObject({
  unit: idText,
  payeeOpening: accountOpening,
  documentHash: hashText,
  expectedFen: fenText.optional(),
});
export type RefundBody = z.input<typeof refundBody>;
/** `extinguished` are units with money that the register in force lists no more. */
export const refundsAnswer = z.strictObject({
  extinguished: z.array(
    z.strictObject({ unit: idText, account: z.string(), availableFen: fenText, heldFen: fenText }),
  ),
  refunds: z.array(
    z.strictObject({
      authorisation: idText,
      unit: idText,
      account: z.string(),
      amountFen: fenText,
      payableFen: fenText,
      payeeAccount: hashText,
      documentHash: hashText,
    }),
  ),
});
export type RefundsAnswer = z.infer<typeof refundsAnswer>;

export const reversalBody = z.strictObject({ seq: seqText, reference: lineText(150) });
export const cancellationBody = z.strictObject({ seq: seqText, reason: lineText(150) });
export const returnBody = z.strictObject({ seq: seqText, receipt: receiptText, valueOn: dateText });

const bankEntry = {
  seq: seqText,
  bookedOn: dateText,
  valueOn: dateText,
  bank: z.string(),
  amountFen: fenText,
};
/** `interestSince` is empty before the first distribution; `receipts` are those of unknown payers that were not identified whole. */
export const movementsAnswer = z.strictObject({
  interestUndistributedFen: fenText,
  interestSince: z.union([dateText, z.literal('')]),
  unidentifiedFen: fenText,
  receipts: z.array(z.strictObject({ ...bankEntry, receipt: z.string(), identifiedFen: fenText })),
  payments: z.array(z.strictObject({ ...bankEntry, payee: z.string(), reference: z.string() })),
});
export type MovementsAnswer = z.infer<typeof movementsAnswer>;

/** A number of the bank, or of the book. */
export const depositsQuery = z.strictObject({ find: receiptText });
export const depositsAnswer = z.strictObject({
  deposits: z.array(
    z.strictObject({
      ...bankEntry,
      /** Empty where the deposit cites an old statement. */
      receipt: z.string(),
      reference: z.string(),
      account: z.string(),
      state: z.enum(['standing', 'reversed', 'moved_on']),
    }),
  ),
});
export type DepositsAnswer = z.infer<typeof depositsAnswer>;
