/** Wire types of results and objections; unknown members are refused. */
import { z } from 'zod';
import { bytesText, freeText, idText } from '../officers/contract.ts';

export const resultAnswer = z.strictObject({
  stage: z.enum(['preliminary', 'final']),
  /** Canonical bytes of the tally record (`record/tally-record.ts`). */
  record: bytesText(12_000_000),
  recordHash: bytesText(43),
  /** The result certificate, empty before the final result. */
  certificate: z.string(),
  objectionsUntil: z.string(),
  objections: z.array(z.strictObject({ objection: idText, decided: z.boolean() })),
});
export type ResultAnswer = z.infer<typeof resultAnswer>;

/** Public after the close: who took part, and the proof that the log holds the list's hash. */
export const participationAnswer = z.strictObject({
  /** Canonical bytes of the ParticipationList record. */
  participation: bytesText(22_000_000),
  /** The `tally.preliminary` entry and its tlog-proof; the entry names the list's hash. */
  entry: bytesText(100_000),
  proof: z.string(),
});
export type ParticipationAnswer = z.infer<typeof participationAnswer>;

export const objectionBody = z.strictObject({ text: freeText(4000) });
export const objectionAnswer = z.strictObject({ objection: idText });
export const objectionParams = z.strictObject({ meeting: idText, objection: idText });
export const decisionBody = z.strictObject({
  decision: z.enum(['rejected', 'upheld']),
  reason: freeText(4000),
});
