/** A community's own rules of procedure, as far as they choose among what a rule profile permits: public bytes under `rules.adopted` (SPEC 5.2). */
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm, text } from './schema.ts';
import { civilDate, hashOrNone, id, idOrNone } from './shapes.ts';

const communityRules = closed({
  v: exactly(1),
  kind: oneOf('rules'),
  community: id,
  rules: id,
  /** The profile that they derive from, and its version. */
  base: text(40),
  version: integer(1, 1_000_000),
  /** What they fix, by name in ascending order; of all else the profile's default holds, or what the convener chooses. */
  parameters: list(closed({ name: text(60), value: text(200) }), 100),
  /** The clauses as they were adopted. */
  text: text(20_000),
  adoptedOn: civilDate,
  /** The resolution that adopted them; both empty where that was before this system. */
  meeting: idOrNone,
  proposal: idOrNone,
  /** `H256("document", bytes)` of the signed rules where no resolution is named. */
  document: hashOrNone,
});

export type CommunityRules = Of<typeof communityRules>;
export const communityRulesForm = recordForm(communityRules, 'rules', 256 * 1024);

/** `H256("rules", bytes)`. */
export const rulesHash = (bytes: Uint8Array): string => h256Text('rules', bytes);
