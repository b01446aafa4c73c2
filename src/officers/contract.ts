/** Wire types of the officers' routes; unknown members are refused. */
import { z } from 'zod';
import { parseCivilDate } from '../base/civil-date.ts';

/** An identifier: 128 bits in 26 base32 characters, of which the last holds three bits. */
export const idText = z.string().regex(/^[a-z2-7]{25}[aeimquy4]$/);
/** Free text in NFC, as records want it; no control characters but tabs and line ends. */
export const freeText = (max: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC'))
    .refine((text) => text.length >= 1 && text.length <= max && !/[^\P{Cc}\t\n\r]|\p{Cs}/u.test(text));
/** The same on one line. */
export const lineText = (max: number) => freeText(max).refine((text) => !/\p{Cc}/u.test(text));
/** A real date such as `2026-12-10`. */
const dateText = z.string().refine((text) => parseCivilDate(text) !== undefined);
/** Bytes in unpadded base64url, at most `max` characters. */
export const bytesText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]*$/);

export const signatureBody = z.discriminatedUnion('alg', [
  z.strictObject({ alg: z.literal('Ed25519'), signature: bytesText(86) }),
  z.strictObject({
    alg: z.literal('webauthn'),
    credentialId: bytesText(1400),
    clientDataJSON: bytesText(6000),
    authenticatorData: bytesText(1400),
    signature: bytesText(700),
  }),
]);

export const challengeAnswer = z.strictObject({ serverNonce: bytesText(43) });

export const loginBody = z.strictObject({
  origin: z.string().max(200),
  serverNonce: bytesText(43),
  pageNonce: bytesText(43),
  publicKey: bytesText(43),
  signature: signatureBody,
});

export const officerAnswer = z.strictObject({
  officer: idText,
  name: z.string(),
  role: z.string(),
  community: z.string(),
});
export type OfficerAnswer = z.infer<typeof officerAnswer>;

export const enrolmentBody = z.strictObject({
  enrolment: idText,
  code: z.string().max(40),
  origin: z.string().max(200),
  serverNonce: bytesText(43),
  pageNonce: bytesText(43),
  until: dateText,
  response: z.looseObject({ id: z.string(), rawId: z.string(), type: z.literal('public-key') }),
  /** A second passkey or security key, made by the same page. */
  second: z
    .strictObject({
      serverNonce: bytesText(43),
      pageNonce: bytesText(43),
      response: z.looseObject({ id: z.string(), rawId: z.string(), type: z.literal('public-key') }),
    })
    .optional(),
  /** Of an officer who lost his keys. */
  recoveryCode: z.string().max(40).optional(),
});

export const invitationBody = z.strictObject({
  /** Empty for the whole deployment. */
  community: z.union([idText, z.literal('')]),
  role: z.enum(['committee', 'street', 'registrar', 'regulator', 'clerk', 'scrutineer', 'operator']),
  name: lineText(100),
  docKind: z.string().regex(/^[a-z-]{1,40}$/),
  number: lineText(40),
});

export const actParams = z.strictObject({ act: idText });
export const actionBody = z.strictObject({ action: bytesText(6000), signature: signatureBody });

export const actAnswer = z.strictObject({
  act: idText,
  kind: z.string(),
  community: z.string(),
  meeting: z.string(),
  /** The entry's bytes without evidence: what the subject hashes. */
  entry: bytesText(100_000),
  subject: bytesText(43),
  state: z.enum(['open', 'signed', 'done', 'refused', 'withdrawn']),
  refusal: z.string(),
  /** What the entry does not say and the signer should know, such as a register's differences; ids and numbers. */
  details: z.record(z.string(), z.string()),
  signatures: z.array(z.strictObject({ officer: idText, role: z.string(), name: z.string() })),
  /** What is still missing: one list of roles for each way to complete it. */
  missing: z.array(z.array(z.string())),
  /** In the list of acts: the caller may take it back. */
  mayWithdraw: z.literal(true).optional(),
});
export type ActAnswer = z.infer<typeof actAnswer>;
export const actsAnswer = z.strictObject({ acts: z.array(actAnswer) });
export const actsQuery = z.strictObject({ community: z.string().max(26).default('') });
