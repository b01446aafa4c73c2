/** Wire types of sessions, keys, recovery, removals and an officer's own signatures; unknown members are refused. */
import { z } from 'zod';
import { bytesText, idText, signatureBody } from './contract.ts';

export const sessionsAnswer = z.strictObject({
  sessions: z.array(
    z.strictObject({
      session: idText,
      begunAt: z.string(),
      usedAt: z.string(),
      /** Family of browser and system as the browser claimed them; empty where unknown. */
      agent: z.string(),
      isThis: z.boolean(),
    }),
  ),
});

export type SessionsAnswer = z.infer<typeof sessionsAnswer>;

export const keysAnswer = z.strictObject({
  keys: z.array(
    z.strictObject({ credential: idText, alg: z.enum(['Ed25519', 'webauthn']), publicKey: bytesText(1400) }),
  ),
  /** Last day of the appointment. */
  until: z.string(),
  hasRecoveryCode: z.boolean(),
});

export type KeysAnswer = z.infer<typeof keysAnswer>;

/** A new passkey as a browser made it. */
export const newPasskey = z.strictObject({
  origin: z.string().max(200),
  serverNonce: bytesText(43),
  pageNonce: bytesText(43),
  response: z.looseObject({ id: z.string(), rawId: z.string(), type: z.literal('public-key') }),
});

export const keyChangeBody = z.strictObject({
  /** Credentials of the keys that stay. */
  kept: z.array(idText).max(8),
  added: z.array(newPasskey).max(4),
});

export const draftedAnswer = z.strictObject({ act: idText });

export const officerParams = z.strictObject({ officer: idText });
export const sessionParams = z.strictObject({ session: idText });

export const officersQuery = z.strictObject({ community: z.union([idText, z.literal('')]).default('') });
export const officersAnswer = z.strictObject({
  officers: z.array(
    z.strictObject({
      officer: idText,
      name: z.string(),
      role: z.string(),
      community: z.string(),
      until: z.string(),
      /** How many keys he can sign with; one is one too few. */
      keys: z.int(),
    }),
  ),
});

export type OfficersAnswer = z.infer<typeof officersAnswer>;

export const signaturesQuery = z.strictObject({
  /** How many of the newest are passed over. */
  after: z
    .string()
    .regex(/^(0|[1-9]\d{0,6})$/)
    .default('0'),
});

const ownSignature = z.strictObject({
  act: idText,
  kind: z.string(),
  community: z.string(),
  meeting: z.string(),
  /** The entry's bytes without evidence: what the subject hashes. */
  entry: bytesText(100_000),
  action: bytesText(6000),
  signature: signatureBody,
  signedAt: z.string(),
  state: z.enum(['open', 'signed', 'done', 'refused', 'withdrawn']),
  /** The log's entry with its evidence, and its receipt; empty while no checkpoint covers it. */
  leaf: bytesText(100_000),
  receipt: z.string(),
});
export type OwnSignature = z.infer<typeof ownSignature>;
export const signaturesAnswer = z.strictObject({ signatures: z.array(ownSignature), more: z.boolean() });
export type SignaturesAnswer = z.infer<typeof signaturesAnswer>;
