/** Where the server's socket lies: in a closed folder, on a path that fits into a socket address (DESIGN §6). */
import { createHash } from 'node:crypto';
import { chmodSync, lchownSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import { canEnter, makePrivateFolder, type Place, refuseFileError } from './engine-user.ts';

/** The number in the socket's name. */
export const SOCKET_PORT = 5432;

/** sockaddr_un has 108 bytes on Linux and 104 on macOS, with the closing zero and the file's own name. */
const SOCKET_PATH_BYTES = 103;

const fits = (folder: string): boolean =>
  Buffer.byteLength(join(folder, `.s.PGSQL.${SOCKET_PORT}`)) <= SOCKET_PATH_BYTES;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
/** The common folder is not for us to write, or not there. */
const ELSEWHERE: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'];

/** Makes a closed folder in one that everybody writes to; false where that cannot be, or somebody else took the name first. */
function claimFolder(folder: string, place: Place): boolean {
  const uid = place.user?.uid ?? process.getuid?.();
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (place.user !== undefined) lchownSync(folder, place.user.uid, place.user.gid);
    return true;
  } catch (error) {
    if (ELSEWHERE.includes(codeOf(error))) return false;
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid) return false;
  chmodSync(folder, 0o700);
  return true;
}

/** The socket's folder: inside the place, or a short one of our own where that path is too long. */
export function socketFolder(place: Place): Result<string, EmbeddedRefusal> {
  const beside = join(place.folder, 'run');
  const name = `ov-${createHash('sha256').update(place.folder).digest('hex').slice(0, 16)}`;
  let tried = beside;
  try {
    if (fits(beside)) {
      makePrivateFolder(beside, place.user);
      return ok(beside);
    }
    for (const common of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
      const short = join(common, name);
      if (!fits(short) || !canEnter(place.user, common)) continue;
      tried = short;
      if (claimFolder(short, place)) return ok(short);
    }
    return refuse('NO_RIGHTS', tried);
  } catch (error) {
    return refuseFileError(error, tried);
  }
}
