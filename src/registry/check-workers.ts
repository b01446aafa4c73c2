/**
 * Register files are checked in workers: whatever a file is, it costs a bounded time and memory of a thread of its own, and every other
 * request is answered meanwhile (DESIGN §7, docs/decisions/workbooks.md).
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { assert } from '../base/assert.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { packageRoot } from '../package-root.ts';
import type { CheckTask } from './check-worker.ts';
import type { ImportSettings, RegisterCheck } from './domain/import-check.ts';
import { refusedCheck } from './domain/import-check.ts';

/** What the checks of one process may take. */
export type CheckLimits = {
  /** Workers at once. */
  readonly workers: number;
  /** Files that wait for one of them; what comes beyond is refused. */
  readonly waiting: number;
  readonly timeMs: number;
  /** Of V8's two generations; a workbook is unpacked in chunks beside them. */
  readonly oldMiB: number;
  readonly youngMiB: number;
};

/** Who waits longest has his answer after 40 of the 60 s that the routes give. */
const LIMITS: CheckLimits = { workers: 2, waiting: 2, timeMs: 20_000, oldMiB: 256, youngMiB: 32 };

export type FileChecks = {
  /** The check of a file, which stays the caller's; REG-F018 and REG-F019 say that it took too much. */
  readonly check: (
    file: Uint8Array,
    settings: ImportSettings,
  ) => Promise<Result<RegisterCheck, Refusal<'SERVICE_BUSY'>>>;
  /** Ends what is under way and refuses what waits. */
  readonly close: () => Promise<void>;
};

/** A thread loads no TypeScript in Node 20, so sources and tests too run the worker that was built (`npm test` builds first). */
const program = (): string => join(packageRoot(), 'dist', 'src', 'registry', 'check-worker.js');

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

function startWorker({ file, settings }: CheckTask, { oldMiB, youngMiB }: CheckLimits): Worker {
  // The import seals the file afterwards, so one copy is made, and handed over instead of being copied twice more.
  const copy = Uint8Array.from(file);
  return new Worker(program(), {
    workerData: { file: copy, settings } satisfies CheckTask,
    transferList: [copy.buffer],
    // Whatever the process was started with, such as a loader of sources, is not for what was built.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: oldMiB, maxYoungGenerationSizeMb: youngMiB },
  });
}

/** What a worker found; undefined where it was ended from outside. Rejects with an error of ours. */
function answerOf(worker: Worker, timeMs: number): Promise<RegisterCheck | undefined> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      void worker.terminate();
    }, timeMs);
    worker.once('message', resolve);
    worker.once('error', (error) => {
      if (isOutOfMemory(error)) resolve(refusedCheck('REG-F019'));
      else reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve(isLate ? refusedCheck('REG-F018') : undefined);
    });
  });
}

/** The checks of one process. */
export function fileChecks(limits: CheckLimits = LIMITS): FileChecks {
  const running = new Set<Worker>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  let isClosed = false;

  const place = async (): Promise<boolean> => {
    if (taken < limits.workers) {
      taken += 1;
      return true;
    }
    if (waiting.length >= limits.waiting) return false;
    // Whoever leaves hands his place on.
    await new Promise<void>((resolve) => waiting.push(resolve));
    return true;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  };
  const run = async (task: CheckTask) => {
    const worker = startWorker(task, limits);
    running.add(worker);
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    try {
      return await answerOf(worker, limits.timeMs);
    } finally {
      await ended;
      running.delete(worker);
    }
  };
  return {
    async check(file, settings) {
      if (isClosed || !(await place())) return refuse('SERVICE_BUSY');
      try {
        const found = isClosed ? undefined : await run({ file, settings });
        if (found !== undefined) return ok(found);
        assert(isClosed, 'a worker ended without an answer');
        return refuse('SERVICE_BUSY');
      } finally {
        leave();
      }
    },
    async close() {
      isClosed = true;
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}
