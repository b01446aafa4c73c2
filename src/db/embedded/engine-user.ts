/**
 * Who runs PostgreSQL and where: it refuses uid 0, so a root process hands it to `postgres` or `nobody`, and moves to
 * /var/lib/owners-vote where that user cannot reach the data folder or the package (DESIGN §6).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import type { Engine } from './platform-package.ts';

/** The account that owns the cluster; undefined means this process's own. */
export type EngineUser = { readonly name: string; readonly uid: number; readonly gid: number } | undefined;

/** The folder that holds cluster and passwords, and the binaries that the engine's user can run. */
export type Place = {
  readonly folder: string;
  readonly native: string;
  readonly user: EngineUser;
};

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const asked = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return asked.status === 0 && /^\d+$/.test(asked.stdout.trim()) ? Number(asked.stdout.trim()) : undefined;
}

/** The account for PostgreSQL: this one, unless this is root. */
export function engineUser(): Result<EngineUser, EmbeddedRefusal> {
  if (process.getuid?.() !== 0) return ok(undefined);
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && uid !== 0 && gid !== undefined) return ok({ name, uid, gid });
  }
  return refuse('NO_RIGHTS', 'uid 0 (there is no user postgres or nobody to run it)');
}

/** Uid and gid for a child process. */
export const asUser = (user: EngineUser): { readonly uid?: number; readonly gid?: number } =>
  user === undefined ? {} : { uid: user.uid, gid: user.gid };

/** Whether the engine's user can pass into `folder`, told by trying it: modes, ACLs and mounts all count. */
function canEnter(user: EngineUser, folder: string): boolean {
  if (user === undefined) return true;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...asUser(user), cwd: '/' }).status === 0;
}

/** A folder of the engine's user's own, closed to everybody else. */
export function makePrivateFolder(folder: string, user: EngineUser): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  if (process.platform !== 'win32') chmodSync(folder, 0o700);
}

const STATE_ROOT = '/var/lib/owners-vote';

/** Copies the binaries (61 MB) beside the data, whole or not at all. */
function copiedEngine(engine: Engine, folder: string): string {
  const copy = join(folder, `engine-${engine.version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.unfinished-${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(engine.native, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, copy);
  }
  return copy;
}

/** Makes the data folder and says where everything is; `log` gets one line where that is not `dataFolder`. */
export function choosePlace(
  dataFolder: string,
  engine: Engine,
  log: (line: string) => void,
): Result<Place, EmbeddedRefusal> {
  const found = engineUser();
  if (!found.ok) return found;
  const user = found.value;
  const wanted = resolve(dataFolder);
  let folder = wanted;
  try {
    // The engine's user passes through; the cluster inside is 0700 and the password file 0600.
    mkdirSync(folder, { recursive: true, mode: user === undefined ? 0o700 : 0o711 });
    if (!canEnter(user, folder) || !canEnter(user, join(engine.native, 'bin'))) {
      folder = join(STATE_ROOT, createHash('sha256').update(wanted).digest('hex').slice(0, 16));
      mkdirSync(folder, { recursive: true, mode: 0o711 });
      if (!canEnter(user, folder)) return refuse('NO_RIGHTS', folder);
      log(
        `以 root 运行，数据库放在 Running as root: the database is in ${folder}, because user ${user?.name} cannot reach ${wanted} or the package.`,
      );
    }
    const native = canEnter(user, join(engine.native, 'bin')) ? engine.native : copiedEngine(engine, folder);
    return ok({ folder, native, user });
  } catch (error) {
    return refuseFileError(error, folder);
  }
}

/** File errors that an operator can mend, as refusals; others are thrown on. */
export function refuseFileError(
  error: unknown,
  where: string,
): { readonly ok: false; readonly refusal: EmbeddedRefusal } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return refuse('DISK_FULL', where);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return refuse('NO_RIGHTS', where);
  throw error;
}
