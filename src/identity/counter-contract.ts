/** Wire types of the counter; unknown members are refused (SPEC 3.4). */
import { z } from 'zod';
import { bytesText, idText, lineText, signatureBody } from '../officers/contract.ts';

/** A key that a page has made, and what a binding names of it. */
export const offeredBody = z.strictObject({
  credential: idText,
  credentialKind: z.enum(['passkey', 'device']),
  alg: z.enum(['Ed25519', 'webauthn']),
  publicKey: bytesText(1366),
  webauthnId: bytesText(1364),
  nonce: bytesText(22),
});
export const offeredAnswer = z.strictObject({
  request: idText,
  code: z.string(),
  /** Unix time in ms. */
  expiresAt: z.number().int(),
});

export const requestParams = z.strictObject({ request: idText });
export const shownBody = z.strictObject({ signature: signatureBody });

export const counterKeyAnswer = z.strictObject({
  request: idText,
  state: z.enum(['waiting', 'claimed', 'shown', 'bound', 'ended']),
  binding: bytesText(5500),
  /** Masked. */
  name: z.string(),
  units: z.array(z.string()),
  act: z.string(),
  refusal: z.string(),
  expiresAt: z.number().int(),
});
export type CounterKeyAnswer = z.infer<typeof counterKeyAnswer>;

export const documentBody = z.strictObject({
  building: z.string().max(100),
  stair: z.string().max(100),
  room: lineText(100),
  name: lineText(100),
  numberTail: z.string().max(40),
});
export const foundAnswer = z.strictObject({
  person: idText,
  name: z.string(),
  units: z.array(z.string()),
  keys: z.array(
    z.strictObject({
      credential: idText,
      kind: z.enum(['letter', 'passkey', 'device']),
      boundAt: z.number().int(),
      inForce: z.boolean(),
    }),
  ),
});
export type FoundAnswer = z.infer<typeof foundAnswer>;

export const claimBody = z.strictObject({
  code: z.string().regex(/^[0-9]{8}$/),
  person: idText,
  vouchedBy: z.enum(['counter', 'video']),
});
export const claimedAnswer = z.strictObject({ request: idText, binding: bytesText(5500) });
export const requestsAnswer = z.strictObject({
  requests: z.array(counterKeyAnswer),
  revocations: z.array(
    z.strictObject({
      act: idText,
      revocation: bytesText(5500),
      kind: z.enum(['passkey', 'device']),
      name: z.string(),
      units: z.array(z.string()),
    }),
  ),
});
export type RequestsAnswer = z.infer<typeof requestsAnswer>;

export const counterRevocationBody = z.strictObject({ credential: idText, reason: z.string().max(200) });
