/** Wire types of identity providers; unknown members are refused (SPEC 3.4). */
import { z } from 'zod';
import { bytesText, idText, lineText, signatureBody } from '../officers/contract.ts';
import { MAX_PROVIDERS } from '../record/provider.ts';
import { offeredBody } from './counter-contract.ts';

const claimName = z.string().regex(/^[A-Za-z0-9_.:/-]{1,60}$/);
const wish = z.strictObject({
  iss: lineText(200),
  name: lineText(200),
  alg: z.enum(['RS256', 'ES256', 'EdDSA']),
  claims: z.strictObject({ docKind: claimName, number: claimName, name: claimName }),
  docKinds: z
    .array(z.strictObject({ value: lineText(60), docKind: z.string().regex(/^[a-z-]{1,40}$/) }))
    .min(1)
    .max(16),
  /** Thumbprints of the keys that are to count. */
  keys: z.array(bytesText(43)).min(1).max(8),
});

/** All providers from here on; the audience is added by the service. */
export const providersBody = z.strictObject({ providers: z.array(wish).max(MAX_PROVIDERS) });
export const declaredAnswer = z.strictObject({
  act: idText,
  /** What the officers are to compare with what the provider says of itself: RFC 7638 thumbprints. */
  providers: z.array(z.strictObject({ iss: z.string(), aud: z.string(), keys: z.array(bytesText(43)) })),
});

/** The providers by which an owner may bind a key. */
export const providersAnswer = z.strictObject({
  providers: z.array(z.strictObject({ iss: z.string(), name: z.string() })),
});

/** The same of every community, for a page that does not know yet whose owner it has. */
export const everyProviderAnswer = z.strictObject({
  communities: z.array(z.strictObject({ community: idText, name: z.string(), ...providersAnswer.shape })),
});
export type EveryProviderAnswer = z.infer<typeof everyProviderAnswer>;

export const signInBody = z.strictObject({
  community: idText,
  iss: z.string().max(200),
  /** 32 bytes that the page drew; the first way's nonce is their hash. */
  drawn: bytesText(43),
  key: offeredBody,
});
export const wayAnswer = z.strictObject({
  request: idText,
  /** Where the page goes. */
  redirect: z.string(),
  /** Unix time in ms. */
  expiresAt: z.number().int(),
});

export type WayAnswer = z.infer<typeof wayAnswer>;

/** What the provider sent the page back with. */
export const returnBody = z.strictObject({ state: bytesText(43), code: z.string().min(1).max(4096) });
export const returnedAnswer = z.strictObject({
  /** To be signed by the new key; empty once it is bound. */
  binding: bytesText(5500),
  /** Empty until the key is bound. */
  credential: z.string(),
});
export type ReturnedAnswer = z.infer<typeof returnedAnswer>;

export const providerSignatureBody = z.strictObject({ signature: signatureBody });
