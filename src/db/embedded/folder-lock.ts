/**
 * Which process answers for the postmaster of a data folder. The lock file names it by pid, start and boot, so that a lock
 * left by a killed process is told from a living one even where the pid is in use again.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isSameLife, type Life, lifeOf } from './life.ts';

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Starts are counted from the boot, so they say nothing after another one; empty where the system does not tell. */
const bootId = (): string => read('/proc/sys/kernel/random/boot_id')?.trim() ?? '';

const mine = (): string => {
  const { pid, start } = lifeOf(process.pid);
  return `${pid} ${start} ${bootId()}`;
};

function livingHolder(text: string): Life | undefined {
  const [pid = '', start = '', boot = ''] = text.split(' ');
  const life = { pid: Number(pid), start };
  return (boot === '' || boot === bootId()) && isSameLife(life) ? life : undefined;
}

/** The living process that holds the lock. */
export function lockHolder(file: string): Life | undefined {
  const text = read(file);
  return text === undefined ? undefined : livingHolder(text);
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Creates `file` with our name in it, whole; false where it exists. */
function create(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, mine(), { mode: 0o644 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves away the file that `dead` describes; puts back what another process wrote in between. */
function moveAside(file: string, dead: string): void {
  const aside = `${file}.dead-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== dead) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}

/** Removes the lock that `dead` describes. One process removes at a time, so that none removes the lock of the one before. */
function removeDead(file: string, dead: string): void {
  const marker = `${file}.removal`;
  if (!create(marker)) {
    const remover = read(marker);
    if (remover !== undefined && livingHolder(remover) === undefined) moveAside(marker, remover);
    return;
  }
  try {
    if (read(file) === dead) rmSync(file, { force: true });
  } finally {
    rmSync(marker, { force: true });
  }
}

/** Takes the lock, or says false where a living process (this one too) holds it; file errors are thrown. */
export function takeLock(file: string): boolean {
  for (let round = 0; round < 3; round += 1) {
    if (create(file)) return true;
    const holder = read(file);
    if (holder !== undefined && livingHolder(holder) !== undefined) return false;
    if (holder !== undefined) removeDead(file, holder);
  }
  return false;
}

/** Gives the lock back, if it is ours. */
export function dropLock(file: string): void {
  if (read(file) === mine()) rmSync(file, { force: true });
}

/** What one start has of a lock; `take` and `takeFree` say whether it is held. */
export type LockClaim = { take(): boolean; takeFree(): boolean; isHeld(): boolean; drop(): void };

/** A claim to the lock of `file`: dropping it leaves a lock alone that another start of this process holds. */
export function lockClaim(file: string): LockClaim {
  let held = false;
  const take = (): boolean => {
    held ||= takeLock(file);
    return held;
  };
  return {
    take,
    /** A disk that cannot be written is no reason to fall over: the next look asks again. */
    takeFree() {
      try {
        return held || (lockHolder(file) === undefined && take());
      } catch {
        return false;
      }
    },
    isHeld: () => held,
    drop() {
      if (held) dropLock(file);
      held = false;
    },
  };
}
