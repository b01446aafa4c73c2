/**
 * Which process answers for the postmaster of a data folder. The lock file names it by pid and start time, so that a lock
 * left by a killed process is told from a living one even where the pid is in use again.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Whether a process of this pid exists; one that we may not signal exists too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The start of a process in clock ticks since boot (field 22 of /proc/PID/stat), empty where /proc is missing. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const mine = (): string => `${process.pid} ${startOf(process.pid)}`;

function holderLives(text: string): boolean {
  const [pid = '', start = ''] = text.split(' ');
  return isAlive(Number(pid)) && (start === '' || startOf(Number(pid)) === start);
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Creates `file` with our name in it, whole; false where it exists. */
function create(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, mine(), { mode: 0o600 });
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

/** Removes the lock that `dead` describes; puts back what another process wrote in between. */
function removeDead(file: string, dead: string): void {
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

/** Takes the lock, or says false where a living process (this one too) holds it. */
export function takeLock(file: string): boolean {
  for (let round = 0; round < 3; round += 1) {
    if (create(file)) return true;
    const holder = read(file);
    if (holder !== undefined && holderLives(holder)) return false;
    if (holder !== undefined) removeDead(file, holder);
  }
  return false;
}

/** Gives the lock back, if it is ours. */
export function dropLock(file: string): void {
  if (read(file) === mine()) rmSync(file, { force: true });
}
