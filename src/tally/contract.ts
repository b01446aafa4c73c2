/** Wire types of results and objections; unknown members are refused. */
import { z } from 'zod';
import { parseInstant } from '../base/instant.ts';
import { bytesText, freeText, idText, signatureBody } from '../officers/contract.ts';
import { VOID_REASONS } from '../record/entry.ts';

export const resultAnswer = z.strictObject({
  stage: z.enum(['preliminary', 'final']),
  /** Canonical bytes of the tally record (`record/tally-record.ts`). */
  record: bytesText(12_000_000),
  recordHash: bytesText(43),
  /** Versions that a recount replaced, the first one first. */
  former: z.array(z.strictObject({ record: bytesText(12_000_000), recordHash: bytesText(43) })),
  /** The result certificate, empty before the final result. */
  certificate: z.string(),
  objectionsUntil: z.string(),
  objections: z.array(z.strictObject({ objection: idText, decided: z.boolean() })),
  /** Resolutions that a court or an authority annulled since: by which document, where in the log, and when it was entered. */
  annulments: z.array(
    z.strictObject({
      proposal: idText,
      documentHash: bytesText(43),
      logIndex: z.int().nullable(),
      enteredOn: z.union([z.literal(''), z.iso.date()]),
    }),
  ),
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

/** `unit` says for which of his heads an owner objects, empty for the first. */
export const objectionBody = z.strictObject({
  text: freeText(4000),
  unit: z.union([idText, z.literal('')]).default(''),
});
export const objectionAnswer = z.strictObject({ objection: idText });
export const objectionParams = z.strictObject({ meeting: idText, objection: idText });
export const decisionBody = z.strictObject({
  decision: z.enum(['rejected', 'upheld']),
  reason: freeText(4000),
  /** Whose present statements are condemned, where it is upheld. */
  units: z.array(idText).max(1000).default([]),
});

const shownUnit = z.strictObject({ unit: idText, building: z.string(), stair: z.string(), room: z.string() });
const shownObjection = z.strictObject({
  objection: idText,
  text: z.string(),
  units: z.array(shownUnit),
  /** Empty while it is undecided. */
  decision: z.enum(['', 'rejected', 'upheld']),
  reason: z.string(),
  /** The statements that its decision condemns, and whether each counts no more. */
  condemned: z.array(
    z.strictObject({
      hash: bytesText(43),
      entitlement: idText,
      units: z.array(shownUnit),
      isSettled: z.boolean(),
    }),
  ),
});
export const objectionsAnswer = z.strictObject({ objections: z.array(shownObjection) });
export type ObjectionsAnswer = z.infer<typeof objectionsAnswer>;

export const ownObjectionsAnswer = z.strictObject({
  mayObject: z.boolean(),
  /** Empty while no result has set an end. */
  until: z.string(),
  /** The units of each of his heads. */
  heads: z.array(z.array(shownUnit)),
  objections: z.array(shownObjection),
});
export type OwnObjectionsAnswer = z.infer<typeof ownObjectionsAnswer>;

export const voidBody = z.strictObject({ unit: idText, reason: z.enum(VOID_REASONS) });
/** What stands for the unit and is about to be voided: by which channel and when (Unix time in ms), nothing of its choices. */
export const voidAnswer = z.strictObject({
  act: idText,
  entitlement: idText,
  channel: z.string(),
  acceptedAt: z.int(),
});
export type VoidAnswer = z.infer<typeof voidAnswer>;

/** What an owner's page kept of a cast that was acknowledged and never logged. */
export const restorationBody = z.strictObject({
  cast: bytesText(200_000),
  signature: signatureBody,
  acknowledgement: z.string().max(8192),
});
export const restorationAnswer = z.strictObject({ castHash: bytesText(43) });
export const restorationParams = z.strictObject({ meeting: idText, castHash: bytesText(43) });
export const restorationsAnswer = z.strictObject({
  restorations: z.array(
    z.strictObject({
      castHash: bytesText(43),
      units: z.array(shownUnit),
      acknowledgement: z.string(),
      askedAt: z.string(),
      isRestored: z.boolean(),
    }),
  ),
});
export type RestorationsAnswer = z.infer<typeof restorationsAnswer>;

/** When the vote shall close instead. */
const stepState = z.enum(['planned', 'done', 'dropped']);
export const followUpBody = z.strictObject({
  proposal: idText,
  /** Empty for a new step. */
  step: z.union([z.literal(''), idText]),
  state: stepState,
  dueOn: z.iso.date(),
  /** Who does what, or what became of it; public. */
  text: freeText(1000),
});
export const followUpAnswer = z.strictObject({
  /** In the order of the log; the last line of a step is where it stands. */
  lines: z.array(
    z.strictObject({
      proposal: idText,
      step: idText,
      state: stepState,
      dueOn: z.iso.date(),
      text: z.string(),
    }),
  ),
});
export type FollowUpAnswer = z.infer<typeof followUpAnswer>;

export const extensionBody = z.strictObject({
  closes: z.string().refine((text) => parseInstant(text) !== undefined),
});
