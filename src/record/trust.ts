/** What a verifier is given from outside: the roots, the log's key, the witnesses (SPEC 9.2). */
import type { Of } from './schema.ts';
import { boolean, closed, exactly, integer, list, oneOf, recordForm, text } from './schema.ts';
import { hash } from './shapes.ts';

const trust = closed({
  v: exactly(1),
  kind: oneOf('trust'),
  origin: text(200),
  roots: list(hash, 16, 1),
  threshold: integer(1, 16),
  logVkey: text(300),
  witnesses: list(text(300), 20),
  quorum: integer(0, 20),
  demo: boolean,
  /** Hashes of the rule profiles that the regulator published, by id. */
  profiles: list(closed({ id: text(40), hash }), 100),
});

export type Trust = Of<typeof trust>;
export const trustForm = recordForm(trust, 'trust');
