/** A freeze: what an owner signs so that nothing electronic counts for him until two officers have seen him (SPEC 3.5). */
import { h256 } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, oneOf, recordForm } from './schema.ts';
import { id, nonce } from './shapes.ts';

const freeze = closed({
  v: exactly(1),
  kind: oneOf('freeze'),
  community: id,
  person: id,
  nonce,
});

export type Freeze = Of<typeof freeze>;
export const freezeForm = recordForm(freeze, 'freeze');

/** `H256("freeze", bytes)`: what a credential of the person signs, and what both entries name. */
export const freezeHash = (bytes: Uint8Array): Uint8Array => h256('freeze', bytes);
