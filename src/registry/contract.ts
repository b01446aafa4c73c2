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

/**
 * What the operator decided: a rounding rule, buildings that only look alike, separated by commas, and the rooms expected of each
 * building, as `八座: 101-104, 201-204; 九座: 101-604` (`domain/building-plan.ts`; longer plans by the command).
 */
export const registerQuery = z.strictObject({
  rounding: z.enum(['half-up', 'down']).optional(),
  apart: z.string().max(2000).optional(),
  plan: z
    .string()
    .max(1000)
    .optional()
    .describe('楼栋计划 rooms expected of each building: 八座: 101-104, 201-204; 九座/1单元: 101-604'),
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

/** Counts against the register in force; null before the first one, and where the file is refused. */
const differencesAnswer = z
  .strictObject({
    unitsBefore: z.number().int(),
    appeared: z.number().int(),
    disappeared: z.number().int(),
    areaChanged: z.number().int(),
    ownersChanged: z.number().int(),
    personsAppeared: z.number().int(),
    personsDisappeared: z.number().int(),
  })
  .nullable();

export const checkAnswer = z.strictObject({
  accepted: z.boolean(),
  findings: z.array(findingAnswer),
  summary: summaryAnswer,
  differences: differencesAnswer,
});
export type CheckAnswer = z.infer<typeof checkAnswer>;

export const importAnswer = z.strictObject({
  register: idText,
  act: idText,
  summary: summaryAnswer,
  findings: z.array(findingAnswer),
  differences: differencesAnswer,
});

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
    z.strictObject({ officer: idText, register: idText, reason: z.string(), accessedAt: z.string() }),
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
