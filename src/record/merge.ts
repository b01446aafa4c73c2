/** A merge of two persons of the register who are one: two officers sign its hash, the bytes stay private (SPEC 3.8). */
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, oneOf, recordForm, text } from './schema.ts';
import { hash, id, nonce } from './shapes.ts';

const party = closed({ person: id, identity: hash });

const merge = closed({
  v: exactly(1),
  kind: oneOf('merge'),
  community: id,
  /** Who remains, by his commitment of the day of the draft. */
  keeps: party,
  /** Who is him, under another document. */
  merged: party,
  /** For the two officers and auditors; never in the log. */
  reason: text(500),
  nonce,
});

export type Merge = Of<typeof merge>;
/** The private bytes under `mergeHash` of `persons.merged` and `persons.separated`. */
export const mergeForm = recordForm(merge, 'merge', 4096);

/** `H256("merge", bytes)`. */
export const mergeHash = (bytes: Uint8Array): string => h256Text('merge', bytes);
