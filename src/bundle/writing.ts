/** Writing a bundle into a new directory; a directory that holds anything is refused (SPEC 9.1). */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { BundleFiles } from './exporting.ts';

export type WriteRefusal = Refusal<'OUT_NOT_EMPTY' | 'OUT_UNWRITABLE'>;

/** Writes every file; names are ours, so none leaves the directory. */
export async function writeBundle(files: BundleFiles, out: string): Promise<Result<number, WriteRefusal>> {
  try {
    await mkdir(out, { recursive: true });
    if ((await readdir(out)).length > 0) return refuse('OUT_NOT_EMPTY', out);
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(out, path)), { recursive: true });
      await writeFile(join(out, path), bytes, { flag: 'wx' });
    }
    return ok(files.size);
  } catch (error) {
    return refuse('OUT_UNWRITABLE', out, { reason: (error as NodeJS.ErrnoException).code ?? 'unknown' });
  }
}
