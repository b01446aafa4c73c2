// Folders for embedded databases, and whatever a test starts on them: everything is ended by its pid when the test or the file is over,
// also after a failure.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, vi } from 'vitest';
import { type EmbeddedRefusal, embeddedSentence } from '../../src/db/embedded/embedded-refusals.ts';
import { clusterProcesses } from '../../src/db/embedded/engine-processes.ts';
import { type Place, stateFolder } from '../../src/db/embedded/engine-user.ts';
import { isSameLife, signalLife } from '../../src/db/embedded/life.ts';
import { type Embedded, type EmbeddedOptions, startEmbedded } from '../../src/db/embedded/supervisor.ts';
import type { Patience } from '../../src/db/embedded/watching.ts';
import { packageRoot } from '../../src/package-root.ts';

export const isRoot = process.getuid?.() === 0;

/** Waits that a test can sit out. */
export const HASTY: Patience = {
  lookMs: 40,
  steadyMs: 400,
  firstPauseMs: 50,
  longestPauseMs: 400,
  failures: 4,
};

const folders: string[] = [];
const running: Embedded[] = [];
const children: ChildProcess[] = [];

/** A place of this folder, for questions about its processes and files. */
export const placeOf = (folder: string): Place => ({ folder, native: '', user: undefined });

async function killAll(folder: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const left = clusterProcesses(placeOf(folder)).filter(isSameLife);
    if (left.length === 0) return;
    for (const life of left) signalLife(life, 'SIGKILL');
    await sleep(20);
  }
}

/** Registers the clean-up; call once at the top of a test file. */
export function cleanUpBoxes(): void {
  // A first start takes seconds where other tests keep the disk busy.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const embedded of running.splice(0)) await embedded.stop();
  });
  afterAll(async () => {
    for (const folder of folders) {
      const data = join(folder, 'data');
      for (const place of [data, stateFolder(data)]) await killAll(place);
      rmSync(stateFolder(data), { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** A folder that is removed at the end, with every database in its `data`. */
export function box(mode = 0o711): string {
  const folder = mkdtempSync(join(tmpdir(), 'ov-embedded-'));
  chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

/** Remembers a child for the end of the test. */
export function minded<C extends ChildProcess>(child: C): C {
  children.push(child);
  return child;
}

/** Starts a database; throws the sentence of a refusal. */
export async function start(
  dataDir: string,
  lines: string[] = [],
  options: Partial<EmbeddedOptions> = {},
): Promise<Embedded> {
  const started = await startEmbedded({ dataDir, log: (line) => lines.push(line), ...options });
  if (!started.ok) throw new Error(embeddedSentence(started.refusal));
  running.push(started.value);
  return started.value;
}

/** The refusal of a start, or undefined where it starts after all. */
export async function refusalOf(
  dataDir: string,
  options: Partial<EmbeddedOptions> = {},
): Promise<EmbeddedRefusal | undefined> {
  const started = await startEmbedded({ dataDir, log: () => undefined, ...options });
  if (started.ok) await started.value.stop();
  return started.ok ? undefined : started.refusal;
}

/** Runs one statement on a connection of its own. */
export async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export type Child = {
  readonly first: Record<string, string>;
  readonly lines: readonly string[];
  readonly numbers: readonly number[];
  readonly child: ChildProcess;
};

/** The program of embedded-child.ts in a process of its own, as another user and under another umask where told. */
export async function startChild(
  dataDir: string,
  options: { readonly uid?: number; readonly gid?: number; readonly umask?: string } = {},
): Promise<Child> {
  const script = join(packageRoot(), 'test/support/embedded-child.ts');
  const command = [process.execPath, '--import', 'tsx', script, dataDir];
  const { umask = '022', ...account } = options;
  const child = minded(
    spawn('/bin/sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command], {
      ...account,
      cwd: packageRoot(),
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const numbers: number[] = [];
  const lines: string[] = [];
  const first = await new Promise<Record<string, string>>((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the child ended: ${lines.join(' ')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) resolve(JSON.parse(line) as Record<string, string>);
      else if (line.startsWith('#')) lines.push(line);
      else numbers.push(Number(line));
    });
  });
  return { first, lines, numbers, child };
}

const gone = (child: ChildProcess): Promise<unknown> =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.on('exit', resolve))
    : Promise.resolve();

/** kill -9, and waits for the end. */
export async function killAndWait(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await gone(child);
}

/** Lets a child stop its database and end. */
export async function endChild({ child }: Child): Promise<void> {
  child.stdin?.end();
  await gone(child);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `condition` holds, at most `limitMs`. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  for (const end = performance.now() + limitMs; !(await condition()); await sleep(20)) {
    if (performance.now() > end) throw new Error(`waited in vain for ${condition.toString()}`);
  }
}

/** Pid that postmaster.pid names; NaN where there is no file. */
export function pidOf(folder: string): number {
  try {
    return Number(readFileSync(join(folder, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return Number.NaN;
  }
}

/** How many processes run on the cluster of a folder. */
export const processesOf = (folder: string): number => clusterProcesses(placeOf(folder)).length;
