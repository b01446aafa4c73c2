/** The cluster on disk: its passwords, made once, and initdb, whole or not at all. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import { asUser, makePrivateFolder, type Place, refuseFileError } from './engine-user.ts';

/** Login names inside the cluster; the superuser stays with the supervisor. */
export const SUPERUSER = 'owners_vote_super';
export const OWNER = 'owners_vote_owner';
export const APP = 'owners_vote_app';
export const DATABASE = 'owners_vote';

/** Passwords, 192 random bits each. */
export type Passwords = { readonly superuser: string; readonly owner: string; readonly app: string };

/** A new cluster takes 39 MB, its first WAL and a copied engine some more. */
const NEEDED_BYTES = 200_000_000;

export const clusterFolder = (place: Place): string => join(place.folder, 'pg');
export const passwordFile = (place: Place): string => join(place.folder, 'pg-passwords.json');

/** Makes names and contents outlast a power failure: PostgreSQL does so with its own files, these are ours. */
function flush(path: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function parsePasswords(text: string): Passwords | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('superuser' in value && 'owner' in value && 'app' in value)) return undefined;
  const { superuser, owner, app } = value;
  if (typeof superuser !== 'string' || typeof owner !== 'string' || typeof app !== 'string') return undefined;
  return { superuser, owner, app };
}

/** The passwords of this place; made where there is no cluster yet. */
export function passwordsOf(place: Place): Result<Passwords, EmbeddedRefusal> {
  const file = passwordFile(place);
  try {
    if (!existsSync(file) && !existsSync(clusterFolder(place))) {
      const [superuser, owner, app] = [0, 1, 2].map(() => randomBytes(24).toString('base64url'));
      const draft = `${file}.${process.pid}`;
      writeFileSync(draft, JSON.stringify({ superuser, owner, app }), { mode: 0o600 });
      flush(draft);
      // A link fails where the file has appeared meanwhile, so two first starts agree on one set.
      try {
        linkSync(draft, file);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      } finally {
        rmSync(draft);
      }
      flush(place.folder);
    }
    const passwords = existsSync(file) ? parsePasswords(readFileSync(file, 'utf8')) : undefined;
    return passwords === undefined ? refuse('LOGIN_FILE_MISSING', file) : ok(passwords);
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('LOGIN_FILE_MISSING', file);
    return refuseFileError(error, file);
  }
}

/** Runs a short program of the engine; resolves with its exit code and what it said. */
function runTool(
  place: Place,
  name: string,
  args: readonly string[],
): Promise<{ code: number; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(place.native, 'bin', name), args, {
      ...asUser(place.user),
      cwd: place.folder,
      // Ctrl-C at a first start lets it finish and then stops in good order.
      detached: true,
      windowsHide: true,
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

/** The last line that a program said, for a sentence. */
export const lastLine = (said: string): string => said.trim().split('\n').at(-1)?.trim() ?? '';

async function initialise(
  place: Place,
  passwords: Passwords,
  draft: string,
): Promise<Result<true, EmbeddedRefusal>> {
  makePrivateFolder(draft, place.user);
  const secret = join(draft, 'password');
  writeFileSync(secret, passwords.superuser, { mode: 0o600 });
  if (place.user !== undefined) chownSync(secret, place.user.uid, place.user.gid);
  const { code, said } = await runTool(place, 'initdb', [
    ...[
      '-D',
      join(draft, 'cluster'),
      '-U',
      SUPERUSER,
      '-A',
      'scram-sha-256',
      `--pwfile=${secret}`,
      '-E',
      'UTF8',
    ],
    // The engine's own C.UTF-8 needs no locale of the system.
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums'],
  ]);
  if (code === 0) return ok(true);
  const known = refusalSaid(said, place.folder);
  return known === undefined ? refuse('ENGINE_FAILED', lastLine(said)) : { ok: false, refusal: known };
}

/** What a program of the engine said of the disk or of its rights. */
export function refusalSaid(said: string, where: string): EmbeddedRefusal | undefined {
  if (/No space left on device|Disk quota exceeded/.test(said)) return { code: 'DISK_FULL', where };
  if (/Read-only file system/.test(said)) return { code: 'READ_ONLY', where };
  if (/Permission denied|EACCES|has wrong ownership|has invalid permissions/.test(said))
    return { code: 'NO_RIGHTS', where };
  return undefined;
}

/** Removes what killed first starts left; nobody else makes a cluster here, since we hold the folder's lock. */
function sweepUnfinished(place: Place): void {
  for (const name of readdirSync(place.folder)) {
    if (name.startsWith('pg.unfinished-'))
      rmSync(join(place.folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes the cluster where there is none, and refuses one of another major version. */
export async function ensureCluster(
  place: Place,
  passwords: Passwords,
  major: number,
  log: (line: string) => void,
): Promise<Result<true, EmbeddedRefusal>> {
  const folder = clusterFolder(place);
  try {
    if (existsSync(folder)) {
      const file = join(folder, 'PG_VERSION');
      if (!existsSync(file)) return refuse('DATA_DAMAGED', folder);
      const found = readFileSync(file, 'utf8').trim();
      const says = `${folder} is of PostgreSQL ${found}, the engine is ${major}`;
      return found === String(major) ? ok(true) : refuse('WRONG_DATA_VERSION', says);
    }
    const { bavail, bsize } = statfsSync(place.folder);
    if (bavail * bsize < NEEDED_BYTES) return refuse('DISK_FULL', place.folder);
    log(`首次启动，正在建立数据库 First start: making the database in ${folder}.`);
    sweepUnfinished(place);
    const draft = `${folder}.unfinished-${process.pid}`;
    const made = await initialise(place, passwords, draft);
    if (made.ok) {
      chmodSync(join(draft, 'cluster'), 0o700);
      renameSync(join(draft, 'cluster'), folder);
      flush(place.folder);
    }
    rmSync(draft, { recursive: true, force: true });
    return made;
  } catch (error) {
    return refuseFileError(error, folder);
  }
}
