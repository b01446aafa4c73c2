// Real processes: the service as `owners-vote serve`, the processes of its PostgreSQL, and what kills them. Everything is
// addressed by pid.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { present } from '../../src/base/assert.ts';
import type { Site } from './site.ts';
import { postmasterPid } from './site.ts';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for something to become true; the sentence says what was waited for in vain. */
export async function until(
  what: string,
  limitMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  for (const end = Date.now() + limitMs; !(await condition()); await pause(20)) {
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
  }
}

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A service in a process of its own. */
export type Serving = {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** Settles when the process has ended. */
  readonly exit: Promise<Exit>;
  readonly hasEnded: () => boolean;
  /** All that it wrote. */
  readonly said: () => string;
  readonly send: (signal: 'SIGKILL' | 'SIGTERM') => Promise<Exit>;
};

const children = new Set<ChildProcess>();

/** Kills what a failed test has left running. */
export async function endChildren(): Promise<void> {
  const ends = [...children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ends);
}

/** Runs Node in the site's folder. A child with a channel waits for a word of ours. */
function runNode(
  site: Site,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  channel = false,
) {
  const child = spawn(process.execPath, argv, {
    cwd: site.folder,
    env: { ...site.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(channel ? (['ipc'] as const) : [])],
  });
  children.add(child);
  let said = '';
  const text = { stdout: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    text.stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      children.delete(child);
      resolve({ code, signal });
    });
  });
  return { child, exit, said: () => said, stdout: () => text.stdout };
}

type Run = ReturnType<typeof runNode>;

const runCommand = (site: Site, argv: readonly string[]): Run =>
  runNode(site, [join(site.product, 'src/launch.mjs'), ...argv], {});

function servingOf({ child, exit, said }: Run, port: number): Serving {
  let ended = false;
  exit.then(
    () => {
      ended = true;
    },
    () => undefined,
  );
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    exit,
    hasEnded: () => ended,
    said,
    send: async (signal) => {
      child.kill(signal);
      return exit;
    },
  };
}

/** Starts the service as a user does, without waiting for it. */
export function launch(site: Site, port: number): Serving {
  const argv = [join(site.product, 'src/launch.mjs'), 'serve'];
  return servingOf(runNode(site, argv, { PORT: String(port) }), port);
}

const WAIT_FOR_THE_WORD = `import(process.argv[1]).then(({ run }) => {
  process.once('message', () => {
    process.disconnect();
    run(['serve']).then((code) => { process.exitCode = code; });
  });
  process.send('loaded');
});`;

/** A process that has loaded the service's program and has touched nothing yet; `go` lets it serve. */
export type Standby = { readonly go: () => Promise<Serving> };

/** Loads the service's program ahead, since that takes longer than everything that a kill interrupts. */
export function standby(site: Site, port: number): Standby {
  const main = pathToFileURL(join(site.product, 'dist/src/cli/main.js')).href;
  const run = runNode(site, ['-e', WAIT_FOR_THE_WORD, main], { PORT: String(port) }, true);
  const loaded = once(run.child, 'message');
  loaded.catch(() => undefined);
  return {
    go: async () => {
      await Promise.race([loaded, run.exit]);
      if (!run.child.connected) throw new Error(`the service ended: ${run.said()}`);
      run.child.send('go');
      return servingOf(run, port);
    },
  };
}

const START_LIMIT_MS = 120_000;

/** Whether a service says that it is ready. */
export async function isReady(serving: Serving): Promise<boolean> {
  try {
    const response = await fetch(`${serving.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Waits until a service is ready; one that ends instead is an error that repeats its words. */
export async function ready(serving: Serving): Promise<Serving> {
  await until(`the service on ${serving.port} is ready\n${serving.said()}`, START_LIMIT_MS, async () => {
    if (serving.hasEnded()) throw new Error(`the service ended: ${serving.said()}`);
    return isReady(serving);
  });
  return serving;
}

/** Starts the service and waits for it. */
export const serve = (site: Site, port: number): Promise<Serving> => ready(launch(site, port));

/** Runs another command of ours on the site, and answers what it printed. */
export async function command(
  site: Site,
  argv: readonly string[],
): Promise<Exit & { readonly stdout: string; readonly said: string }> {
  const { exit, said, stdout } = runCommand(site, argv);
  return { ...(await exit), stdout: stdout(), said: said() };
}

/** Pids of the processes that a postmaster has made; empty where there is no /proc. */
function childrenOf(parent: number): readonly number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [, parentPid = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(parentPid) === parent) found.push(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** What of a database is killed. */
export type DatabaseTarget = 'every process' | 'the postmaster';

/** Kills the database at once, without a chance to flush anything; answers how many processes were meant. */
export function killDatabase(site: Site, target: DatabaseTarget): number {
  const postmaster = present(postmasterPid(site), 'a database that runs');
  const backends = target === 'every process' ? childrenOf(postmaster) : [];
  for (const pid of [postmaster, ...backends]) killPid(pid);
  return 1 + backends.length;
}
