/** Wire types of a roll before its freeze, and of what owners ask of it; unknown members are refused. */
import { z } from 'zod';
import { freeText, idText, lineText } from '../officers/contract.ts';
import { REQUEST_SUBJECTS } from '../registry/domain/request-subjects.ts';

/** `unanswered`: why the roll is to be frozen though requests are open. */
export const rollBody = z.strictObject({ unanswered: lineText(200).optional() }).prefault({});

const totals = { units: z.int(), areaDm2: z.string(), heads: z.int() };

/** The roll that was drawn up last, or the frozen one: numbers and places, no ids and no names. */
export const rollSheetAnswer = z.strictObject({
  isFrozen: z.boolean(),
  /** Unix time in ms. */
  drawnAt: z.int(),
  total: z.strictObject(totals),
  buildings: z.array(
    z.strictObject({
      building: z.string(),
      ...totals,
      list: z.array(
        z.strictObject({
          stair: z.string(),
          room: z.string(),
          kind: z.string(),
          areaDm2: z.string(),
          /** Units with the same number are one head. */
          head: z.int(),
        }),
      ),
    }),
  ),
});
export type RollSheetAnswer = z.infer<typeof rollSheetAnswer>;

/** `unit` is empty for one that is missing. */
export const requestBody = z.strictObject({
  about: z.enum(REQUEST_SUBJECTS),
  unit: z.union([idText, z.literal('')]),
  text: freeText(500),
});
export const requestAnswer = z.strictObject({ request: idText });
export const requestParams = z.strictObject({ meeting: idText, request: idText });
export const answerBody = z.strictObject({
  outcome: z.enum(['accepted', 'refused']),
  reason: freeText(500),
});

const place = z.strictObject({ building: z.string(), stair: z.string(), room: z.string() });
export const requestsAnswer = z.strictObject({
  requests: z.array(
    z.strictObject({
      request: idText,
      about: z.enum(REQUEST_SUBJECTS),
      /** None for a unit that is missing, or that the register no longer has. */
      places: z.array(place),
      /** Empty once it was erased, as is the answer. */
      text: z.string(),
      /** Unix time in ms. */
      askedAt: z.int(),
      state: z.enum(['open', 'accepted', 'refused']),
      answer: z.string(),
      /** Masked. */
      name: z.string(),
    }),
  ),
});
export type RequestsAnswer = z.infer<typeof requestsAnswer>;
