/** One life of a process: pid and start together, because a pid alone is given to another program sooner or later. */
import { readFileSync } from 'node:fs';

/** `start` is in clock ticks since boot, empty where /proc is missing. */
export type Life = { readonly pid: number; readonly start: string };

/** State and start of /proc/PID/stat (fields 3 and 22); the name before them may hold blanks and brackets. */
function statOf(pid: number): { readonly state: string; readonly start: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** Whether the system still knows this pid: also one that we may not signal, and one that only waits to be reaped. */
export function isKnown(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether a process of this pid runs. */
export function isAlive(pid: number): boolean {
  if (!isKnown(pid)) return false;
  const state = statOf(pid)?.state;
  return state !== 'Z' && state !== 'X';
}

/** The life that this pid has now. */
export const lifeOf = (pid: number): Life => ({ pid, start: statOf(pid)?.start ?? '' });

/** Whether that very process still runs. */
export const isSameLife = ({ pid, start }: Life): boolean =>
  isAlive(pid) && (start === '' || statOf(pid)?.start === start);

/** Sends a signal to that very process; false where it is gone or not ours to signal. */
export function signalLife(life: Life, signal: NodeJS.Signals): boolean {
  if (!isSameLife(life)) return false;
  try {
    return process.kill(life.pid, signal);
  } catch {
    return false;
  }
}
