/** Wire types of the register's routes; unknown members are refused, areas are decimal texts in dm². */
import { z } from 'zod';
import { idText } from '../officers/contract.ts';

/** A name of letters, marks, digits, punctuation and single spaces: it is printed on every document. */
export const communityBody = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u),
});
export const communityParams = z.strictObject({ community: idText });
export const communityAnswer = z.strictObject({
  community: idText,
  name: z.string(),
  /** Empty before the first register is in force. */
  register: z.string(),
});
export const communitiesAnswer = z.strictObject({ communities: z.array(communityAnswer) });
export type CommunityAnswer = z.infer<typeof communityAnswer>;

export const registerParams = z.strictObject({ community: idText, register: idText });
/** Why an officer asks for personal data, in a few words without any; kept for as long as the database. */
export const accessBody = z.strictObject({
  reason: z
    .string()
    .min(4)
    .max(200)
    .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u),
});
export const fileAnswer = z.strictObject({
  register: idText,
  /** The file's bytes as its source delivered it, base64url. */
  file: z.string(),
});
export const accessesAnswer = z.strictObject({
  accesses: z.array(
    z.strictObject({
      officer: idText,
      /** A register's file, or what opens the hashes of an act. */
      kind: z.enum(['register.file', 'act.openings']),
      /** The register or the act. */
      subject: idText,
      reason: z.string(),
      accessedAt: z.string(),
    }),
  ),
});

export const unitsAnswer = z.strictObject({
  units: z.array(
    z.strictObject({
      unit: idText,
      building: z.string(),
      stair: z.string(),
      room: z.string(),
      kind: z.string(),
      state: z.string(),
      areaDm2: z.string(),
      areaSource: z.string(),
      /** How many owners, not who. */
      owners: z.number().int(),
    }),
  ),
});
export type UnitsAnswer = z.infer<typeof unitsAnswer>;
