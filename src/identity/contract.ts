/** Wire types of the identity routes; unknown members are refused. */
import { z } from 'zod';
import { bytesText, idText } from '../officers/contract.ts';

export const challengeAnswer = z.strictObject({ serverNonce: bytesText(43) });

export const ownerLoginBody = z.strictObject({
  publicKey: bytesText(43),
  serverNonce: bytesText(43),
  pageNonce: bytesText(43),
  signature: bytesText(86),
  /** The last six characters of the document number, as typed. */
  numberTail: z.string().max(40),
});

export const ownerAnswer = z.strictObject({
  person: idText,
  community: idText,
  credential: idText,
});

export const meAnswer = z.strictObject({
  person: idText,
  community: idText,
  communityName: z.string(),
  credential: idText,
  /** Masked. */
  name: z.string(),
  units: z.array(
    z.strictObject({
      unit: idText,
      building: z.string(),
      stair: z.string(),
      room: z.string(),
      kind: z.string(),
      areaDm2: z.string(),
    }),
  ),
});
export type MeAnswer = z.infer<typeof meAnswer>;

export const communityParams = z.strictObject({ community: idText });
export const letterParams = z.strictObject({ community: idText, letter: idText });

/** What `owners-vote letters` writes into `letters.json`; each item is read by its record form. */
export const lettersBody = z.strictObject({
  batch: idText,
  until: z.string().regex(/^(?:\d{4}-\d{2}-\d{2})?$/),
  items: z.array(z.unknown()).max(200_000),
});
/** A letter of one unit has about 300 bytes. */
export const LETTERS_LIMIT = 32 * 1024 * 1024;

export const lettersAnswer = z.strictObject({ act: idText, count: z.number().int(), root: bytesText(43) });
export const actAnswer = z.strictObject({ act: idText });
export const lockedAnswer = z.strictObject({
  letters: z.array(z.strictObject({ letter: idText, lastAt: z.number().int() })),
});

/** A roster, as `owners-vote letters` reads it; see letter-roster.ts. */
export const rosterFile = z.strictObject({
  community: idText,
  name: z.string(),
  fileHash: bytesText(43),
  fileSalt: bytesText(22),
  settings: z.strictObject({
    areaRounding: z.enum(['half-up', 'down']).optional(),
    buildingsApart: z.array(z.string()).optional(),
  }),
  persons: z.array(
    z.strictObject({
      person: idText,
      salt: bytesText(22),
      identity: bytesText(43),
      /** The letter that is in force, or empty. */
      letter: z.string().max(26),
    }),
  ),
  units: z.array(
    z.strictObject({
      unit: idText,
      building: z.string(),
      stair: z.string(),
      room: z.string(),
      owners: z.array(idText),
    }),
  ),
});
