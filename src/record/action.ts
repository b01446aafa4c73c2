/** An officer's action: what he signed, about which bytes, seeing which log (SPEC 2.3). */
import { toBase64Url } from '../base/bytes.ts';
import { h256 } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, oneOf, recordForm, text } from './schema.ts';
import { hash, id, idOrNone, instant, nonce } from './shapes.ts';

/** Roles of SPEC 2.2, and `root` for the deployment's root keys. */
export const ROLES = [
  'root',
  'committee',
  'street',
  'registrar',
  'regulator',
  'clerk',
  'scrutineer',
  'operator',
] as const;
export type Role = (typeof ROLES)[number];
export const roleShape = oneOf(...ROLES);

const action = closed({
  v: exactly(1),
  kind: oneOf('action'),
  /** The log kind that it is for. */
  action: text(40, /^[a-z]+\.[a-z]+$/),
  /** `H256("subject", entry without evidence)`. */
  subject: hash,
  community: idOrNone,
  meeting: idOrNone,
  officer: id,
  role: roleShape,
  /** The newest checkpoint that the officer's page verified. */
  size: integer(0, Number.MAX_SAFE_INTEGER),
  root: hash,
  expires: instant,
  nonce,
});

export type Action = Of<typeof action>;
export const actionForm = recordForm(action, 'action', 4096);

/** What the officer's key signs: `H256("action", bytes)`. */
export const actionHash = (bytes: Uint8Array): Uint8Array => h256('action', bytes);

/** The subject of an entry, from its bytes without `evidence`. */
export const subjectHash = (unsignedEntry: Uint8Array): string => toBase64Url(h256('subject', unsignedEntry));

/** Longest life of an action (SPEC 2.3). */
export const ACTION_LIFE_MS = 72 * 3600 * 1000;
