// A disk of its own for a test: a small tmpfs where the test runs as root and may mount, which is filled, made read-only and freed.
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const isQuiet = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const probe = mkdtempSync(join(tmpdir(), 'owners-vote-mount-'));
  try {
    return isQuiet('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]) && isQuiet('umount', [probe]);
  } finally {
    rmdirSync(probe);
  }
}

/** Whether a test may mount; where not, its title says why it is skipped. */
export const canMount = mayMount();
export const WITHOUT_MOUNT = canMount ? '' : ' (skipped: only root may mount a small disk here)';

const mounted: string[] = [];
/** Ends every mount of a file, also after a failure; call once at the top of a test file. */
export function cleanUpDisks(): void {
  afterAll(() => {
    for (const folder of mounted.splice(0)) isQuiet('umount', ['-l', folder]);
  });
}

const fillerIn = (folder: string): string => join(folder, 'filler');

/** Mounts a disk of this size on a folder that exists. */
export function mountDisk(folder: string, size: string, mode: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=${mode}`, 'tmpfs', folder]);
  mounted.push(folder);
}

export function unmountDisk(folder: string): void {
  execFileSync('umount', [folder]);
  mounted.splice(mounted.indexOf(folder), 1);
}

/** Writes until nothing goes in any more, the last bytes one by one. */
export function fillDisk(folder: string): void {
  const file = openSync(fillerIn(folder), 'a');
  try {
    for (let size = 1 << 20; size >= 1; size = Math.floor(size / 2))
      writeUntilFull(file, Buffer.alloc(size, 1));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, block: Buffer): void {
  try {
    for (;;) if (writeSync(file, block) < block.length) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

export const freeDisk = (folder: string): void => rmSync(fillerIn(folder), { force: true });

export const remount = (folder: string, how: 'ro' | 'rw'): void => {
  execFileSync('mount', ['-o', `remount,${how}`, folder]);
};

/** Makes a file system in a file, which a folder can be mounted from; false where the machine has no means to. */
export function makeImage(file: string, mebibytes: number): boolean {
  closeSync(openSync(file, 'w'));
  truncateSync(file, mebibytes * 1_048_576);
  return isQuiet('mkfs.ext4', ['-q', '-F', '-m', '0', file]);
}

/** Mounts such a file; false where the machine has no loop device. */
export function mountImage(file: string, folder: string): boolean {
  if (!isQuiet('mount', ['-o', 'loop', file, folder])) return false;
  mounted.push(folder);
  return true;
}

/** What the kernel does when the disk below fails: nothing more is written, also not through files that are open. */
export const abortImage = (folder: string): void => {
  execFileSync('mount', ['-o', 'remount,abort', folder]);
};

/** Repairs the file system of an image that is not mounted, as its operator would. */
export const repairImage = (file: string): void => {
  spawnSync('fsck.ext4', ['-p', file], { stdio: 'ignore' });
};
