/** Wire types of the identity routes; unknown members are refused. */
import { z } from 'zod';
import { bytesText, idText, signatureBody } from '../officers/contract.ts';
import { MADE_IN } from '../record/letter.ts';
import { MAX_REISSUED } from '../record/reissue.ts';

export const challengeAnswer = z.strictObject({ serverNonce: bytesText(43) });

export const ownerLoginBody = z.strictObject({
  publicKey: bytesText(43),
  serverNonce: bytesText(43),
  pageNonce: bytesText(43),
  signature: bytesText(86),
  /** The last six characters of the document number, as typed. */
  numberTail: z.string().max(40),
});

/** A passkey's device has checked its owner, so no number is typed. */
export const passkeyLoginBody = z.strictObject({
  serverNonce: bytesText(43),
  pageNonce: bytesText(43),
  signature: signatureBody,
});

/** The canonical bytes of a binding, with the signatures of the letter and of the new key over its hash. */
export const bindingBody = z.strictObject({
  binding: bytesText(5500),
  byLetter: signatureBody,
  byKey: signatureBody,
});
export const boundAnswer = z.strictObject({ credential: idText });

/** The canonical bytes of a revocation, signed by the key itself or by the letter that is signed in. */
export const revocationBody = z.strictObject({ revocation: bytesText(5500), signature: signatureBody });

/** An owner's keys, and what a binding names besides the new key. */
export const keysAnswer = z.strictObject({
  origin: z.string(),
  rpId: z.string(),
  community: idText,
  person: idText,
  identity: bytesText(43),
  credentials: z.array(
    z.strictObject({
      credential: idText,
      kind: z.enum(['letter', 'passkey', 'device']),
      /** Unix time in ms; 0 for a letter. */
      boundAt: z.number().int(),
      inForce: z.boolean(),
      /** When it last signed a sign-in, Unix time in ms; 0 for never. */
      lastUsedAt: z.number().int(),
      /** Whether a PIN wraps it, and whether its five tries are used up. */
      pin: z.enum(['none', 'set', 'locked']),
    }),
  ),
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

/** What `owners-vote letters`, or the page of letters, writes into `letters.json`; each item is read by its record form. */
export const lettersBody = z.strictObject({
  batch: idText,
  /** `browser` where a page made them: the entry says so, and a second officer signs. */
  madeIn: z.enum(MADE_IN),
  until: z.string().regex(/^(?:\d{4}-\d{2}-\d{2})?$/),
  items: z.array(z.unknown()).max(200_000),
});
/** Letters that two officers give while a meeting may run; `reason` stays with officers and auditors, and names nobody. */
export const reissueBody = lettersBody.extend({
  items: z.array(z.unknown()).max(MAX_REISSUED),
  reason: z.string().max(500),
});
/** A letter of one unit has about 300 bytes. */
export const LETTERS_LIMIT = 32 * 1024 * 1024;

export const lettersAnswer = z.strictObject({ act: idText, count: z.number().int(), root: bytesText(43) });
export const actAnswer = z.strictObject({ act: idText });
export const lockedAnswer = z.strictObject({
  letters: z.array(z.strictObject({ letter: idText, lastAt: z.number().int() })),
});

const counted = { used: z.number().int(), locked: z.number().int() };
export const lettersOverview = z.strictObject({
  batches: z.array(
    z.strictObject({
      batch: idText,
      state: z.enum(['open', 'signed', 'done', 'refused', 'withdrawn']),
      made: z.number().int(),
      letters: z.number().int(),
      ended: z.number().int(),
      ...counted,
      until: z.string(),
      /** Unix time in ms. */
      draftedAt: z.number().int(),
      /** Canonical bytes of the `reissue`; empty for a batch of the registrar alone. */
      reissue: z.string(),
    }),
  ),
  buildings: z.array(
    z.strictObject({
      building: z.string(),
      persons: z.number().int(),
      letters: z.number().int(),
      ...counted,
    }),
  ),
  /** The first hundred owners without a letter; names masked. */
  without: z.array(z.strictObject({ name: z.string(), places: z.array(z.string()) })),
  withoutCount: z.number().int(),
});
export type LettersOverview = z.infer<typeof lettersOverview>;

export const placeQuery = z.strictObject({ place: z.string().min(1).max(200) });
export const foundLetters = z.strictObject({
  letters: z.array(
    z.strictObject({
      letter: idText,
      person: idText,
      /** Masked. */
      name: z.string(),
      places: z.array(z.string()),
      isLocked: z.boolean(),
      until: z.string(),
    }),
  ),
});
export type FoundLetters = z.infer<typeof foundLetters>;

const rosterPerson = z.strictObject({
  person: idText,
  salt: bytesText(22),
  identity: bytesText(43),
  /** The letter that is in force, or empty. */
  letter: z.string().max(26),
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
  persons: z.array(rosterPerson),
  /** Agents who own nothing; a roster that was downloaded before there were any has none. */
  agents: z.array(rosterPerson).default([]),
  units: z.array(
    z.strictObject({
      unit: idText,
      building: z.string(),
      stair: z.string(),
      room: z.string(),
      owners: z.array(idText),
    }),
  ),
  /** Who is one under two documents; a roster that was downloaded before there were any has none. */
  merges: z
    .array(
      z.strictObject({
        merged: idText,
        keeps: idText,
        identity: bytesText(43),
        /** The letter of `keeps` that is in force, or empty. */
        letter: z.string().max(26),
      }),
    )
    .default([]),
});
