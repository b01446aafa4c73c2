/** Wire types of requisitions; unknown members are refused (SPEC 5.4). */
import { z } from 'zod';
import { bytesText, freeText, idText, signatureBody } from '../officers/contract.ts';

const RECORD = 20_000;
const whole = z.int().nonnegative();
const decimal = z.string();

/** The canonical bytes of a support, and the signature of its owner over its hash. */
const signedSupport = { support: bytesText(6000), signature: signatureBody };

export const requisitionBody = z.strictObject({ requisition: bytesText(RECORD), ...signedSupport });
export const requisitionCreated = z.strictObject({ requisition: idText });
export const supportBody = z.strictObject(signedSupport);
export const supportAnswer = z.strictObject({ isReached: z.boolean() });

export const requisitionParams = z.strictObject({ requisition: idText });
export const answerParams = z.strictObject({ community: idText, requisition: idText });

const givenAnswer = {
  answer: z.enum(['', 'convened', 'refused']),
  meeting: z.union([idText, z.literal('')]),
  reason: z.string(),
  answeredAt: z.string(),
};

const shown = {
  requisition: idText,
  /** Canonical bytes of the record. */
  record: bytesText(RECORD),
  filedAt: z.string(),
  heads: whole,
  areaDm2: decimal,
  totalHeads: whole,
  totalAreaDm2: decimal,
  /** Empty until a fifth stood behind it, and until it was answered. */
  reachedAt: z.string(),
  /** Whose word it waits for, once a fifth stands behind it, and whether the time for that is over. */
  waitsFor: z.enum(['', 'answer', 'street']),
  isOverdue: z.boolean(),
  ...givenAnswer,
  answeredBy: z.enum(['', 'committee', 'street']),
  /** The street office's word on a refusal of the committee. */
  street: z.strictObject(givenAnswer),
};
const shownRequisition = z.strictObject(shown);
export type ShownRequisition = z.infer<typeof shownRequisition>;

export const requisitionsAnswer = z.strictObject({ requisitions: z.array(shownRequisition) });
export type RequisitionsAnswer = z.infer<typeof requisitionsAnswer>;

export const ownRequisitionsAnswer = z.strictObject({
  requisitions: z.array(z.strictObject({ ...shown, isJoined: z.boolean() })),
});
export type OwnRequisitions = z.infer<typeof ownRequisitionsAnswer>;

export const answerBody = z.strictObject({
  answer: z.enum(['convened', 'refused']),
  meeting: z.union([idText, z.literal('')]),
  reason: freeText(4000),
});
