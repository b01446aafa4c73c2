/** Wire types of announcements, print runs and accesses of monitors (SPEC 3.7). */
import { z } from 'zod';
import { bytesText, idText } from '../officers/contract.ts';

export const communityParams = z.strictObject({ community: idText });
export const runParams = z.strictObject({ community: idText, run: idText });
export const accessParams = z.strictObject({ community: idText, access: idText });

const whole = z.int().nonnegative();

export const announcementsAnswer = z.strictObject({
  counts: z.array(z.strictObject({ state: z.string(), channel: z.string(), count: whole })),
  latest: z.array(
    z.strictObject({
      announcement: idText,
      /** Of the entry in the log; null where there is none. */
      index: whole.nullable(),
      event: z.string(),
      channel: z.string(),
      state: z.string(),
      attempts: whole,
      /** Why the gateway did not take it, or empty. */
      error: z.string(),
      queuedAt: z.string(),
    }),
  ),
  runs: z.array(
    z.strictObject({
      run: idText,
      count: whole,
      printedAt: z.string(),
      /** Empty until somebody said that it was posted. */
      postedAt: z.string(),
    }),
  ),
});

export const runAnswer = z.strictObject({ run: idText, count: whole });

export const sheetsAnswer = z.strictObject({
  sheets: z.array(
    z.strictObject({
      /** Empty where the sheet goes to the unit. */
      address: z.string(),
      place: z.string(),
      /** Of the entry in the log; null where there is none. */
      index: whole.nullable(),
      zh: z.string(),
      en: z.string(),
    }),
  ),
});

export type SheetsAnswer = z.infer<typeof sheetsAnswer>;
export type AnnouncementsAnswer = z.infer<typeof announcementsAnswer>;

export const drawnAnswer = z.strictObject({
  access: idText,
  /** 32 bytes, shown this once. */
  token: bytesText(43),
  expiresAt: z.string(),
});
export type DrawnAnswer = z.infer<typeof drawnAnswer>;

export const accessesAnswer = z.strictObject({
  accesses: z.array(
    z.strictObject({
      access: idText,
      officer: idText,
      drawnAt: z.string(),
      expiresAt: z.string(),
      isInForce: z.boolean(),
      /** How many entries were explained to it. */
      explained: whole,
      /** Empty before its first use. */
      usedAt: z.string(),
    }),
  ),
});

export type AccessesAnswer = z.infer<typeof accessesAnswer>;

export const explanationBody = z.strictObject({
  token: bytesText(43),
  index: whole,
  /** The first line wanted; 0 to begin with. */
  from: whole,
});
export const explanationAnswer = z.strictObject({
  /** Bytes in base64url, as `record/explanation.ts` reads them. */
  lines: z.array(z.string()),
  /** Where the next part begins, or null after the last. */
  next: whole.nullable(),
});

export const nothing = z.strictObject({});
