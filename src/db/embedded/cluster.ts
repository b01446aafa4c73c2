/** The cluster on disk: its passwords, made once, and initdb, whole or not at all. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
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
const NO_SPACE = /No space left on device|Disk quota exceeded/;

export const clusterFolder = (place: Place): string => join(place.folder, 'pg');
export const passwordFile = (place: Place): string => join(place.folder, 'pg-passwords.json');

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
      // A link fails where the file has appeared meanwhile, so two first starts agree on one set.
      try {
        linkSync(draft, file);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      } finally {
        rmSync(draft);
      }
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
  if (NO_SPACE.test(said)) return refuse('DISK_FULL', place.folder);
  if (/Permission denied/.test(said)) return refuse('NO_RIGHTS', place.folder);
  return refuse('ENGINE_FAILED', lastLine(said));
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
      const found = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
      const says = `${folder} is of PostgreSQL ${found}, the engine is ${major}`;
      return found === String(major) ? ok(true) : refuse('WRONG_DATA_VERSION', says);
    }
    const { bavail, bsize } = statfsSync(place.folder);
    if (bavail * bsize < NEEDED_BYTES) return refuse('DISK_FULL', place.folder);
    log(`首次启动，正在建立数据库 First start: making the database in ${folder}.`);
    const draft = `${folder}.unfinished-${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    const made = await initialise(place, passwords, draft);
    if (made.ok) {
      chmodSync(join(draft, 'cluster'), 0o700);
      renameSync(join(draft, 'cluster'), folder);
    }
    rmSync(draft, { recursive: true, force: true });
    return made;
  } catch (error) {
    return refuseFileError(error, folder);
  }
}
