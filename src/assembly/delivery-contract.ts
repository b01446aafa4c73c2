/** Wire types of the delivery register (SPEC 5.1). */
import { z } from 'zod';
import { idText } from '../officers/contract.ts';

const whole = z.int().nonnegative();

export const readingAnswer = z.strictObject({
  /** Of the first reading. */
  readAt: z.string(),
});
export type ReadingAnswer = z.infer<typeof readingAnswer>;

export const deliveryBody = z.strictObject({
  state: z.enum(['handed', 'posted']),
  units: z.array(idText).min(1).max(2000),
  /** `H256("delivery-document", bytes)`: the page computes it, the document stays with the officer. */
  documentHash: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
});

export const deliveryAnswer = z.strictObject({ recorded: whole });

export const deliveriesAnswer = z.strictObject({
  /** Of heads: told to somebody; only posted in the building; neither. */
  counts: z.strictObject({ heads: whole, reached: whole, posted: whole, none: whole }),
  heads: z.array(
    z.strictObject({
      units: z.array(
        z.strictObject({ unit: idText, building: z.string(), stair: z.string(), room: z.string() }),
      ),
      deliveries: z.array(
        z.strictObject({
          channel: z.string(),
          state: z.string(),
          at: z.string(),
          /** Who recorded it, or empty. */
          officer: z.string(),
          /** The hash that SPEC 5.1 names for the channel, or empty. */
          proof: z.string(),
        }),
      ),
    }),
  ),
});
export type DeliveriesAnswer = z.infer<typeof deliveriesAnswer>;
