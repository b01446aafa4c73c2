/** Wire types of the officers' routes; unknown members are refused. */
import { z } from 'zod';

/** An identifier of 26 base32 characters. */
export const idText = z.string().regex(/^[a-z2-7]{26}$/);
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
  until: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  response: z.looseObject({ id: z.string(), rawId: z.string(), type: z.literal('public-key') }),
});

export const invitationBody = z.strictObject({
  community: z.string().max(26),
  role: z.enum(['committee', 'street', 'registrar', 'regulator', 'clerk', 'scrutineer', 'operator']),
  name: z.string().min(1).max(100),
  docKind: z.string().regex(/^[a-z-]{1,40}$/),
  number: z.string().min(1).max(40),
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
  signatures: z.array(z.strictObject({ officer: idText, role: z.string(), name: z.string() })),
  /** What is still missing: one list of roles for each way to complete it. */
  missing: z.array(z.array(z.string())),
});
export type ActAnswer = z.infer<typeof actAnswer>;
export const actsAnswer = z.strictObject({ acts: z.array(actAnswer) });
export const actsQuery = z.strictObject({ community: z.string().max(26).default('') });
