/** Objections to a preliminary result and the decisions on them (SPEC 8.2). */
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm, text } from './schema.ts';
import { hash, id, idOrNone, nonce } from './shapes.ts';

const objection = closed({
  v: exactly(1),
  kind: oneOf('objection'),
  meeting: id,
  objection: id,
  /** The entitlement of the owner who objects, or none for somebody else. */
  entitlement: idOrNone,
  text: text(4000),
  nonce,
});

export const objectionForm = recordForm(objection, 'objection');
/** `H256("objection", bytes)`. */
export const objectionHash = (bytes: Uint8Array): string => h256Text('objection', bytes);

const decision = closed({
  v: exactly(1),
  kind: oneOf('decision'),
  meeting: id,
  objection: id,
  decision: oneOf('rejected', 'upheld'),
  /** Hashes of the statements that it finds wrong. */
  condemns: list(hash, 1000),
  reason: text(4000),
  nonce,
});

export type Decision = Of<typeof decision>;
export const decisionForm = recordForm(decision, 'decision');
/** `H256("decision", bytes)`. */
export const decisionHash = (bytes: Uint8Array): string => h256Text('decision', bytes);
