/** Wire types of corrections and of an owner's own entry of the roll; unknown members are refused. */
import { z } from 'zod';
import { bytesText, idText } from '../officers/contract.ts';
import { CORRECTION_GROUNDS } from '../record/correction.ts';

/** The unit that has passed to others, why, and the document that the officer has seen: its number, no names. */
export const correctionBody = z.strictObject({
  unit: idText,
  ground: z.enum(CORRECTION_GROUNDS),
  reference: z
    .string()
    .min(4)
    .max(200)
    .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u),
});
export const correctionAnswer = z.strictObject({ act: idText, correction: idText, entitlement: idText });

/** A meeting's corrections for its officers; salt and reference open the record's `documentHash`. */
export const correctionsAnswer = z.strictObject({
  corrections: z.array(
    z.strictObject({
      correction: bytesText(5500),
      salt: bytesText(22),
      reference: z.string(),
      units: z.array(z.strictObject({ building: z.string(), stair: z.string(), room: z.string() })),
      /** Masked. */
      holders: z.array(z.string()),
      /** Unix time in ms. */
      draftedAt: z.int(),
      state: z.enum(['drafted', 'in-force', 'ended']),
    }),
  ),
});
export type CorrectionsAnswer = z.infer<typeof correctionsAnswer>;

/** An entitlement on a frozen roll, with all that its holder needs to check it (SPEC 4.5). */
export const rollEntryMembers = {
  entitlement: idText,
  leaf: bytesText(12_000_000),
  index: z.int(),
  size: z.int(),
  /** RFC 6962 inclusion proof of the leaf under the frozen root, sibling first. */
  inclusion: z.array(bytesText(43)),
  /**
   * Corrections of the leaf in log order: the leaf that took its place, the `roll.corrected` entry and its tlog-proof, the last two
   * empty before a checkpoint covers it.
   */
  corrections: z.array(
    z.strictObject({ leaf: bytesText(12_000_000), entry: bytesText(100_000), proof: z.string() }),
  ),
  /** Canonical bytes of the RollOpening record of the leaf in force. */
  opening: bytesText(100_000),
};

/** The owner's entries; none where his units are not on this roll or have passed to others. */
export const rollEntryAnswer = z.strictObject({
  person: idText,
  /** The `roll.frozen` entry and its tlog-proof; both empty before a checkpoint covers it. */
  frozenEntry: bytesText(1_500_000),
  frozenProof: z.string(),
  entries: z.array(z.strictObject(rollEntryMembers)),
});
export type RollEntryAnswer = z.infer<typeof rollEntryAnswer>;
