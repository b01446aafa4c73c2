/** The files of a bundle as they lie on disk, which anybody may have made; compared with the manifest (SPEC 9.1, BND-01). */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Manifest } from '../record/manifest.ts';
import { manifestForm } from '../record/manifest.ts';
import type { Notebook } from './notebook.ts';

/** A bundle in memory: paths with `/` below its folder, and their bytes. */
export type Folder = {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Links, devices and the like: a bundle holds files only. */
  readonly irregular: readonly string[];
};

export type FolderRefusal = Refusal<'BUNDLE_MISSING' | 'MANIFEST_MISSING' | 'MANIFEST_UNREADABLE'>;

/** Reads every file below a folder. */
export async function readFolder(path: string): Promise<Result<Folder, FolderRefusal>> {
  const files = new Map<string, Uint8Array>();
  const irregular: string[] = [];
  async function walk(folder: string, prefix: string): Promise<void> {
    for (const item of await readdir(folder, { withFileTypes: true })) {
      const below = join(folder, item.name);
      if (item.isDirectory()) await walk(below, `${prefix}${item.name}/`);
      else if (item.isFile()) files.set(`${prefix}${item.name}`, new Uint8Array(await readFile(below)));
      else irregular.push(`${prefix}${item.name}`);
    }
  }
  try {
    await walk(path, '');
  } catch (error) {
    return refuse('BUNDLE_MISSING', path, { reason: (error as NodeJS.ErrnoException).code ?? 'unknown' });
  }
  return ok({ files, irregular });
}

/** The manifest of a folder; without one there is nothing to verify. */
export function readManifest(folder: Folder): Result<Manifest, FolderRefusal> {
  const bytes = folder.files.get('manifest.json');
  if (bytes === undefined) return refuse('MANIFEST_MISSING', 'manifest.json');
  const parsed = manifestForm.parse(bytes);
  return parsed.ok ? parsed : refuse('MANIFEST_UNREADABLE', parsed.refusal.where ?? 'manifest.json');
}

/** Files that an auditor's bundle has, be they empty, and a public one has not: what is left out must not pass for what is not there. */
const FOR_AUDITORS = [
  'ballots.jsonl',
  'bindings.jsonl',
  'casts.jsonl',
  'corrections.jsonl',
  'credentials.jsonl',
  'deliveries.jsonl',
  'designations.jsonl',
  'freezes.jsonl',
  'holders.jsonl',
  'letters.jsonl',
  'mandate-revocations.jsonl',
  'mandates.jsonl',
  'merges.jsonl',
  'objections.jsonl',
  'paper.jsonl',
  'persons.jsonl',
  'reissues.jsonl',
  'requisitions.jsonl',
  'revocations.jsonl',
  'top-ups.jsonl',
] as const;

/** BND-01: every listed file with its hash, in order, no other file, and those that its audience has. */
export function checkManifest(folder: Folder, manifest: Manifest, notebook: Notebook): void {
  notebook.made('BND-01');
  const listed = new Set<string>(['manifest.json']);
  let before = '';
  for (const { path, sha256: expected } of manifest.files) {
    notebook.holds('BND-01', path, path > before, 'paths in ascending order, each once', `after ${before}`);
    before = path;
    listed.add(path);
    const bytes = folder.files.get(path);
    const found = bytes === undefined ? 'no such file' : toBase64Url(sha256(bytes));
    notebook.same('BND-01', path, expected, found);
  }
  for (const path of folder.files.keys()) {
    notebook.holds('BND-01', path, listed.has(path), 'listed in the manifest', 'a file that is not listed');
  }
  for (const path of FOR_AUDITORS) {
    const isHeld = folder.files.has(path);
    const [wanted, found] = isHeld ? ['no such file', 'a file'] : ['a file, be it empty', 'no such file'];
    notebook.holds('BND-01', path, isHeld === (manifest.audience === 'auditor'), wanted, found);
  }
  for (const path of folder.irregular) notebook.finding('BND-01', path, 'a file', 'a link or special file');
}
