/** Wire types of ballots on paper; unknown members are refused (SPEC 6.4). */
import { z } from 'zod';
import { bytesText, idText } from '../officers/contract.ts';

const unit = z.strictObject({
  unit: idText,
  building: z.string(),
  stair: z.string(),
  room: z.string(),
});

export const printBody = z.strictObject({ units: z.array(idText).max(20_000) });
export const printAnswer = z.strictObject({
  ballots: z.array(
    z.strictObject({
      serial: idText,
      entitlement: idText,
      units: z.array(unit),
      areaDm2: z.string(),
      holders: z.array(z.string()),
      proposals: z.array(idText),
    }),
  ),
});
export type PrintAnswer = z.infer<typeof printAnswer>;

export const paperParams = z.strictObject({ meeting: idText, serial: idText });
export const paperSheetAnswer = z.strictObject({
  serial: idText,
  entitlement: idText,
  meetingHash: bytesText(43),
  /** The exact bytes of the opened definition: proposals, options and the box key. */
  definition: bytesText(1_500_000),
  units: z.array(unit),
  proposals: z.array(idText),
  signers: z.array(
    z.strictObject({
      person: idText,
      name: z.string(),
      mandate: z.union([idText, z.literal('')]),
      principalName: z.string(),
    }),
  ),
  seq: z.int(),
  prev: bytesText(43),
  scanHashes: z.array(bytesText(43)).max(2),
  versions: z.int(),
});
export type PaperSheetAnswer = z.infer<typeof paperSheetAnswer>;

export const keyedBody = z.strictObject({
  paper: bytesText(1_400_000),
  /** `salt ‖ file` sealed to the box key; empty where an open version brought the picture. */
  scan: bytesText(4_300_000),
  handIn: z.boolean(),
});
export const keyedAnswer = z.strictObject({
  became: z.enum(['drafted', 'equal', 'differs']),
  act: z.union([idText, z.literal('')]),
});
export type KeyedAnswer = z.infer<typeof keyedAnswer>;
