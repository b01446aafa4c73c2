// Runs the outside log client on a log, as a third party would: a process of its own that is given an address or a folder,
// the log's verifier key, and what was kept from earlier. Imports nothing of ours, so that any test may use it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLIENT = fileURLToPath(new URL('log_client.py', import.meta.url));
const PYTHON = 'python3';
/** No environment, no installed packages, no files left behind: what runs is the standard library and these files. */
const ISOLATED = ['-E', '-s', '-S', '-B'];
const DEFAULT_TIMEOUT_MS = 120_000;

/** A receipt as it is handed out: the text of the tlog-proof and the bytes of the entry that it proves. */
export type OutsideReceipt = { readonly proof: string | Uint8Array; readonly entry: Uint8Array };

/** What the client is asked to check. Without `url` and `dir` it checks the receipts alone. */
export type OutsideCheck = {
  /** The log's prefix over HTTP, such as `http://127.0.0.1:8080/log`: `checkpoint` and `tile/…` lie below it. */
  readonly url?: string;
  /** A folder that holds `checkpoint` and `tile/…`. */
  readonly dir?: string;
  /** The log's verifier key (C2SP), from outside the log. */
  readonly vkey: string;
  /** The origin line; without it the name in `vkey`. */
  readonly origin?: string;
  /** Verifier keys of witnesses (type 0x04). */
  readonly witnesses?: readonly string[];
  /** How many of them must have cosigned; without it all that are given. */
  readonly quorum?: number;
  /** A signed checkpoint, or several, that were kept earlier: the log must contain each of them. */
  readonly formerCheckpoint?: string | Uint8Array | readonly (string | Uint8Array)[];
  readonly receipts?: readonly OutsideReceipt[];
  /** Entries that must be in the log, as bytes. */
  readonly entries?: readonly Uint8Array[];
  /** Leaf hashes that must be in the log, 64 hex digits each, such as acknowledgements promise. */
  readonly leaves?: readonly string[];
  readonly timeoutMs?: number;
};

/** `code` 0: every check held; 1: the log, or a receipt, is refused; 2: it could not be checked. `out` has a line a check. */
export type OutsideAnswer = { readonly code: number; readonly out: string };

/** The interpreter itself: what stands in the search path may be a script that looks for it each time. */
let interpreter: Promise<string> | undefined;
async function interpreterOf(): Promise<string> {
  interpreter ??= (async () => {
    const { code, out } = await run(PYTHON, ['-c', 'import sys; print(sys.executable)'], DEFAULT_TIMEOUT_MS);
    return code === 0 ? out.trim() : PYTHON;
  })();
  return interpreter;
}

async function run(program: string, args: readonly string[], timeoutMs: number): Promise<OutsideAnswer> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code === null ? { code: 2, out: `${out}ended after ${timeoutMs} ms\n` } : { code, out };
  } finally {
    clearTimeout(timer);
  }
}

/** Runs Python with these arguments and answers its exit code with all that it wrote; ends it when the time is over. */
export async function runPython(
  args: readonly string[],
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<OutsideAnswer> {
  return run(await interpreterOf(), [...ISOLATED, ...args], timeoutMs);
}

const VERSION = 'import sys; sys.exit(0 if sys.version_info >= (3, 9) else 3)';
const MISSING = 'the outside log client is not run: this machine has no python3 of version 3.9 or later';

/** Whether this machine has a Python that can run the client; where it has none a line says so, and with CI=true that is a failure. */
export async function pythonHere(): Promise<boolean> {
  const found = await runPython(['-c', VERSION]).then(
    ({ code }) => code === 0,
    () => false,
  );
  if (!found && process.env['CI'] === 'true') throw new Error(MISSING);
  if (!found) process.stderr.write(`${MISSING}\n`);
  return found;
}

function listOf<T>(given: T | readonly T[] | undefined): readonly T[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? (given as readonly T[]) : [given as T];
}

/** The client's arguments; what it reads from files is written below `folder`. */
function argumentsOf(check: OutsideCheck, folder: string): readonly string[] {
  const args = ['--vkey', check.vkey];
  const keep = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  if (check.url !== undefined) args.push('--url', check.url);
  if (check.dir !== undefined) args.push('--dir', check.dir);
  if (check.origin !== undefined) args.push('--origin', check.origin);
  for (const witness of check.witnesses ?? []) args.push('--witness', witness);
  if (check.quorum !== undefined) args.push('--quorum', String(check.quorum));
  const formers = listOf<string | Uint8Array>(check.formerCheckpoint);
  formers.forEach((note, i) => {
    args.push('--former', keep(`former-${i}`, note));
  });
  check.receipts?.forEach(({ proof, entry }, i) => {
    args.push('--receipt', keep(`receipt-${i}.tlog-proof`, proof), keep(`receipt-${i}.entry`, entry));
  });
  check.entries?.forEach((entry, i) => {
    args.push('--entry', keep(`entry-${i}`, entry));
  });
  if (check.leaves !== undefined && check.leaves.length > 0) {
    args.push('--leaves', keep('leaves', check.leaves.map((leaf) => `${leaf}\n`).join('')));
  }
  return args;
}

/** Checks a log, or receipts, from outside. */
export async function checkLogOutside(check: OutsideCheck): Promise<OutsideAnswer> {
  const folder = mkdtempSync(join(tmpdir(), 'owners-vote-outside-'));
  try {
    return await runPython([CLIENT, ...argumentsOf(check, folder)], check.timeoutMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
