/** Wire types of designations; unknown members are refused (SPEC 3.6). */
import { z } from 'zod';
import { parseCivilDate } from '../base/civil-date.ts';
import { bytesText, idText, signatureBody } from '../officers/contract.ts';
import { SCAN_BYTES } from './mandate-contract.ts';

const DESIGNATION_TEXT = 950_000;

/** The canonical bytes of a designation, and the signature of one of the other holders over its hash. */
export const designationBody = z.strictObject({
  designation: bytesText(DESIGNATION_TEXT),
  signature: signatureBody,
});
/** `isRecorded`: this was the last signature that it waited for. */
export const designationAnswer = z.strictObject({ designation: idText, isRecorded: z.boolean() });

const place = z.strictObject({ unit: idText, building: z.string(), stair: z.string(), room: z.string() });
const holder = z.strictObject({
  person: idText,
  identity: bytesText(43),
  /** Masked. */
  name: z.string(),
});
export const designationsAnswer = z.strictObject({
  /** Each head that the owner holds with others. */
  heads: z.array(z.strictObject({ units: z.array(place), holders: z.array(holder) })),
  /** Of these heads, the newest first; one that is not recorded waits for the holders who have not signed. */
  designations: z.array(
    z.strictObject({
      designation: idText,
      /** Canonical bytes of the record. */
      record: bytesText(DESIGNATION_TEXT),
      to: idText,
      until: z.string(),
      signed: z.array(idText),
      isRecorded: z.boolean(),
    }),
  ),
});
export type DesignationsAnswer = z.infer<typeof designationsAnswer>;

export const paperDesignationBody = z.strictObject({
  meeting: z.union([idText, z.literal('')]),
  unit: idText,
  to: idText,
  until: z.string().refine((text) => parseCivilDate(text) !== undefined),
  /** The scan of the paper. */
  file: bytesText(Math.ceil((SCAN_BYTES * 4) / 3)),
});
export const paperDesignationAnswer = z.strictObject({ act: idText, designation: idText });
