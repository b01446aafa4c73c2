/**
 * Who runs PostgreSQL and where: it refuses uid 0, so a root process hands it to `postgres` or `nobody`, and moves to
 * /var/lib/owners-vote where that user cannot reach the data folder or the package (DESIGN §6).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { EmbeddedRefusal, EmbeddedRefusalCode } from './embedded-refusals.ts';
import { canRun, copiedEngine } from './engine-copy.ts';
import type { Engine } from './platform-package.ts';

/** The account that owns the cluster; undefined means this process's own. */
export type EngineUser = { readonly name: string; readonly uid: number; readonly gid: number } | undefined;

/** The folder that holds cluster and passwords, and the binaries that the engine's user can run. */
export type Place = {
  readonly folder: string;
  readonly native: string;
  readonly user: EngineUser;
};

function idOf(flag: '-u' | '-g' | '-un', name: string): string | undefined {
  const asked = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

const NAMES: readonly string[] = ['postgres', 'nobody'];

/** The owner of a cluster that stands already: an account that came later could not open it. */
function ownerOf(cluster: string): EngineUser {
  const found = existsSync(cluster) ? statSync(cluster) : undefined;
  if (found === undefined || found.uid === 0) return undefined;
  return { name: idOf('-un', String(found.uid)) ?? String(found.uid), uid: found.uid, gid: found.gid };
}

/** The account for PostgreSQL: this one, unless this is root. */
export function engineUser(cluster: string): Result<EngineUser, EmbeddedRefusal> {
  if (process.getuid?.() !== 0) return ok(undefined);
  const owner = ownerOf(cluster);
  if (owner !== undefined) return ok(owner);
  for (const name of NAMES) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)].map((id) => Number(id ?? 0));
    if (uid !== undefined && gid !== undefined && uid > 0 && gid > 0) return ok({ name, uid, gid });
  }
  return refuse('NO_RIGHTS', 'uid 0 (there is no user postgres or nobody to run it)');
}

/** Uid and gid for a child process. */
export const asUser = (user: EngineUser): { readonly uid?: number; readonly gid?: number } =>
  user === undefined ? {} : { uid: user.uid, gid: user.gid };

/** Whether the engine's user can pass into `folder`, told by trying it: modes, ACLs and mounts all count. */
export function canEnter(user: EngineUser, folder: string): boolean {
  if (user === undefined) return true;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...asUser(user), cwd: '/' }).status === 0;
}

/** A folder of the engine's user's own, closed to everybody else. */
export function makePrivateFolder(folder: string, user: EngineUser): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  if (process.platform !== 'win32') chmodSync(folder, 0o700);
}

/** Makes `folder` where it is missing. The engine's user passes through what is new, whatever the umask. */
function makePassage(folder: string, user: EngineUser): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined || user === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o711);
}

const STATE_ROOT = '/var/lib/owners-vote';

/** Where everything is that root cannot keep in `wanted`. */
export const stateFolder = (wanted: string): string =>
  join(STATE_ROOT, createHash('sha256').update(wanted).digest('hex').slice(0, 16));

/** Makes the data folder and says where everything is; `log` gets one line where that is not `dataFolder`. */
export function choosePlace(
  dataFolder: string,
  engine: Engine,
  log: (line: string) => void,
): Result<Place, EmbeddedRefusal> {
  const wanted = resolve(dataFolder);
  const elsewhere = stateFolder(wanted);
  // A database that was moved once stays where it is, also when its folder has been opened since.
  const moved = !existsSync(join(wanted, 'pg')) && existsSync(join(elsewhere, 'pg'));
  let folder = moved ? elsewhere : wanted;
  const found = engineUser(join(folder, 'pg'));
  if (!found.ok) return found;
  const user = found.value;
  try {
    makePassage(folder, user);
    const runs = canRun(engine.native, asUser(user));
    if (user !== undefined && !moved && !(runs && canEnter(user, folder))) {
      folder = elsewhere;
      makePassage(folder, user);
    }
    if (!canEnter(user, folder)) return refuse('NO_RIGHTS', folder);
    if (folder !== wanted && user !== undefined) {
      log(
        `以 root 运行，数据库放在 Running as root: the database is in ${folder}, because user ${user.name} cannot reach ${wanted} or the package.`,
      );
    }
    return ok({
      folder,
      native: engine.isWhole && runs ? engine.native : copiedEngine(engine, folder),
      user,
    });
  } catch (error) {
    return refuseFileError(error, folder);
  }
}

const REFUSAL_OF: Readonly<Record<string, EmbeddedRefusalCode>> = {
  ENOSPC: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
  EROFS: 'READ_ONLY',
  EACCES: 'NO_RIGHTS',
  EPERM: 'NO_RIGHTS',
  ENOTDIR: 'NOT_A_FOLDER',
  EEXIST: 'NOT_A_FOLDER',
};

/** File errors that an operator can mend, as refusals that name the file; others are thrown on. */
export function refuseFileError(
  error: unknown,
  where: string,
): { readonly ok: false; readonly refusal: EmbeddedRefusal } {
  if (!(error instanceof Error && 'code' in error)) throw error;
  const code = REFUSAL_OF[String(error.code)];
  if (code === undefined) throw error;
  return refuse(code, 'path' in error && typeof error.path === 'string' ? error.path : where);
}
