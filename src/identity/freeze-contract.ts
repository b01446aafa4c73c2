/** Wire types of freezes; unknown members are refused. */
import { z } from 'zod';
import { bytesText, idText, signatureBody } from '../officers/contract.ts';

/** The canonical bytes of a freeze, signed by a credential of its person. */
export const freezeBody = z.strictObject({
  credential: idText,
  freeze: bytesText(5500),
  signature: signatureBody,
});
export const frozenAnswer = z.strictObject({ freeze: bytesText(43) });

/** Unix time in ms, 0 where nothing is frozen. */
export const ownFreezeAnswer = z.strictObject({ frozenAt: z.number().int() });

export const freezesAnswer = z.strictObject({
  freezes: z.array(
    z.strictObject({
      freeze: bytesText(43),
      frozenAt: z.number().int(),
      /** Masked. */
      name: z.string(),
      units: z.array(z.strictObject({ building: z.string(), stair: z.string(), room: z.string() })),
    }),
  ),
});
export type FreezesAnswer = z.infer<typeof freezesAnswer>;

export const freezeParams = z.strictObject({ community: idText, freeze: bytesText(43) });
