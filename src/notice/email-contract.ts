/** Wire types of an owner's address of e-mail (SPEC 3.7). */
import { z } from 'zod';

export const emailBody = z.strictObject({ address: z.string().max(254) });
export const emailCodeBody = z.strictObject({ code: z.string().regex(/^\d{8}$/) });

export const emailAnswer = z.strictObject({
  /** Whether the service sends e-mail at all. */
  isOffered: z.boolean(),
  /** Masked; empty where none is confirmed. */
  address: z.string(),
  /** The address that waits for its code, masked; empty where none does. */
  waiting: z.string(),
  /** Until when that code holds, or empty. */
  expiresAt: z.string(),
  /** The code could not be delivered to it. */
  isUndeliverable: z.boolean(),
});
export type EmailAnswer = z.infer<typeof emailAnswer>;
