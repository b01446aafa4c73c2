/** A correction of a frozen roll: why an entitlement changed its holders after the freeze, and what may change at all (SPEC 4.4). */
import { fromUtf8 } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { h256Text } from '../crypto/frame.ts';
import type { RollLeaf } from './roll.ts';
import type { Of } from './schema.ts';
import { closed, exactly, oneOf, recordForm } from './schema.ts';
import { hash, id, nonce } from './shapes.ts';

/** Why a title passed: sold, inherited, or by a court's or another authority's decision. */
export const CORRECTION_GROUNDS = ['sale', 'death', 'decision'] as const;
export type CorrectionGround = (typeof CORRECTION_GROUNDS)[number];

const correction = closed({
  v: exactly(1),
  kind: oneOf('correction'),
  community: id,
  meeting: id,
  entitlement: id,
  ground: oneOf(...CORRECTION_GROUNDS),
  /** `H256("document", salt, reference)`: the document that two officers saw, such as the number of a title certificate. */
  documentHash: hash,
  nonce,
});

export type Correction = Of<typeof correction>;
/** The private bytes under `correctionHash` of `roll.corrected`. */
export const correctionForm = recordForm(correction, 'correction', 4096);

/** `H256("correction", bytes)`. */
export const correctionHash = (bytes: Uint8Array): string => h256Text('correction', bytes);

/** `H256("document", salt, reference)`; the salt is 16 bytes. */
export const documentHash = (salt: Uint8Array, reference: string): string =>
  h256Text('document', salt, reference);

/** Whether two leaves differ in nothing but who holds and who votes: all that a correction may change. */
export function onlyHoldersDiffer(before: RollLeaf, after: RollLeaf): boolean {
  const rest = ({ holders: _, voter: __, ...others }: RollLeaf) => fromUtf8(canonicalBytes(others));
  return rest(before) === rest(after);
}
