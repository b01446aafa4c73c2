/** Wire types of voting; unknown members are refused. */
import { z } from 'zod';
import { bytesText, idText, signatureBody } from '../officers/contract.ts';
import { rollEntryMembers } from './roll-contract.ts';

const decimalText = z.string();

/** What an owner's page needs to check before it shows a ballot, and to vote (SPEC 6.0). */
export const papersAnswer = z.strictObject({
  meetingHash: bytesText(43),
  definition: bytesText(1_500_000),
  texts: z.array(z.strictObject({ hash: bytesText(43), body: z.string() })),
  /** The `meeting.opened` entry and its tlog-proof; both empty before a checkpoint covers it. */
  openedEntry: bytesText(100_000),
  openedProof: z.string(),
  state: z.string(),
  /** The effective close: later than the definition's where the vote was extended. */
  closes: z.string(),
  person: idText,
  credential: idText,
  papers: z.array(
    z.strictObject({
      ...rollEntryMembers,
      ballots: z.array(z.strictObject({ proposal: idText, token: z.string() })),
      /** Length of the chain so far, and hash of its last statement (empty where nobody has voted). */
      seq: z.int(),
      last: z.string(),
      /** The record under which the owner votes here as an agent, and its principal's masked name; empty for his own. */
      mandate: bytesText(950_000),
      principalName: z.string(),
      /** An agent has voted for this owner, who may vote over him; or a paper stands that his cast may replace. */
      mayTakeOver: z.boolean(),
      /** When the paper that stands was recorded; empty where the last statement is none. */
      paperAt: z.string(),
      /** What stood was voided by two officers; the owner may vote again. */
      isVoid: z.boolean(),
    }),
  ),
});
export type PapersAnswer = z.infer<typeof papersAnswer>;

export const castBody = z.strictObject({ cast: bytesText(200_000), signature: signatureBody });
export const castAnswer = z.strictObject({
  acknowledgement: z.string(),
  castHash: bytesText(43),
  repeated: z.boolean(),
});
export type CastAnswer = z.infer<typeof castAnswer>;

export const castParams = z.strictObject({ meeting: idText, castHash: bytesText(43) });
export const receiptAnswer = z.strictObject({
  castHash: bytesText(43),
  acknowledgement: z.string(),
  /** Log entry bytes, and its C2SP tlog-proof text. */
  entry: bytesText(100_000),
  proof: z.string(),
  hasQuorum: z.boolean(),
  isLast: z.boolean(),
  /** Two officers voided it after an objection. */
  isVoid: z.boolean(),
});
export type ReceiptAnswer = z.infer<typeof receiptAnswer>;

export const releaseBody = z.strictObject({ secret: bytesText(43) });

export const turnoutAnswer = z.strictObject({
  turnout: z.array(
    z.strictObject({
      proposal: idText,
      heads: z.int(),
      areaDm2: decimalText,
      totalHeads: z.int(),
      totalAreaDm2: decimalText,
    }),
  ),
});
