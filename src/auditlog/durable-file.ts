/** Small files that must survive a crash whole: written beside, synced, renamed over, and the folder synced (SPEC 7.1). */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The steps that reach the disk, each whole or an error; the disk of this machine, or another that keeps the same promises. */
export type Disk = {
  /** The content of a file, undefined where there is none. */
  readonly read: (path: string) => Uint8Array | undefined;
  /** Makes a new file, for its owner only, and syncs its content. */
  readonly writeNew: (path: string, content: Uint8Array) => void;
  readonly rename: (from: string, to: string) => void;
  /** Makes the names of a folder durable. */
  readonly syncFolder: (path: string) => void;
  /** The names in a folder. */
  readonly list: (path: string) => readonly string[];
  /** Removes a file; one that is gone already is no error. */
  readonly remove: (path: string) => void;
};

/** The content of a file, undefined where there is none. Throws where it cannot be read. */
export function readIfPresent(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeNew(path: string, content: Uint8Array): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Windows cannot open folders, and needs no sync of them. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The disk of this machine. */
export const machineDisk: Disk = {
  read: readIfPresent,
  writeNew,
  rename: renameSync,
  syncFolder,
  list: (path) => readdirSync(path),
  remove: (path) => rmSync(path, { force: true }),
};

const ATTEMPT = '.new-';

/** The unfinished attempts at a file, by their paths. */
const attemptsAt = (path: string, disk: Disk): readonly string[] =>
  disk
    .list(dirname(path))
    .filter((name) => name.startsWith(`${basename(path)}${ATTEMPT}`))
    .map((name) => join(dirname(path), name));

/** Tells whether a file may be replaced, given its content at that moment. */
export type MayReplace = (current: Uint8Array | undefined) => boolean;

/**
 * Replaces a file where `may` still allows it; true where it was replaced, and then the new content is on the disk. Throws where
 * the file cannot be written, or where another writer was quicker; then the old content or the other's stands.
 *
 * Attempts have names of their own, and whoever has renamed his own removes the others', so that an attempt that was held up
 * between its look and its rename cannot come late: either its look saw the newer file, or its name is gone.
 */
export function replaceFileIf(path: string, content: Uint8Array, may: MayReplace, disk: Disk): boolean {
  const attempt = `${path}${ATTEMPT}${randomBytes(8).toString('hex')}`;
  try {
    disk.writeNew(attempt, content);
    if (!may(disk.read(path))) {
      disk.remove(attempt);
      return false;
    }
    disk.rename(attempt, path);
  } catch (error) {
    tryRemove(attempt, disk);
    throw error;
  }
  disk.syncFolder(dirname(path));
  for (const left of attemptsAt(path, disk)) disk.remove(left);
  // An attempt that looked before our rename may have renamed before it was removed: what stands now may be older than ours.
  const now = disk.read(path);
  if (now === undefined || !Buffer.from(now).equals(content)) {
    throw new Error(`another writer was at ${basename(path)} at the same time`);
  }
  return true;
}

/** What a failed attempt leaves is removed by the next one, too. */
function tryRemove(path: string, disk: Disk): void {
  try {
    disk.remove(path);
  } catch {
    // The error that made the attempt fail says more.
  }
}

/** Replaces a file whatever it holds; after the return the new content is on the disk. */
export function replaceFile(path: string, content: Uint8Array, disk: Disk = machineDisk): void {
  replaceFileIf(path, content, () => true, disk);
}
