/** The manifest of a bundle: every file and its SHA-256, nothing else in the directory (SPEC 9.1). */
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm, text } from './schema.ts';
import { hash, id } from './shapes.ts';

const manifest = closed({
  v: exactly(1),
  kind: oneOf('bundle'),
  meeting: id,
  audience: oneOf('auditor', 'public'),
  /** Sorted by path; paths use `/` and never leave the directory. */
  files: list(closed({ path: text(200, /^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]+$/), sha256: hash }), 200_000, 1),
});

export type Manifest = Of<typeof manifest>;
export const manifestForm = recordForm(manifest, 'manifest', 32 * 1024 * 1024);
