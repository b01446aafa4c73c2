/** Wire types of merges of persons; unknown members are refused (SPEC 3.8). */
import { z } from 'zod';
import { bytesText, idText } from '../officers/contract.ts';

const maskedDocument = z.strictObject({
  person: idText,
  docKind: z.string(),
  /** Masked, as is the number. */
  name: z.string(),
  number: z.string(),
  /** As the register file has them; the first twenty. */
  units: z.array(z.strictObject({ building: z.string(), stair: z.string(), room: z.string() })),
});

export const candidatesAnswer = z.strictObject({
  candidates: z.array(
    z.strictObject({ a: maskedDocument, b: maskedDocument, because: z.enum(['number', 'birth', 'name']) }),
  ),
});
export type CandidatesAnswer = z.infer<typeof candidatesAnswer>;

export const mergesAnswer = z.strictObject({
  merges: z.array(
    z.strictObject({
      merge: idText,
      state: z.enum(['drafted', 'in-force', 'ended']),
      record: bytesText(5500),
      keeps: maskedDocument,
      merged: maskedDocument,
    }),
  ),
});
export type MergesAnswer = z.infer<typeof mergesAnswer>;

/** The reason names nobody: it stays with the merge. */
export const mergeBody = z.strictObject({
  keeps: idText,
  merged: idText,
  reason: z.string().min(1).max(500),
});
export const draftedMergeAnswer = z.strictObject({ act: idText, merge: idText });
export const mergeParams = z.strictObject({ community: idText, merge: idText });
