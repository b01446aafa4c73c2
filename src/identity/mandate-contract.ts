/** Wire types of mandates; unknown members are refused (SPEC 3.6). */
import { z } from 'zod';
import { parseCivilDate } from '../base/civil-date.ts';
import { bytesText, idText, lineText, signatureBody } from '../officers/contract.ts';
import { BASES } from '../record/mandate.ts';

/** Longest scan of a paper, in bytes, and the body that carries it in base64url. */
export const SCAN_BYTES = 3 * 1024 * 1024;
export const SCAN_LIMIT = 5 * 1024 * 1024;

const MANDATE_TEXT = 950_000;
/** Largest body of a mandate that an owner signs. */
export const MANDATE_LIMIT = 1024 * 1024;
const dateText = z.string().refine((text) => parseCivilDate(text) !== undefined);
const idOrEmpty = z.union([idText, z.literal('')]);

/** The canonical bytes of a mandate, and the principal's signature over its hash. */
export const mandateBody = z.strictObject({ mandate: bytesText(MANDATE_TEXT), signature: signatureBody });
export const mandateAnswer = z.strictObject({ mandate: idText });
/** The mandate that ends, and the principal's signature over the hash of its revocation. */
export const mandateEndBody = z.strictObject({ mandate: idText, signature: signatureBody });

const shownMandate = z.strictObject({
  mandate: idText,
  /** Canonical bytes of the record. */
  record: bytesText(MANDATE_TEXT),
  meeting: idOrEmpty,
  basis: z.enum(BASES),
  principal: idText,
  /** Masked. */
  principalName: z.string(),
  agent: idText,
  agentName: z.string(),
  units: z.array(z.strictObject({ building: z.string(), stair: z.string(), room: z.string() })),
  until: z.string(),
  state: z.enum(['drafted', 'in-force', 'ended', 'expired']),
  signedBy: z.enum(['owner', 'officers']),
});
export const mandatesAnswer = z.strictObject({ mandates: z.array(shownMandate) });
export type MandatesAnswer = z.infer<typeof mandatesAnswer>;

export const agentParams = z.strictObject({ code: idText });
export const agentAnswer = z.strictObject({ person: idText, identity: bytesText(43), name: z.string() });
export type AgentAnswer = z.infer<typeof agentAnswer>;
export const agentBody = z.strictObject({ number: lineText(40), name: lineText(100) });

export const paperMandateBody = z.strictObject({
  meeting: idOrEmpty,
  basis: z.enum(BASES),
  principal: idText,
  agent: idText,
  units: z.array(idText).min(1).max(20_000),
  proposals: z.array(idText).max(40),
  until: dateText,
  /** The scan of the paper. */
  file: bytesText(Math.ceil((SCAN_BYTES * 4) / 3)),
});
export const paperMandateAnswer = z.strictObject({ act: idText, mandate: idText });
export const mandateParams = z.strictObject({ community: idText, mandate: idText });
export const unitParams = z.strictObject({ community: idText, unit: idText });
export const holdersAnswer = z.strictObject({
  holders: z.array(z.strictObject({ ...agentAnswer.shape, units: z.array(idText) })),
});
export type HoldersAnswer = z.infer<typeof holdersAnswer>;
export const staffBody = z.strictObject({ number: lineText(40), isStaff: z.boolean() });
