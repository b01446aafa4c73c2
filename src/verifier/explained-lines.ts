/** LOG-01 of one file: its lines are exactly those whose hashes the log's entries name, in log order (SPEC 9.1). */
import type { Verification } from './verification.ts';

/** Entries whose hashes a file must hold, in the same order; a public bundle may lack the file. */
export function compare(
  the: Verification,
  path: string,
  entries: readonly { readonly index: number; readonly hash: string }[],
  lines: readonly { readonly where: string; readonly hash: string }[] | undefined,
): void {
  const { notebook } = the;
  if (lines === undefined) {
    if (entries.length > 0) missing(the, path);
    return;
  }
  const held = new Map(lines.map((line, at) => [line.hash, at]));
  const isOnce = held.size === lines.length;
  notebook.holds('LOG-01', path, isOnce, 'each line once', `${lines.length - held.size} lines again`);
  let before = -1;
  for (const { index, hash } of entries) {
    const at = held.get(hash);
    if (!notebook.holds('LOG-01', `log ${index}`, at !== undefined, `${path} holds ${hash}`, 'no such line'))
      continue;
    notebook.holds(
      'LOG-01',
      `log ${index}`,
      (at ?? 0) > before,
      `${path} in log order`,
      `line ${(at ?? 0) + 1}`,
    );
    before = at ?? before;
  }
  const named = new Set(entries.map(({ hash }) => hash));
  for (const { where, hash } of lines) {
    notebook.holds('LOG-01', where, named.has(hash), 'an entry of the log', `none names ${hash}`);
  }
}

/** A file that the log's entries need: its absence is a finding, save where the audience may not have it. */
export function missing({ notebook, contents }: Verification, path: string): void {
  if (contents.manifest.audience === 'public' || contents.files.has(path)) {
    notebook.cannot('LOG-01', contents.whyNot(path));
  } else notebook.finding('LOG-01', path, 'the bytes that entries of the log name', 'no such file');
}
