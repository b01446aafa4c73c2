/**
 * Which processes are PostgreSQL on this very cluster, told by name and working folder. A pid in a file is only a claim: no process is
 * signalled because a file names it.
 */
import { existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { clusterFolder } from './cluster.ts';
import type { Place } from './engine-user.ts';
import { isAlive, isSameLife, type Life, lifeOf, signalLife } from './life.ts';

/** `unknown`: no /proc, or another user's process that we may not look at. */
export type Kind = 'ours' | 'other' | 'gone' | 'unknown';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

function folderOf(pid: number): Stats | 'gone' | 'unknown' {
  try {
    return statSync(`/proc/${pid}/cwd`);
  } catch (error) {
    return codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM' ? 'unknown' : 'gone';
  }
}

/** What the process of this pid is to the cluster. */
export function kindOf(place: Place, pid: number): Kind {
  if (!isAlive(pid)) return 'gone';
  if (process.platform !== 'linux') return 'unknown';
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return 'other';
  } catch {
    return isAlive(pid) ? 'unknown' : 'gone';
  }
  const folder = folderOf(pid);
  if (typeof folder === 'string') return folder;
  const path = clusterFolder(place);
  const cluster = existsSync(path) ? statSync(path) : undefined;
  return folder.ino === cluster?.ino && folder.dev === cluster.dev ? 'ours' : 'other';
}

/** All processes of the cluster: a postmaster, or the children that a killed one left behind. */
export function clusterProcesses(place: Place): readonly Life[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => kindOf(place, pid) === 'ours')
    .map(lifeOf);
}

/** Children end by themselves once they see that their postmaster is dead, but one in a long statement sees it late. */
const REMAINS_LIMITS_MS = [
  [undefined, 5_000],
  ['SIGQUIT', 3_000],
  ['SIGKILL', 3_000],
] as const;

/** Waits until no process of the cluster is left, and ends what does not go; false where something stays. */
export async function clearRemains(place: Place): Promise<boolean> {
  for (const [signal, limitMs] of REMAINS_LIMITS_MS) {
    const remains = clusterProcesses(place);
    if (signal !== undefined) for (const life of remains) signalLife(life, signal);
    for (let waited = 0; waited <= limitMs; waited += 50) {
      if (!remains.some(isSameLife)) break;
      await pause(50);
    }
    if (clusterProcesses(place).length === 0) return true;
  }
  return false;
}
