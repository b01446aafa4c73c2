/** Wire types of reconciliations: fen as decimal text; unknown members are refused. */
import { z } from 'zod';
import { bankRef, dateText, fenText, idText, lineText, signedFenText } from './contract.ts';

export const statementBody = z.strictObject({
  bank: bankRef,
  from: dateText,
  to: dateText,
  closingFen: fenText,
  csv: z.string().max(2_000_000),
});
export const reconciliationAnswer = z.strictObject({
  reconciliation: idText,
  account: z.string(),
  from: dateText,
  to: dateText,
  closingFen: fenText,
  lastSeq: fenText,
  matched: z.number().int(),
  madeAt: z.string(),
  differences: z.array(
    z.strictObject({
      no: z.number().int(),
      kind: z.enum(['missing', 'surplus', 'balance']),
      on: dateText,
      receipt: z.string(),
      seq: z.union([fenText, z.literal('')]),
      amountFen: signedFenText,
      reason: z.string(),
    }),
  ),
});
export const reconciliationsAnswer = z.strictObject({ reconciliations: z.array(reconciliationAnswer) });
export type ReconciliationsAnswer = z.infer<typeof reconciliationsAnswer>;
export const explanationParams = z.strictObject({ community: idText, reconciliation: idText });
/** `no` is the number of the difference in its reconciliation. */
export const explanationBody = z.strictObject({
  no: z.number().int().min(1).max(100_000),
  reason: lineText(200).refine((text) => text.trim().length >= 4),
});
