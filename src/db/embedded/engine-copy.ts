/** The engine's own copy of the binaries, where the package cannot be used as npm left it (DESIGN §6). */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, restoreLinks } from './platform-package.ts';

/** Whether an account can run the binaries and read what they need, told by trying it; as ourselves without `account`. */
export function canRun(native: string, account: { readonly uid?: number; readonly gid?: number }): boolean {
  if (process.platform === 'win32') return true;
  const asks = 'test -x "$1/bin/postgres" && test -r "$1/share/postgresql/postgres.bki" && cd "$1/lib"';
  return spawnSync('/bin/sh', ['-c', asks, 'sh', native], { ...account, cwd: '/' }).status === 0;
}

/** Lets everybody read a copy: it holds no secret, and an install under umask 077 gave it to its owner alone. */
function openToAll(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.isDirectory() || (found.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (found.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

/** Copies the binaries (61 MB) beside the data, whole or not at all, with the links that the package lacks. */
export function copiedEngine(engine: Engine, folder: string): string {
  const copy = join(folder, `postgresql-${engine.version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.unfinished-${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(engine.native, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    restoreLinks(unfinished);
    openToAll(unfinished);
    try {
      renameSync(unfinished, copy);
    } catch (error) {
      // Another start was quicker.
      if (!existsSync(copy)) throw error;
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return join(copy, 'native');
}
