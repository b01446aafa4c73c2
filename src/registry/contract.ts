/** Wire types of the register's routes; unknown members are refused, areas are decimal texts in dm². */
import { z } from 'zod';
import { idText } from '../officers/contract.ts';
import { MAX_FILE_BYTES } from './domain/sniff.ts';

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

/** The file itself is the body of an upload. */
export const REGISTER_TYPES = [
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/octet-stream',
] as const;
/** A file one byte too large still reaches the check, which says so in words. */
export const REGISTER_LIMIT = MAX_FILE_BYTES + 1024;

/** What the operator decided: a rounding rule, and buildings that only look alike, separated by commas. */
export const registerQuery = z.strictObject({
  rounding: z.enum(['half-up', 'down']).optional(),
  apart: z.string().max(2000).optional(),
  confirmed: z.enum(['true', 'false']).default('false'),
});

const findingAnswer = z.strictObject({
  code: z.string(),
  level: z.enum(['error', 'warning', 'info']),
  sheet: z.string().nullable(),
  row: z.number().int().nullable(),
  column: z.string().nullable(),
  header: z.string().nullable(),
  value: z.string().nullable(),
  message: z.string(),
  hint: z.string(),
});
const summaryAnswer = z.strictObject({
  units: z.number().int(),
  heads: z.number().int(),
  persons: z.number().int(),
  areaDm2: z.string(),
});

export const checkAnswer = z.strictObject({
  accepted: z.boolean(),
  findings: z.array(findingAnswer),
  summary: summaryAnswer,
});
export type CheckAnswer = z.infer<typeof checkAnswer>;

export const importAnswer = z.strictObject({
  register: idText,
  act: idText,
  summary: summaryAnswer,
  findings: z.array(findingAnswer),
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
