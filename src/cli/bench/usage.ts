/** What processes use: CPU in µs and memory in bytes, of this process and of a database server beside it. */
import { readdirSync, readFileSync } from 'node:fs';

export type Usage = { readonly cpuUs: number; readonly rssBytes: number; readonly heapBytes: number };

/** What this process has used so far. */
export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuUs: user + system, rssBytes: rss, heapBytes: heapUsed };
}

/** Linux counts CPU in hundredths of a second for every program since its beginning. */
const TICK_US = 10_000;

function ticksOf(pid: string): { readonly parent: number; readonly ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold anything; what follows its last parenthesis is numbers.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
    return { parent: fields[1] ?? 0, ticks: user + system + childUser + childSystem };
  } catch {
    return undefined;
  }
}

/** The process that started another, or undefined. */
export const parentOf = (pid: number): number | undefined => ticksOf(String(pid))?.parent;

/** CPU of a server process and its children so far, in µs; undefined where /proc does not tell. */
export function serverCpuUs(pid: number): number | undefined {
  const own = ticksOf(String(pid));
  if (own === undefined) return undefined;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(ticksOf)
    .filter((each) => each?.parent === pid);
  return children.reduce((sum, each) => sum + (each?.ticks ?? 0), own.ticks) * TICK_US;
}
