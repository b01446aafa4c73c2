/** Why letters are made again while a vote may run: two officers sign its hash, the reason stays private (SPEC 3.2, 2.4). */
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, oneOf, recordForm, text } from './schema.ts';
import { id, nonce } from './shapes.ts';

/** Letters of one reissue: enough for a household, too few to vote for a house. */
export const MAX_REISSUED = 10;

const reissue = closed({
  v: exactly(1),
  kind: oneOf('reissue'),
  community: id,
  batch: id,
  /** For officers and auditors; never in the log. */
  reason: text(500),
  nonce,
});

export type Reissue = Of<typeof reissue>;
export const reissueForm = recordForm(reissue, 'reissue', 4096);
/** `H256("reissue", bytes)`. */
export const reissueHash = (bytes: Uint8Array): string => h256Text('reissue', bytes);
