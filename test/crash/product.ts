// What the real processes of a test run: a copy of the product as it is at the start, built, so that nobody who edits or builds the
// checkout meanwhile changes the service between two kills (SPEC 6.5: the same service comes back).
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';

const INPUTS = /^(src|calendars|schema\.sql|package\.json|tsconfig.*\.json|vite\.config\.ts)$/;

/** What is built is taken along where nobody exchanges it at this moment; otherwise the copy is built anew. */
function takeBuilt(from: string, to: string): void {
  try {
    cpSync(join(from, 'dist'), join(to, 'dist'), {
      recursive: true,
      filter: (path) => !/^\.(lock|building|old)/.test(basename(path)),
    });
  } catch {
    rmSync(join(to, 'dist'), { recursive: true, force: true });
  }
}

/** Makes the copy in this folder, which must not exist, and answers the folder. */
export async function copyProduct(to: string): Promise<string> {
  const from = packageRoot();
  mkdirSync(to);
  for (const name of readdirSync(from).filter((entry) => INPUTS.test(entry)))
    cpSync(join(from, name), join(to, name), { recursive: true });
  symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'));
  takeBuilt(from, to);
  await promisify(execFile)(process.execPath, [join(to, 'src/launch.mjs'), '--version'], { env: {} });
  return to;
}
